const english =
  /\b(?:i|we|it|one|text|texts|document|documents|context|passage|passages|article|conversation|report|source|sources|excerpts?|information|details?|answer|question|stated|this|that|there)\b[^.!?\n]{0,60}?\b(?:do|does|did|is|are|was|were|has|have|can|could)\s?(?:not|n['’]?t)\b[^.!?\n]{0,40}?\b(?:say|said|states?d?|mention(?:ed)?|contain(?:ed)?|provided?|specif(?:y|ied)|given?|know|known|find|found|answer(?:ed|able)?|determined?|tell|included?|available|possible|clear|enough|sure|able|reveal(?:ed)?|disclosed?|offer|cover(?:ed)?|address(?:ed)?|discuss(?:ed)?|sufficient|present|there)\b/i
const shortEnglish =
  /\b(?:un(?:answerable|known)|cannot be (?:answered|determined|found|known)|(?:insufficient|not enough|no (?:relevant|such|further)?) ?(?:information|context|evidence|details?|answer|mention)|don['’]?t know|not (?:mentioned|stated|specified|provided|given|available|answerable) in|no (?:answer|mention|document|context|text) (?:is|was|of|has|can)|unable to (?:answer|find|determine|say|tell|locate))\b/i
const chinese =
  /(?:无法|不能)(?:回答|确定|得知|找到|判断|从|根据|基于|提供)|(?:没有|未|并未|没)(?:提及|提到|提供|说明|相关|足够|明确|答案|信息|说)|不知道|不清楚|(?:信息|资料|内容)不足|未知/
const spanish =
  /\bno (?:se |lo |la |le )?(?:(?:ha |han |es |está )?(?:menciona|indica|dice|especifica|proporciona|encuentra|contiene|sé|sabe|conoce|mencionad|indicad|especificad|posible|disponible)|puedo |puede |es posible |hay (?:suficiente |ninguna |respuesta|informaci|datos|menci))|información insuficiente|desconocid[oa]\b/i
const german =
  /\b(?:nicht (?:erwähnt|genannt|angegeben|bekannt|enthalten|hervor|beantwort|bestimm|ermittel|zu entnehmen|genügend|im text|sagen|finden)|keine (?:angaben?|informationen?|antwort|aussage|hinweise)|(?:weiß|weiss) (?:ich |das |es )*nicht|(?:text|dokument) (?:sagt|nennt|enthält|erwähnt|verrät) (?:es |das |dies |dazu )*nicht|unbekannt)/i
const russian =
  /(?<!\p{L})(?:не (?:указан|упомин|упомян|сказан|говорит|содерж|знаю|могу|удалось|извест|предостав)|нет (?:информац|данных|ответа|сведен|упомин)|недостаточно |неизвестн)/iu

const refusals = [english, shortEnglish, chinese, spanish, german, russian]
const alone = /^\W*(?:n\s?\/\s?a|none|unknown|no answer|not answerable)\W*$/i

/** A reply longer than this is looked at by its first and last characters. */
const [longest, ends] = [400, 250]

/**
 * Whether what was said is a refusal to answer for want of knowledge, by phrases of English, Chinese, Spanish, German and
 * Russian. Silence is none. It looks at words: an answer that quotes such a phrase is taken for one.
 */
export function saysUnknown(text: string): boolean {
  const trimmed = text.trim()
  if (trimmed === '') return false
  if (alone.test(trimmed)) return true
  const parts = trimmed.length <= longest ? [trimmed] : [trimmed.slice(0, ends), trimmed.slice(-ends)]
  return parts.some((part) => refusals.some((phrase) => phrase.test(part)))
}

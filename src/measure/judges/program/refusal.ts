import { numeralsIn } from '../../numbers.ts'

const told =
  'mention|specif|say|state|provid|contain|includ|give|giving|indicat|discuss|address|disclos|list|cover|offer|have|reveal|report'
const place =
  'text|document|context|passage|article|report|filing|excerpt|source|material|information|snippet|statement|section|data|evidence|question|it|i|we'
const patterns = [
  new RegExp(
    String.raw`\b(?:${place})s?\b[^.!?\n]{0,80}?\b(?:do|does|did|is|are|was|were|has|have)(?:n['’]t| not)\b[^.!?\n]{0,50}?\b(?:${told}|available|enough|sufficient|clear|possible)`,
    'i',
  ),
  /\b(?:no|not enough|insufficient|not sufficient|lack of|without)\b[^.!?\n]{0,40}\b(?:information|mention|data|details?|evidence|reference)\b/i,
  /\b(?:cannot|can['’]t|can not|could not|couldn['’]t|(?:is|are|am|was|were|be)? ?(?:unable|not able|not possible|impossible) to|difficult to|do not|don['’]t) (?:be )?(?:accurately |reliably |definitively |directly )?(?:answer|determine|find|found|tell|provide|locate|say|identify|infer|know|have (?:(?:real-time |direct )?(?:data )?access|real-time data|enough|the information|the ability)|calculat|ascertain)/i,
  /\b(?:is|are|was|were|remains?) (?:unclear|unknown|not (?:known|stated|mentioned|specified|given|provided|available|clear|disclosed|found|included))\b/i,
  /^\W*(?:not (?:stated|mentioned|specified|given|provided|available|known|found|disclosed|enough)|unanswerable|unknown|no answer|n\/a|none given)\b/i,
  /^\W*(?:i['’]m|i am|we are)? ?sorry\b/i,
  /无法(?:回答|确定|得知|判断)|没有(?:提到|提及|说明|提供|给出)|未(?:提及|提到|说明|提供)|不知道|信息不足/,
]
/** What may come before a refusal in UTF-16 units, whatever it tells. */
const longestLead = 120
const turn = /\b(?:but|however|though|nevertheless|still|yet)\b/i
/** What follows a refusal and is advice, or holds of anything. */
const advice =
  /^\w+\W+(?:i |we |you|it['’]?s? (?:can|is important|typically|generally)|in general|generally|to |if |please|based on general)/i

/** Whether a text holds a number or a name that the question has not. */
function tells(text: string, question: string): boolean {
  const known = numeralsIn(question).map(({ values }) => values[0])
  if (numeralsIn(text).some(({ values }) => !known.includes(values[0]))) return true
  return [...text.matchAll(/(?<=[\p{L}\p{N},] )\p{Lu}[\p{L}\p{M}]+/gu)].some(
    ([name]) => name !== 'I' && !question.includes(name),
  )
}

/**
 * Whether an answer only says that it cannot be given. One that told a number or a name before, or that goes on to one after a
 * "but" without giving mere advice, is an answer all the same; so are names and numbers that stand in the question.
 */
export function isRefusal(said: string, question: string): boolean {
  const at = Math.min(...patterns.map((pattern) => pattern.exec(said)?.index ?? Number.POSITIVE_INFINITY))
  if (!Number.isFinite(at)) return false
  const start = Math.max(0, ...[...said.slice(0, at).matchAll(/[.!?。]\s+|\n/g)].map(({ index }) => index + 1))
  if (start > longestLead && tells(said.slice(0, start), question)) return false
  const rest = said.slice(at)
  const after = turn.exec(rest)
  if (!after) return true
  const goesOn = rest.slice(after.index)
  return advice.test(goesOn) || patterns.some((pattern) => pattern.test(goesOn)) || !tells(goesOn, question)
}

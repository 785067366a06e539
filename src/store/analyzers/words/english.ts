const exceptions: ReadonlyMap<string, string> = new Map([
  ...(
    'skis ski; skies sky; dying die; lying lie; tying tie; idly idl; gently gentl; ugly ugli; early earli; only onli; ' +
    'singly singl; sky sky; news news; howe howe; atlas atlas; cosmos cosmos; bias bias; andes andes'
  )
    .split('; ')
    .map((entry) => entry.split(' ') as [string, string]),
])
/** Words that stay as they are once a plural `s` is off. */
const kept = new Set('inning outing canning herring earring proceed exceed succeed'.split(' '))
const regionPrefix = /^(?:gener|commun|arsen)/

type Rules = ReadonlyMap<string, readonly (readonly [suffix: string, replacement: string])[]>
/** `suffix>replacement` to the rules by last letter, the longest suffix first. */
const rulesOf = (text: string): Rules =>
  Map.groupBy(
    text
      .split(' ')
      .map((rule) => rule.split('>') as [string, string])
      .sort((a, b) => b[0].length - a[0].length),
    ([suffix]) => suffix.at(-1)!,
  )
const find = (rules: Rules, word: string): readonly [string, string] | undefined =>
  rules.get(word.at(-1)!)?.find(([suffix]) => word.endsWith(suffix))

const step2 = rulesOf(
  'anci>ance enci>ence ogi>og li> bli>ble abli>able alli>al fulli>ful lessli>less ousli>ous entli>ent aliti>al ' +
    'biliti>ble iviti>ive tional>tion ational>ate alism>al ation>ate ization>ize izer>ize ator>ate iveness>ive ' +
    'fulness>ful ousness>ous',
)
const step3 = rulesOf('icate>ic ative> alize>al iciti>ic ical>ic tional>tion ational>ate ful> ness>')
const step4 = rulesOf('ic> ance> ence> able> ible> ate> ive> ize> iti> al> ism> ion> er> ous> ant> ent> ment> ement>')

const isVowel = (code: number): boolean =>
  code === 0x61 || code === 0x65 || code === 0x69 || code === 0x6f || code === 0x75 || code === 0x79

/** Past the first vowel from `from` on and the first consonant behind it, or the end. */
function regionFrom(word: string, from: number): number {
  let at = from
  while (at < word.length && !isVowel(word.charCodeAt(at))) at++
  while (at < word.length && isVowel(word.charCodeAt(at))) at++
  return Math.min(at + 1, word.length)
}

const hasVowel = (word: string, end: number): boolean => {
  for (let at = 0; at < end; at++) if (isVowel(word.charCodeAt(at))) return true
  return false
}

/** Whether the word ends, at `end`, in a short syllable: a vowel between consonants, the last not w, x or Y, or `at`. */
function isShort(word: string, end: number): boolean {
  if (end < 2) return false
  const last = word.charCodeAt(end - 1)
  if (isVowel(last) || !isVowel(word.charCodeAt(end - 2))) return false
  if (end === 2) return true
  return last !== 0x77 && last !== 0x78 && last !== 0x59 && !isVowel(word.charCodeAt(end - 3))
}

/** A `y` that is a consonant, as `Y`: at the start or behind a vowel. */
function markConsonants(word: string): string {
  let marked = word
  for (let at = word.indexOf('y'); at !== -1; at = word.indexOf('y', at + 1))
    if (at === 0 || isVowel(marked.charCodeAt(at - 1))) marked = `${marked.slice(0, at)}Y${marked.slice(at + 1)}`
  return marked
}

function withoutPlural(word: string): string {
  if (!word.endsWith('s')) return word.endsWith('ied') ? word.slice(0, word.length > 4 ? -2 : -1) : word
  if (word.endsWith('sses')) return word.slice(0, -2)
  if (word.endsWith('ies')) return word.slice(0, word.length > 4 ? -2 : -1)
  return word.endsWith('ss') || word.endsWith('us') || !hasVowel(word, word.length - 2) ? word : word.slice(0, -1)
}

const past = /(?:eed|ed|ing)(?:ly)?$/
function withoutPast(word: string, first: number): string {
  const suffix = past.exec(word)?.[0]
  if (suffix === undefined || suffix === 'ly') return word
  const end = word.length - suffix.length
  if (suffix.startsWith('eed')) return first <= end ? word.slice(0, end + 2) : word
  if (!hasVowel(word, end)) return word
  const stem = word.slice(0, end)
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`
  if (/([bdfgmnprt])\1$/.test(stem)) return stem.slice(0, -1)
  return end === first && isShort(stem, end) ? `${stem}e` : stem
}

/** Stems an English word of the letters a to z (Porter 2001, Snowball: a language for stemming algorithms). */
export function stemEnglish(word: string): string {
  const exception = exceptions.get(word)
  if (exception !== undefined || word.length < 3) return exception ?? word
  let stem = markConsonants(word)
  const first = regionPrefix.exec(stem)?.[0].length ?? regionFrom(stem, 0)
  const second = regionFrom(stem, first)
  const replace = ([suffix, replacement]: readonly [string, string]): void => {
    stem = stem.slice(0, stem.length - suffix.length) + replacement
  }
  stem = withoutPlural(stem)
  if (kept.has(stem)) return stem
  stem = withoutPast(stem, first)
  if (stem.length > 2 && /[yY]$/.test(stem) && !isVowel(stem.charCodeAt(stem.length - 2)))
    stem = `${stem.slice(0, -1)}i`

  const suffix2 = find(step2, stem)
  if (suffix2) {
    const end = stem.length - suffix2[0].length
    const before = stem[end - 1] ?? ' '
    const allowed = suffix2[0] === 'ogi' ? before === 'l' : suffix2[0] !== 'li' || 'cdeghkmnrt'.includes(before)
    if (first <= end && allowed) replace(suffix2)
  }
  const suffix3 = find(step3, stem)
  if (suffix3) {
    const end = stem.length - suffix3[0].length
    if (first <= end && (suffix3[0] !== 'ative' || second <= end)) replace(suffix3)
  }
  const suffix4 = find(step4, stem)
  if (suffix4) {
    const end = stem.length - suffix4[0].length
    if (second <= end && (suffix4[0] !== 'ion' || 'st'.includes(stem[end - 1] ?? ' '))) replace(suffix4)
  }
  const end = stem.length - 1
  if (stem.endsWith('e')) {
    if (second <= end || (first <= end && !isShort(stem, end))) stem = stem.slice(0, -1)
  } else if (stem.endsWith('ll') && second <= end) stem = stem.slice(0, -1)
  return stem.replaceAll('Y', 'y')
}

import { answersIn } from './answers.ts'
import { bare } from './words.ts'

/** Numbers of choices. */
export type Named = ReadonlySet<number>

const opening = /^(?:[\s"“'‘*_$:：]|\\boxed\{|\\text\{|the\s+|(?:choice|option|letter)s?\s+)*/i
const bracketed = /^[(（[]\s*([A-Za-z])\s*[)）\]]/
const joining = /^[\s*"”']*(?:,|;|、|和|或|&|\/|\band\b|\bor\b)?[\s*"“']*(?:\band\b|\bor\b)?\s*/

/**
 * Letters that stand in a row at a place: `B`, `(b)`, `A, C and D`, `ACD`. Letters without brackets are capitals, and no
 * part of a word; an `A` before a word in small letters is an article.
 */
function lettersAt(text: string, at: number, count: number): Set<number> {
  const found = new Set<number>()
  let rest = text.slice(at, at + 200)
  rest = rest.slice(opening.exec(rest)![0].length)
  const add = (letter: string): boolean => {
    const number = letter.toUpperCase().charCodeAt(0) - 65
    if (number < 0 || number >= count) return false
    found.add(number)
    return true
  }
  while (rest !== '') {
    const inside = bracketed.exec(rest)
    if (inside) {
      if (!add(inside[1]!)) break
      rest = rest.slice(inside[0].length)
    } else {
      const run = /^[A-Z]+(?![A-Za-z\d'’])/.exec(rest)?.[0]
      if (run === undefined || /^[AI]\s+(?!and\b|or\b|is\b|because\b|since\b|as\b|rather\b)[a-z]/.test(rest)) break
      if (new Set(run).size < run.length || ![...run].every((letter) => letter.charCodeAt(0) - 65 < count)) break
      for (const letter of run) add(letter)
      rest = rest.slice(run.length)
    }
    rest = rest.slice(joining.exec(rest)![0].length)
  }
  return found
}

const concluding = [
  /\banswers?\s*(?:is|are|would be|should be|must be)?(?=[\s:：*(])|答案(?:应该|应当)?[是为]?|\\boxed\{(?:\\text\{)?/gi,
  /\b(?:choose|choosing|pick|select)\b|我?选择?/gi,
]
const affirmed =
  /(?<![\p{L}\p{N}])(?:[(（]?([A-Z])[)）]?,? (?:or|and) )?[(（]?([A-Z])[)）]?(?= (?:is|would be) (?:the )?(?:most )?(?:correct|right|best|true)\b)/gu
const marked = /[(（]([A-Za-z])[)）]|(?:^|\n)\s*\*{0,2}([A-Z])\s*[.:：、)）]|\b(?:option|choice)\s+\*{0,2}([A-Z])\b/gi

/**
 * The choices whose letters are named. What concludes ("the answer is", "I choose", "B is right") counts before the letter
 * that a text begins with, and that before letters that are only discussed. Undefined where no letter is named.
 */
export function namedByLetter(said: string, count: number): Named | undefined {
  const text = said.trim()
  const short = /^[(（]?[a-z][)）.]?$/.test(text) ? text.toUpperCase() : text
  const bareLetters = short.replace(/[\s"“”'*_.,;:()（）[\]、。]|\band\b|\bor\b/g, '')
  if (/^[A-Z]+$/.test(bareLetters) && lettersAt(short, 0, count).size === bareLetters.length)
    return lettersAt(short, 0, count)
  for (const pattern of concluding) {
    const last = [...text.matchAll(pattern)]
      .map((match) => lettersAt(text, match.index + match[0].length, count))
      .findLast((found) => found.size > 0)
    if (last) return last
  }
  const right = [...text.matchAll(affirmed)].flatMap(([, other, letter]) =>
    [other, letter].flatMap((one) => (one === undefined ? [] : [one.charCodeAt(0) - 65])),
  )
  if (right.length > 0) return new Set(right)
  if (/^["“*\s]*[(（]?[A-Z][)）]?["”*]*(?:\s*[.:：。)）、,]|\s*\n|\s+(?:[—–-]|and\b|or\b))/.test(text)) {
    const first = lettersAt(text, 0, count)
    const list = [...text.matchAll(/\n\s*\*{0,2}[(（]?[A-Z][)）.:：]/g)].length
    if (first.size > 0 && list === 0) return first
  }
  const all = [...text.matchAll(marked)]
    .map((match) => (match[1] ?? match[2] ?? match[3]!).toUpperCase().charCodeAt(0) - 65)
    .filter((number) => number < count)
  return all.length > 0 ? new Set(all) : undefined
}

/** The choices whose text stands in what was said; one inside another that stands there is not meant. */
export function namedByText(said: string, choices: readonly string[]): Named {
  const holds = answersIn(said)
  const found = choices.flatMap((choice, number) => (holds([choice]) ? [number] : []))
  const within = (number: number, other: number): boolean =>
    bare(choices[other]!).length > bare(choices[number]!).length && answersIn(choices[other]!)([choices[number]!])
  return new Set(found.filter((number) => !found.some((other) => within(number, other))))
}

/** The choice that an answer means: by its text in one of its forms, else by its letter. */
export function choiceOf(forms: readonly string[], choices: readonly string[]): number | undefined {
  const folded = choices.map(bare)
  for (const form of forms) {
    const text = choices.findIndex(
      (choice, number) => choice === form || (bare(form) !== '' && folded[number] === bare(form)),
    )
    if (text !== -1) return text
  }
  for (const form of forms) {
    const letter = /^[(（]?([A-Za-z])[)）.:]?$/.exec(form.trim())?.[1]
    const number = letter === undefined ? choices.length : letter.toUpperCase().charCodeAt(0) - 65
    if (number < choices.length) return number
  }
  return undefined
}

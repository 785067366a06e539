import {
  eitherAbbreviations,
  numberAbbreviations,
  openAbbreviations,
  ordinalFollowers,
  sentenceStarters,
} from './abbreviations.ts'
import { isDigit, isEastAsian, isLower, isSpace, isUpper, isWordUnit, skipSpace } from './scan.ts'

const [lineBreak, period, mark, scriptStop] = [1, 2, 3, 4]

function markTable(): Uint8Array {
  const table = new Uint8Array(65536)
  const set = (kind: number, characters: string): void => {
    for (const character of characters) table[character.charCodeAt(0)] = kind
  }
  set(lineBreak, '\n')
  set(period, '.')
  set(mark, '!?…‼⁇⁈⁉')
  set(scriptStop, '。！？｡।॥؟۔։።፧။។᠃།')
  return table
}
const marks = markTable()
/** No sign above ASCII comes before it. */
const firstScriptStop = 0x589

const setOf = (characters: string): ReadonlySet<number> =>
  new Set(Array.from(characters, (character) => character.charCodeAt(0)))
const closers = setOf('"\'”’»›)]}」』）】〉》〕*_`')
const openers = setOf('"\'“‘„«‹([{「『（【〈《〔*_`¿¡—–')
const goOn = setOf(',;:)]}，、；：．.%')
/** Kana that carry a sentence on behind a closing bracket: 「はい。」と言った */
const particles = setOf('とっなはがもをにでかのや')

/** True where a line begins a block of its own: a heading, list item, quotation, table row or fence. */
export function startsBlock(text: string, at: number, end: number): boolean {
  const code = text.charCodeAt(at)
  const next = at + 1 < end ? text.charCodeAt(at + 1) : 32
  switch (code) {
    case 35: // #
    case 62: // >
    case 124: // |
      return true
    case 45: // -
    case 42: // *
    case 43: // +
    case 0x2022:
    case 0x25aa:
    case 0x25e6:
    case 0x2023:
      return isSpace(next) || (code === 45 && next === 45 && text.charCodeAt(at + 2) !== 62)
    case 96: // `
    case 126: // ~
      return next === code && text.charCodeAt(at + 2) === code
  }
  if (!isDigit(code)) return false
  let stop = at + 1
  while (stop < end && stop < at + 4 && isDigit(text.charCodeAt(stop))) stop++
  const sign = text.charCodeAt(stop)
  return stop - at <= 3 && (sign === 46 || sign === 41) && stop + 1 < end && isSpace(text.charCodeAt(stop + 1))
}

const shortLine = 50

/** Whether the line from `line` to the break at `at` ends a unit although no sentence sign closes it. */
function endsLine(text: string, line: number, at: number, next: number, end: number): boolean {
  const first = text.charCodeAt(line)
  if (first === 35 || first === 124 || startsBlock(text, next, end)) return true
  if ((first === 96 || first === 126) && startsBlock(text, line, at)) return true
  if (at - line >= shortLine || !isUpper(text.charCodeAt(next))) return false
  const last = text.charCodeAt(at - 1)
  return last !== 44 && last !== 45
}

/** Number of line breaks (at most 2) in the white space from `at` to `end`. */
function breaksIn(text: string, at: number, end: number): number {
  let count = 0
  for (let next = at; next < end && count < 2; next++) if (text.charCodeAt(next) === 10) count++
  return count
}

function wordFrom(text: string, at: number, end: number): string {
  let stop = at
  while (stop < end && stop < at + 16 && isWordUnit(text.charCodeAt(stop))) stop++
  return text.slice(at, stop).toLowerCase()
}

const longestAbbreviation = 24

/** Whether the lone period at `at` belongs to an abbreviation, an initial or a list number and the sentence goes on. */
function abbreviates(text: string, head: number, line: number, at: number, next: number, end: number): boolean {
  let begin = at
  const least = Math.max(head, at - longestAbbreviation)
  let inner = 0
  while (begin > least) {
    const code = text.charCodeAt(begin - 1)
    if (code === 46) inner++
    else if (!isWordUnit(code)) break
    begin--
  }
  const length = at - begin
  if (length === 0) return false
  const first = text.charCodeAt(begin)
  const opensLine = begin === head || begin === line
  if (isDigit(first)) {
    if (opensLine && length <= 3 + 3 * inner) return true
    return length <= 2 && ordinalFollowers.has(wordFrom(text, next, end))
  }
  const word = text.slice(begin, at).toLowerCase()
  const starts = (): boolean => sentenceStarters.has(wordFrom(text, next, end))
  if (openAbbreviations.has(word)) return true
  if (numberAbbreviations.has(word) && isNumeral(text, next, end)) return true
  if (eitherAbbreviations.has(word)) return !starts()
  if (inner > 0) return word.split('.').every((part) => part.length <= 3 && !/\d/.test(part)) && !starts()
  if (length > 1) return false
  if (opensLine) return true
  if (first === 73 && followsLower(text, head, begin)) return !(starts() || isUpper(text.charCodeAt(next)))
  return !(starts() && (!isUpper(first) || followsLower(text, head, begin)))
}

/** True where the word before `at` begins with a small letter. */
function followsLower(text: string, head: number, at: number): boolean {
  let stop = at
  while (stop > head && isSpace(text.charCodeAt(stop - 1))) stop--
  let begin = stop
  while (begin > head && begin > stop - 24 && isWordUnit(text.charCodeAt(begin - 1))) begin--
  return begin < stop && isLower(text.charCodeAt(begin))
}

function isNumeral(text: string, at: number, end: number): boolean {
  if (isDigit(text.charCodeAt(at))) return true
  const word = wordFrom(text, at, end)
  return word.length > 0 && /^[ivxlc]+$/.test(word) && isUpper(text.charCodeAt(at)) && word !== 'i'
}

/** Start of the next sentence if one ends with the signs at `at`, else the offset to go on from, made negative. */
function closeAt(text: string, head: number, line: number, at: number, end: number): number {
  let stop = at + 1
  let kind = marks[text.charCodeAt(at)]!
  const lone = kind === period
  while (stop < end && marks[text.charCodeAt(stop)]! >= period) {
    kind = Math.max(kind, marks[text.charCodeAt(stop)]!)
    stop++
  }
  const single = lone && stop === at + 1
  let close = stop
  while (close < end && closers.has(text.charCodeAt(close))) close++
  if (close < end && text.charCodeAt(close) === 91) close = skipNote(text, close, end)
  if (close >= end) return end
  const following = text.charCodeAt(close)
  if (kind === scriptStop) {
    if (goOn.has(following) || (close > stop && particles.has(following))) return -close
    return skipSpace(text, close, end)
  }
  if (!isSpace(following))
    return kind === mark && text.charCodeAt(at) < 128 && isEastAsian(following) && isEastAsian(text.charCodeAt(at - 1))
      ? close
      : -close
  const next = skipSpace(text, close, end)
  if (next >= end) return end
  const breaks = breaksIn(text, close, next)
  if (breaks === 2 || (breaks === 1 && startsBlock(text, next, end))) return next
  let letter = next
  while (letter < end && (openers.has(text.charCodeAt(letter)) || (letter > next && isSpace(text.charCodeAt(letter)))))
    letter++
  const code = text.charCodeAt(letter)
  if (goOn.has(text.charCodeAt(next)) || marks[text.charCodeAt(next)]! >= period || isLower(code)) return -next
  return single && abbreviates(text, head, line, at, letter, end) ? -next : next
}

/** Skips notes such as `[12]` right behind a sentence's sign. */
function skipNote(text: string, at: number, end: number): number {
  let from = at
  while (from < end && text.charCodeAt(from) === 91) {
    let stop = from + 1
    while (stop < end && stop < from + 6 && isDigit(text.charCodeAt(stop))) stop++
    if (stop === from + 1 || text.charCodeAt(stop) !== 93) return from
    from = stop + 1
  }
  return from
}

/**
 * Start of the sentence after the one that begins at `from`, or `end`: one pass over the characters, no look-back
 * further than an abbreviation. White space behind a sentence belongs to it.
 */
export function sentenceEnd(text: string, from: number, end: number): number {
  const head = skipSpace(text, from, end)
  let line = head
  let at = head
  while (at < end) {
    const code = text.charCodeAt(at)
    const kind = code > 63 && code < firstScriptStop ? 0 : marks[code]
    if (kind === 0) {
      at++
      continue
    }
    if (kind === lineBreak) {
      const next = skipSpace(text, at, end)
      if (next >= end || breaksIn(text, at, next) === 2 || endsLine(text, line, at, next, end)) return next
      line = next
      at = next
      continue
    }
    const next = closeAt(text, head, line, at, end)
    if (next >= 0) return next
    if (breaksIn(text, at, -next) > 0) line = -next
    at = -next
  }
  return end
}

/**
 * Sentences of `text` from `start` to `end` as half-open ranges of UTF-16 offsets that follow each other without gaps;
 * English with its abbreviations, initials, decimals and list numbers, German, Spanish, Russian, Chinese, Japanese,
 * Hindi, Arabic and other scripts with stops of their own. Blank lines, headings and list items end a sentence.
 */
export function sentences(text: string, start = 0, end: number = text.length): [start: number, end: number][] {
  const found: [number, number][] = []
  let at = start
  while (at < end) {
    const next = sentenceEnd(text, at, end)
    found.push([at, next])
    at = next
  }
  return found
}

import { isSpace, skipSpace, trimEnd } from './scan.ts'
import { sentenceEnd } from './sentences.ts'
import { splitsPair } from './spans.ts'

/** How far a piece of text has been cut already: each level is cut into pieces of the next. */
export const levels = { paragraph: 0, sentence: 1, line: 2, word: 3, run: 4, character: 5 } as const

const isHeadingLine = (text: string, at: number, end: number): boolean => {
  let stop = at
  while (stop < end && stop < at + 7 && text.charCodeAt(stop) === 35) stop++
  return stop > at && stop < at + 7 && stop < end && isSpace(text.charCodeAt(stop))
}

/** End of the paragraph at `from`: a blank line, a form feed, or (in prose) a heading ends it. */
export function paragraphEnd(text: string, from: number, end: number, prose: boolean): number {
  const heading = prose && isHeadingLine(text, from, end)
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code > 12 && code !== 0x2029) continue
    if (code === 12 || code === 0x2029) return at
    if (code !== 10) continue
    if (heading) return at
    let next = at + 1
    while (next < end && (text.charCodeAt(next) === 32 || text.charCodeAt(next) === 9 || text.charCodeAt(next) === 13))
      next++
    if (next >= end || text.charCodeAt(next) === 10) return at
    if (prose && isHeadingLine(text, next, end)) return at
    at = next - 1
  }
  return end
}

const longestHeading = 200

/** True for a single line (or one with a rule below it) that can be nothing but the heading of what follows. */
export function isHeading(text: string, start: number, end: number, opensSection: boolean): boolean {
  if (!opensSection && text.charCodeAt(start) !== 35) return false
  let line = start
  while (line < end && line <= start + longestHeading && text.charCodeAt(line) !== 10) line++
  if (line - start > longestHeading) return false
  if (isHeadingLine(text, start, end)) return line === end
  if (!opensSection) return false
  return line === end || /^\s*(?:=+|-+)\s*$/.test(text.slice(line, Math.min(end, line + 300)))
}

function lineEnd(text: string, from: number, end: number): number {
  for (let at = from; at < end; at++) if (text.charCodeAt(at) === 10) return at + 1
  return end
}

/** End of as many whole words as `longest` units hold, of one at least. */
function wordsEnd(text: string, from: number, end: number, longest: number): number {
  let last = from
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at)
    const east = code >= 0x3001 && breaksAfter(code)
    if (!east && !isSpace(code)) continue
    const stop = east ? at + 1 : at
    if (stop - from > longest) return last > from ? last : stop
    if (stop > from) last = stop
  }
  return end - from > longest && last > from ? last : end
}
const breaksAfter = (code: number): boolean =>
  (code >= 0x3001 && code <= 0x3003) || code === 0xff0c || code === 0xff1a || code === 0xff1b || code === 0x300d

let graphemes: Intl.Segmenter | undefined
const around = 48

/** True where a cut is surely between two characters as a reader sees them, by code units alone. */
function surelyApart(before: number, after: number): boolean {
  if (before < 0x300 && after < 0x300) return before !== 13
  if (before === 0x200d) return false
  if (after >= 0x3041 && after <= 0x9fff) return after < 0x3097 || after > 0x309a
  return after >= 0xac00 && after <= 0xd7a3 && before >= 0xac00 && before <= 0xd7a3
}

/** The offset nearest below `at` (above, where none is) that parts no character as a reader sees it. */
export function characterCut(text: string, from: number, at: number, end: number): number {
  if (at >= end) return end
  const after = text.charCodeAt(at)
  if (surelyApart(text.charCodeAt(at - 1), after)) return at
  let low = Math.max(from, at - around)
  if (splitsPair(text, low)) low++
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  const found = graphemes.segment(text.slice(low, Math.min(end, at + around))).containing(at - low)
  if (found) {
    if (low + found.index > from) return low + found.index
    const stop = low + found.index + found.segment.length
    if (stop < at + around) return stop
  }
  return splitsPair(text, at) ? at + 1 : at
}

/** End of the piece of the given level that begins at `from`; `longest` bounds words and runs, in UTF-16 units. */
export function pieceEnd(text: string, from: number, end: number, level: number, longest: number): number {
  if (level === levels.sentence) return sentenceEnd(text, from, end)
  if (level === levels.line) return lineEnd(text, from, end)
  if (level === levels.word) return wordsEnd(text, from, end, longest)
  return characterCut(text, from, from + (level === levels.run ? longest : 1), end)
}

/** Calls back for each paragraph of a range, trimmed. */
export function eachParagraph(
  text: string,
  start: number,
  end: number,
  prose: boolean,
  emit: (start: number, end: number) => void,
): void {
  for (let at = skipSpace(text, start, end); at < end; ) {
    const stop = paragraphEnd(text, at, end, prose)
    emit(at, trimEnd(text, at, stop))
    at = skipSpace(text, stop, end)
  }
}

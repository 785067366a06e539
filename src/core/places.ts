import type { Anchor, Origin, Place } from './contract.ts'

/** Index of the last anchor at or before `offset`, or -1. */
export function anchorIndex(anchors: readonly Anchor[], offset: number): number {
  let low = 0
  let high = anchors.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (anchors[middle]!.at <= offset) low = middle + 1
    else high = middle
  }
  return low - 1
}

const start: Anchor = { at: 0, line: 1, column: 1, linear: true }

/**
 * The anchor that governs an offset: the text from its `at` to the offset is what `advance` needs.
 * Without an origin the text itself is the original: lines and columns count from its start.
 */
export function anchorAt(origin: Origin | undefined, offset: number): Anchor {
  if (!origin) return start
  return origin.anchors[anchorIndex(origin.anchors, offset)] ?? start
}

function utf8Length(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x80) continue
    if (code < 0x800) bytes += 1
    else if (code >= 0xd800 && code <= 0xdbff) {
      bytes += 2
      at++
    } else bytes += 2
  }
  return bytes
}

/** The place reached from an anchor after `passed`, the canonical text between the anchor and the offset. */
export function advance(anchor: Anchor, passed: string, encoding = 'utf-8'): Place {
  const { at: _at, linear, ...place } = anchor
  if (!linear || passed === '') return place
  let lines = 0
  let lineStart = -1
  for (let at = passed.indexOf('\n'); at !== -1; at = passed.indexOf('\n', at + 1)) {
    lines++
    lineStart = at + 1
  }
  const moved: { -readonly [Key in keyof Place]: Place[Key] } = { ...place }
  if (place.line !== undefined) {
    moved.line = place.line + lines
    moved.column = lines === 0 ? (place.column ?? 1) + passed.length : passed.length - lineStart + 1
  }
  if (place.byte !== undefined) moved.byte = place.byte + (bytesOf(passed, encoding) ?? 0)
  if (place.byte !== undefined && bytesOf('', encoding) === undefined) delete moved.byte
  return moved
}

/** Length in bytes, or undefined for an encoding whose characters differ in length and are not UTF-8. */
function bytesOf(text: string, encoding: string): number | undefined {
  const name = encoding.toLowerCase()
  if (name === 'utf-8' || name === 'utf8') return utf8Length(text)
  if (name.startsWith('utf-16')) return text.length * 2
  if (/^(windows-125\d|iso-8859-\d+|latin1|ascii|us-ascii|koi8-[ru]|macintosh|ibm866)$/.test(name)) return text.length
  return undefined
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** Milliseconds as `01:02:03`. */
export function formatTime(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  return `${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`
}

/**
 * The citation of a range: `path#L3-L9`, `path#page=4`, `path#t=01:02:03`, `path#cell=Sheet1!B7`, `path#slide=2`,
 * `path#message=12` or `path#part=ch1.xhtml`, by what the format knows. `last` is the place of the range's last character.
 */
export function formatCitation(uri: string, first: Place, last: Place): string {
  const range = (name: string, from: string | number, to: string | number | undefined): string =>
    `${uri}#${name}=${from}${to === undefined || to === from ? '' : `-${to}`}`
  if (first.time !== undefined)
    return range('t', formatTime(first.time), last.time === undefined ? undefined : formatTime(last.time))
  if (first.page !== undefined) return range('page', first.page, last.page)
  if (first.slide !== undefined) return range('slide', first.slide, last.slide)
  if (first.sheet !== undefined) {
    const to = last.sheet === first.sheet ? last.cell : undefined
    const from = first.cell ?? 'A1'
    return `${uri}#cell=${first.sheet}!${from}${to === undefined || to === from ? '' : `:${to}`}`
  }
  if (first.cell !== undefined) return range('cell', first.cell, last.cell)
  if (first.message !== undefined && first.line === undefined) return range('message', first.message, last.message)
  if (first.part !== undefined) return `${uri}#part=${first.part}`
  if (first.line === undefined) return uri
  return `${uri}#L${first.line}${last.line === undefined || last.line === first.line ? '' : `-L${last.line}`}`
}

export interface CitationTarget {
  readonly uri: string
  /** What to look for; absent for the whole source. */
  readonly from?: Place
  /** The last place of the range, inclusive. */
  readonly to?: Place
}

const clock = /^(?:(\d+):)?(\d{1,2}):(\d{2})(?:\.(\d{1,3}))?$/

function parseTime(text: string): number | undefined {
  const match = clock.exec(text)
  if (!match) return undefined
  const [, hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, '0'))
}

function pair<Value>(text: string, parse: (part: string) => Value | undefined, make: (value: Value) => Place) {
  const [one = '', two] = text.split('-')
  const from = parse(one)
  const to = two === undefined ? from : parse(two)
  return from === undefined || to === undefined ? undefined : { from: make(from), to: make(to) }
}
const whole = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined)

/** The reverse of `formatCitation`. A `#` that starts no known fragment belongs to the path. */
export function parseCitation(citation: string): CitationTarget {
  const at = citation.lastIndexOf('#')
  if (at === -1) return { uri: citation }
  const uri = citation.slice(0, at)
  const fragment = citation.slice(at + 1)
  const lines = /^L(\d+)(?:C\d+)?(?:-L?(\d+)(?:C\d+)?)?$/.exec(fragment)
  if (lines) {
    const from = Number(lines[1])
    return { uri, from: { line: from }, to: { line: Number(lines[2] ?? from) } }
  }
  const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(fragment) ?? []
  const found =
    name === 'page'
      ? pair(value, whole, (page) => ({ page }))
      : name === 'slide'
        ? pair(value, whole, (slide) => ({ slide }))
        : name === 'message'
          ? pair(value, whole, (message) => ({ message }))
          : name === 't'
            ? pair(value, parseTime, (time) => ({ time }))
            : name === 'part' && value
              ? { from: { part: value }, to: { part: value } }
              : name === 'cell'
                ? parseCell(value)
                : undefined
  return found ? { uri, ...found } : { uri: citation }
}

function parseCell(value: string): { from: Place; to: Place } | undefined {
  const bang = value.lastIndexOf('!')
  const sheet = bang === -1 ? undefined : value.slice(0, bang)
  const cells = value.slice(bang + 1)
  if (sheet === undefined && /^\d+(-\d+)?$/.test(cells))
    return pair(
      cells,
      (part) => part,
      (cell) => ({ cell }),
    )
  const match = /^([A-Z]+\d+)(?::([A-Z]+\d+))?$/i.exec(cells)
  if (!match) return undefined
  const make = (cell: string): Place => ({ ...(sheet === undefined ? {} : { sheet }), cell: cell.toUpperCase() })
  return { from: make(match[1]!), to: make(match[2] ?? match[1]!) }
}

const cellPosition = (cell: string): [column: number, row: number] | undefined => {
  const match = /^([A-Z]+)(\d+)$/.exec(cell)
  if (!match) return undefined
  let column = 0
  for (const letter of match[1]!) column = column * 26 + letter.charCodeAt(0) - 64
  return [column, Number(match[2])]
}

/** Where `place` stands to a wanted range: before it, inside it, after it, or of another kind (undefined). */
function compare(place: Place, from: Place, to: Place): -1 | 0 | 1 | undefined {
  const scale = (
    value: number | undefined,
    low: number | undefined,
    high: number | undefined,
  ): -1 | 0 | 1 | undefined =>
    value === undefined || low === undefined || high === undefined ? undefined : value < low ? -1 : value > high ? 1 : 0
  if (from.line !== undefined) return scale(place.line, from.line, to.line)
  if (from.page !== undefined) return scale(place.page, from.page, to.page)
  if (from.slide !== undefined) return scale(place.slide, from.slide, to.slide)
  if (from.message !== undefined) return scale(place.message, from.message, to.message)
  if (from.time !== undefined)
    return scale(place.time === undefined ? undefined : Math.floor(place.time / 1000) * 1000, from.time, to.time)
  if (from.part !== undefined) return place.part === from.part ? 0 : undefined
  if (from.cell === undefined || place.cell === undefined) return undefined
  if (from.sheet !== undefined && place.sheet !== from.sheet) return undefined
  const [here, low, high] = [cellPosition(place.cell), cellPosition(from.cell), cellPosition(to.cell ?? from.cell)]
  if (!here || !low || !high) return scale(Number(place.cell), Number(from.cell), Number(to.cell ?? from.cell))
  return here[1] >= low[1] && here[1] <= high[1] && here[0] >= low[0] && here[0] <= high[0] ? 0 : undefined
}

/**
 * The range of canonical text that a citation names, or undefined when the text has no such place.
 * `text` is the whole canonical text of the Source that the origin belongs to.
 */
export function findPlace(
  origin: Origin | undefined,
  text: string,
  from: Place,
  to: Place = from,
): readonly [start: number, end: number] | undefined {
  const anchors = origin && origin.anchors.length > 0 ? origin.anchors : [start]
  let first = -1
  let last = -1
  for (let index = 0; index < anchors.length; index++) {
    const anchor = anchors[index]!
    const end = anchors[index + 1]?.at ?? text.length
    const found =
      anchor.linear && from.line !== undefined && anchor.line !== undefined
        ? linesWithin(text, anchor, end, from.line, to.line ?? from.line)
        : compare(anchor, from, to) === 0
          ? ([anchor.at, end] as const)
          : undefined
    if (!found) continue
    if (first === -1) first = found[0]
    last = Math.max(last, found[1])
    if (from.cell !== undefined && from.sheet === undefined && (to.cell ?? from.cell) === from.cell) break
  }
  return first === -1 ? undefined : [first, last]
}

function linesWithin(
  text: string,
  anchor: Anchor,
  end: number,
  from: number,
  to: number,
): readonly [number, number] | undefined {
  let line = anchor.line!
  let at = anchor.at
  if (line > to) return undefined
  while (line < from) {
    const next = text.indexOf('\n', at)
    if (next === -1 || next + 1 >= end) return undefined
    at = next + 1
    line++
  }
  const begin = at
  while (line <= to) {
    const next = text.indexOf('\n', at)
    if (next === -1 || next + 1 >= end) return [begin, end]
    at = next + 1
    line++
  }
  return [begin, at]
}

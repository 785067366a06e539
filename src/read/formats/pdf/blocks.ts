import type { Line } from './lines.ts'

/** Lines that belong together: a paragraph, a heading, a list item, rows of a table, or code. */
export interface Block {
  readonly lines: readonly Line[]
  readonly size: number
  readonly bold: boolean
  readonly italic: boolean
  /** Lines stay lines: code, or rows with gaps between their cells. */
  readonly kept: boolean
  readonly page: number
  /** Free height above it in heights of its line; Infinity at the top of a column. */
  readonly above: number
}

/** Facts of the whole document that lines are judged by. */
export interface Body {
  /** Size of the font of most characters. */
  readonly size: number
  readonly bold: boolean
  readonly italic: boolean
  /** Most lines are in one monospaced font: it says nothing then. */
  readonly mono: boolean
  /** Usual distance of two lines, in sizes of the font. */
  readonly pitch: number
}

export function measureBody(pages: readonly (readonly Line[])[]): Body {
  const sizes = new Map<number, number>()
  const pitches = new Map<number, number>()
  const counts = { all: 0, bold: 0, italic: 0, mono: 0 }
  for (const lines of pages)
    for (const [index, line] of lines.entries()) {
      const length = line.text.length
      sizes.set(line.size, (sizes.get(line.size) ?? 0) + length)
      counts.all += length
      if (line.bold) counts.bold += length
      if (line.italic) counts.italic += length
      if (line.mono) counts.mono += length
      const last = lines[index - 1]
      if (!last || last.size !== line.size || last.column[0] !== line.column[0]) continue
      const pitch = Math.round(((last.y - line.y) / line.size) * 20) / 20
      if (pitch > 0.8 && pitch < 3) pitches.set(pitch, (pitches.get(pitch) ?? 0) + 1)
    }
  const half = counts.all / 2
  return {
    size: mode(sizes) ?? 10,
    bold: counts.bold > half,
    italic: counts.italic > half,
    mono: counts.mono > half,
    pitch: mode(pitches, 3) ?? 1.25,
  }
}

function mode(counts: ReadonlyMap<number, number>, least = 1): number | undefined {
  let best: number | undefined
  for (const [value, count] of counts)
    if (count >= least && (best === undefined || count > counts.get(best)!)) best = value
  return best
}

const bullet = /^(?:[•◦▪▫●○■□‣⁃–—*·\uf0b7]|-)\s+\S/
const numbered = /^(?:\(?\d{1,3}[.)]|\(?[a-z][.)]|\[\d{1,4}\])\s+\S/i

/** Joins the lines of all pages to blocks; a paragraph that goes on in the next column or on the next page is one block. */
export function makeBlocks(pages: readonly (readonly Line[])[], body: Body): Block[] {
  const blocks: Block[] = []
  let current: Line[] = []
  let above = Number.POSITIVE_INFINITY
  const finish = (): void => {
    if (current.length > 0) blocks.push(block(current, body, above))
    current = []
  }
  for (const lines of pages)
    for (const line of lines) {
      const last = current.at(-1)
      if (!last || !continues(current, last, line, body)) {
        const previous = last
        finish()
        above = previous ? gapAbove(previous, line) : Number.POSITIVE_INFINITY
      }
      current.push(line)
    }
  finish()
  return blocks
}

function block(lines: readonly Line[], body: Body, above: number): Block {
  const first = lines[0]!
  return {
    lines,
    size: first.size,
    bold: first.bold,
    italic: first.italic,
    kept: lines.some((line) => line.text.includes('\t')) || (!body.mono && first.mono),
    page: first.page,
    above,
  }
}

const sameColumn = (one: Line, two: Line): boolean =>
  one.page === two.page && one.column[0] === two.column[0] && one.column[1] === two.column[1] && one.y > two.y

const gapAbove = (last: Line, line: Line): number =>
  sameColumn(last, line) ? (last.y - line.y) / line.size : Number.POSITIVE_INFINITY

function continues(current: readonly Line[], last: Line, line: Line, body: Body): boolean {
  if (line.size !== last.size && Math.abs(line.size - last.size) > 0.06 * last.size) return false
  if (line.bold !== last.bold && (current.length === 1 || line.bold)) return false
  if (line.mono !== last.mono && !body.mono) return false
  if (line.italic !== last.italic && last.text.length + line.text.length < 120) return false
  if (bullet.test(line.text)) return false
  const first = current[0]!
  const table = last.text.includes('\t')
  if (!sameColumn(last, line)) return !table && goesOn(last, line)
  const pitch = (last.y - line.y) / line.size
  const usual =
    current.length > 1 ? Math.max((current[0]!.y - last.y) / (current.length - 1) / last.size, 0.9) : body.pitch
  if (pitch > Math.max(usual, line.size > body.size * 1.1 ? 1.25 : 1.1) * 1.2) return false
  if (table !== line.text.includes('\t')) return false
  if (numbered.test(line.text) && (line.left <= first.left + 1 || numbered.test(first.text))) return false
  if (line.mono && !body.mono) return true
  // The first line of a paragraph is set in, or the line before it ends early.
  const indent = line.left - last.left
  if (indent > line.size * 0.8 && indent < line.size * 4 && current.length > 1) return false
  if (
    indent > line.size * 0.8 &&
    indent < line.size * 4 &&
    !bullet.test(first.text) &&
    !numbered.test(first.text) &&
    endsSentence(last.text)
  )
    return false
  const [, edge] = last.column
  const short = edge - last.right > (edge - last.column[0]) * 0.25
  return !(short && endsSentence(last.text) && /^[\p{Lu}\p{N}"“‘(]/u.test(line.text))
}

const endsSentence = (text: string): boolean => /[.!?:。！？]["”’)\]]*$/.test(text)

/** True when a sentence goes on from the foot of one column or page to the head of the next. */
const goesOn = (last: Line, line: Line): boolean =>
  !endsSentence(last.text) &&
  last.right - last.left > (last.column[1] - last.column[0]) * 0.5 &&
  /^[\p{Ll}\p{N}(]/u.test(line.text)

/** A line of a block as it is written: `text`, and what stands between it and the line before. */
export interface BlockLine {
  readonly text: string
  readonly join: '' | ' ' | '\n'
  readonly line: Line
}

/** All words of the document that hold a hyphen within a line. */
export function hyphenated(pages: readonly (readonly Line[])[]): Set<string> {
  const words = new Set<string>()
  for (const lines of pages)
    for (const { text } of lines) for (const [word] of text.matchAll(/\p{L}+-\p{L}+/gu)) words.add(word.toLowerCase())
  return words
}

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}，。、；：？！「」『』（）]/u

/**
 * The lines of a block and how they are joined. A word parted at the end of a line is made whole; its hyphen stays when
 * the document has the word with a hyphen elsewhere.
 */
export function blockLines(block: Block, words: ReadonlySet<string>): BlockLine[] {
  const joined: BlockLine[] = []
  for (const line of block.lines) {
    const last = joined.at(-1)
    if (!last) joined.push({ text: keptText(block, line), join: '', line })
    else if (block.kept) joined.push({ text: keptText(block, line), join: '\n', line })
    else {
      const parted = /[-\u00ad\u2010]$/.test(last.text) ? /(\p{L}+).$/u.exec(last.text.slice(-40)) : null
      const next = parted && /^\p{Ll}+/u.exec(line.text)?.[0]
      if (parted && next) {
        const stays = last.text.endsWith('-') && words.has(`${parted[1]}-${next}`.toLowerCase())
        if (!stays) joined[joined.length - 1] = { ...last, text: last.text.slice(0, -1) }
        joined.push({ text: line.text, join: '', line })
      } else {
        const close = unspaced.test(last.text.slice(-1)) && unspaced.test(line.text.slice(0, 1))
        joined.push({ text: line.text, join: close ? '' : ' ', line })
      }
    }
  }
  return joined
}

/** The text of a line of code, with its indent. */
function keptText(block: Block, line: Line): string {
  if (!block.kept || !line.mono || line.text.includes('\t')) return line.text
  const left = Math.min(...block.lines.slice(0, 200).map((one) => one.left))
  return ' '.repeat(Math.max(0, Math.min(60, Math.round((line.left - left) / (line.size * 0.6))))) + line.text
}

/** The words of a block on one line. */
export const blockText = (block: Block, words: ReadonlySet<string>): string =>
  blockLines(block, words)
    .map(({ text, join }) => (join === '' ? text : ` ${text}`))
    .join('')
    .replace(/\s+/g, ' ')
    .trim()

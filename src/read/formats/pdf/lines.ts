import { type Fragment, type Piece, readingOrder } from './columns.ts'

/** What the parser gives for one page. */
export interface RawPage {
  readonly items: readonly RawItem[]
  readonly styles: Readonly<Record<string, { readonly fontFamily?: string }>>
  /** Names of fonts by their id. */
  readonly fonts: ReadonlyMap<string, string>
  /** Left, lower, right and upper edge, in points. */
  readonly view: readonly number[]
}
export interface RawItem {
  readonly str: string
  readonly dir: string
  readonly width: number
  readonly transform: readonly number[]
  readonly fontName: string
}

/** A line of text in one column. Points; `y` is the baseline's height above the page's lower edge. */
export interface Line {
  readonly text: string
  readonly page: number
  /** Number of the line on its page, from 1, in reading order. */
  readonly line: number
  readonly left: number
  readonly right: number
  readonly y: number
  /** Size of the font that most of its characters have. */
  readonly size: number
  readonly bold: boolean
  readonly italic: boolean
  readonly mono: boolean
  /** Edges of the column that it stands in. */
  readonly column: readonly [left: number, right: number]
  /** Height of the page. */
  readonly height: number
}

/** A gap wider than this many times the font's size parts what stands in two columns. */
const wideGap = 1.1
const spaceGap = 0.16
/** Within a line, a gap this wide is written as a tab: it parts the cells of a table. */
const tabGap = 2

/** Shapes of Arabic and Hebrew letters and Latin ligatures, which are written as the letters that they show. */
const presentationForms = /[\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc]+/g

const isBold = (name: string): boolean =>
  /bold|black|heavy|demi|semibd|medi(?!ev)|cmbx|cmb\d|sfbx|ecbx|[-,]bd?$/i.test(name) && !/semi-?light/i.test(name)
const isItalic = (name: string): boolean => /ital|obli|slant|cmti|cmsl|cmmi|[-,]i$/i.test(name)
const isMono = (name: string): boolean => /mono|courier|consol|typewriter|cmtt|nimbusmon|menlo|code/i.test(name)

/** The lines of a page in reading order. Text that stands across the page's main direction comes last. */
export function pageLines(page: RawPage, number: number): Line[] {
  const turned = new Map<number, Piece[]>()
  for (const item of page.items) {
    if (item.str === '') continue
    const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = item.transform
    const size = Math.hypot(c, d) || Math.hypot(a, b)
    if (!(size > 0.5 && size < 2000) || !Number.isFinite(x + y)) continue
    const angle = ((Math.round(Math.atan2(b, a) / (Math.PI / 2)) % 4) + 4) % 4
    const pieces = turned.get(angle) ?? []
    turned.set(angle, pieces)
    pieces.push(piece(item, page, size, turn(x, y, angle)))
  }
  const directions = [...turned].sort((one, two) => characters(two[1]) - characters(one[1]))
  const lines: Line[] = []
  const [left = 0, lower = 0, right = 0, upper = 0] = page.view
  for (const [angle, pieces] of directions) {
    const sideways = angle % 2 === 1
    const height = sideways ? right - left : upper - lower
    const base = [lower, -right, -upper, left][angle]!
    for (const { fragments, column } of readingOrder(fragmentsOf(pieces))) {
      const line = makeLine(fragments, column, number, lines.length + 1, base, height)
      if (line) lines.push(line)
    }
  }
  return lines
}

const characters = (pieces: readonly Piece[]): number => pieces.reduce((sum, { text }) => sum + text.length, 0)

/** Coordinates after turning the page so that the text runs to the right. */
function turn(x: number, y: number, angle: number): readonly [number, number] {
  if (angle === 0) return [x, y]
  if (angle === 1) return [y, -x]
  return angle === 2 ? [-x, -y] : [-y, x]
}

function piece(item: RawItem, page: RawPage, size: number, [x, y]: readonly [number, number]): Piece {
  const name = page.fonts.get(item.fontName) ?? ''
  return {
    text: item.str,
    left: x,
    right: x + Math.max(0, item.width),
    y,
    size,
    bold: isBold(name),
    italic: isItalic(name),
    mono: isMono(name) || page.styles[item.fontName]?.fontFamily === 'monospace',
    rightToLeft: item.dir === 'rtl',
  }
}

/** Joins pieces that follow each other on one baseline, from the top of the page to its foot. */
function fragmentsOf(pieces: readonly Piece[]): Fragment[] {
  const fragments: Fragment[] = []
  let current: Fragment | undefined
  for (const piece of pieces) {
    const blank = piece.text.trim() === ''
    const larger = Math.max(piece.size, current?.size ?? 0)
    const near =
      current !== undefined &&
      Math.abs(piece.y - current.y) < larger * 0.45 &&
      piece.left - current.right < larger * wideGap &&
      current.left - piece.right < larger * wideGap
    if (current && near) {
      if (blank && piece.right - piece.left > larger * wideGap) {
        current = undefined
        continue
      }
      current.pieces.push(piece)
      if (!blank) {
        current.left = Math.min(current.left, piece.left)
        current.right = Math.max(current.right, piece.right)
        if (piece.size > current.size * 1.2 && current.pieces.length < 4) current.y = piece.y
        current.size = larger
      }
    } else if (!blank) {
      current = { pieces: [piece], left: piece.left, right: piece.right, y: piece.y, size: piece.size }
      fragments.push(current)
    }
  }
  return fragments.sort((one, two) => two.y - one.y || one.left - two.left)
}

function makeLine(
  fragments: readonly Fragment[],
  column: readonly [number, number],
  page: number,
  line: number,
  base: number,
  height: number,
): Line | undefined {
  let text = ''
  fragments.forEach((fragment, index) => {
    const words = fragmentText(fragment)
    const gap = index === 0 ? 0 : fragment.left - fragments[index - 1]!.right
    if (words !== '') text += (text === '' ? '' : gap > fragment.size * tabGap ? '\t' : ' ') + words
  })
  if (text === '') return undefined
  const pieces = fragments.flatMap((fragment) => fragment.pieces)
  const sizes = new Map<number, number>()
  const count = { all: 0, bold: 0, italic: 0, mono: 0 }
  for (const piece of pieces) {
    const length = piece.text.trim().length
    const size = Math.round(piece.size * 2) / 2
    sizes.set(size, (sizes.get(size) ?? 0) + length)
    count.all += length
    if (piece.bold) count.bold += length
    if (piece.italic) count.italic += length
    if (piece.mono) count.mono += length
  }
  const [size] = [...sizes].reduce((best, next) => (next[1] > best[1] ? next : best))
  return {
    text,
    page,
    line,
    left: Math.min(...fragments.map((fragment) => fragment.left)),
    right: Math.max(...fragments.map((fragment) => fragment.right)),
    y: fragments[0]!.y - base,
    size,
    bold: count.bold > count.all * 0.6,
    italic: count.italic > count.all * 0.6,
    mono: count.mono > count.all * 0.6,
    column,
    height,
  }
}

function fragmentText({ pieces, size }: Fragment): string {
  const rightToLeft = pieces.filter((piece) => piece.rightToLeft).length > pieces.length / 2
  const sorted = pieces.toSorted((one, two) => (rightToLeft ? two.left - one.left : one.left - two.left))
  let text = ''
  let last: Piece | undefined
  for (const piece of sorted) {
    if (last) {
      const gap = rightToLeft ? last.left - piece.right : piece.left - last.right
      if (gap > size * spaceGap && !/\s$/.test(text) && !/^\s/.test(piece.text)) text += ' '
    }
    text += piece.text
    last = piece
  }
  return text
    .replace(presentationForms, (form) => form.normalize('NFKC'))
    .replace(/\s+/g, ' ')
    .trim()
}

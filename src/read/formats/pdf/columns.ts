/** A run of text in one font. Points; `y` is its baseline. */
export interface Piece {
  readonly text: string
  readonly left: number
  readonly right: number
  readonly y: number
  readonly size: number
  readonly bold: boolean
  readonly italic: boolean
  readonly mono: boolean
  readonly rightToLeft: boolean
}

/** Pieces of one baseline without a wide gap between them. */
export interface Fragment {
  pieces: Piece[]
  left: number
  right: number
  y: number
  size: number
}

/** Fragments that make one line, and the edges of the column that they stand in. */
export interface OrderedLine {
  readonly fragments: readonly Fragment[]
  readonly column: readonly [number, number]
}

const bins = 240

/**
 * Fragments, given from top to foot, as lines in reading order: between lines that run across the page, columns are
 * read one after the other. A strip of the page that few lines cross is the gap between columns when the text on both
 * sides fills its column; a table, whose cells do not, is read row by row.
 */
export function readingOrder(fragments: readonly Fragment[]): OrderedLine[] {
  if (fragments.length === 0) return []
  let left = Number.POSITIVE_INFINITY
  let right = Number.NEGATIVE_INFINITY
  for (const fragment of fragments) {
    left = Math.min(left, fragment.left)
    right = Math.max(right, fragment.right)
  }
  const gutters = findGutters(fragments, left, right)
  const edges = [left, ...gutters, right]
  const columns: Fragment[][] = edges.slice(1).map(() => [])
  const lines: OrderedLine[] = []
  const flush = (): void => {
    columns.forEach((column, index) => {
      lines.push(...rows(column, [edges[index]!, edges[index + 1]!]))
      columns[index] = []
    })
  }
  let across: Fragment[] = []
  const flushAcross = (): void => {
    lines.push(...rows(across, [left, right]))
    across = []
  }
  for (const fragment of fragments) {
    const crossing = gutters.some((x) => fragment.left < x - 2 && fragment.right > x + 2)
    if (crossing) {
      flush()
      across.push(fragment)
      continue
    }
    flushAcross()
    const middle = (fragment.left + fragment.right) / 2
    let index = 0
    while (index < gutters.length && middle > gutters[index]!) index++
    columns[index]!.push(fragment)
  }
  flush()
  flushAcross()
  return lines
}

/** Fragments of one baseline are one line. */
function rows(fragments: readonly Fragment[], column: readonly [number, number]): OrderedLine[] {
  const lines: { fragments: Fragment[]; column: readonly [number, number] }[] = []
  for (const fragment of fragments) {
    const last = lines.at(-1)?.fragments[0]
    if (last && Math.abs(last.y - fragment.y) < Math.max(last.size, fragment.size) * 0.4)
      lines.at(-1)!.fragments.push(fragment)
    else lines.push({ fragments: [fragment], column })
  }
  for (const line of lines) line.fragments.sort((one, two) => one.left - two.left)
  return lines
}

function findGutters(fragments: readonly Fragment[], left: number, right: number): number[] {
  const width = right - left
  if (fragments.length < 8 || width < 150) return []
  const changes = new Int32Array(bins + 2)
  const bin = (x: number): number => Math.max(0, Math.min(bins, Math.round(((x - left) / width) * bins)))
  for (const fragment of fragments) {
    changes[bin(fragment.left)]!++
    changes[bin(fragment.right)]!--
  }
  const most = Math.max(2, fragments.length * 0.12)
  const gutters: number[] = []
  let covered = 0
  let start = -1
  for (let at = 0; at <= bins; at++) {
    covered += changes[at]!
    const open = covered <= most
    if (open && start === -1) start = at
    if ((open && at < bins) || start === -1) continue
    const wide = ((at - start) / bins) * width
    const middle = left + ((start + at) / 2 / bins) * width
    if (start > bins * 0.15 && at < bins * 0.85 && wide >= 6) gutters.push(middle)
    start = -1
  }
  return gutters.length > 3 || !filled(fragments, [left, ...gutters, right]) ? [] : gutters
}

/** True when most lines of every column fill most of it, as running text does and the cells of a table do not. */
function filled(fragments: readonly Fragment[], edges: readonly number[]): boolean {
  if (edges.length === 2) return false
  return edges.slice(1).every((end, index) => {
    const begin = edges[index]!
    let count = 0
    let full = 0
    for (const fragment of fragments) {
      if (fragment.left < begin - 2 || fragment.right > end + 2) continue
      count++
      if (fragment.right - fragment.left > (end - begin) * 0.6) full++
    }
    return count >= 4 && full >= count * 0.5
  })
}

import type { Passage, Span } from '../core/index.ts'

/** A set of characters of any number of Sources, as sorted, disjoint ranges. */
export class Coverage {
  readonly #ranges = new Map<string, [number, number][]>()

  /** Index of the first range that ends after `at`. */
  #after(ranges: readonly [number, number][], at: number): number {
    let low = 0
    let high = ranges.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (ranges[middle]![1] > at) high = middle
      else low = middle + 1
    }
    return low
  }

  /** True where the span had characters of the set already. */
  add(span: Span): boolean {
    if (span.end <= span.start) return false
    const ranges = this.#ranges.get(span.source)
    if (!ranges) {
      this.#ranges.set(span.source, [[span.start, span.end]])
      return false
    }
    const first = this.#after(ranges, span.start - 1)
    let last = first
    let { start, end } = span
    let overlaps = false
    while (last < ranges.length && ranges[last]![0] <= end) {
      overlaps ||= ranges[last]![0] < span.end && ranges[last]![1] > span.start
      start = Math.min(start, ranges[last]![0])
      end = Math.max(end, ranges[last]![1])
      last++
    }
    ranges.splice(first, last - first, [start, end])
    return overlaps
  }

  /** Takes out a span that was added and overlapped with none. */
  remove({ source, start, end }: Span): void {
    const ranges = this.#ranges.get(source)
    if (!ranges || end <= start) return
    const at = this.#after(ranges, start)
    const [from, to] = ranges[at]!
    const left: [number, number][] = []
    if (from < start) left.push([from, start])
    if (end < to) left.push([end, to])
    ranges.splice(at, 1, ...left)
  }

  /** True where no character of the span is in the set. */
  misses({ source, start, end }: Span): boolean {
    const ranges = this.#ranges.get(source)
    if (!ranges) return true
    const next = ranges[this.#after(ranges, start)]
    return !next || next[0] >= end
  }

  /** The parts of a span that are not in the set, in order. */
  missing(span: Span): Span[] {
    const ranges = this.#ranges.get(span.source)
    if (!ranges) return span.end > span.start ? [span] : []
    const left: Span[] = []
    let at = span.start
    for (let index = this.#after(ranges, at); index < ranges.length && ranges[index]![0] < span.end; index++) {
      const [start, end] = ranges[index]!
      if (start > at) left.push({ source: span.source, start: at, end: start })
      at = end
    }
    if (at < span.end) left.push(at === span.start ? span : { source: span.source, start: at, end: span.end })
    return left
  }
}

/** What became of the characters of one entry: `own` are its alone to account for, `shared` belong to another. */
export interface Share {
  readonly own: readonly Span[]
  readonly shared: readonly Span[]
}

interface Edge {
  readonly entry: number
  readonly start: number
  readonly end: number
}

/**
 * Divides every character of the verbatim passages given to one of them: to the one that keeps it (`keeper` names an
 * entry for a kept range), else to the first that has it. `kept` ranges are disjoint and inside their entry.
 */
export function divide(
  passages: readonly Passage[],
  kept: readonly { readonly entry: number; readonly span: Span }[],
): Share[] {
  const shares = passages.map(() => ({ own: [] as Span[], shared: [] as Span[] }))
  const bySource = new Map<string, { all: Edge[]; kept: Edge[] }>()
  const of = (source: string) => {
    let group = bySource.get(source)
    if (!group) bySource.set(source, (group = { all: [], kept: [] }))
    return group
  }
  passages.forEach((passage, entry) => {
    if (passage.derived === undefined)
      for (const { source, start, end } of passage.spans) if (end > start) of(source).all.push({ entry, start, end })
  })
  for (const { entry, span } of kept) of(span.source).kept.push({ entry, start: span.start, end: span.end })
  for (const [source, group] of bySource) {
    group.all.sort((a, b) => a.start - b.start || a.entry - b.entry)
    group.kept.sort((a, b) => a.start - b.start)
    sweep(source, group.all, group.kept, shares)
  }
  return shares
}

function sweep(
  source: string,
  all: readonly Edge[],
  kept: readonly Edge[],
  shares: { own: Span[]; shared: Span[] }[],
): void {
  const give = (list: Span[], start: number, end: number) => {
    const last = list.at(-1)
    if (last && last.source === source && last.end === start) list[list.length - 1] = { source, start: last.start, end }
    else list.push({ source, start, end })
  }
  let active: Edge[] = []
  let next = 0
  let keeping = 0
  let at = 0
  while (next < all.length || active.length > 0) {
    if (active.length === 0) at = Math.max(at, all[next]!.start)
    while (next < all.length && all[next]!.start <= at) active.push(all[next++]!)
    while (keeping < kept.length && kept[keeping]!.end <= at) keeping++
    let until = next < all.length ? all[next]!.start : Number.POSITIVE_INFINITY
    for (const edge of active) if (edge.end < until) until = edge.end
    const keeper = kept[keeping]
    let owner = -1
    if (keeper && keeper.start <= at) {
      owner = keeper.entry
      if (keeper.end < until) until = keeper.end
    } else {
      if (keeper && keeper.start < until) until = keeper.start
      for (const edge of active) if (owner === -1 || edge.entry < owner) owner = edge.entry
    }
    const keeps = keeper !== undefined && keeper.start <= at
    const share = (entry: number) => {
      if (entry !== owner) give(shares[entry]!.shared, at, until)
      else if (!keeps) give(shares[entry]!.own, at, until)
    }
    if (active.length === 1) share(active[0]!.entry)
    else for (const entry of new Set(active.map((edge) => edge.entry))) share(entry)
    at = until
    active = active.filter((edge) => edge.end > at)
  }
}

import type { Pack, Passage, Span } from '../core/index.ts'
import type { Sample, Shelf } from './contract.ts'
import { between, delivered } from './corpus.ts'

/** A passage of the lines that always are drawn. */
export const passageOf = (span: Span, score: number, trail: string): Passage => ({
  spans: [{ source: span.source, start: span.start, end: span.end }],
  score,
  trail: [trail],
})

/** Spans of the Sources that are there when the question is asked, in reading order. */
export function present(sample: Sample, spans: readonly Span[]): readonly Span[] {
  if (sample.delivered === undefined) return spans
  const there = new Set(delivered(sample).map(({ id }) => id))
  return spans.filter(({ source }) => there.has(source))
}

/**
 * A pack of the spans of `order` that fit, taken greedily, in reading order: the yardstick's own packer, which knows
 * nothing of a packer's finer ways and does not list what it leaves out. `stop` ends it at the first that does not fit,
 * as reading from the head does. Each span is counted alone and the sum is kept within the budget.
 */
export function greedy(
  spans: readonly Span[],
  order: Iterable<number>,
  budget: number,
  shelf: Shelf,
  trail: string,
  stop = false,
): Pack {
  const chosen: (readonly [number: number, rank: number])[] = []
  let count = 0
  let rank = 0
  for (const number of order) {
    rank++
    const cost = shelf.cost(spans[number]!)
    if (count + cost > budget) {
      if (stop) break
      continue
    }
    count += cost
    chosen.push([number, rank])
  }
  chosen.sort(([one], [other]) => one - other)
  const kept = chosen.map(([number, rank]) => passageOf(spans[number]!, -rank, trail))
  return packOf(kept, [], budget, count, shelf)
}

/** Kept passages as a Pack; `count` is what the yardstick counted, piece by piece. */
export function packOf(
  kept: readonly Passage[],
  dropped: Pack['dropped'],
  budget: number,
  count: number,
  shelf: Pick<Shelf, 'text' | 'counter'>,
): Pack {
  let text = ''
  let last: Span | undefined
  const ranges: [number, number][] = []
  for (const { spans } of kept) {
    if (last) text += last.source === spans[0].source ? '\n' : between
    const start = text.length
    text += spans.map(shelf.text).join('\n')
    ranges.push([start, text.length])
    last = spans.at(-1)!
  }
  return { budget, tokens: { count, exact: false, margin: 0 }, kept, dropped, text, ranges }
}

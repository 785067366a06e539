import type { Pack, Passage, Span, TokenCounter } from '../core/index.ts'
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
 * nothing of a packer's finer ways. `stop` ends it at the first that does not fit, as reading from the head does.
 * Each span is counted alone and the sum is kept within the budget.
 */
export function greedy(
  spans: readonly Span[],
  order: readonly number[],
  budget: number,
  shelf: Shelf,
  trail: string,
  stop = false,
): Pack {
  const { counter } = shelf
  const chosen: number[] = []
  let count = 0
  for (const number of order) {
    const cost = counter.count(shelf.text(spans[number]!))
    if (count + cost > budget) {
      if (stop) break
      continue
    }
    count += cost
    chosen.push(number)
  }
  chosen.sort((one, other) => one - other)
  const taken = new Set(chosen)
  const score = new Map(order.map((number, rank) => [number, -rank]))
  const passage = (number: number): Passage => passageOf(spans[number]!, score.get(number) ?? -order.length, trail)
  const left = spans.flatMap((_, number) => (taken.has(number) ? [] : [number]))
  return packOf(
    chosen.map(passage),
    left.map((number) => ({ passage: passage(number), why: 'budget' as const })),
    budget,
    count,
    shelf,
  )
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

export const countOf = (counter: TokenCounter, texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + counter.count(text), 0)

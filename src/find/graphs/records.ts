import type { Passage, Span } from '../../core/index.ts'

/** A question that was asked before, what was said, and the words that it rests on. */
export interface PastAnswer {
  readonly question: string
  readonly answer: string
  readonly spans: readonly [Span, ...Span[]]
}

/** A passage or an answer, with the numbers of those it is linked to. */
export interface RecordNode {
  readonly passage: Omit<Passage, 'score'>
  readonly text: string
  readonly links: number[]
}

/** True when two lists of spans share a character. */
export const touches = (first: readonly Span[], second: readonly Span[]): boolean =>
  first.some((one) =>
    second.some(({ source, start, end }) => source === one.source && start < one.end && one.start < end),
  )

/** Passes scores along links: at each round a node keeps `1 - share` of its own first score and takes the mean of those it is linked to. */
export function propagate(
  scores: Float64Array,
  links: readonly (readonly number[])[],
  share: number,
  rounds: number,
): Float64Array {
  let now = scores
  for (let round = 0; round < rounds; round++) {
    const last = now
    now = scores.map((own, node) => {
      const near = links[node]!
      if (near.length === 0) return own
      const mean = near.reduce((sum, other) => sum + last[other]!, 0) / near.length
      return (1 - share) * own + share * mean
    })
  }
  return now
}

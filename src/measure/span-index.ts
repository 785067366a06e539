import { overlap, type Span } from '../core/index.ts'

interface Numbered {
  readonly span: Span
  readonly number: number
}
interface Row {
  /** By their beginnings. */
  readonly spans: readonly Numbered[]
  /** The furthest end of the spans up to each. */
  readonly reach: readonly number[]
}

/** Spans that are asked many times which of them share characters with another. */
export class SpanIndex {
  readonly #rows = new Map<string, Row>()

  constructor(spans: readonly Span[]) {
    const bySource = Map.groupBy(
      spans.map((span, number) => ({ span, number })),
      ({ span }) => span.source,
    )
    for (const [source, own] of bySource) {
      own.sort((one, other) => one.span.start - other.span.start || one.number - other.number)
      let furthest = Number.NEGATIVE_INFINITY
      this.#rows.set(source, {
        spans: own,
        reach: own.map(({ span }) => (furthest = Math.max(furthest, span.end))),
      })
    }
  }

  /** Those that share characters with a span, by their beginnings, with their numbers. */
  *overlapping(span: Span): Generator<Numbered> {
    const { spans, reach } = this.#rows.get(span.source) ?? { spans: [], reach: [] }
    let [low, high] = [0, spans.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (reach[middle]! > span.start) high = middle
      else low = middle + 1
    }
    for (let at = low; at < spans.length && spans[at]!.span.start < span.end; at++)
      if (overlap(spans[at]!.span, span) > 0) yield spans[at]!
  }
}

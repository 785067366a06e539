import type { Span } from '../../core/index.ts'

/** UTF-16 units that share a row: a few sentences. */
const stretch = 1024

const holds = (outer: Span, inner: Span): boolean => inner.start >= outer.start && inner.end <= outer.end

/** Spans that are asked many times whether one of them holds another span, or lies within it. */
export class HeldSpans {
  readonly #rows = new Map<string, Span[]>()

  add(span: Span): void {
    for (const row of rowsOf(span)) {
      const known = this.#rows.get(row)
      if (known) known.push(span)
      else this.#rows.set(row, [span])
    }
  }

  /** Whether one of them holds all of the span. */
  covers(span: Span): boolean {
    const [row] = rowsOf(span)
    return this.#rows.get(row!)?.some((other) => holds(other, span)) ?? false
  }

  /** Whether one of them holds all of the span, or lies within it. */
  nests(span: Span): boolean {
    return rowsOf(span).some((row) => this.#rows.get(row)?.some((other) => holds(other, span) || holds(span, other)))
  }
}

function rowsOf({ source, start, end }: Span): string[] {
  const rows: string[] = []
  for (let row = Math.floor(start / stretch); row <= Math.floor(end / stretch); row++) rows.push(`${source}:${row}`)
  return rows
}

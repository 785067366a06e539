import { verifyQuote } from '../ask/index.ts'
import type { Source, Span } from '../core/index.ts'

/** Where published evidence stands in the Sources, and how many pieces of it stand nowhere. */
export interface Located {
  readonly evidence: Span[]
  readonly unresolved: number
}

/**
 * Looks a quote up in each Source: word for word, then without regard to white space, case and kinds of quotation marks,
 * then within a tenth of its characters. `near` says which Source to look in first.
 */
export function locate(sources: readonly Source[], quotes: readonly string[], near?: number): Located {
  const order = near === undefined ? sources : [sources[near]!, ...sources.filter((_, index) => index !== near)]
  const evidence: Span[] = []
  let unresolved = 0
  for (const quote of quotes) {
    const found = spanOf(order, quote)
    if (found) evidence.push(found)
    else unresolved++
  }
  return { evidence, unresolved }
}

function spanOf(sources: readonly Source[], quote: string): Span | undefined {
  const wanted = quote.trim()
  if (wanted === '') return undefined
  for (const { id, text } of sources) {
    const at = text.indexOf(wanted)
    if (at !== -1) return { source: id, start: at, end: at + wanted.length }
  }
  for (const { id, text } of sources) {
    const match = verifyQuote(wanted, text)
    if (match) return { source: id, start: match.start, end: match.end }
  }
  return undefined
}

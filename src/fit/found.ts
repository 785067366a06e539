import type { Span } from '../core/index.ts'
import type { CompressContext } from './contract.ts'

/** Of each span the score of the best passage found that shares a character with it, 1 for the best of all; 0 where none does. */
export function foundWorth(spans: readonly Span[], { found = [] }: Pick<CompressContext, 'found'>): Float64Array {
  const best = found.reduce((most, { score }) => Math.max(most, score), 0)
  const bySource = new Map<string, { readonly start: number; readonly end: number; readonly worth: number }[]>()
  for (const { spans: own, score, derived } of best > 0 ? found : [])
    if (derived === undefined && score > 0)
      for (const { source, start, end } of own) {
        const list = bySource.get(source)
        const one = { start, end, worth: score / best }
        if (list) list.push(one)
        else bySource.set(source, [one])
      }
  return Float64Array.from(spans, ({ source, start, end }) =>
    (bySource.get(source) ?? []).reduce(
      (most, one) => (one.start < end && start < one.end ? Math.max(most, one.worth) : most),
      0,
    ),
  )
}

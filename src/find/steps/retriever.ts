import type { Passage, Retriever } from '../../core/index.ts'
import type { Searchable } from '../../store/index.ts'
import type { RetrieverParts } from '../contract.ts'
import { passageReader, type Reader } from '../reading.ts'
import { type Asked, weighTerms } from '../terms.ts'

export type Step<Weights> = (
  store: Searchable,
  reader: Reader,
  asked: Asked,
  found: readonly Passage[],
  weights: Weights,
) => Promise<Passage[]>

/** Passages that a step looks at where fewer are wanted. */
const depth = 200

/** A retriever that does one step to what another finds. */
export function stepRetriever<Weights>(
  name: string,
  { store, inner: [first] }: RetrieverParts,
  step: Step<Weights>,
  weights: Weights,
): Retriever {
  const reader = passageReader(store)
  return {
    name,
    async retrieve(query) {
      query.abortSignal?.throwIfAborted()
      const found = (await first?.retrieve({ ...query, limit: Math.max(query.limit, depth) })) ?? []
      const asked = await weighTerms(store, query)
      if (found.length === 0 || asked.terms.length === 0) return found.slice(0, query.limit)
      const better = await step(store, reader, asked, await inUnit(store, asked, found), weights)
      return better.slice(0, query.limit).map((passage) => ({ ...passage, trail: [...passage.trail, name] }))
    },
  }
}

/** Scores of any kind from 0 up to that of the best keyword hit, so that what a step adds weighs the same for all. */
async function inUnit(store: Searchable, asked: Asked, found: readonly Passage[]): Promise<Passage[]> {
  const [best] = await store.keyword({ ...asked.query, terms: asked.terms, limit: 1 })
  const unit = best?.score ?? asked.total
  const low = Math.min(0, found.at(-1)!.score)
  const range = found[0]!.score - low
  if (low === 0 && range === unit) return [...found]
  return found.map((passage) => ({ ...passage, score: range > 0 ? ((passage.score - low) / range) * unit : unit }))
}

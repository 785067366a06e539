import type { Passage } from '../../core/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { passageTexts } from '../passages.ts'

export const meta = {
  name: 'diverse',
  summary: 'Chooses passages one by one, each relevant and unlike those already chosen.',
  paper: 'Carbonell and Goldstein 1998, The Use of MMR, Diversity-Based Reranking',
  needs: ['inner'],
} as const satisfies RetrieverMeta

export interface DiverseOptions {
  /** Weight of relevance against unlikeness, 0 to 1. Default 0.7. */
  readonly relevance: number
  /** Passages to choose from, for each that is wanted. Default 4. */
  readonly depth: number
}

type Vector = ReadonlyMap<string, number>

/**
 * Greedy choice of what is relevant and unlike what was chosen. The paper leaves likeness open; ours is the cosine of weighted terms.
 */
const make: RetrieverFactory<DiverseOptions> = ({ store, inner }, { relevance = 0.7, depth = 4 } = {}) => {
  async function vectorsOf(texts: readonly string[]): Promise<Vector[]> {
    const counted = texts.map((text) => {
      const counts = new Map<string, number>()
      store.analyzer.each(text, (term) => counts.set(term, (counts.get(term) ?? 0) + 1))
      return counts
    })
    const terms = [...new Set(counted.flatMap((counts) => [...counts.keys()]))]
    const { passages, frequency } = await store.statistics(terms)
    const rarity = new Map(terms.map((term, index) => [term, Math.log(1 + passages / (1 + frequency[index]!))]))
    return counted.map((counts) => {
      const vector = new Map<string, number>()
      let square = 0
      for (const [term, count] of counts) {
        const value = (1 + Math.log(count)) * rarity.get(term)!
        vector.set(term, value)
        square += value * value
      }
      for (const [term, value] of vector) vector.set(term, value / Math.sqrt(square || 1))
      return vector
    })
  }

  return {
    name: meta.name,
    async retrieve(query) {
      query.abortSignal?.throwIfAborted()
      const found: Passage[] = (await inner[0]?.retrieve({ ...query, limit: query.limit * depth })) ?? []
      const vectors = await vectorsOf(await passageTexts(found, store.texts, query.abortSignal))
      const top = found[0]?.score ?? 0
      const bottom = found.at(-1)?.score ?? 0
      const worth = found.map(({ score }) => (top === bottom ? 1 : (score - bottom) / (top - bottom)))
      const nearest = found.map(() => 0)
      const left = new Set(found.keys())
      const chosen: Passage[] = []
      while (chosen.length < query.limit && left.size > 0) {
        query.abortSignal?.throwIfAborted()
        const value = (number: number): number => relevance * worth[number]! - (1 - relevance) * nearest[number]!
        let best = -1
        for (const number of left) if (best === -1 || value(number) > value(best)) best = number
        left.delete(best)
        chosen.push({ ...found[best]!, score: value(best), trail: [...found[best]!.trail, meta.name] })
        for (const number of left)
          nearest[number] = Math.max(nearest[number]!, likeness(vectors[best]!, vectors[number]!))
      }
      return chosen
    },
  }
}

/** Cosine of two vectors of length one. */
function likeness(first: Vector, second: Vector): number {
  let dot = 0
  for (const [term, value] of first) dot += value * (second.get(term) ?? 0)
  return dot
}

export default make

import type { Passage } from '../../core/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { passageReader } from '../reading.ts'
import { rarityOf } from '../terms.ts'

export const meta = {
  name: 'coverage',
  summary: 'Chooses passages one by one so that each relevant passage resembles a chosen one: all sides of a subject.',
  paper: 'Lin and Bilmes 2011, A Class of Submodular Functions for Document Summarization',
  needs: ['inner'],
} as const satisfies RetrieverMeta

export interface CoverageOptions {
  /** Weight of a passage's own relevance beside how much of the others it covers, 0 to 1. Default 0.5. */
  readonly relevance: number
  /** Passages that are to be covered, the best ones. Default 60. */
  readonly depth: number
}
/** A passage that covers this share of all that is relevant weighs as much as the most relevant one. */
const fullCover = 1 / 6
type Vector = ReadonlyMap<string, number>

/**
 * Greedy facility location, within 1 - 1/e of the best choice for what it counts. The paper adds a reward for drawing from many
 * clusters; ours weighs coverage against a passage's own relevance.
 */
const make: RetrieverFactory<CoverageOptions> = ({ store, inner: [first] }, { relevance = 0.5, depth = 60 } = {}) => {
  const reader = passageReader(store)
  return {
    name: meta.name,
    async retrieve(query) {
      query.abortSignal?.throwIfAborted()
      const found = (await first?.retrieve({ ...query, limit: Math.max(query.limit, depth) })) ?? []
      if (found.length === 0) return []
      const vectors: Vector[] = []
      for (const passage of found) {
        const { places } = await reader(passage, query.abortSignal)
        const terms = [...places.keys()].filter((term) => !store.analyzer.isStopTerm(term))
        const { passages, frequency } = await store.statistics(terms)
        vectors.push(unit(new Map(terms.map((term, index) => [term, rarityOf(passages, frequency[index]!)]))))
      }
      const low = Math.min(0, found.at(-1)!.score)
      const range = found[0]!.score - low
      const worth = found.map(({ score }) => (range > 0 ? (score - low) / range : 1))
      const total = worth.slice(0, depth).reduce((sum, value) => sum + value, 0)
      const sides = vectors.slice(0, depth)
      const covered = sides.map(() => 0)
      const alike = vectors.map((one) => sides.map((other) => likeness(one, other)))
      const gain = (number: number): number => {
        let more = 0
        for (const [other, so] of covered.entries()) more += worth[other]! * Math.max(0, alike[number]![other]! - so)
        return relevance * worth[number]! + ((1 - relevance) * more) / Math.max(fullCover * total, 1e-9)
      }
      const left = new Set(found.keys())
      const chosen: Passage[] = []
      while (chosen.length < query.limit && left.size > 0) {
        query.abortSignal?.throwIfAborted()
        let best = -1
        let most = Number.NEGATIVE_INFINITY
        for (const number of left) {
          const value = gain(number)
          if (value > most) [best, most] = [number, value]
        }
        left.delete(best)
        for (const other of covered.keys()) covered[other] = Math.max(covered[other]!, alike[best]![other]!)
        chosen.push({ ...found[best]!, score: most, trail: [...found[best]!.trail, meta.name] })
      }
      return chosen
    },
  }
}

function unit(vector: Vector): Vector {
  const length = Math.hypot(...vector.values())
  return length > 0 ? new Map([...vector].map(([term, value]) => [term, value / length])) : vector
}

function likeness(one: Vector, other: Vector): number {
  let dot = 0
  for (const [term, value] of one.size <= other.size ? one : other)
    dot += value * ((one.size <= other.size ? other : one).get(term) ?? 0)
  return dot
}

export default make

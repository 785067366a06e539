import type { Passage } from '../../core/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { rankerScores } from '../ranking.ts'
import { passageReader } from '../reading.ts'

export const meta = {
  name: 'rerank',
  summary: 'The best of what another retriever finds, put in the order that a ranker gives them.',
  paper: 'Nogueira and Cho 2019, Passage Re-ranking with BERT, arXiv 1901.04085',
  needs: ['inner', 'ranker'],
} as const satisfies RetrieverMeta

export interface RerankOptions {
  /** Passages to ask the inner retriever for, at least. Default 200. */
  readonly depth: number
}

/**
 * The paper scores question and passage by a large network; ours asks whatever ranker is given, by default the small one that ships.
 */
const make: RetrieverFactory<RerankOptions> = ({ store, inner, ranker }, { depth = 200 } = {}) => {
  const reader = passageReader(store)
  return {
    name: meta.name,
    async retrieve(query) {
      query.abortSignal?.throwIfAborted()
      const found = (await inner[0]?.retrieve({ ...query, limit: Math.max(query.limit, depth) })) ?? []
      if (found.length === 0) return []
      const scores = await rankerScores(store, reader, ranker!, query, found)
      return found
        .map((passage, index): Passage => ({ ...passage, score: scores[index]!, trail: [...passage.trail, meta.name] }))
        .sort((first, second) => second.score - first.score)
        .slice(0, query.limit)
    },
  }
}

export default make

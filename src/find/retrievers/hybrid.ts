import type { Passage } from '../../core/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { byScore, passageKey } from '../passages.ts'

export const meta = {
  name: 'hybrid',
  summary: 'Fuses the ranks that several retrievers give: each adds weight / (k + rank).',
  paper: 'Cormack, Clarke and Büttcher 2009, Reciprocal Rank Fusion Outperforms Condorcet',
  needs: ['inner'],
} as const satisfies RetrieverMeta

export interface HybridOptions {
  /** How slowly the worth of a rank falls. Default 60. */
  readonly k: number
  /** One weight for each inner retriever, in their order. Default 1 each. */
  readonly weights: readonly number[]
  /** Passages to ask each retriever for, at least. Default 100. */
  readonly depth: number
}

/** The sum of reciprocal ranks, as in the paper; ours can weigh the rankings, where theirs all count the same. */
const make: RetrieverFactory<HybridOptions> = ({ inner }, { k = 60, weights = [], depth = 100 } = {}) => ({
  name: meta.name,
  async retrieve(query) {
    query.abortSignal?.throwIfAborted()
    const limit = Math.max(query.limit, depth)
    const lists = await Promise.all(inner.map((retriever) => retriever.retrieve({ ...query, limit })))
    const fused = new Map<string, Passage>()
    for (const [index, list] of lists.entries())
      for (const [rank, passage] of list.entries()) {
        const key = passageKey(passage)
        const known = fused.get(key)
        const score = (weights[index] ?? 1) / (k + rank + 1) + (known?.score ?? 0)
        const steps = [...(known?.trail ?? []), ...passage.trail]
        fused.set(key, { ...(known ?? passage), score, trail: [...new Set(steps)] })
      }
    return byScore([...fused.values()])
      .slice(0, query.limit)
      .map((passage) => ({ ...passage, trail: [...passage.trail, meta.name] }))
  },
})

export default make

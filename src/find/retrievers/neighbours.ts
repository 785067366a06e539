import type { Passage } from '../../core/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { byScore, passageKey } from '../passages.ts'

export const meta = {
  name: 'neighbours',
  summary: 'What another retriever finds, and the passages just before and after each, for a share of its score.',
  needs: ['inner'],
} as const satisfies RetrieverMeta

export interface NeighboursOptions {
  /** Passages to take before and after each. Default 1 and 1. */
  readonly before: number
  readonly after: number
  /** Share of the score that is left at each step away, 0 to 1. Default 0.5. */
  readonly share: number
}

const make: RetrieverFactory<NeighboursOptions> = ({ store, inner }, { before = 1, after = 1, share = 0.5 } = {}) => ({
  name: meta.name,
  async retrieve(query) {
    query.abortSignal?.throwIfAborted()
    const found = (await inner[0]?.retrieve(query)) ?? []
    const best = new Map(found.map((passage) => [passageKey(passage), passage]))
    for (const hit of found) {
      query.abortSignal?.throwIfAborted()
      const around = await store.neighbours(hit, before, after)
      const start = hit.spans.at(-1)!.start
      const earlier = around.filter((passage) => passage.spans.at(-1)!.start < start).length
      for (const [index, passage] of around.entries()) {
        const distance = index < earlier ? earlier - index : index - earlier + 1
        const score = hit.score - Math.abs(hit.score) * (1 - share ** distance)
        const key = passageKey(passage)
        const known = best.get(key)
        if (!known || known.score < score) {
          const near: Passage = { ...passage, score, trail: [...hit.trail, meta.name] }
          best.set(key, known ? { ...known, score } : near)
        }
      }
    }
    return byScore([...best.values()]).slice(0, query.limit)
  },
})

export default make

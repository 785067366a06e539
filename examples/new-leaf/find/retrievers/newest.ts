import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'

export const meta = {
  name: 'newest',
  summary: "Another retriever's passages, those of the newest sources first.",
  needs: ['inner'],
} as const satisfies RetrieverMeta

const newest: RetrieverFactory = ({ store, inner: [retriever] }) => ({
  name: `newest(${retriever!.name})`,
  async retrieve(query) {
    const passages = await retriever!.retrieve(query)
    const times = await Promise.all(passages.map(async ({ spans }) => (await store.source(spans[0]))?.time ?? 0))
    const order = passages.map((_, index) => index).sort((a, b) => times[b]! - times[a]! || a - b)
    return order.map((index, rank) => {
      const passage = passages[index]!
      return { ...passage, score: -rank, trail: [...passage.trail, 'newest'] }
    })
  },
})
export default newest

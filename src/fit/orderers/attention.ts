import { FoveaError, type Passage } from '../../core/index.ts'
import type { Orderer, OrdererMeta } from '../contract.ts'

export const meta = {
  name: 'attention',
  summary: 'Sorted by the attention that a model pays to each passage, most last, until the order stays.',
  needs: ['query', 'attention'],
  paper: 'Attention Sorting Combats Recency Bias In Long Context Language Models, arXiv 2310.01427',
} as const satisfies OrdererMeta

/**
 * Sorts at most `rounds` times, each with one call of the model. Throws `part-missing`. Ours takes the attention that the given port
 * reports, where the paper reads it out of the model.
 */
export const attentionOf = (rounds = 5): Orderer => ({
  costly: true,
  async order(passages, { attention, query = '', textOf, abortSignal }) {
    if (!attention)
      throw new FoveaError(
        'part-missing',
        'the orderer "attention" needs a model that reports its attention; give one as "attention"',
      )
    let order: readonly Passage[] = passages
    for (let round = 0; round < rounds && order.length > 1; round++) {
      abortSignal?.throwIfAborted()
      const weights = await attention.attend(order.map(textOf), query, abortSignal)
      const next = [...order.keys()].sort((a, b) => (weights[a] ?? 0) - (weights[b] ?? 0) || a - b)
      const settled = next.every((index, place) => index === place)
      order = next.map((index) => order[index]!)
      if (settled) break
    }
    return [...order]
  },
})

export default attentionOf()

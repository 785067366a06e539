import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'ndcg',
  summary: 'Gold units among the first k, discounted by the logarithm of their rank, over the best that can be.',
  paper: 'Järvelin and Kekäläinen 2002, Cumulated Gain-Based Evaluation of IR Techniques',
  atDepth: true,
  of: 'ranking',
} as const satisfies MetricMeta

const discount = (rank: number): number => 1 / Math.log2(rank + 2)

const metric: Metric = ({ ranked, gold }, { depth = Number.POSITIVE_INFINITY } = {}) => {
  if (!ranked || !gold?.length) return undefined
  const wanted = new Set(gold)
  let gain = 0
  for (const [rank, unit] of ranked.slice(0, depth).entries()) if (wanted.delete(unit)) gain += discount(rank)
  let best = 0
  for (let rank = 0; rank < Math.min(new Set(gold).size, depth); rank++) best += discount(rank)
  return gain / best
}

export default metric

import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'mrr',
  summary: 'One divided by the rank of the first gold unit, 0 when there is none.',
  paper: 'Voorhees 1999, The TREC-8 Question Answering Track Report',
  atDepth: true,
  of: 'ranking',
} as const satisfies MetricMeta

const metric: Metric = ({ ranked, gold }, { depth = Number.POSITIVE_INFINITY } = {}) => {
  if (!ranked || !gold?.length) return undefined
  const wanted = new Set(gold)
  const rank = ranked.slice(0, depth).findIndex((unit) => wanted.has(unit))
  return rank === -1 ? 0 : 1 / (rank + 1)
}

export default metric

import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'recall',
  summary: 'The share of gold units among the first k.',
  atDepth: true,
  of: 'ranking',
} as const satisfies MetricMeta

const metric: Metric = ({ ranked, gold }, { depth = Number.POSITIVE_INFINITY } = {}) => {
  if (!ranked || !gold?.length) return undefined
  const first = new Set(ranked.slice(0, depth))
  return gold.filter((unit) => first.has(unit)).length / gold.length
}

export default metric

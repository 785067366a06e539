import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'precision',
  summary: 'The share of gold units among the first k, or among as many as there are gold units where those are fewer.',
  atDepth: true,
  of: 'ranking',
} as const satisfies MetricMeta

const metric: Metric = ({ ranked, gold }, { depth = Number.POSITIVE_INFINITY } = {}) => {
  if (!ranked || !gold?.length) return undefined
  const wanted = new Set(gold)
  const first = Math.min(depth, wanted.size)
  return ranked.slice(0, first).filter((unit) => wanted.has(unit)).length / first
}

export default metric

import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'all-gold',
  summary: 'One when every gold unit stands among the first k.',
  atDepth: true,
  of: 'ranking',
} as const satisfies MetricMeta

const metric: Metric = ({ ranked, gold }, { depth = Number.POSITIVE_INFINITY } = {}) => {
  if (!ranked || !gold?.length) return undefined
  const first = new Set(ranked.slice(0, depth))
  return gold.every((unit) => first.has(unit)) ? 1 : 0
}

export default metric

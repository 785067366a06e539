import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'precision',
  summary: 'The share of the first k units that are gold.',
  atDepth: true,
  of: 'ranking',
} as const satisfies MetricMeta

/** Of a ranking shorter than k, the share of what there is. */
const metric: Metric = ({ ranked, gold }, { depth = Number.POSITIVE_INFINITY } = {}) => {
  if (!ranked || !gold?.length) return undefined
  const wanted = new Set(gold)
  const first = ranked.slice(0, depth)
  return first.length === 0 ? 0 : first.filter((unit) => wanted.has(unit)).length / first.length
}

export default metric

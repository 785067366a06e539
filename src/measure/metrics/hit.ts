import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'hit',
  summary: 'One when any gold unit stands among the first k.',
  atDepth: true,
  of: 'ranking',
} as const satisfies MetricMeta

const metric: Metric = ({ ranked, gold }, { depth = Number.POSITIVE_INFINITY } = {}) => {
  if (!ranked || !gold?.length) return undefined
  const wanted = new Set(gold)
  return ranked.slice(0, depth).some((unit) => wanted.has(unit)) ? 1 : 0
}

export default metric

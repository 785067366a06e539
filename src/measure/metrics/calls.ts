import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'calls',
  summary: 'Calls of a model that the answer took.',
  atDepth: false,
  of: 'cost',
  lower: true,
} as const satisfies MetricMeta

const metric: Metric = ({ usage }) => usage?.calls
export default metric

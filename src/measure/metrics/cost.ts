import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'cost',
  summary: 'US dollars paid for the answer, where the price is known.',
  atDepth: false,
  of: 'cost',
  lower: true,
} as const satisfies MetricMeta

const metric: Metric = ({ usage }) => usage?.cost
export default metric

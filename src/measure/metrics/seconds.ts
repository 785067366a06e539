import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'seconds',
  summary: 'Seconds that a model worked on the answer, over all calls.',
  atDepth: false,
  of: 'cost',
  lower: true,
} as const satisfies MetricMeta

const metric: Metric = ({ usage }) => usage && usage.milliseconds / 1000
export default metric

import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'input-tokens',
  summary: 'Tokens that a model was given for the answer, over all calls.',
  atDepth: false,
  of: 'cost',
  lower: true,
} as const satisfies MetricMeta

const metric: Metric = ({ usage }) => usage?.inputTokens.total
export default metric

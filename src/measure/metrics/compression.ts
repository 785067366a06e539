import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'compression',
  summary: 'Tokens handed on over those of the whole text.',
  atDepth: false,
  of: 'selection',
  lower: true,
} as const satisfies MetricMeta

/** At most 1: a rendering may be a little longer than the text, which saves nothing. */
const metric: Metric = ({ tokens }) =>
  tokens === undefined || tokens.whole === 0 ? undefined : Math.min(1, tokens.pack / tokens.whole)

export default metric

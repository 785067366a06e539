import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'citation-verified',
  summary: 'The share of the citations whose quoted words were found in their passage.',
  atDepth: false,
  of: 'citations',
} as const satisfies MetricMeta

const metric: Metric = ({ citations }) =>
  citations?.length ? citations.filter(({ verified }) => verified).length / citations.length : undefined

export default metric

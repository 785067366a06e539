import type { Metric, MetricMeta } from '../contract.ts'
import { rowF1 } from '../rows.ts'

export const meta = {
  name: 'row-f1',
  summary: 'F1 over rows: each answer is one, its cells parted by bars; an output has one on each line.',
  paper: 'Maekawa et al. 2024, HoloBench, arXiv 2410.11996',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

const metric: Metric = ({ said, answers }) =>
  said === undefined || !answers?.length ? undefined : rowF1(said, answers)

export default metric

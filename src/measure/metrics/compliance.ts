import { compliance } from '../complied.ts'
import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'compliance',
  summary: 'One when what was said is what was due: the answer where the text holds one, a refusal where it does not.',
  paper: 'Kamble et al. 2025, FailSafeQA, arXiv 2502.06329',
  atDepth: false,
  of: 'answer',
  needs: ['judge'],
} as const satisfies MetricMeta

const metric: Metric = (outcome, { judge } = {}) => compliance(outcome, judge)

export default metric

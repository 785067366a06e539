import { compliance, isAnswerable } from '../complied.ts'
import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'grounding',
  summary: 'One when a question that the text does not answer was refused; of no other questions.',
  paper: 'Kamble et al. 2025, FailSafeQA, arXiv 2502.06329',
  atDepth: false,
  of: 'answer',
  needs: ['judge'],
} as const satisfies MetricMeta

const metric: Metric = (outcome, { judge } = {}) =>
  isAnswerable(outcome) === false ? compliance(outcome, judge) : undefined

export default metric

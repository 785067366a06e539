import { compliance, isAnswerable } from '../complied.ts'
import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'robustness',
  summary: 'One when a question that the text answers was answered, however it was asked; of no other questions.',
  paper: 'Kamble et al. 2025, FailSafeQA, arXiv 2502.06329',
  atDepth: false,
  of: 'answer',
  needs: ['judge'],
} as const satisfies MetricMeta

/** The paper takes the worst over all ways in which one question is asked; the table `compliance` does that over results. */
const metric: Metric = (outcome, { judge } = {}) => (isAnswerable(outcome) ? compliance(outcome, judge) : undefined)

export default metric

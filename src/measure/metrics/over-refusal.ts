import { answersIn } from '../answers.ts'
import type { Metric, MetricMeta } from '../contract.ts'
import { saysUnknown } from '../refusal.ts'

export const meta = {
  name: 'over-refusal',
  summary: 'One when what was said to a question that has an answer is a refusal.',
  paper: 'Kamble et al. 2025, FailSafeQA, arXiv 2502.06329',
  atDepth: false,
  of: 'answer',
  lower: true,
} as const satisfies MetricMeta

/** A reply that gives an answer is none, whatever else it says. */
const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.length) return undefined
  return saysUnknown(said) && !answers.some(answersIn(said)) ? 1 : 0
}

export default metric

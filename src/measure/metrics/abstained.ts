import type { Metric, MetricMeta } from '../contract.ts'
import { saysUnknown } from '../refusal.ts'

export const meta = {
  name: 'abstained',
  summary: 'One when what was said to a question that nothing answers is a refusal; nothing where there is an answer.',
  paper: 'Kamble et al. 2025, FailSafeQA, arXiv 2502.06329',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

const metric: Metric = ({ said, answers }) => {
  if (said === undefined || answers === undefined || answers.length > 0) return undefined
  return saysUnknown(said) ? 1 : 0
}

export default metric

import type { Metric, MetricMeta } from '../contract.ts'
import { saysNumber } from '../numbers.ts'

export const meta = {
  name: 'numeric-match',
  summary:
    'One when the number that was said last, or behind "answer", is the wanted one to the decimals that it is given with.',
  paper: 'Wang et al. 2024, MathHay, arXiv 2410.04698',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

/** Says nothing where no form of the answer holds a number. */
const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.some((forms) => forms.some((form) => /\d/.test(form)))) return undefined
  return answers.filter((forms) => saysNumber(said, forms)).length / answers.length
}

export default metric

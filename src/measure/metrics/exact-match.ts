import type { Metric, MetricMeta } from '../contract.ts'
import { bare } from '../words.ts'

export const meta = {
  name: 'exact-match',
  summary: 'The share of the answers that were said word for word and nothing else, signs and articles aside.',
  paper: 'Rajpurkar et al. 2016, SQuAD, arXiv 1606.05250',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

/** With several groups of answers, one must be all that was said for each: only one of them can match. */
const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.length) return undefined
  const heard = bare(said)
  return answers.filter((forms) => forms.some((form) => bare(form) === heard)).length / answers.length
}

export default metric

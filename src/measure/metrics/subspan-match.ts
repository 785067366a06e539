import type { Metric, MetricMeta } from '../contract.ts'
import { bare } from '../words.ts'

export const meta = {
  name: 'subspan-match',
  summary: 'The share of the answers that stand in what was said, case, signs and articles aside.',
  paper: 'Liu et al. 2023, Lost in the Middle, arXiv 2307.03172',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.length) return undefined
  const heard = bare(said)
  const stands = (form: string): boolean => bare(form) !== '' && heard.includes(bare(form))
  return answers.filter((forms) => forms.some(stands)).length / answers.length
}

export default metric

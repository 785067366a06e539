import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'reference-said',
  summary:
    'One when any reference answer stands in what was said, whatever its case: RULER’s score of questions and answers.',
  paper: 'Hsieh et al. 2024, RULER, arXiv 2404.06654',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.length) return undefined
  const lower = said.toLowerCase()
  return answers.some((forms) => forms.some((form) => lower.includes(form.toLowerCase()))) ? 1 : 0
}

export default metric

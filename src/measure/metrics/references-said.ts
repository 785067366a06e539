import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'references-said',
  summary:
    'The share of the reference answers that stand in what was said, whatever their case: RULER’s score of all but its questions and answers.',
  paper: 'Hsieh et al. 2024, RULER, arXiv 2404.06654',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.length) return undefined
  const lower = said.toLowerCase()
  return answers.filter((forms) => forms.some((form) => lower.includes(form.toLowerCase()))).length / answers.length
}

export default metric

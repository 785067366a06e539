import type { Metric, MetricMeta } from '../contract.ts'
import { similarity } from '../similarity.ts'

export const meta = {
  name: 'similarity',
  summary: 'Likeness of characters to the nearest form of the answer, by matching blocks.',
  paper: 'Vodrahalli et al. 2024, Michelangelo, arXiv 2409.12640',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

/** With several groups of answers, their first forms in a row are the form. */
const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.length) return undefined
  const forms = answers.length === 1 ? answers[0]! : [answers.map(([first]) => first).join('\n')]
  return Math.max(...forms.map((form) => similarity(said.trim(), form)))
}

export default metric

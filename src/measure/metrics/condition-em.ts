import { conditionalAnswers, conditionalScore } from '../conditions.ts'
import type { Metric, MetricMeta } from '../contract.ts'
import { bare } from '../words.ts'

export const meta = {
  name: 'condition-em',
  summary: 'The share of the answers wanted that were said word for word, each times the F1 of its conditions.',
  paper: 'Sun, Cohen and Salakhutdinov 2021, ConditionalQA, arXiv 2110.06884',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

/** Without answers wanted, one for saying none. The first form of each answer holds its conditions. */
const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers) return undefined
  const wanted = answers.map(([form = '']) => conditionalAnswers(form)[0] ?? { answer: form, conditions: [] })
  return conditionalScore(conditionalAnswers(said), wanted, (heard, asked) => (bare(heard) === bare(asked) ? 1 : 0))
}

export default metric

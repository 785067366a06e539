import { conditionalAnswers, conditionalScore } from '../conditions.ts'
import type { Metric, MetricMeta } from '../contract.ts'
import { bareWords, common, harmonic } from '../words.ts'

export const meta = {
  name: 'condition-f1',
  summary:
    'Words shared by the answers said and those wanted, each pair times the F1 of its conditions: lines of `answer | condition ; condition`.',
  paper: 'Sun, Cohen and Salakhutdinov 2021, ConditionalQA, arXiv 2110.06884',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

const alike = (said: string, wanted: string): number => {
  const [heard, asked] = [bareWords(said), bareWords(wanted)]
  if (heard.length === 0 || asked.length === 0) return heard.length === asked.length ? 1 : 0
  const shared = common(heard, asked)
  return harmonic(shared / heard.length, shared / asked.length)
}

/** Without answers wanted, one for saying none. The first form of each answer holds its conditions. */
const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers) return undefined
  const wanted = answers.map(([form = '']) => conditionalAnswers(form)[0] ?? { answer: form, conditions: [] })
  return conditionalScore(conditionalAnswers(said), wanted, alike)
}

export default metric

import { answersIn } from '../answers.ts'
import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'answer-kept',
  summary:
    'The share of the answers, in any of their forms, that the text handed on holds; of questions whose answers stand in the whole text.',
  atDepth: false,
  of: 'selection',
} as const satisfies MetricMeta

const metric: Metric = ({ text, answers, inContext }) => {
  if (text === undefined || !answers?.length || inContext?.() === false) return undefined
  const holds = answersIn(text)
  return answers.filter(holds).length / answers.length
}

export default metric

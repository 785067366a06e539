import { holdsAnswer } from '../answers.ts'
import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'answer-kept',
  summary: 'One when the text handed on holds one of the answers.',
  atDepth: false,
} as const satisfies MetricMeta

const metric: Metric = ({ text, answers }) =>
  text === undefined || !answers?.length ? undefined : holdsAnswer(text, answers) ? 1 : 0

export default metric

import { commonInOrder } from '../align.ts'
import type { Metric, MetricMeta } from '../contract.ts'
import { bareWords, harmonic } from '../words.ts'

export const meta = {
  name: 'rouge-l',
  summary: 'F1 of the longest sequence of words that what was said and the nearest form of the answer share.',
  paper: 'Lin 2004, ROUGE: A Package for Automatic Evaluation of Summaries',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

/** Words without stemming; several answers are taken in a row. */
const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.length) return undefined
  const heard = bareWords(said)
  const wanted = answers.length === 1 ? answers[0]! : [answers.map((forms) => forms[0]).join(' ')]
  return Math.max(
    ...wanted.map((form) => {
      const words = bareWords(form)
      if (words.length === 0 || heard.length === 0) return words.length === heard.length ? 1 : 0
      const shared = commonInOrder(heard, words)
      return harmonic(shared / heard.length, shared / words.length)
    }),
  )
}

export default metric

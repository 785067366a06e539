import type { Metric, MetricMeta } from '../contract.ts'
import { bareWords, common, harmonic } from '../words.ts'

export const meta = {
  name: 'f1',
  summary:
    'Words shared by what was said and the nearest form of the answer; with several answers, their forms in a row.',
  paper: 'Rajpurkar et al. 2016, SQuAD, arXiv 1606.05250',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.length) return undefined
  const heard = bareWords(said)
  const wanted = answers.length === 1 ? answers[0]! : [answers.map((forms) => forms[0]).join(' ')]
  return Math.max(
    ...wanted.map((form) => {
      const words = bareWords(form)
      if (words.length === 0 || heard.length === 0) return words.length === heard.length ? 1 : 0
      const shared = common(heard, words)
      return harmonic(shared / heard.length, shared / words.length)
    }),
  )
}

export default metric

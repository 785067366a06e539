import { commonSubsequence } from '../align.ts'
import type { MetricMeta } from '../contract.ts'
import { rouge } from '../rouge.ts'
import { harmonic } from '../words.ts'

export const meta = {
  name: 'rouge-l',
  summary:
    'The longest list of words that stands in order in what was said and in the answer: the harmonic mean of precision and recall.',
  paper: 'Lin 2004, ROUGE: A Package for Automatic Evaluation of Summaries',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

export default rouge(1, (heard, wanted) => {
  const length = commonSubsequence(wanted, heard)
  return harmonic(length / heard.length, length / wanted.length)
})

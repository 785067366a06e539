import type { MetricMeta } from '../contract.ts'
import { rouge, shared } from '../rouge.ts'

export const meta = {
  name: 'rouge-1',
  summary:
    'Words shared by what was said and the nearest form of the answer: the harmonic mean of precision and recall.',
  paper: 'Lin 2004, ROUGE: A Package for Automatic Evaluation of Summaries',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

export default rouge(1, (heard, wanted) => shared(1, heard, wanted))

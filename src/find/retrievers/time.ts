import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { stepRetriever } from '../steps/retriever.ts'
import { addTimes, type TimeWeights, usualTimes } from '../steps/times.ts'

export const meta = {
  name: 'time',
  summary: 'Raises passages of a time that the question names, also where they say "yesterday" or "last week".',
  paper: 'Wu et al. 2024, LongMemEval, arXiv 2410.10813 (time-aware search; the rules are ours)',
  needs: ['inner'],
} as const satisfies RetrieverMeta

/** LongMemEval has a model read the times of a question; ours reads them by rules. */
const make: RetrieverFactory<TimeWeights> = (parts, options = {}) =>
  stepRetriever(meta.name, parts, addTimes, { ...usualTimes, ...options })

export default make

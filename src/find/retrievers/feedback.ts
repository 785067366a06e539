import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { addFeedback, type FeedbackWeights, usualFeedback } from '../steps/feedback.ts'
import { stepRetriever } from '../steps/retriever.ts'

export const meta = {
  name: 'feedback',
  summary: 'Searches again with the terms that the best passages share.',
  paper: 'Lavrenko and Croft 2001, Relevance-Based Language Models; the best passages keep their lead, which is ours',
  needs: ['inner'],
} as const satisfies RetrieverMeta

/** Words of the best passages are searched too, as in the paper; ours lets the best passages keep their lead. */
const make: RetrieverFactory<FeedbackWeights> = (parts, options = {}) =>
  stepRetriever(meta.name, parts, addFeedback, { ...usualFeedback, ...options })

export default make

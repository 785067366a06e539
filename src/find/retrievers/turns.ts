import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { stepRetriever } from '../steps/retriever.ts'
import { addTurns, type TurnWeights, usualTurns } from '../steps/turns.ts'

export const meta = {
  name: 'turns',
  summary: 'Gives turns of a conversation a share of what their neighbours score, and those of a named speaker more.',
  paper: 'Maharana et al. 2024, LoCoMo, arXiv 2402.17753 (the task; the rule is ours)',
  needs: ['inner'],
} as const satisfies RetrieverMeta

/** LoCoMo gives the task; that turns share what their neighbours score is ours. */
const make: RetrieverFactory<TurnWeights> = (parts, options = {}) =>
  stepRetriever(meta.name, parts, addTurns, { ...usualTurns, ...options })

export default make

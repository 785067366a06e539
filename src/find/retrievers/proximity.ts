import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { addProximity, type ProximityWeights, usualProximity } from '../steps/proximity.ts'
import { stepRetriever } from '../steps/retriever.ts'

export const meta = {
  name: 'proximity',
  summary:
    'Raises what another retriever finds where words of the question stand together, in order, or at the head, and what is about a name in it.',
  paper: 'Metzler and Croft 2005, A Markov Random Field Model for Term Dependencies',
  needs: ['inner'],
} as const satisfies RetrieverMeta

/**
 * Adds to a passage's score where words of the question stand near each other, in order or not, as the paper's features do; ours has
 * fixed weights, and also counts words that head or define, and names.
 */
const make: RetrieverFactory<ProximityWeights> = (parts, options = {}) =>
  stepRetriever(meta.name, parts, addProximity, { ...usualProximity, ...options })

export default make

import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { addBridges, type BridgeWeights, usualBridge } from '../steps/bridges.ts'
import { stepRetriever } from '../steps/retriever.ts'

export const meta = {
  name: 'bridge',
  summary: 'Follows the names in the best passages to the passages about them, for questions of several steps.',
  paper: 'Trivedi et al. 2022, MuSiQue, arXiv 2108.00573 (the task); no model reads the steps, which is ours',
  needs: ['inner'],
} as const satisfies RetrieverMeta

/** MuSiQue gives the task; that names and rare words of found passages lead on, with no model that reads the steps, is ours. */
const make: RetrieverFactory<BridgeWeights> = (parts, options = {}) =>
  stepRetriever(meta.name, parts, addBridges, { ...usualBridge, ...options })

export default make

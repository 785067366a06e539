import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { addBridges, type BridgeWeights, usualBridge } from '../steps/bridges.ts'
import { stepRetriever } from '../steps/retriever.ts'

export const meta = {
  name: 'bridge',
  summary: 'Follows the names in the best passages to the passages about them, for questions of several steps.',
  paper: 'Trivedi et al. 2022, MuSiQue, arXiv 2108.00573 (the task); no model reads the steps, which is ours',
  needs: ['inner'],
} as const satisfies RetrieverMeta

const make: RetrieverFactory<BridgeWeights> = (parts, options = {}) =>
  stepRetriever(meta.name, parts, addBridges, { ...usualBridge, ...options })

export default make

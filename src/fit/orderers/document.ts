import { byStart, type LeafMeta } from '../../core/index.ts'
import type { Orderer } from '../contract.ts'

export const meta = {
  name: 'document',
  summary: 'Passages of one source stand together in the order of the source.',
  paper: 'Stronger Baselines for Retrieval-Augmented Generation with Long-Context Language Models, arXiv 2506.03989',
} as const satisfies LeafMeta

/** Sources by rank, passages of one source by their place in it. The paper has one document; ours puts several by their rank. */
const document: Orderer = {
  order: (passages, { sourceRank }) =>
    passages.toSorted((a, b) => sourceRank(a.spans[0].source) - sourceRank(b.spans[0].source) || byStart(a, b)),
}
export default document

import { FoveaError } from '../../core/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'

export const meta = {
  name: 'vector',
  summary: 'Passages whose embeddings are nearest to that of the question.',
  paper: 'Karpukhin et al. 2020, Dense Passage Retrieval, arXiv 2004.04906',
  needs: ['embedder'],
} as const satisfies RetrieverMeta

/**
 * Throws `no-vectors` when the store was written without an embedding model. The paper trains two encoders; ours takes the embedding
 * model that the store was written with.
 */
const make: RetrieverFactory = ({ store, embedder }) => ({
  name: meta.name,
  async retrieve({ text, limit, filter, abortSignal }) {
    abortSignal?.throwIfAborted()
    if (!embedder) throw new FoveaError('part-missing', 'the retriever "vector" needs a model; give one as "embedder"')
    const [vector] = await embedder.embed([text], 'query', abortSignal)
    if (!vector) throw new FoveaError('embedding-missing', `${embedder.name} gave no embedding for the question`)
    abortSignal?.throwIfAborted()
    return store.vector({ text, limit, vector, ...(filter ? { filter } : {}), ...(abortSignal ? { abortSignal } : {}) })
  },
})

export default make

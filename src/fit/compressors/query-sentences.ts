import type { Compressor, CompressorMeta } from '../contract.ts'
import { bm25 } from '../lexical.ts'

export const meta = {
  name: 'query-sentences',
  summary: 'Sentences by plain BM25 to the question: a baseline.',
  needs: ['query'],
  paper: 'The Probabilistic Relevance Framework: BM25 and Beyond, 2009',
} as const satisfies CompressorMeta

/**
 * BM25 of each sentence alone; sentences that share no word with the question come last, in document order. The paper ranks documents;
 * here sentences are the documents.
 */
const querySentences: Compressor = {
  grain: 'sentence',
  score: async (units, context) =>
    bm25(
      units.map(({ text }) => text),
      context.query ?? '',
      context,
    ),
}
export default querySentences

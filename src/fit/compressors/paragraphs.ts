import type { Compressor, CompressorMeta } from '../contract.ts'
import { atGrain, cutParagraphs } from '../grain.ts'
import { bm25 } from '../lexical.ts'

export const meta = {
  name: 'paragraphs',
  summary: 'Whole paragraphs by how well they answer the question.',
  needs: ['query'],
  paper: 'Long-context Non-factoid Question Answering in Indic Languages, arXiv 2504.13615',
} as const satisfies CompressorMeta

/**
 * Answer paragraph selection by BM25, with a share for the passage's own score. Ours chooses by words alone, in any language that the
 * analyzer reads.
 */
const paragraphs: Compressor = atGrain(
  {
    grain: 'passage',
    async score(units, context) {
      const own = bm25(
        units.map(({ text }) => text),
        context.query ?? '',
        context,
      )
      return own.map((score, unit) => score + 1e-6 * Math.tanh(units[unit]!.passageScore))
    },
  },
  cutParagraphs,
)
export default paragraphs

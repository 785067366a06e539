import { FoveaError } from '../../core/index.ts'
import type { Compressor, CompressorMeta } from '../contract.ts'
import { unitsAt } from '../grain.ts'
import { bm25 } from '../lexical.ts'
import { cutSentences } from '../units.ts'
import { type Quotable, write } from '../written.ts'

export const meta = {
  name: 'abstractive',
  summary: 'A model writes an asked number of sentences; each names its evidence and is verified against it.',
  needs: ['model'],
  adaptive: true,
  paper: 'BRIEF-Pro: Universal Context Compression with Short-to-Long Synthesis, arXiv 2510.13799',
} as const satisfies CompressorMeta

export interface AbstractiveOptions {
  /** Most sentences that the model writes. */
  readonly sentences: number
  /** Most sentences that it reads, the best by BM25. */
  readonly reads: number
}

/**
 * Gu and others 2025, who train a small model for it; ours asks any model. What cannot be verified is left out, so fewer
 * sentences may come than were asked for, and where none stands the test, sentences of the text by BM25. Throws `part-missing`.
 */
export const abstractiveOf = ({ sentences = 5, reads = 120 }: Partial<AbstractiveOptions> = {}): Compressor => ({
  async cut(passages, context) {
    const { query = '', model } = context
    if (!model) throw new FoveaError('part-missing', 'the compressor "abstractive" needs a model; give one as "model"')
    const { units, pieces } = unitsAt(passages, cutSentences, context)
    const scores = bm25(
      units.map(({ text }) => text),
      query,
      context,
    )
    const best = [...units.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, reads)
    const from: Quotable[] = best
      .filter((unit) => pieces[unit]!.spans)
      .sort((a, b) => a - b)
      .map((unit) => ({ span: units[unit]!.span, text: units[unit]!.text, passage: units[unit]!.passage }))
    const task =
      query === '' ? 'Sum up the text below.' : `Sum up what the text below says that helps to answer: ${query}`
    const written = await write(from, task, sentences, context)
    const most = scores.reduce((high, score) => Math.max(high, score), 0)
    return [
      ...written.map((piece, place) => ({ ...piece, score: most + 1 + written.length - place })),
      ...pieces.map((piece, unit) => ({
        ...piece,
        score: written.length > 0 && piece.spans ? Number.NEGATIVE_INFINITY : scores[unit]!,
      })),
    ]
  },
})

export default abstractiveOf()

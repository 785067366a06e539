import type { Compressor, CompressorMeta, Piece } from '../contract.ts'
import { Coreferences } from '../coreferences.ts'
import { unitsAt } from '../grain.ts'
import { bm25 } from '../lexical.ts'
import { cutSentences } from '../units.ts'

export const meta = {
  name: 'coreference',
  summary:
    'Sentences by the question after their pronouns have been resolved: what each stands for follows in brackets.',
  needs: ['query'],
  paper: 'Bridging Context Gaps: Leveraging Coreference Resolution for Long Contextual Understanding, arXiv 2410.01671',
} as const satisfies CompressorMeta

/**
 * Liu and others 2025 replace mentions by a model; ours puts the name in brackets behind the pronoun, by rules (English, and
 * pronouns that open a sentence in Hindi, Tamil, Telugu and Urdu). Such a sentence is derived: its spans are the sentence, then the
 * names in the order in which they were put in, and without the brackets it is the sentence. Others stay verbatim.
 */
const coreference: Compressor = {
  async cut(passages, context) {
    const { units, pieces } = unitsAt(passages, cutSentences, context)
    const references = new Coreferences()
    const texts: string[] = []
    const resolved = units.map(({ span, text }, unit): Omit<Piece, 'score'> => {
      const piece = pieces[unit]!
      const found = piece.spans ? references.read({ span, text }) : []
      let written = ''
      let from = 0
      for (const { at, text: name } of found) {
        written += `${text.slice(from, at)} [${name}]`
        from = at
      }
      written += text.slice(from)
      texts.push(written)
      return found.length === 0
        ? piece
        : { passage: piece.passage, spans: [span, ...found.map(({ name }) => name)], derived: written.trimEnd() }
    })
    const scores = bm25(texts, context.query ?? '', context)
    return resolved.map((piece, unit) => ({ ...piece, score: scores[unit]! }))
  },
}
export default coreference

import type { Compressor, CompressorMeta, Piece } from '../contract.ts'
import { unitsAt, within } from '../grain.ts'
import { bm25, termsOf } from '../lexical.ts'
import { cutSentences, type Part } from '../units.ts'

export const meta = {
  name: 'triples',
  summary: 'Of each sentence its opening, its key words and its close, about subject, object and verb.',
  needs: ['query'],
  paper: 'Long-context Non-factoid Question Answering in Indic Languages, arXiv 2504.13615',
} as const satisfies CompressorMeta

const word = /[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}'’.-]*/gu
/** Words of the opening, of the close, and beside each key word. */
const [opening, close, beside] = [3, 2, 1]

/**
 * Open information extraction without a parser: words of the question, figures and names are key, and with their neighbours, the
 * sentence's first and last words they are the kernel; all verbatim. It serves verb-final languages as well as English, and is
 * cruder than the triples that a parser or a model gives.
 */
function kernel(part: Part, wanted: ReadonlySet<string>, termsIn: (text: string) => string[]): Part[] {
  const words = [...part.text.matchAll(word)].map(({ 0: raw, index }) => ({
    raw,
    start: index,
    end: index + raw.length,
  }))
  if (words.length <= opening + close + 2) return [part]
  const keep = new Uint8Array(words.length)
  words.forEach(({ raw }, at) => {
    const key = /\p{N}/u.test(raw) || (at > 0 && /^\p{Lu}/u.test(raw)) || termsIn(raw).some((term) => wanted.has(term))
    if (key) keep.fill(1, Math.max(0, at - beside), at + beside + 1)
  })
  keep.fill(1, 0, opening)
  keep.fill(1, words.length - close)
  const parts: Part[] = []
  for (let at = 0; at < words.length; at++) {
    if (!keep[at]) continue
    const first = at
    while (at + 1 < words.length && (keep[at + 1] || keep[at + 2])) at++
    const end = at + 1 === words.length ? part.text.length : words[at]!.end
    parts.push(within(part, first === 0 ? 0 : words[first]!.start, end))
  }
  return parts
}

/** Verbatim kernels stand in for triples: ours takes no parser and no model. */
const triples: Compressor = {
  async cut(passages, context) {
    const { query = '', analyzer } = context
    const { units, pieces } = unitsAt(passages, cutSentences, context)
    const scores = bm25(
      units.map(({ text }) => text),
      query,
      context,
    )
    const wanted = termsOf(query, analyzer)
    const termsIn = (text: string) => analyzer.terms(text).map(({ term }) => term)
    return pieces.map((piece, unit): Piece => {
      if (!piece.spans) return { ...piece, score: scores[unit]! }
      const parts = kernel(units[unit]!, wanted, termsIn)
      return { passage: piece.passage, spans: parts.map(({ span }) => span), score: scores[unit]! }
    })
  },
}
export default triples

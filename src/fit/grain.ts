import { type Analyzer, type Passage, sentences } from '../core/index.ts'
import type { CompressContext, Given, Piece, PieceCompressor, Unit, UnitCompressor } from './contract.ts'
import { cutSentences, type Part } from './units.ts'

/** Cuts verbatim text into parts in order, each inside it. */
export type Cutter = (part: Part, context: CompressContext) => readonly Part[]

/** A range of a part, in offsets of its text. */
export const within = (part: Part, start: number, end: number): Part => ({
  span: { source: part.span.source, start: part.span.start + start, end: part.span.start + end },
  text: part.text.slice(start, end),
})

/** Consecutive parts between rising cuts; empty ones left out. */
export function cutAt(part: Part, cuts: Iterable<number>): Part[] {
  const parts: Part[] = []
  let from = 0
  for (const at of [...cuts, part.text.length]) {
    if (at > from) parts.push(within(part, from, at))
    from = Math.max(from, at)
  }
  return parts
}

/** Lines with their breaks; a long line is cut as a sentence is. */
export function cutLines(part: Part): Part[] {
  const cuts: number[] = []
  for (let at = part.text.indexOf('\n'); at !== -1; at = part.text.indexOf('\n', at + 1)) cuts.push(at + 1)
  return cutAt(part, cuts)
}

/** Paragraphs: cut behind blank lines. */
export function cutParagraphs(part: Part): Part[] {
  return cutAt(
    part,
    [...part.text.matchAll(/\n[^\S\n]*\n\s*/g)].map(({ 0: gap, index }) => index + gap.length),
  )
}

export { cutSentences }

/** Runs of words without content together with the run of content words behind them, inside sentences. */
export function cutPhrases(part: Part, { analyzer }: { readonly analyzer: Analyzer }): Part[] {
  const phrases: Part[] = []
  for (const [start, end] of sentences(part.text)) {
    const sentence = within(part, start, end)
    const cuts: number[] = []
    let content = false
    let last = 0
    for (const { term, start: at, end: stop } of analyzer.terms(sentence.text)) {
      const plain = analyzer.isStopTerm(term)
      const broken = /[,;:()"“”—–]/.test(sentence.text.slice(last, at))
      if (content && (plain || broken) && at > 0) cuts.push(at)
      content = broken ? !plain : content ? !plain : !plain
      last = stop
    }
    phrases.push(...cutAt(sentence, cuts))
  }
  return phrases
}

/** What a derived passage that came in is to a wide compressor: one piece, kept whole or not at all. */
const textOf = ({ passage, parts }: Given): string => passage.derived ?? parts.map(({ text }) => text).join('')

/** Passages as units of one grain, with the piece that each would be. */
export function unitsAt(
  given: readonly Given[],
  cut: Cutter,
  context: CompressContext,
): { readonly units: Unit[]; readonly pieces: Omit<Piece, 'score'>[] } {
  const units: Unit[] = []
  const pieces: Omit<Piece, 'score'>[] = []
  given.forEach((one, passage) => {
    const whole: Passage = one.passage
    const { score: passageScore, reached = false } = whole
    if (whole.derived !== undefined) {
      units.push({ passage, span: whole.spans[0], text: textOf(one), passageScore, reached })
      pieces.push({ passage })
      return
    }
    for (const part of one.parts)
      for (const { span, text } of cut(part, context)) {
        units.push({ passage, span, text, passageScore, reached })
        pieces.push({ passage, spans: [span] })
      }
  })
  return { units, pieces }
}

/** A narrow compressor whose units are cut otherwise than into sentences. */
export const atGrain = (compressor: UnitCompressor, cut: Cutter): PieceCompressor => ({
  ...(compressor.reranks === undefined ? {} : { reranks: compressor.reranks }),
  async cut(given, context) {
    const { units, pieces } = unitsAt(given, cut, context)
    const scores = await compressor.score(units, context)
    return pieces.map((piece, index) => ({ ...piece, score: scores[index]! }))
  },
})

import { FoveaError, type Passage, type Span } from '../core/index.ts'
import type { Piece } from './contract.ts'
import { type Candidate, joinParts, type Part } from './units.ts'

/**
 * A compressor's pieces as candidates over the passages that it was given (each a candidate of all of it). Throws
 * `compressor-broken` where a piece lies outside its passage or a score is not a number.
 */
export function candidatesOf(
  pieces: readonly Piece[],
  given: readonly Candidate[],
  entries: readonly Passage[],
): { candidates: Candidate[]; scores: Float64Array; made: Passage[] } {
  const made: Passage[] = []
  const drafts = pieces.map((piece, number): Candidate & { needs?: readonly Candidate[] } => {
    const whole = given[piece.passage]
    if (!whole || Number.isNaN(piece.score)) throw broken(number, 'has no passage or no score')
    if (piece.derived !== undefined) {
      const { spans, derived } = piece
      if (!spans || spans.length === 0) throw broken(number, 'is written anew and names no evidence')
      const { score, trail } = entries[whole.entry]!
      made.push({ spans: spans as [Span, ...Span[]], derived, score, trail: [...trail, 'fit'] })
      return { entry: entries.length + made.length - 1, parts: [], text: derived }
    }
    if (!piece.spans) return { entry: whole.entry, parts: whole.parts, text: whole.text }
    const parts = piece.spans.map((span) => partOf(span, whole.parts) ?? fail(number))
    if (parts.length === 0) throw broken(number, 'is empty')
    return { entry: whole.entry, parts, text: joinParts(parts) }
  })
  pieces.forEach(({ needs }, number) => {
    if (needs && needs.length > 0) drafts[number]!.needs = needs.map((need) => drafts[need] ?? fail(number))
  })
  return { candidates: drafts, scores: Float64Array.from(pieces, ({ score }) => score), made }
}

const broken = (number: number, what: string): FoveaError =>
  new FoveaError(
    'compressor-broken',
    `piece ${number} of the compressor ${what}; a piece is a range of a passage that it was given`,
  )

function fail(number: number): never {
  throw broken(number, 'lies outside its passage')
}

function partOf(span: Span, parts: readonly Part[]): Part | undefined {
  for (const { span: own, text } of parts)
    if (own.source === span.source && own.start <= span.start && span.end <= own.end && span.start < span.end)
      return { span, text: text.slice(span.start - own.start, span.end - own.start) }
  return undefined
}

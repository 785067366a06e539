import type { Span } from '../core/index.ts'
import type { Compressor, Given, Piece, PieceCompressor } from './contract.ts'
import { atGrain } from './grain.ts'
import { charactersPerToken } from './shares.ts'
import { cutSentences } from './units.ts'

/** How much more than the budget holds each compressor but the last leaves to the next. */
const leftOver = 4

const wide = (compressor: Compressor): PieceCompressor =>
  compressor.grain === undefined
    ? compressor
    : atGrain(compressor, compressor.grain === 'sentence' ? cutSentences : (part) => [part])

/**
 * One compressor on what another has left: each but the last cuts down to four times the budget, the last scores. Text that an
 * earlier one wrote anew, or needs of its pieces, go no further; put such compressors last.
 */
export const chained = (...compressors: readonly [Compressor, ...Compressor[]]): PieceCompressor => ({
  async cut(passages, context) {
    let given = passages
    let numbers = passages.map((_, index) => index)
    for (const compressor of compressors.slice(0, -1)) {
      const pieces = await wide(compressor).cut(given, context)
      const left = best(
        pieces,
        given,
        leftOver * context.budget * charactersPerToken(given.map(textOf), context.counter),
      )
      const kept = given.flatMap((_, index) =>
        left.has(index) ? [{ one: left.get(index)!, number: numbers[index]! }] : [],
      )
      given = kept.map(({ one }) => one)
      numbers = kept.map(({ number }) => number)
    }
    const last = await wide(compressors.at(-1)!).cut(given, context)
    return last.map(
      (piece): Piece => ({
        ...piece,
        passage: numbers[piece.passage]!,
        ...(piece.spans || given[piece.passage]!.passage.derived !== undefined
          ? {}
          : { spans: given[piece.passage]!.parts.map(({ span }) => span) }),
      }),
    )
  },
})

const textOf = ({ passage, parts }: Given): string => passage.derived ?? parts.map(({ text }) => text).join('')

/** By index, the passages with the parts that the best pieces keep of them, until so many characters are kept. */
function best(pieces: readonly Piece[], given: readonly Given[], most: number): Map<number, Given> {
  const spans = new Map<number, Span[]>()
  let characters = 0
  for (const { passage, spans: own, derived, score } of pieces.toSorted((a, b) => b.score - a.score)) {
    if (characters >= most || score === Number.NEGATIVE_INFINITY) break
    if (derived !== undefined) continue
    const added = own ?? given[passage]!.parts.map(({ span }) => span)
    spans.set(passage, [...(spans.get(passage) ?? []), ...added])
    for (const { start, end } of added) characters += end - start
  }
  const left = new Map<number, Given>()
  for (const [index, list] of spans) {
    const { passage, parts } = given[index]!
    const kept = parts.flatMap(({ span, text }) =>
      list
        .filter((own) => own.source === span.source && own.start >= span.start && own.end <= span.end)
        .sort((a, b) => a.start - b.start)
        .map((own) => ({ span: own, text: text.slice(own.start - span.start, own.end - span.start) })),
    )
    left.set(index, { passage, parts: kept })
  }
  return left
}

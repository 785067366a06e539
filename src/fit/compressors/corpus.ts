import { waterFill } from '../allocate.ts'
import type { Compressor, CompressorMeta } from '../contract.ts'
import { bm25, scaled } from '../lexical.ts'
import { charactersPerToken, groupsOf, scoreByShares } from '../shares.ts'

export const meta = {
  name: 'corpus',
  summary: 'A whole corpus in the prompt: each document keeps its lead and what sets it apart, under its own label.',
  needs: [],
  paper: 'Efficient Long Context Language Model Retrieval with Compression, arXiv 2412.18232',
} as const satisfies CompressorMeta

/** Share of the budget that is divided evenly, so that no document is left out; the rest goes by the question. */
const even = 0.6

/**
 * Seo and others 2025 train a compressor on which compressions are still found; ours keeps, of each source, the sentences whose
 * words are rare in the others and near its beginning. Identifiers are the labels that the renderer writes for each passage.
 */
const corpus: Compressor = {
  grain: 'sentence',
  async score(units, context) {
    const { query, budget, counter, analyzer, rarity, abortSignal } = context
    const texts = units.map(({ text }) => text)
    const sizes = texts.map(({ length }) => length)
    const sources = new Map<string, number>()
    for (const { span } of units) if (!sources.has(span.source)) sources.set(span.source, sources.size)
    const groups = groupsOf(sizes, (unit) => sources.get(units[unit]!.span.source)!)
    const asked = query ? scaled(bm25(texts, query, context)) : new Float64Array(units.length)
    const within = new Float64Array(units.length)
    const relevance = new Float64Array(groups.length)
    for (const [group, { members }] of groups.entries()) {
      abortSignal?.throwIfAborted()
      members.forEach((unit, place) => {
        let [telling, count] = [0, 0]
        analyzer.each(texts[unit]!, (term) => {
          telling += analyzer.isStopTerm(term) ? 0 : rarity(term)
          count++
        })
        within[unit] = telling / (8 + count) / 4 + 1 / (1 + place) + asked[unit]!
        relevance[group] = Math.max(relevance[group]!, asked[unit]!)
      })
    }
    const room = budget * charactersPerToken(texts, counter)
    return scoreByShares(sizes, groups, relevance, within, (claims) =>
      waterFill(claims, room, { floor: (even * room) / Math.max(1, claims.length) }),
    )
  },
}
export default corpus

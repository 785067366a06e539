import { waterFill } from '../allocate.ts'
import type { Compressor, CompressorMeta, UnitCompressor } from '../contract.ts'
import { atGrain, cutPhrases } from '../grain.ts'
import { scaled } from '../lexical.ts'
import { charactersPerToken, groupsOf, scoreByShares } from '../shares.ts'
import { contrasts, logProbabilitiesOf, meanSurprise } from '../surprise.ts'

export const meta = {
  name: 'contrastive-perplexity',
  summary: 'Documents that make the question likely keep more; in each, what the question makes likelier is kept.',
  needs: ['query'],
  uses: ['logprobs'],
  paper: 'LongLLMLingua: Accelerating and Enhancing LLMs in Long Context Scenarios, arXiv 2310.06839',
} as const satisfies CompressorMeta

export interface ContrastiveOptions {
  readonly grain: 'sentence' | 'phrase'
  /** What stands behind the question when documents are ranked: it ties the question to the document. */
  readonly statement: string
  /** How far the ratio of the first and the last document may lie from the mean ratio. */
  readonly spread: number
}

/** Pieces of a document that are long enough to be scored, in UTF-16 units. */
const longestDocument = 4000

/**
 * Jiang and others 2024: (1) documents by how likely they make the question; (2) each one's ratio by its rank; (3) within
 * it, units by how much likelier the question makes them. Passages take their document's worth, so that an orderer by
 * relevance or to the ends moves them. Ours keeps whole sentences unless told otherwise, and the packer meets the budget.
 */
export const contrastivePerplexityOf = ({
  grain = 'sentence',
  statement = 'We can get the answer to this question in the given documents.',
  spread = 0.3,
}: Partial<ContrastiveOptions> = {}): Compressor => {
  const compressor: UnitCompressor = {
    grain: 'sentence',
    reranks: true,
    async score(units, context) {
      const { query = '', budget, counter, abortSignal } = context
      const texts = units.map(({ text }) => text)
      const model = logProbabilitiesOf(context, texts)
      const sizes = texts.map((text) => text.length)
      const groups = groupsOf(sizes, (unit) => units[unit]!.passage)
      // A word model learns nothing from the statement.
      const asked = context.logProbabilities ? `${query} ${statement}`.trim() : query
      const likely: number[] = []
      for (const { members } of groups) {
        abortSignal?.throwIfAborted()
        let text = ''
        for (const unit of members) if (text.length < longestDocument) text += texts[unit]!
        likely.push(-(await meanSurprise(asked, text, model, abortSignal)))
      }
      const gain = await contrasts(units, model, query, abortSignal)
      const room = budget * charactersPerToken(texts, counter)
      const ranks = rank(likely)
      const mean = Math.min(
        1,
        room /
          Math.max(
            1,
            sizes.reduce((sum, size) => sum + size, 0),
          ),
      )
      const ratio = (place: number) =>
        Math.min(1, Math.max(0, mean + spread * (1 - (2 * place) / Math.max(1, groups.length - 1))))
      const worth = scaled(likely)
      return scoreByShares(sizes, groups, worth, gain, (claims) =>
        waterFill(
          claims.map(({ size }, group) => ({ relevance: ratio(ranks[group]!) * size, size })),
          room,
        ),
      )
    },
  }
  return grain === 'sentence' ? compressor : atGrain(compressor, cutPhrases)
}

/** Of each value its place from the largest, 0. */
function rank(values: readonly number[]): Int32Array {
  const ranks = new Int32Array(values.length)
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b)
  for (const [place, index] of order.entries()) ranks[index] = place
  return ranks
}

export default contrastivePerplexityOf()

import type { Compressor, CompressorMeta, UnitCompressor } from '../contract.ts'
import { atGrain, cutPhrases } from '../grain.ts'
import { logProbabilitiesOf, surprises } from '../surprise.ts'

export const meta = {
  name: 'self-information',
  summary: 'What a language model would least expect; what it could have filled in by itself goes.',
  needs: [],
  uses: ['logprobs'],
  paper: 'Unlocking Context Constraints of LLMs: Self-Information-Based Content Filtering, arXiv 2304.12102',
} as const satisfies CompressorMeta

/**
 * Mean self-information per token of each unit (Li 2023, Selective Context). Without log-probabilities a word model of the
 * text itself stands in. Repeats of a unit come behind all others: a model that has read the first expects them.
 */
const bySelfInformation: UnitCompressor = {
  grain: 'sentence',
  async score(units, context) {
    const texts = units.map(({ text }) => text)
    const model = logProbabilitiesOf(context, texts)
    const { nats, tokens } = await surprises(units, model, '', context.abortSignal)
    const seen = new Set<string>()
    return Float64Array.from(texts, (text, index) => {
      const key = text.trim().toLowerCase()
      const repeated = seen.has(key)
      seen.add(key)
      return (nats[index]! / Math.max(2, tokens[index]!)) * (repeated ? 0.01 : 1)
    })
  },
}

/** `phrase` cuts inside sentences, as the paper does: what is kept then reads as runs of words. Ours keeps whole sentences unless told otherwise. */
export const selfInformationOf = (grain: 'sentence' | 'phrase'): Compressor =>
  grain === 'sentence' ? bySelfInformation : atGrain(bySelfInformation, cutPhrases)

export default selfInformationOf('sentence')

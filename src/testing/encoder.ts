import type { Analyzer, Embedder, TokenEmbedder } from '../core/index.ts'
import { hashEmbedder } from './embedder.ts'

export interface MixingOptions {
  /** Default 256. */
  readonly dimensions: number
  /** Words that one pass takes. Default: no limit. */
  readonly window: number
  /** Share of what was read before that each word takes on, and how much of that is left after each word. Default 0.5 and 0.95. */
  readonly share: number
  readonly left: number
}

/**
 * A stand-in for a context-mixing encoder, without a model: each word adds to the dimensions that its hash names, and
 * takes on a fading share of the content words that were read before it in the same pass. Stop words (pronouns among
 * them) have no numbers of their own. `embed` is the mean of a pass over the text alone.
 */
export function mixingEncoder(
  analyzer: Analyzer,
  { dimensions = 256, window = Infinity, share = 0.5, left = 0.95 }: Partial<MixingOptions> = {},
): Embedder & TokenEmbedder {
  const words = hashEmbedder(analyzer, dimensions)
  async function pass(text: string) {
    const starts: number[] = []
    const ends: number[] = []
    const terms: string[] = []
    let last = -1
    analyzer.each(text, (term, position, start, end) => {
      if (position === last || starts.length >= window) return
      last = position
      starts.push(start)
      ends.push(end)
      terms.push(analyzer.isStopTerm(term) ? '' : text.slice(start, end))
    })
    const own = await words.embed(terms, 'passage')
    const values = new Float32Array(terms.length * dimensions)
    const before = new Float32Array(dimensions)
    for (const [index, vector] of own.entries())
      for (let at = 0; at < dimensions; at++) {
        values[index * dimensions + at] = vector[at]! + share * before[at]!
        before[at] = left * before[at]! + (1 - left) * 4 * vector[at]!
      }
    return { starts: Int32Array.from(starts), ends: Int32Array.from(ends), values }
  }
  return {
    name: `mixing-${dimensions}`,
    dimensions,
    async embedTokens(text, _kind, abortSignal) {
      abortSignal?.throwIfAborted()
      return pass(text)
    },
    async embed(texts, _kind, abortSignal) {
      abortSignal?.throwIfAborted()
      const vectors: Float32Array[] = []
      for (const text of texts) {
        const { starts, values } = await pass(text)
        const sum = new Float32Array(dimensions)
        for (let at = 0; at < values.length; at++) sum[at % dimensions]! += values[at]! / starts.length
        vectors.push(sum)
      }
      return vectors
    },
  }
}

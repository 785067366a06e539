import { FoveaError, type Span, splitsPair } from '../../core/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { allowedSources, passagesOf, standing } from '../corpus.ts'
import { type VectorOptions, VectorSet } from '../vectors.ts'

export const meta = {
  name: 'situated',
  summary:
    'Short passages whose vectors hold a share of the text around them, for any embedding model; only the short passage comes back.',
  paper: 'Wu et al. 2025, SitEmb-v1.5, arXiv 2508.01959',
  needs: ['embedder'],
} as const satisfies RetrieverMeta

export interface SituatedOptions extends VectorOptions {
  /** Characters of the text before and after a passage that its window holds. Default 1,200 and 400. */
  readonly before: number
  readonly after: number
  /** Share of the window's vector in the passage's, 0 to 1. Default 0.4. */
  readonly share: number
}

const batch = 64

/**
 * The paper trains a model to embed a passage in sight of its window; this mixes the two vectors of a model that was not,
 * and so costs two embeddings for each passage. Every vector is kept in memory, and made anew when the Sources change.
 */
const make: RetrieverFactory<SituatedOptions> = ({ store, embedder }, options = {}) => {
  const { before = 1200, after = 400, share = 0.4 } = options
  if (!embedder) throw new FoveaError('part-missing', 'the retriever "situated" needs a model; give one as "embedder"')

  const index = standing(store, async (abortSignal) => {
    const vectors = new VectorSet(options)
    const items: (readonly [Span, ...Span[]])[] = []
    let texts: string[] = []
    const flush = async (): Promise<void> => {
      const made = await embedder.embed(texts, 'passage', abortSignal)
      for (let at = 0; at < made.length; at += 2) vectors.add(mixed(made[at]!, made[at + 1]!, share))
      texts = []
    }
    for await (const source of store.sources()) {
      abortSignal?.throwIfAborted()
      const text = await store.texts.slice({ source: source.id, start: 0, end: source.length }, abortSignal)
      for await (const { spans } of passagesOf(store, source, abortSignal)) {
        const { start, end } = spans.at(-1)!
        let from = Math.max(0, start - before)
        let to = Math.min(text.length, end + after)
        if (splitsPair(text, from)) from++
        if (splitsPair(text, to)) to--
        texts.push(spans.map((span) => text.slice(span.start, span.end)).join('\n'), text.slice(from, to))
        items.push(spans)
        if (texts.length >= batch) await flush()
      }
    }
    if (texts.length > 0) await flush()
    return { vectors, items }
  })

  return {
    name: meta.name,
    async retrieve({ text, limit, filter, abortSignal }) {
      abortSignal?.throwIfAborted()
      const { vectors, items } = await index(abortSignal)
      const allowed = await allowedSources(store, filter)
      const [query] = await embedder.embed([text], 'query', abortSignal)
      if (!query) throw new FoveaError('embedding-missing', `${embedder.name} gave no embedding for the question`)
      return vectors
        .nearest(query, limit, (number) => !allowed || allowed.has(items[number]![0].source))
        .map(({ number, score }) => ({ spans: items[number]!, score, trail: [meta.name] }))
    },
  }
}

/** A weighed sum of two vectors, each taken with length one. */
function mixed(own: Float32Array, window: Float32Array, share: number): Float32Array {
  const length = (vector: Float32Array): number => Math.hypot(...vector) || 1
  const [first, second] = [(1 - share) / length(own), share / length(window)]
  return own.map((value, at) => value * first + window[at]! * second)
}
export default make

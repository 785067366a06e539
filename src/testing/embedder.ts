import { type Analyzer, type Embedder, hashOf } from '../core/index.ts'

/**
 * An embedder without a model: each term adds to the dimensions that its hash names. Texts that share words are near
 * each other, and the same text gives the same vector.
 */
export function hashEmbedder(analyzer: Analyzer, dimensions = 64): Embedder {
  const vectorOf = (text: string): Float32Array => {
    const vector = new Float32Array(dimensions)
    analyzer.each(text, (term) => {
      const hash = hashOf(term)
      vector[(hash >>> 1) % dimensions]! += hash & 1 ? 1 : -1
    })
    return vector
  }
  return {
    name: `hash-${dimensions}`,
    dimensions,
    async embed(texts, _kind, abortSignal) {
      abortSignal?.throwIfAborted()
      return texts.map(vectorOf)
    },
  }
}

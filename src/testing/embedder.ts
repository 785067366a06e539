import type { Analyzer, Embedder } from '../core/index.ts'

/**
 * An embedder without a model: each term adds to the dimensions that its hash names. Texts that share words are near
 * each other, and the same text gives the same vector.
 */
export function hashEmbedder(analyzer: Analyzer, dimensions = 64): Embedder {
  const vectorOf = (text: string): Float32Array => {
    const vector = new Float32Array(dimensions)
    analyzer.each(text, (term) => {
      let hash = 0x811c9dc5
      for (let at = 0; at < term.length; at++) hash = Math.imul(hash ^ term.charCodeAt(at), 0x01000193)
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

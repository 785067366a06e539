import { type Analyzer, sharedReader } from '../core/index.ts'
import type { CompressContext } from './contract.ts'

/** How fast repeats of a term stop to count, and how much long texts are held back. */
const [saturation, lengthNorm] = [1.2, 0.75]

/** The content terms of a text, each once; all of its terms where it has no content. */
export function termsOf(text: string, analyzer: Analyzer): Set<string> {
  const terms = analyzer.terms(text).map(({ term }) => term)
  const content = terms.filter((term) => !analyzer.isStopTerm(term))
  return new Set(content.length > 0 ? content : terms)
}

/** BM25 of texts (or of texts in parts) to a query, 0 where no term is shared. Robertson and Zaragoza 2009. */
export function bm25(
  texts: readonly (string | readonly string[])[],
  query: string,
  { analyzer, rarity, abortSignal }: Pick<CompressContext, 'analyzer' | 'rarity' | 'abortSignal'>,
): Float64Array {
  const scores = new Float64Array(texts.length)
  const terms = [...termsOf(query, analyzer)]
  if (terms.length === 0) return scores
  const reader = sharedReader(analyzer)
  const numbers = new Map(terms.map((term, index) => [reader.numberOf(term), index]))
  const weights = terms.map(rarity)
  const counts: (Map<number, number> | undefined)[] = []
  const lengths = new Int32Array(texts.length)
  let all = 0
  texts.forEach((text, index) => {
    if (index % 1024 === 0) abortSignal?.throwIfAborted()
    let own: Map<number, number> | undefined
    let length = 0
    for (const part of typeof text === 'string' ? [text] : text)
      reader.each(part, (term) => {
        length++
        const number = numbers.get(term)
        if (number === undefined) return
        own ??= new Map()
        own.set(number, (own.get(number) ?? 0) + 1)
      })
    counts.push(own)
    lengths[index] = length
    all += length
  })
  const mean = all / Math.max(1, texts.length) || 1
  counts.forEach((own, index) => {
    if (!own) return
    const norm = saturation * (1 - lengthNorm + (lengthNorm * lengths[index]!) / mean)
    for (const [number, count] of own) scores[index]! += (weights[number]! * count * (saturation + 1)) / (count + norm)
  })
  return scores
}

/** Numbers moved and stretched to 0 to 1; all 0 where they are equal. */
export function scaled(values: ArrayLike<number>): Float64Array {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let at = 0; at < values.length; at++) {
    low = Math.min(low, values[at]!)
    high = Math.max(high, values[at]!)
  }
  const range = high - low
  return Float64Array.from(values, (value) => (range > 0 ? (value - low) / range : 0))
}

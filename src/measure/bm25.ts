const unspaced = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/
const runs =
  /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|(?:(?![\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])[\p{L}\p{M}\p{N}])+/gu

/** Lower-case words as they are written; Han and kana as pairs of characters. */
export function plainTerms(text: string): string[] {
  const terms: string[] = []
  for (const [run] of text.toLowerCase().normalize('NFKC').matchAll(runs)) {
    if (!unspaced.test(run) || run.length === 1) terms.push(run)
    else for (let at = 0; at + 1 < run.length; at++) terms.push(run.slice(at, at + 2))
  }
  return terms
}

export interface PlainIndex {
  /** Numbers of all texts, best first, ties by number; and their scores by number. */
  rank(query: string): { readonly order: number[]; readonly scores: Float64Array }
}

/**
 * Plain BM25, the yardstick: no stemming, no stop words, each term of the question once.
 * Robertson and Zaragoza 2009, The Probabilistic Relevance Framework.
 */
export function plainIndex(texts: readonly string[], { k1 = 1.2, b = 0.75 } = {}): PlainIndex {
  const postings = new Map<string, Map<number, number>>()
  const lengths = texts.map((text, number) => {
    const terms = plainTerms(text)
    for (const term of terms) {
      const list = postings.get(term) ?? new Map<number, number>()
      postings.set(term, list.set(number, (list.get(number) ?? 0) + 1))
    }
    return terms.length
  })
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, texts.length)
  return {
    rank(query) {
      const scores = new Float64Array(texts.length)
      for (const term of new Set(plainTerms(query))) {
        const list = postings.get(term)
        if (!list) continue
        const rarity = Math.log(1 + (texts.length - list.size + 0.5) / (list.size + 0.5))
        for (const [number, count] of list)
          scores[number]! += (rarity * count * (k1 + 1)) / (count + k1 * (1 - b + (b * lengths[number]!) / meanLength))
      }
      const order = texts.map((_, number) => number)
      order.sort((first, second) => scores[second]! - scores[first]! || first - second)
      return { order, scores }
    },
  }
}

import { type Analyzer, hashOf } from '../core/index.ts'
import { unit } from '../model/index.ts'
import type { Searchable } from '../store/index.ts'

/** Times that a term comes in a text; stop terms are left out. */
export function termCounts(analyzer: Analyzer, text: string): Map<string, number> {
  const counts = new Map<string, number>()
  analyzer.each(text, (term) => {
    if (!analyzer.isStopTerm(term)) counts.set(term, (counts.get(term) ?? 0) + 1)
  })
  return counts
}

/** Asks a store for the rarity of terms once each: the logarithm of how many passages there are for each that holds it. */
export function rarities(store: Searchable): (terms: Iterable<string>) => Promise<ReadonlyMap<string, number>> {
  const known = new Map<string, number>()
  let counted = -1
  return async (terms) => {
    const wanted = [...new Set(terms)]
    let asked = wanted.filter((term) => !known.has(term))
    let { passages, frequency } = await store.statistics(asked)
    if (passages !== counted && asked.length < wanted.length) {
      known.clear()
      asked = wanted
      ;({ passages, frequency } = await store.statistics(asked))
    }
    counted = passages
    for (const [at, term] of asked.entries()) known.set(term, Math.log(1 + passages / (1 + frequency[at]!)))
    return known
  }
}

/** A vector without a model: each term's weight goes to the dimension and with the sign that its hash names. */
export function wordVector(
  counts: ReadonlyMap<string, number>,
  rarity: ReadonlyMap<string, number>,
  dimensions: number,
): Float32Array {
  const vector = new Float32Array(dimensions)
  for (const [term, count] of counts) {
    let hash = hashOf(term)
    hash ^= hash >>> 15
    vector[(hash >>> 1) % dimensions]! += (hash & 1 ? 1 : -1) * (1 + Math.log(count)) * (rarity.get(term) ?? 1)
  }
  return unit(vector)
}

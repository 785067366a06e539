import type { Analyzer } from '../../core/index.ts'

/** The texts most like one text: indexes, the most similar first, by the cosine of words weighed by rarity among the texts; at most `most`. */
export function mostSimilar(
  text: string,
  texts: readonly string[],
  analyzer: Analyzer,
  most: number,
): { readonly index: number; readonly likeness: number }[] {
  const all = [text, ...texts].map((one) => countsOf(one, analyzer))
  const spread = new Map<string, number>()
  for (const counts of all) for (const term of counts.keys()) spread.set(term, (spread.get(term) ?? 0) + 1)
  const weigh = (counts: ReadonlyMap<string, number>): Map<string, number> =>
    new Map(
      [...counts].map(([term, count]) => [term, (1 + Math.log(count)) * Math.log(1 + all.length / spread.get(term)!)]),
    )
  const length = (weights: ReadonlyMap<string, number>): number => Math.hypot(...weights.values())
  const asked = weigh(all[0]!)
  const own = length(asked)
  return all
    .slice(1)
    .map((counts, index) => {
      const weights = weigh(counts)
      let product = 0
      for (const [term, weight] of weights) product += weight * (asked.get(term) ?? 0)
      return { index, likeness: product === 0 ? 0 : product / (own * length(weights)) }
    })
    .sort((a, b) => b.likeness - a.likeness || a.index - b.index)
    .slice(0, most)
}

function countsOf(text: string, analyzer: Analyzer): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { term } of analyzer.terms(text))
    if (!analyzer.isStopTerm(term)) counts.set(term, (counts.get(term) ?? 0) + 1)
  return counts
}

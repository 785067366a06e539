import type { Analyzer } from '../../core/index.ts'

/** Something to show a model beside a question: an example, a template. `text` is what it is found by. */
export interface Demonstration {
  readonly text: string
}

/** The demonstrations most like a query, best first: cosine of their terms, rare ones weighing more. Those without a common term are left out. */
export function demonstrationsFor<Item extends Demonstration>(
  items: readonly Item[],
  query: string,
  analyzer: Analyzer,
  most: number,
): Item[] {
  const bags = items.map(({ text }) => bagOf(text, analyzer))
  const frequency = new Map<string, number>()
  for (const bag of bags) for (const term of bag.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1)
  const weigh = (bag: ReadonlyMap<string, number>) => {
    const weights = new Map<string, number>()
    for (const [term, count] of bag)
      weights.set(term, (1 + Math.log(count)) * Math.log(1 + items.length / (frequency.get(term) ?? items.length + 1)))
    const length = Math.hypot(...weights.values())
    return { weights, length: length === 0 ? 1 : length }
  }
  const asked = weigh(bagOf(query, analyzer))
  const scores = bags.map((bag) => {
    const { weights, length } = weigh(bag)
    let sum = 0
    for (const [term, weight] of asked.weights) sum += weight * (weights.get(term) ?? 0)
    return sum / (length * asked.length)
  })
  return items
    .map((item, index) => ({ item, score: scores[index]! }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ item }) => item)
}

function bagOf(text: string, analyzer: Analyzer): Map<string, number> {
  const bag = new Map<string, number>()
  for (const { term } of analyzer.terms(text)) bag.set(term, (bag.get(term) ?? 0) + 1)
  return bag
}

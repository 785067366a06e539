import type { Passage } from '../../core/index.ts'
import type { Searchable } from '../../store/index.ts'
import { namesIn } from '../names.ts'
import { byScore } from '../passages.ts'
import { paragraph, type Reader, type Reading } from '../reading.ts'
import { type Asked, contentTerms } from '../terms.ts'

export interface ProximityWeights {
  /** For two neighbouring words of the question that stand in their order. Default 0.3. */
  readonly ordered: number
  /** For two neighbouring words of the question within eight words, in any order. Default 0.3. */
  readonly near: number
  /** For words of the question among the first twelve of a passage or in its titles; not for what is said. Default 0.3. */
  readonly head: number
  /** For a page about a name that the question says in full: it opens with that name and says it again, as those of an encyclopedia. Default 8. */
  readonly named: number
  /** For what only opens with that name, or has it for a title; beyond a paragraph it falls with the square of the length. Default 2. */
  readonly opened: number
  /** For the name that a piece of code defines, by the share of its words that the question holds. Default 0.6. */
  readonly defined: number
  /** For the documentation of a piece of code, by the share of its words that the question holds. Default 1. */
  readonly documented: number
  /** Passages that are looked at, the best ones. Default 100. */
  readonly depth: number
}
export const usualProximity: ProximityWeights = {
  ordered: 0.3,
  near: 0.3,
  head: 0.3,
  named: 8,
  opened: 2,
  defined: 0.6,
  documented: 1,
  depth: 100,
}

interface Pair {
  readonly first: string
  readonly second: string
  readonly distance: number
  readonly value: number
}
const [headWords, window, farthest] = [12, 8, 3]

/** Pairs of content words that follow each other in the question, with the lower value of the two. */
function pairsOf(store: Searchable, { query, values }: Asked): Pair[] {
  const pairs: Pair[] = []
  let last: { readonly term: string; readonly position: number } | undefined
  store.analyzer.each(query.text, (term, position) => {
    if (!values.has(term) || store.analyzer.isStopTerm(term) || position === last?.position) return
    if (last && last.term !== term && position - last.position <= farthest)
      pairs.push({
        first: last.term,
        second: term,
        distance: position - last.position,
        value: Math.min(values.get(last.term)!, values.get(term)!),
      })
    last = { term, position }
  })
  return pairs
}

/** What stands together in one passage, in the unit of BM25. */
function worth(reading: Reading, pairs: readonly Pair[], weights: ProximityWeights): number {
  let sum = 0
  for (const { first, second, distance, value } of pairs) {
    let [ordered, near] = [0, 0]
    for (const from of reading.places.get(first) ?? [])
      for (const to of reading.places.get(second) ?? []) {
        if (to - from === distance) ordered++
        if (to !== from && Math.abs(to - from) <= window) near++
      }
    sum += value * ((weights.ordered * ordered) / (ordered + 0.5) + (weights.near * near) / (near + 1))
  }
  return sum
}

/** What the question's words among some terms are worth, by a power of their share of these. */
function worthOf(terms: readonly string[], { values }: Asked, power: number): number {
  const held = terms.filter((term) => values.has(term))
  const sum = held.reduce((total, term) => total + values.get(term)!, 0)
  return sum * (held.length / Math.max(1, terms.length)) ** power
}

/** What it is worth that a passage is about a name of the question. */
function worthOfName(reading: Reading, named: readonly string[][], asked: Asked, weights: ProximityWeights): number {
  const isNamed = (terms: readonly string[]): boolean =>
    terms.length > 0 && named.some((name) => name.length === terms.length && terms.every((term) => name.includes(term)))
  if (isNamed(reading.page())) return weights.named * worthOf(reading.page(), asked, 0)
  const share = Math.min(1, paragraph / reading.text.length) ** 2
  return isNamed(reading.subject()) ? weights.opened * share * worthOf(reading.subject(), asked, 0) : 0
}

/** Adds what proximity and the heads of passages say, in the unit of BM25, to the scores of the best. */
export async function addProximity(
  store: Searchable,
  reader: Reader,
  asked: Asked,
  found: readonly Passage[],
  weights: ProximityWeights,
): Promise<Passage[]> {
  const pairs = pairsOf(store, asked)
  const named = namesIn(store.analyzer, asked.query.text).map(({ terms }) =>
    terms.filter((term) => asked.values.has(term)),
  )
  const better: Passage[] = []
  for (const [rank, passage] of found.entries()) {
    if (rank >= weights.depth) {
      better.push(passage)
      continue
    }
    const reading = await reader(passage, asked.query.abortSignal)
    let gain = worth(reading, pairs, weights)
    if (!reading.spoken) {
      const titles = new Set(contentTerms(store.analyzer, reading.titles.join(' ')))
      for (const [term, value] of asked.values)
        if (titles.has(term) || (reading.places.get(term)?.[0] ?? headWords) < headWords) gain += weights.head * value
    }
    if (reading.code) {
      gain += weights.defined * worthOf(contentTerms(store.analyzer, reading.defines ?? ''), asked, 2)
      gain += weights.documented * worthOf([...reading.documentation()], asked, 1)
    } else if (named.length > 0) gain += worthOfName(reading, named, asked, weights)
    better.push(gain === 0 ? passage : { ...passage, score: passage.score + gain })
  }
  return byScore(better)
}

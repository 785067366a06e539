import type { Passage } from '../../core/index.ts'
import type { Searchable } from '../../store/index.ts'
import type { Name } from '../names.ts'
import { byScore, passageKey } from '../passages.ts'
import { paragraph, type Reader, type Reading } from '../reading.ts'
import { type Asked, rarityOf } from '../terms.ts'

export interface BridgeWeights {
  /** Steps from what the question finds to what that names. Default 2. */
  readonly hops: number
  /** Passages from which each step sets out, the best ones. Default 5. */
  readonly seeds: number
  /** Names that are looked up of each. Default 10. */
  readonly names: number
  /** Passages that are looked at for each name. Default 5. */
  readonly each: number
  /** How much a link can add, as a share of the best score. Default 3. */
  readonly gain: number
  /** Share of it that stays where the passage holds none of what the question still lacks. Default 0.3. */
  readonly blind: number
  /** Share of `blind` that a paragraph or more takes away that has all of the question itself. Default 1. */
  readonly enough: number
  /** Highest score of what is reached, as a share of the score of where it was reached from. Default 0.95. */
  readonly below: number
  /** Share of its score that what is reached may have by itself; a passage that would have more is not lifted. Default 0.6. */
  readonly own: number
}
export const usualBridge: BridgeWeights = {
  hops: 2,
  seeds: 5,
  names: 10,
  each: 5,
  gain: 3,
  blind: 0.3,
  enough: 1,
  below: 0.95,
  own: 0.6,
}

/** Passages with a name at which its worth is divided by √2. */
const commonName = 20
/** Rarity of a name in all at which a link counts in full, at most, and in how many terms that only one passage has. */
const [fullRarity, fullTerms] = [10, 1.5]
/** A name of less rarity is not looked up; nor, in a small store, one of less than half of what a single term can have. */
const leastRarity = 3
/** Weight of the question's terms beside those of a name. */
const beside = 0.1
const partOfName = 0.7

/** How rare terms are; each is asked of the store once. */
export function rarities(store: Searchable, passages: number) {
  const known = new Map<string, number>()
  return {
    async learn(terms: Iterable<string>): Promise<void> {
      const missing = [...new Set(terms)].filter((term) => !known.has(term))
      if (missing.length === 0) return
      const { frequency } = await store.statistics(missing)
      for (const [index, term] of missing.entries()) known.set(term, frequency[index]!)
    },
    /** Rarity of a term that only one passage has. */
    most: rarityOf(passages, 1),
    frequency: (term: string): number => known.get(term) ?? 0,
    sum: (terms: readonly string[]): number =>
      terms.reduce((total, term) => total + rarityOf(passages, known.get(term) ?? 0), 0),
  }
}
type Rarities = ReturnType<typeof rarities>

/** How strongly one passage speaks of another's subject, 0 to 1; the rarities of the terms must be known. */
export function linkBetween(from: Reading, to: Reading, rare: Rarities): number {
  const own = new Set(from.subject())
  const fresh = (terms: readonly string[]): boolean => terms.length > 0 && !terms.every((term) => own.has(term))
  let [best, names] = [0, 0]
  const offer = (terms: readonly string[], share: number): void => {
    const rarity = rare.sum(terms) * share
    if (rarity <= best || !fresh(terms)) return
    best = rarity
    names = Math.min(...terms.map(rare.frequency))
  }
  const subject = to.subject()
  const first = subject.findIndex((term) => !from.places.has(term))
  const held = first === -1 ? subject : subject.slice(0, first)
  if (first === -1) offer(held, 1)
  else if (held.length > 1) offer(held, partOfName)
  if (!to.spoken) {
    const opening = to.opening()
    for (const { terms } of from.names()) if (terms.every((term) => opening.has(term))) offer(terms, 1)
  }
  return Math.min(1, best / Math.min(fullRarity, fullTerms * rare.most)) / Math.sqrt(1 + names / commonName)
}

interface Place {
  readonly reading: Reading
  readonly score: number
  /** How good the way here was, 0 to 1. */
  readonly worth: number
  readonly covered: ReadonlySet<string>
}

/** Follows names from the best passages to the passages about them, and puts these below where they were named. */
export async function addBridges(
  store: Searchable,
  reader: Reader,
  asked: Asked,
  found: readonly Passage[],
  { hops, seeds, names, each, gain, blind, enough, below, own: mostOwn }: BridgeWeights,
): Promise<Passage[]> {
  const top = found[0]?.score ?? 0
  if (!(top > 0)) return [...found]
  const { values, total, query } = asked
  const rare = rarities(store, asked.passages)
  const first = new Map(found.map((passage) => [passageKey(passage), passage.score]))
  const best = new Map(found.map((passage) => [passageKey(passage), passage]))
  const lookedUp = new Map<string, Promise<Passage[]>>()
  const lookUp = (terms: readonly string[]): Promise<Passage[]> => {
    const key = terms.join(' ')
    let hits = lookedUp.get(key)
    if (!hits) {
      const weighted = [
        ...terms.map((term) => ({ term, weight: 1 })),
        ...asked.terms.map(({ term, weight }) => ({ term, weight: weight * beside })),
      ]
      hits = store.keyword({ ...query, limit: each, terms: weighted })
      lookedUp.set(key, hits)
    }
    return hits
  }
  const holds = (reading: Reading): Set<string> =>
    new Set([...values.keys()].filter((term) => reading.places.has(term)))
  /** Share of the question's worth that some of its terms have. */
  const shareOf = (terms: Iterable<string>): number => {
    let sum = 0
    for (const term of terms) sum += values.get(term)!
    return sum / total
  }
  let places: Place[] = []
  for (const passage of found.slice(0, seeds)) {
    const reading = await reader(passage, query.abortSignal)
    // What code names is its own; what is said names whom it is said to.
    if (!reading.spoken && !reading.code)
      places.push({ reading, score: passage.score, worth: Math.max(0, passage.score) / top, covered: holds(reading) })
  }
  for (let hop = 0; hop < hops && places.length > 0; hop++) {
    const reached = new Map<string, Place>()
    for (const place of places) {
      const from = passageKey(place.reading.passage)
      const long = Math.min(1, place.reading.text.length / paragraph)
      const unseen = blind * (1 - enough * long * shareOf(place.covered))
      for (const passage of await named(place.reading)) {
        const key = passageKey(passage)
        if (key === from) continue
        const reading = await reader(passage, query.abortSignal)
        await rare.learn([...reading.subject(), ...reading.opening()])
        const link = linkBetween(place.reading, reading, rare)
        if (link === 0) continue
        const terms = holds(reading)
        const lacking = shareOf([...terms].filter((term) => !place.covered.has(term)))
        const own = first.get(key) ?? 0
        const more = gain * top * place.worth * link * (unseen + lacking)
        const score = Math.max(own, Math.min(own + more, below * place.score))
        if (own > mostOwn * score) continue
        if (score > (best.get(key)?.score ?? 0))
          best.set(key, { ...passage, score, trail: [...place.reading.passage.trail, 'bridge'], reached: true })
        if (score > (reached.get(key)?.score ?? 0))
          reached.set(key, {
            reading,
            score,
            worth: 0.9 * place.worth * Math.min(1, score / top),
            covered: new Set([...terms, ...place.covered]),
          })
      }
    }
    places = [...reached.values()].sort((one, other) => other.score - one.score).slice(0, seeds)
  }
  return byScore([...best.values()])

  /** Passages that may be about what a passage names, but for what the question names itself. */
  async function named(reading: Reading): Promise<Passage[]> {
    const own = new Set(reading.subject())
    const all: Name[] = reading
      .names()
      .filter(({ terms }) => !terms.every((term) => own.has(term)) && !terms.every((term) => values.has(term)))
    await rare.learn(all.flatMap(({ terms }) => terms))
    const rarest = all
      .map(({ terms }) => ({ terms, rarity: rare.sum(terms) }))
      .filter(({ rarity }) => rarity > Math.min(leastRarity, rare.most / 2))
      .sort((one, other) => other.rarity - one.rarity)
      .slice(0, names)
    const passages = new Map<string, Passage>()
    for (const { terms } of rarest) for (const hit of await lookUp(terms)) passages.set(passageKey(hit), hit)
    return [...passages.values()]
  }
}

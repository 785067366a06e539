import type { Passage } from '../../core/index.ts'
import type { Searchable } from '../../store/index.ts'
import { byScore, passageKey } from '../passages.ts'
import type { Reader } from '../reading.ts'
import { type Asked, rarityOf } from '../terms.ts'

export interface FeedbackWeights {
  /** What all new terms together decide, as a share of what the question's own do. Default 0.25. */
  readonly share: number
  /** Passages that new terms come from, the best ones. Default 10. */
  readonly from: number
  /** New terms. Default 30. */
  readonly terms: number
  /** Best passages that keep their lead, since what came from them says nothing new of them. Default 5. */
  readonly keep: number
}
export const usualFeedback: FeedbackWeights = { share: 0.25, from: 10, terms: 30, keep: 5 }

/** Passages that are searched for again, at least: what has no word of the question may be among them. */
const least = 50

/** Searches again for the terms that the best passages share and adds that to their scores (a relevance model). */
export async function addFeedback(
  store: Searchable,
  reader: Reader,
  asked: Asked,
  found: readonly Passage[],
  { share, from, terms, keep }: FeedbackWeights,
): Promise<Passage[]> {
  const top = found[0]?.score ?? 0
  if (!(top > 0)) return [...found]
  const likely = new Map<string, number>()
  for (const passage of found.slice(0, from)) {
    const { places, length } = await reader(passage, asked.query.abortSignal)
    const weight = (Math.max(0, passage.score) / top) ** 2 / Math.max(1, length)
    for (const [term, list] of places)
      if (!asked.values.has(term) && /^\p{L}/u.test(term) && !store.analyzer.isStopTerm(term))
        likely.set(term, (likely.get(term) ?? 0) + weight * list.length)
  }
  const candidates = [...likely.keys()]
  const { frequency } = await store.statistics(candidates)
  const chosen = candidates
    .map((term, index) => ({ term, among: frequency[index]!, rarity: rarityOf(asked.passages, frequency[index]!) }))
    .filter(({ among }) => among > 1)
    .map((one) => ({ ...one, worth: likely.get(one.term)! * one.rarity }))
    .sort((first, second) => second.worth - first.worth || (first.term < second.term ? -1 : 1))
    .slice(0, terms)
  const sum = chosen.reduce((total, { worth }) => total + worth, 0)
  if (!(sum > 0)) return [...found]
  const expansion = chosen.map(({ term, rarity, worth }) => ({
    term,
    weight: (share * asked.total * worth) / sum / rarity,
  }))
  const limit = Math.max(found.length, least)
  const related = await store.keyword({ ...asked.query, limit, terms: expansion })
  const most = related[0]?.score ?? 0
  const best = new Map(found.map((passage) => [passageKey(passage), passage]))
  const kept = new Set(found.slice(0, keep).map(passageKey))
  for (const key of kept) best.set(key, { ...best.get(key)!, score: best.get(key)!.score + most })
  for (const passage of related) {
    const key = passageKey(passage)
    const known = best.get(key)
    if (!kept.has(key))
      best.set(key, {
        ...(known ?? passage),
        score: (known?.score ?? 0) + passage.score,
        trail: [...(known ?? passage).trail, 'feedback'],
      })
  }
  return byScore([...best.values()])
}

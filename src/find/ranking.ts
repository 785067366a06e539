import { inverseDocumentFrequency, type Passage, type Query, type Ranker, type RankItem } from '../core/index.ts'
import type { Searchable } from '../store/index.ts'
import type { Reader, Reading } from './reading.ts'
import { distinctTerms } from './terms.ts'

/**
 * What a ranker says of each passage: larger is better, comparable within this list. A ranker may look at the whole list; copies
 * of one text all have the best that it says of any, so that they keep the order they come in.
 */
export async function rankerScores(
  store: Searchable,
  reader: Reader,
  ranker: Ranker,
  { text, abortSignal }: Query,
  passages: readonly Passage[],
): Promise<number[]> {
  const readings: Reading[] = []
  for (const passage of passages) readings.push(await reader(passage, abortSignal))
  const texts = readings.map((reading) => reading.text)
  if (!ranker.rankItems) return sameForCopies(texts, await ranker.rank(text, texts, abortSignal))
  const items = readings.map((reading, index): RankItem => {
    const context = contextOf(reading)
    return { text: reading.text, score: passages[index]!.score, ...(context === '' ? {} : { context }) }
  })
  const rarity = await raritiesOf(store, text)
  const scores = await ranker.rankItems(text, items, { rarity, ...(abortSignal ? { abortSignal } : {}) })
  return sameForCopies(
    items.map((item) => `${item.context ?? ''}\n${item.text}`),
    scores,
  )
}

function sameForCopies(texts: readonly string[], scores: readonly number[]): number[] {
  const best = new Map<string, number>()
  for (const [index, text] of texts.entries()) best.set(text, Math.max(best.get(text) ?? -Infinity, scores[index]!))
  return texts.map((text) => best.get(text)!)
}

/** What a passage knows from its place and does not say: titles above it; of what is said, the day. */
function contextOf({ text, titles, day }: Reading): string {
  const missing = [...new Set(titles), day].filter(
    (words) => words !== undefined && words !== '' && !text.includes(words),
  )
  return missing.join('\n')
}

/** Unlike `rarityOf` of terms that are searched for, what no passage holds is the rarest of all: it shows what is not covered. */
export async function raritiesOf(store: Searchable, query: string): Promise<(term: string) => number> {
  const terms = distinctTerms(store.analyzer, query)
  const { passages, frequency } = await store.statistics(terms)
  const rarities = new Map(terms.map((term, index) => [term, inverseDocumentFrequency(passages, frequency[index]!)]))
  return (term) => rarities.get(term) ?? 0
}

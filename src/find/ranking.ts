import { inverseDocumentFrequency, type Passage, type Query, type Ranker, type RankItem } from '../core/index.ts'
import type { Searchable } from '../store/index.ts'
import type { Reader, Reading } from './reading.ts'
import { distinctTerms } from './terms.ts'

/** What a ranker says of each passage: larger is better, comparable within this list. */
export async function rankerScores(
  store: Searchable,
  reader: Reader,
  ranker: Ranker,
  { text, abortSignal }: Query,
  passages: readonly Passage[],
): Promise<number[]> {
  const readings: Reading[] = []
  for (const passage of passages) readings.push(await reader(passage, abortSignal))
  if (!ranker.rankItems)
    return ranker.rank(
      text,
      readings.map((reading) => reading.text),
      abortSignal,
    )
  const items = readings.map((reading, index): RankItem => {
    const context = contextOf(reading)
    return { text: reading.text, score: passages[index]!.score, ...(context === '' ? {} : { context }) }
  })
  return ranker.rankItems(text, items, {
    rarity: await raritiesOf(store, text),
    ...(abortSignal ? { abortSignal } : {}),
  })
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

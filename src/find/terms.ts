import { type Analyzer, endsAsQuestion, inverseDocumentFrequency, type Query } from '../core/index.ts'
import type { Searchable, WeightedTerm } from '../store/index.ts'

export interface TermWeighting {
  /** Share of its weight that a stop term keeps beside other terms, 0 to 1. Default 0.4. */
  readonly stopWeight: number
  /** Power that a term's rarity is raised to; 1 is plain BM25. Default 1.25. */
  readonly rarityPower: number
  /** Weight of the terms that only sentences beside the question hold: the case it is asked of. Default 0.7. */
  readonly caseWeight: number
}
export const usualWeighting: TermWeighting = { stopWeight: 0.4, rarityPower: 1.25, caseWeight: 0.7 }

/** A term in more passages than this costs time, and is left out when it decides less than this share. */
const commonFrom = 5000
const leastShare = 0.01

/** How rare a term is that `among` of `passages` hold: BM25's inverse document frequency. */
export const rarityOf = (passages: number, among: number): number =>
  among === 0 ? 0 : inverseDocumentFrequency(passages, among)

const pieces = /[^.?!。？！]+[.?!。？！]*/gu

/** The sentences that ask, where others tell of a case; undefined where the text is all of one kind. */
export function askingPart(text: string): string | undefined {
  const sentences = text.match(pieces) ?? []
  const asking = sentences.filter(endsAsQuestion)
  return asking.length === 0 || asking.length === sentences.length ? undefined : asking.join(' ')
}

/** A question as it is searched: its terms, and how much of a passage's score each can decide. */
export interface Asked {
  readonly query: Query
  readonly terms: readonly WeightedTerm[]
  /** Weight times rarity of each term, in the unit of BM25. */
  readonly values: ReadonlyMap<string, number>
  readonly total: number
  /** Passages of the store. */
  readonly passages: number
  /** Set where what it finds is code. */
  readonly ofCode?: boolean
}

/** The terms of a question, each once, with the weights that its words and the store's statistics give. */
export async function weighTerms(
  store: Pick<Searchable, 'statistics' | 'analyzer'>,
  query: Query,
  { stopWeight, rarityPower, caseWeight }: TermWeighting = usualWeighting,
): Promise<Asked> {
  const { analyzer } = store
  const terms = distinctTerms(analyzer, query.text)
  const asking = askingPart(query.text)
  const asked = asking === undefined ? undefined : new Set(distinctTerms(analyzer, asking))
  const { passages, frequency } = await store.statistics(terms)
  const content = terms.some((term) => !analyzer.isStopTerm(term))
  const weighed = terms.flatMap((term, index) => {
    const among = Math.min(frequency[index]!, passages)
    if (among === 0) return []
    const rarity = rarityOf(passages, among)
    const share =
      (content && analyzer.isStopTerm(term) ? stopWeight : 1) * (asked?.has(term) === false ? caseWeight : 1)
    const weight = rarity ** (rarityPower - 1) * share
    return weight > 0 ? [{ term, weight, among, value: weight * rarity }] : []
  })
  const sum = weighed.reduce((total, { value }) => total + value, 0)
  const kept = weighed.filter(({ among, value }) => among <= commonFrom || value >= leastShare * sum)
  return {
    query,
    terms: kept.map(({ term, weight }) => ({ term, weight })),
    values: new Map(kept.map(({ term, value }) => [term, value])),
    total: kept.reduce((total, { value }) => total + value, 0),
    passages,
  }
}

export const distinctTerms = (analyzer: Analyzer, text: string): string[] => [
  ...new Set(analyzer.terms(text).map(({ term }) => term)),
]

export const contentTerms = (analyzer: Analyzer, text: string): string[] =>
  distinctTerms(analyzer, text).filter((term) => !analyzer.isStopTerm(term))

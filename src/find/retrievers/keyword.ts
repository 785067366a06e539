import type { Analyzer, Passage } from '../../core/index.ts'
import type { Searchable, WeightedTerm } from '../../store/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { passageKey } from '../passages.ts'

export const meta = {
  name: 'keyword',
  summary: 'BM25 with rare words raised and question words lowered; passages that hold a quoted phrase come first.',
  paper: 'Robertson and Zaragoza 2009, The Probabilistic Relevance Framework: BM25 and Beyond',
  needs: [],
} as const satisfies RetrieverMeta

export interface KeywordOptions {
  /** Share of its weight that a stop term keeps beside other terms, 0 to 1. Default 0.4. */
  readonly stopWeight: number
  /** Power that a term's rarity is raised to; 1 is plain BM25. Default 1.25. */
  readonly rarityPower: number
}

const quotes = /"([^"]+)"|“([^”]+)”|«([^»]+)»|„([^“”]+)[“”]|「([^」]+)」|『([^』]+)』/gu
/** A term in more passages than this costs time, and is left out when it decides less than this share. */
const commonFrom = 5000
const leastShare = 0.01

/** The phrases in quotation marks. */
export const quotedPhrases = (text: string): string[] =>
  [...text.matchAll(quotes)].map((match) =>
    match
      .slice(1)
      .find((phrase) => phrase !== undefined)!
      .trim(),
  )

/** The terms of a question, each once, with the weights that its words and the store's statistics give. */
export async function weighTerms(
  store: Pick<Searchable, 'statistics'>,
  analyzer: Analyzer,
  text: string,
  { stopWeight, rarityPower }: KeywordOptions,
): Promise<WeightedTerm[]> {
  const terms = [...new Set(analyzer.terms(text).map(({ term }) => term))]
  const { passages, frequency } = await store.statistics(terms)
  const content = terms.some((term) => !analyzer.isStopTerm(term))
  const weighed = terms.flatMap((term, index) => {
    const among = Math.min(frequency[index]!, passages)
    if (among === 0) return []
    const rarity = Math.log(1 + (passages - among + 0.5) / (among + 0.5))
    const weight = rarity ** (rarityPower - 1) * (content && analyzer.isStopTerm(term) ? stopWeight : 1)
    return weight > 0 ? [{ term, weight, among, decides: weight * rarity }] : []
  })
  const total = weighed.reduce((sum, { decides }) => sum + decides, 0)
  return weighed
    .filter(({ among, decides }) => among <= commonFrom || decides >= leastShare * total)
    .map(({ term, weight }) => ({ term, weight }))
}

const make: RetrieverFactory<KeywordOptions> = ({ store }, { stopWeight = 0.4, rarityPower = 1.25 } = {}) => ({
  name: meta.name,
  async retrieve(query) {
    query.abortSignal?.throwIfAborted()
    const terms = await weighTerms(store, store.analyzer, query.text, { stopWeight, rarityPower })
    if (terms.length === 0) return []
    const found = await store.keyword({ ...query, terms })
    const phrases = quotedPhrases(query.text).filter((phrase) => store.analyzer.terms(phrase).length > 0)
    if (phrases.length === 0 || found.length === 0) return found
    const exact = await store.keyword({ ...query, terms, phrases })
    if (exact.length === 0) return found
    // Passages that hold the phrases stand above all others.
    const lift = found[0]!.score
    const lifted = exact.map(
      (passage): Passage => ({ ...passage, score: passage.score + lift, trail: [...passage.trail, 'phrase'] }),
    )
    const held = new Set(exact.map(passageKey))
    return [...lifted, ...found.filter((passage) => !held.has(passageKey(passage)))].slice(0, query.limit)
  },
})

export default make

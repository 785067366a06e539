import type { Analyzer } from '../core/index.ts'
import type { KeywordQuery, WeightedTerm } from './contract.ts'
import type { InvertedQuery } from './inverted/index.ts'

/**
 * The terms to rank by: those given, else those of the text. Stop terms of the text are left out where it has other
 * terms; where it has none, all count, and only their rarity tells them apart. With phrases alone, their terms rank.
 */
export function queryTerms(analyzer: Analyzer, query: KeywordQuery): WeightedTerm[] {
  if (query.terms) return query.terms.filter(({ weight }) => weight > 0)
  const terms = analyzer.terms(query.text)
  const content = terms.filter(({ term }) => !analyzer.isStopTerm(term))
  const chosen = content.length > 0 ? content : terms
  const ranking = chosen.length > 0 ? chosen : (query.phrases ?? []).flatMap((phrase) => analyzer.terms(phrase))
  return ranking.map(({ term }) => ({ term, weight: 1 }))
}

export function queryPhrases(analyzer: Analyzer, query: KeywordQuery): NonNullable<InvertedQuery['phrases']> {
  return (query.phrases ?? [])
    .map((phrase) => {
      const terms = analyzer.terms(phrase)
      const first = terms[0]?.position ?? 0
      return terms.map(({ term, position }) => ({ term, position: position - first }))
    })
    .filter((phrase) => phrase.length > 0)
}

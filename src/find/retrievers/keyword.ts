import type { Passage } from '../../core/index.ts'
import { quotedPhrases } from '../analysis.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { passageKey } from '../passages.ts'
import { type TermWeighting, usualWeighting, weighTerms } from '../terms.ts'

export const meta = {
  name: 'keyword',
  summary: 'BM25 with rare words raised and question words lowered; passages that hold a quoted phrase come first.',
  paper: 'Robertson and Zaragoza 2009, The Probabilistic Relevance Framework: BM25 and Beyond',
  needs: [],
} as const satisfies RetrieverMeta

export interface KeywordOptions extends TermWeighting {}

/**
 * BM25 by the store's index. Ours raises rare words and lowers question words, and headings count as words of the passage; the paper
 * has neither.
 */
const make: RetrieverFactory<KeywordOptions> = ({ store }, options = {}) => ({
  name: meta.name,
  async retrieve(query) {
    query.abortSignal?.throwIfAborted()
    const { terms } = await weighTerms(store, query, { ...usualWeighting, ...options })
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

import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { namesIn } from '../names.ts'
import { contentTerms, rarityOf } from '../terms.ts'

export const meta = {
  name: 'follow-up',
  summary:
    'Completes a question that leans on earlier ones ("and where was she born?") with their names and rare words.',
  paper:
    'Voskarides et al. 2020, Query Resolution for Conversational Search with Limited Supervision (the task; our rules)',
  needs: ['inner'],
} as const satisfies RetrieverMeta

export interface FollowUpOptions {
  /** Rare words that are taken over besides names, at most. Default 4. */
  readonly words: number
  /** Earlier questions that are looked at, the last ones. Default 3. */
  readonly turns: number
}

/** English words that stand for something said before. */
const leaning =
  /\b(he|she|it|they|him|her|his|hers|its|them|their|theirs|this|that|these|those|there|then|one|ones|same|other|another|else|former|latter)\b|^\s*(and|or|but|so|also|what about|how about)\b/iu
const short = 3

/**
 * Takes `query.earlier`; without it, or where the question stands by itself, the inner retriever is asked as is. The paper trains a
 * network that picks the words of earlier turns; ours picks names and rare words by rules.
 */
const make: RetrieverFactory<FollowUpOptions> = ({ store, inner: [first] }, { words = 4, turns = 3 } = {}) => ({
  name: meta.name,
  async retrieve(query) {
    query.abortSignal?.throwIfAborted()
    if (!first) return []
    const { analyzer } = store
    const own = new Set(contentTerms(analyzer, query.text))
    const earlier = (query.earlier ?? []).slice(-turns)
    if (earlier.length === 0 || !(leaning.test(query.text) || own.size < short)) return first.retrieve(query)
    const fresh = (terms: readonly string[]): boolean => terms.some((term) => !own.has(term))
    const taken: string[] = []
    for (const turn of [...earlier].reverse()) {
      // A name that only opens a sentence is no name: the first word of a question always has a capital.
      const names = namesIn(analyzer, turn.replace(/^\s*\p{L}+/u, ''))
      taken.push(...names.filter(({ terms }) => fresh(terms)).map(({ text }) => text))
      if (taken.length > 0) break
    }
    const rest = analyzer.terms(earlier.join('\n')).filter(({ term }) => !analyzer.isStopTerm(term) && !own.has(term))
    const said = new Map(rest.map(({ term, start, end }) => [term, earlier.join('\n').slice(start, end)]))
    const { passages, frequency } = await store.statistics([...said.keys()])
    const rare = [...said]
      .map(([term, text], index) => ({ term, text, rarity: rarityOf(passages, frequency[index]!) }))
      .filter(({ rarity }) => rarity > 0)
      .sort((one, other) => other.rarity - one.rarity || (one.term < other.term ? -1 : 1))
      .slice(0, words)
    const text = [query.text, ...new Set([...taken, ...rare.map((word) => word.text)])].join(' ')
    const found = await first.retrieve({ ...query, text })
    return found.map((passage) => ({ ...passage, trail: [...passage.trail, meta.name] }))
  },
})

export default make

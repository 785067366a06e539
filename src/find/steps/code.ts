import type { Passage } from '../../core/index.ts'
import type { Searchable } from '../../store/index.ts'
import { codeTerms } from '../code-words.ts'
import type { Reader } from '../reading.ts'
import { type Asked, contentTerms, distinctTerms, rarityOf, usualWeighting } from '../terms.ts'

/** Words that a question about code has and code has not: every function is Python where all is Python. */
const languages =
  'python python2 python3 java javascript typescript golang ruby rust perl php scala kotlin swift haskell matlab bash'
const sample = 10
const mostly = 0.6

export const usualCode = {
  /** Share of its weight that the name of a programming language keeps, 0 to 1. Default 0.1. */
  language: 0.1,
  /** What a word that code says instead of one of the question counts, as a share of that one. Default 0.3. */
  otherWord: 0.3,
}

/** Whether most of the best passages are code. */
async function findsCode(
  reader: Reader,
  found: readonly Passage[],
  abortSignal: AbortSignal | undefined,
): Promise<boolean> {
  const best = found.slice(0, sample)
  let code = 0
  for (const passage of best) if ((await reader(passage, abortSignal)).code) code++
  return code > 0 && code >= mostly * best.length
}

/**
 * The question as it is asked of code, where what it finds is code: the names of programming languages made light, and with each word
 * those that code says instead of it.
 */
export async function askedOfCode(
  store: Searchable,
  reader: Reader,
  asked: Asked,
  found: readonly Passage[],
  { language, otherWord }: typeof usualCode,
): Promise<Asked | undefined> {
  if (!(await findsCode(reader, found, asked.query.abortSignal))) return undefined
  const { analyzer } = store
  const named = new Set(distinctTerms(analyzer, languages))
  const onlyNames = asked.terms.every(({ term }) => named.has(term))
  const shareOf = (term: string): number => (named.has(term) && !onlyNames ? language : 1)
  const terms = asked.terms.map(({ term, weight }) => ({ term, weight: weight * shareOf(term) }))
  const values = new Map([...asked.values].map(([term, value]) => [term, value * shareOf(term)]))
  const total = [...values.values()].reduce((sum, value) => sum + value, 0)
  const others = new Map<string, number>()
  for (const term of contentTerms(analyzer, asked.query.text)) {
    if (named.has(term)) continue
    // A word that nothing holds is worth what is said instead of it.
    const instead = values.get(term) ?? Number.POSITIVE_INFINITY
    for (const other of codeTerms(analyzer).get(term) ?? [])
      if (!values.has(other)) others.set(other, Math.max(others.get(other) ?? 0, instead))
  }
  const { passages, frequency } = await store.statistics([...others.keys()])
  for (const [index, [term, instead]] of [...others].entries()) {
    const rarity = rarityOf(passages, frequency[index]!)
    const value = otherWord * Math.min(instead, rarity ** usualWeighting.rarityPower)
    if (!(value > 0)) continue
    terms.push({ term, weight: value / rarity })
    values.set(term, value)
  }
  return { ...asked, terms, values, total, ofCode: true }
}

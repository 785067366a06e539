import type { Passage } from '../../core/index.ts'
import type { Searchable } from '../../store/index.ts'
import type { Reader } from '../reading.ts'
import { type Asked, distinctTerms } from '../terms.ts'

/** Words that a question about code has and code has not: every function is Python where all is Python. */
const languages =
  'python python2 python3 java javascript typescript golang ruby rust perl php scala kotlin swift haskell matlab bash'
const sample = 10
const mostly = 0.6
const left = 0.1

/** The same question with the names of programming languages made light, where what it finds is code. */
export async function withoutLanguage(
  store: Searchable,
  reader: Reader,
  asked: Asked,
  found: readonly Passage[],
): Promise<Asked | undefined> {
  const named = new Set(distinctTerms(store.analyzer, languages))
  const [light, rest] = [
    asked.terms.filter(({ term }) => named.has(term)),
    asked.terms.filter(({ term }) => !named.has(term)),
  ]
  if (light.length === 0 || rest.length === 0) return undefined
  let code = 0
  const best = found.slice(0, sample)
  for (const passage of best) if ((await reader(passage, asked.query.abortSignal)).defines !== undefined) code++
  if (code < mostly * best.length) return undefined
  const terms = [...rest, ...light.map(({ term, weight }) => ({ term, weight: weight * left }))]
  const values = new Map(terms.map(({ term }) => [term, asked.values.get(term)! * (named.has(term) ? left : 1)]))
  return { ...asked, terms, values, total: [...values.values()].reduce((total, value) => total + value, 0) }
}

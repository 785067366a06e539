import { answersIn } from '../answers.ts'
import { plainSentences } from '../bm25.ts'
import { integer, pick } from '../random.ts'
import { names, wordPair } from './words.ts'

/** A sentence and the words in it that must come through a rewriting, each in any of its forms. */
export interface PlantedFact {
  readonly text: string
  readonly parts: readonly { readonly kind: 'name' | 'person' | 'year' | 'amount'; readonly forms: readonly string[] }[]
}

const works = ['lighthouse', 'chapel', 'town hall', 'viaduct', 'windmill', 'school', 'granary', 'observatory']
const trades = ['builder', 'painter', 'mason', 'carpenter', 'glazier', 'engineer']
const amount = (value: number): string[] => [String(value), String(value).replace(/(\d)(?=\d{3}$)/, '$1,')]

/** A fact about a thing whose name no other one has. */
export function plantedFact(name: string, random: () => number): PlantedFact {
  const [who, year, value] = [pick(names, random), integer(1620, 1980, random), integer(1100, 9900, random)]
  const parts: PlantedFact['parts'] = [
    { kind: 'name', forms: [name, name.replace('-', ' ')] },
    { kind: 'person', forms: [who] },
    { kind: 'year', forms: [String(year)] },
    { kind: 'amount', forms: amount(value) },
  ]
  const text = `The ${pick(works, random)} of ${name} was finished in ${year} by the ${pick(trades, random)} ${who} and cost ${value} crowns.`
  return { text, parts }
}

export const factName = (random: () => number): string => wordPair(random)

/** Share of the facts all of whose parts stand in two sentences in a row, and of the parts of each kind that stand anywhere. */
export function checkKept(facts: readonly PlantedFact[], said: string): Record<string, number> {
  const sentences = plainSentences(said)
  const windows = sentences.map(([start], at) =>
    answersIn(said.slice(start, sentences[Math.min(at + 1, sentences.length - 1)]![1])),
  )
  const anywhere = answersIn(said)
  const share = (hits: readonly boolean[]): number =>
    hits.length === 0 ? 1 : hits.filter(Boolean).length / hits.length
  const kept = facts.map(({ parts }) => windows.some((holds) => parts.every(({ forms }) => holds(forms))))
  const parts = facts.flatMap((fact) => fact.parts)
  const of = (kind: string): number =>
    share(parts.filter((part) => part.kind === kind).map(({ forms }) => anywhere(forms)))
  return { kept: share(kept), names: of('name'), people: of('person'), years: of('year'), amounts: of('amount') }
}

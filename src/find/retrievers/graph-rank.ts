import type { Passage } from '../../core/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { namesIn } from '../names.ts'
import { passageKey } from '../passages.ts'
import type { Reading } from '../reading.ts'
import { rarities } from '../steps/bridges.ts'
import { type Step, stepRetriever } from '../steps/retriever.ts'

export const meta = {
  name: 'graph-rank',
  summary: 'Personalised PageRank over the names that the found passages share, started where the question stands.',
  paper: 'Gutiérrez et al. 2024, HippoRAG, arXiv 2405.14831; names are found by rule, passages by keyword, both ours',
  needs: ['inner'],
} as const satisfies RetrieverMeta

export interface GraphRankOptions {
  /** Passages that the graph is made of, at most. Default 150. */
  readonly nodes: number
  /** Best passages whose names bring passages that the question did not find. Default 5. */
  readonly seeds: number
  /** Chance to go on rather than to start anew. Default 0.5. */
  readonly damping: number
  /** Weight of the rank beside the score, 0 to 1. Default 0.5. */
  readonly share: number
}
const usual: GraphRankOptions = { nodes: 150, seeds: 5, damping: 0.5, share: 0.5 }
const [rounds, namesEach, passagesEach] = [20, 10, 5]

/** Edges run between a passage and the names in it, weighted by how rare a name is. */
const rank: Step<GraphRankOptions> = async (store, reader, asked, found, { nodes, seeds, damping, share }) => {
  const { query, values } = asked
  const rare = rarities(store, asked.passages)
  const best = new Map(found.map((passage) => [passageKey(passage), passage]))
  for (const passage of found.slice(0, seeds)) {
    const names = (await reader(passage, query.abortSignal)).names()
    await rare.learn(names.flatMap(({ terms }) => terms))
    const rarest = [...names].sort((one, other) => rare.sum(other.terms) - rare.sum(one.terms)).slice(0, namesEach)
    for (const { terms } of rarest) {
      const weighted = terms.map((term) => ({ term, weight: 1 }))
      for (const hit of await store.keyword({ ...query, limit: passagesEach, terms: weighted }))
        if (!best.has(passageKey(hit))) best.set(passageKey(hit), { ...hit, score: 0 })
    }
  }
  const all = [...best.values()]
  // What the names brought comes before the end of a long list.
  const brought = all.slice(found.length)
  const members = [...found.slice(0, Math.max(1, nodes - brought.length)), ...brought].slice(0, nodes)
  const readings: Reading[] = []
  for (const passage of members) readings.push(await reader(passage, query.abortSignal))
  const holders = new Map<string, { readonly terms: readonly string[]; readonly passages: number[] }>()
  for (const [index, reading] of readings.entries())
    for (const terms of new Set([...reading.names().map((name) => name.terms), reading.subject()])) {
      const key = [...terms].sort().join(' ')
      const known = holders.get(key) ?? { terms, passages: [] }
      if (terms.length > 0 && known.passages.at(-1) !== index) known.passages.push(index)
      holders.set(key, known)
    }
  await rare.learn([...holders.values()].flatMap(({ terms }) => terms))
  const entities = [...holders.values()].filter(({ terms, passages }) => passages.length > 1 && rare.sum(terms) > 0)
  const asks = new Set(namesIn(store.analyzer, query.text).map(({ terms }) => [...terms].sort().join(' ')))
  const weights = entities.map(({ terms, passages }) => rare.sum(terms) / Math.sqrt(passages.length))
  const degree = members.map(() => 0)
  for (const [entity, { passages }] of entities.entries())
    for (const index of passages) degree[index]! += weights[entity]!

  const top = found[0]!.score
  const start = members.map(({ score }) => (Math.max(0, score) / Math.max(top, 1e-9)) ** 2)
  const entityStart = entities.map(({ terms }, entity) =>
    asks.has([...terms].sort().join(' ')) || terms.every((term) => values.has(term)) ? 0.1 * weights[entity]! : 0,
  )
  const whole = [...start, ...entityStart].reduce((sum, value) => sum + value, 0)
  if (!(whole > 0 && top > 0)) return [...found]
  let [mass, entityMass] = [start.map((value) => value / whole), entityStart.map((value) => value / whole)]
  for (let round = 0; round < rounds; round++) {
    const next = start.map((value) => ((1 - damping) * value) / whole)
    const nextEntities = entityStart.map((value) => ((1 - damping) * value) / whole)
    for (const [entity, { passages }] of entities.entries())
      for (const index of passages) {
        nextEntities[entity]! += (damping * mass[index]! * weights[entity]!) / degree[index]!
        next[index]! += (damping * entityMass[entity]!) / passages.length
      }
    // A passage without shared names keeps what it has.
    for (const [index, of] of degree.entries()) if (of === 0) next[index]! += damping * mass[index]!
    ;[mass, entityMass] = [next, nextEntities]
  }
  const most = Math.max(...mass)
  const ranks = new Map(members.map((passage, index) => [passageKey(passage), (mass[index]! / most) * top]))
  return all
    .map((passage): Passage => {
      const own = (1 - share) * passage.score + share * (ranks.get(passageKey(passage)) ?? 0)
      return { ...passage, score: own }
    })
    .sort((one, other) => other.score - one.score)
}

/** In HippoRAG a model finds the names and embeddings the passages; ours finds names by rule, and passages by keyword. */
const make: RetrieverFactory<GraphRankOptions> = (parts, options = {}) =>
  stepRetriever(meta.name, parts, rank, { ...usual, ...options })

export default make

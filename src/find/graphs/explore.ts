import type { Graph } from './graph.ts'

export interface Candidate {
  readonly fact: number
  readonly to: number
  readonly text: string
}
export interface Verdict {
  /** One for each candidate, 0 to 1. */
  readonly scores: readonly number[]
  /** Indices of candidates that complete the answer. */
  readonly done: readonly number[]
}
/** Says which facts to follow from the end of a path. */
export type Guide = (
  query: string,
  path: readonly string[],
  candidates: readonly string[],
  abortSignal?: AbortSignal,
) => Promise<Verdict>

export interface ExploreOptions {
  /** Paths followed at once. Default 3. */
  readonly beam: number
  /** Most facts of one path. Default 4. */
  readonly depth: number
  /** Most calls of the guide. Default 12. */
  readonly calls: number
  /** A fact scored below this is not followed, 0 to 1. Default 0.05. */
  readonly least: number
  /** Facts shown to the guide at once: the first of an entity's, by how much their words share with the query. Default 20. */
  readonly shown: number
}
export interface Path {
  readonly facts: readonly number[]
  readonly entities: readonly number[]
  readonly score: number
  /** True when the guide said that the answer is reached. */
  readonly done: boolean
}
export interface Exploration {
  /** Those that reached the answer first, then the best. */
  readonly paths: readonly Path[]
  readonly calls: number
  /** Ends from which nothing was worth following, in the order in which they were met. */
  readonly deadEnds: readonly Path[]
}

export const factText = (graph: Graph, number: number): string => {
  const { subject, relation, object } = graph.facts[number]!
  return `${graph.entities[subject]!.name} - ${relation || 'with'} -> ${graph.entities[object]!.name}`
}

/**
 * From the entities that a question names along facts, best end first: where nothing is worth following, the search goes
 * back to the next best open path anywhere (after Sanmartin 2024, KG-RAG, arXiv 2405.12035, whose chain of exploration
 * follows one plan at a time).
 */
export async function explore(
  graph: Graph,
  query: string,
  guide: Guide,
  likeness: (text: string) => number,
  options: Partial<ExploreOptions> = {},
  abortSignal?: AbortSignal,
): Promise<Exploration> {
  const { beam = 3, depth = 4, calls: most = 12, least = 0.05, shown = 20 } = options
  const open: Path[] = graph.named(query).map((entity) => ({ facts: [], entities: [entity], score: 1, done: false }))
  const ended: Path[] = []
  const deadEnds: Path[] = []
  let calls = 0
  const better = (first: Path, second: Path): number =>
    Number(second.done) - Number(first.done) || second.score - first.score || first.facts.length - second.facts.length

  function candidatesOf(path: Path): Candidate[] {
    const from = path.entities.at(-1)!
    const seen = new Set<string>()
    return graph.entities[from]!.facts.map((fact): Candidate => {
      const { subject, object } = graph.facts[fact]!
      return { fact, to: subject === from ? object : subject, text: factText(graph, fact) }
    })
      .filter(({ to, text, fact }) => {
        const same = `${text} ${graph.facts[fact]!.span.start}`
        return !path.entities.includes(to) && !seen.has(same) && seen.add(same)
      })
      .map((candidate) => ({ candidate, near: likeness(candidate.text) }))
      .sort((first, second) => second.near - first.near || first.candidate.fact - second.candidate.fact)
      .slice(0, shown)
      .map(({ candidate }) => candidate)
  }

  while (open.length > 0 && calls < most && !ended.some(({ done }) => done)) {
    abortSignal?.throwIfAborted()
    open.sort(better)
    const next = open.splice(0, Math.min(beam, most - calls))
    const grown = await Promise.all(
      next.map(async (path) => {
        const candidates = path.facts.length < depth ? candidatesOf(path) : []
        if (candidates.length === 0) return { path, candidates, verdict: { scores: [], done: [] } as Verdict }
        calls++
        const texts = candidates.map(({ text }) => text)
        const said = path.facts.map((fact) => factText(graph, fact))
        return { path, candidates, verdict: await guide(query, said, texts, abortSignal) }
      }),
    )
    for (const { path, candidates, verdict } of grown) {
      let followed = 0
      for (const [at, { fact, to }] of candidates.entries()) {
        const score = verdict.scores[at] ?? 0
        const done = verdict.done.includes(at)
        if (score < least && !done) continue
        followed++
        const length = path.facts.length
        const longer: Path = {
          facts: [...path.facts, fact],
          entities: [...path.entities, to],
          score: (path.score * length + score) / (length + 1),
          done,
        }
        ;(done ? ended : open).push(longer)
      }
      if (followed === 0) deadEnds.push(path)
      if (path.facts.length > 0) ended.push(path)
    }
  }
  const paths = [...ended, ...open.filter(({ facts }) => facts.length > 0)].sort(better)
  return { paths, calls, deadEnds }
}

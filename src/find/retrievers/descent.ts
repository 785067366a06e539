import type { Passage, Span } from '../../core/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { byScore } from '../passages.ts'

export const meta = {
  name: 'descent',
  summary:
    'Goes down the tree of sources and sections, keeps the best branches at each level, and ranks along the path.',
  paper:
    'Gupta et al. 2025, LATTICE: LLM-guided Hierarchical Retrieval, arXiv 2510.13217; keyword scores in place of a model',
  needs: ['inner'],
} as const satisfies RetrieverMeta

export interface DescentOptions {
  /** Branches that are kept at each level. Default 5. */
  readonly beam: number
  /** Weight of the path above a passage beside its own score, 0 to 1. Default 0.3. */
  readonly path: number
  /** Share of a branch's other passages that counts beside its best, each rank half as much. Default 0.5. */
  readonly rest: number
  /** Passages whose branches make the tree. Default 300. */
  readonly depth: number
}

interface Branch {
  readonly level: number
  readonly parent: string | undefined
  readonly scores: number[]
}
const keyOf = ({ source, start, end }: Span): string => `${source}:${start}-${end}`

/**
 * Passages in branches that are left out follow those in branches that are kept. In the paper a model judges the nodes of a tree of
 * summaries; ours goes down the documents' own units by keyword scores.
 */
const make: RetrieverFactory<DescentOptions> = (
  { store, inner: [first] },
  { beam = 5, path = 0.3, rest = 0.5, depth = 300 } = {},
) => ({
  name: meta.name,
  async retrieve(query) {
    query.abortSignal?.throwIfAborted()
    const found = (await first?.retrieve({ ...query, limit: Math.max(query.limit, depth) })) ?? []
    if (found.length === 0) return []
    const low = Math.min(0, found.at(-1)!.score)
    const branches = new Map<string, Branch>()
    const paths: string[][] = []
    for (const { spans, score } of found) {
      query.abortSignal?.throwIfAborted()
      const span = spans.at(-1)!
      const units = (await store.enclosing(span)).filter(({ title }) => title !== undefined)
      const keys = [span.source, ...units.map((unit) => keyOf(unit.span))]
      for (const [level, key] of keys.entries()) {
        const branch = branches.get(key) ?? { level, parent: keys[level - 1], scores: [] }
        branch.scores.push(score - low)
        branches.set(key, branch)
      }
      paths.push(keys)
    }
    // Scores come best first, so that each branch's are sorted already.
    const worth = (key: string): number => {
      const [best = 0, ...others] = branches.get(key)!.scores
      return (best + rest * others.reduce((sum, score, rank) => sum + score / 2 ** (rank + 1), 0)) / (1 + rest)
    }
    const kept = descend(branches, worth, beam)
    const along = found.map((passage, index): Passage => {
      const above = paths[index]!
      const mean = above.reduce((sum, key) => sum + worth(key), 0) / above.length
      const score = (1 - path) * (passage.score - low) + path * mean
      return { ...passage, score, trail: [...passage.trail, meta.name] }
    })
    const inside = byScore(along.filter((_, index) => paths[index]!.every((key) => kept.has(key))))
    const outside = byScore(along.filter((_, index) => !paths[index]!.every((key) => kept.has(key))))
    const last = inside.at(-1)?.score ?? 0
    const top = outside[0]?.score ?? 0
    const lowered = outside.map((passage) => ({ ...passage, score: passage.score - Math.max(0, top - last) }))
    return [...inside, ...lowered].slice(0, query.limit)
  },
})

function descend(branches: ReadonlyMap<string, Branch>, worth: (key: string) => number, beam: number): Set<string> {
  const kept = new Set<string>()
  const levels = Math.max(...[...branches.values()].map(({ level }) => level))
  for (let level = 0; level <= levels; level++) {
    const open = [...branches].filter(([, { level: own, parent }]) => own === level && (!parent || kept.has(parent)))
    const best = open.map(([key]) => ({ key, value: worth(key) })).sort((one, other) => other.value - one.value)
    for (const { key } of best.slice(0, beam)) kept.add(key)
  }
  return kept
}

export default make

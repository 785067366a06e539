import type { LeafMeta } from '../../core/index.ts'
import type { Analysis, Result } from '../contract.ts'
import { mean, wilson } from '../stats.ts'

export const meta = {
  name: 'pairs',
  summary: 'Pairs of a true and a false claim of which both were judged right, by the scope of their evidence.',
  paper: 'Karpinska et al. 2024, NoCha, arXiv 2406.16264',
} as const satisfies LeafMeta

const right = ({ scores }: Result): number | undefined =>
  scores.right ?? scores['exact-match'] ?? scores['reference-said']

interface Pair {
  readonly scope: string
  readonly true?: number
  readonly false?: number
}

/** Results with tags `pair`, `truth` and `scope`; a pair of which one half is not there counts for nothing. */
const analysis: Analysis = (results) => {
  const groups = new Map<string, { readonly row: readonly (string | number)[]; readonly pairs: Map<string, Pair> }>()
  for (const result of results) {
    const { pair, truth, scope } = result.tags
    const score = result.failure === undefined ? right(result) : 0
    if (pair === undefined || truth === undefined || score === undefined) continue
    const { task, length, system, budget, reader, seed } = result
    const row = [task, length, system, budget, reader]
    const group = groups.get(row.join('|')) ?? { row, pairs: new Map<string, Pair>() }
    groups.set(row.join('|'), group)
    const key = `${seed} ${pair}`
    group.pairs.set(key, { scope: String(scope), ...group.pairs.get(key), [String(truth)]: score })
  }
  const rows: (string | number)[][] = []
  for (const { row, pairs } of groups.values()) {
    const whole = [...pairs.values()].filter((pair) => pair.true !== undefined && pair.false !== undefined)
    const found = [...new Set(whole.map(({ scope }) => scope))].sort()
    for (const scope of found.length > 1 ? ['all', ...found] : found) {
      const of = whole.filter((pair) => scope === 'all' || pair.scope === scope)
      const both = of.filter((pair) => pair.true === 1 && pair.false === 1).length
      const { mean: share, low, high } = wilson(both, of.length)
      rows.push([
        ...row,
        scope,
        of.length,
        share,
        low,
        high,
        mean(of.map((pair) => pair.true!)),
        mean(of.map((pair) => pair.false!)),
      ])
    }
  }
  if (rows.length === 0) return undefined
  return {
    title: 'Claims judged right in pairs',
    columns: ['task', 'length', 'system', 'budget', 'reader', 'scope', 'pairs', 'both', 'low', 'high', 'true', 'false'],
    rows,
    note: 'A pair counts when its true and its false claim were both judged right; who says the same to every claim has 0, and who guesses 0.25.',
  }
}
export default analysis

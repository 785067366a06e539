import type { Result } from './contract.ts'

/** Scores that every result has, whatever its task reports; what tells most of a system that no reader read comes first. */
const standard = ['answer-kept', 'characters-kept', 'recall', 'all-gold', 'mrr']

/** A score's metric: `recall` of `recall@5`. */
export const metricOf = (score: string): string => score.replace(/@\d+$/, '')

export interface Scored {
  readonly result: Result
  readonly name: string
  readonly value: number
}

/** The first score of the task's own; without a reader or such a score, what was handed on or ranked. */
function mainName({ scores, reader }: Result): string | undefined {
  const names = Object.keys(scores)
  const own = names.find((name) => !standard.includes(metricOf(name)))
  if (own !== undefined && reader !== 'none') return own
  return standard.flatMap((metric) => names.filter((name) => metricOf(name) === metric))[0] ?? own
}

/**
 * Results with their main scores: for all of one task the score that most of them have. What failed with a reader counts as
 * 0, unless no answer of it is stored; other results without the score are left out.
 */
export function scored(results: readonly Result[]): Scored[] {
  const groups = Map.groupBy(results, ({ task, reader }) => `${task}\u0001${reader === 'none'}`)
  const rows: Scored[] = []
  for (const own of groups.values()) {
    const counts = new Map<string, number>()
    for (const result of own) {
      const name = result.failure === undefined ? mainName(result) : undefined
      if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    const [name] = [...counts].sort((one, other) => other[1] - one[1])[0] ?? []
    if (name === undefined) continue
    for (const result of own) {
      if (result.failure?.startsWith('no-output')) continue
      const failed = result.failure !== undefined && result.reader !== 'none'
      const value = failed ? 0 : result.scores[name]
      if (value !== undefined) rows.push({ result, name, value })
    }
  }
  return rows
}

/** Values are shown with four decimals. */
export const rounded = (value: number): number => Math.round(value * 1e4) / 1e4

/** Rows in groups, by some of their result's fields; groups stand in the order of their first rows. */
export function grouped<Row extends { readonly result: Result }>(
  rows: readonly Row[],
  ...fields: readonly ('task' | 'length' | 'system' | 'budget' | 'reader')[]
): { readonly labels: readonly (string | number)[]; readonly rows: readonly Row[] }[] {
  const groups = Map.groupBy(rows, ({ result }) => JSON.stringify(fields.map((field) => result[field])))
  return [...groups].map(([key, own]) => ({ labels: JSON.parse(key) as (string | number)[], rows: own }))
}

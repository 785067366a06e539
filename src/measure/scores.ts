import type { Catalogued, Result } from './contract.ts'

/** Scores that every result has, whatever its task reports. */
const standard = ['recall', 'all-gold', 'mrr', 'answer-kept', 'characters-kept']
/** What tells most of a system that no reader read, best first. */
const withoutReader = ['answer-kept', 'characters-kept', 'recall', 'all-gold', 'mrr']
/** What tells most of a pack, best first for a task that reports answers. */
const keptScores = ['answer-kept', 'characters-kept']
/** Scores that say something about an answer and are not how right it is. */
const beside = new Set(['abstained', 'degenerate', 'strength', 'medoid', 'cost', 'calls', 'seconds', 'input-tokens'])
const usualDepth = 5

/** A score's metric: `recall` of `recall@5`. */
export const metricOf = (score: string): string => score.replace(/@\d+$/, '')

/** A task or data set, without the options that its label states. */
export const taskOf = (label: string): string => label.replace(/\(.*\)$/s, '')

/** The score of a metric: at depth 5 or the nearest, where it is taken at depths. */
function scoreOf(metric: string, { scores }: Result): string | undefined {
  if (metric in scores) return metric
  const depths = Object.keys(scores)
    .filter((score) => score !== metric && metricOf(score) === metric)
    .map((score) => Number(score.slice(metric.length + 1)))
  const nearest = depths.sort(
    (one, other) => Math.abs(one - usualDepth) - Math.abs(other - usualDepth) || one - other,
  )[0]
  return nearest === undefined ? undefined : `${metric}@${nearest}`
}

/**
 * Tells the name of the score that stands for a result: what its sample's own check says, else the first of its task's metrics that
 * is there, of an answer one that looks at answers. Where no reader read, what a pack kept, or without a budget what was ranked.
 */
function namer(known: Catalogued | undefined): (result: Result) => string | undefined {
  const metrics = new Set(known?.metrics.map(({ name }) => name))
  const own = new Map([...(known?.tasks ?? []), ...(known?.datasets ?? [])].map((meta) => [meta.name, meta.metrics]))
  const first = (of: readonly string[], result: Result): string | undefined => {
    for (const metric of of) {
      const name = scoreOf(metric, result)
      if (name !== undefined) return name
    }
    return undefined
  }
  return (result) => {
    const names = Object.keys(result.scores).filter((score) => !beside.has(score))
    const isRead = result.reader !== 'none'
    if (known) {
      const checked = names.find((score) => !metrics.has(metricOf(score)))
      if (checked !== undefined) return checked
    }
    const reports = own.get(taskOf(result.task)) ?? []
    const answered = isRead
      ? first(
          reports.filter((metric) => !standard.includes(metric)),
          result,
        )
      : undefined
    if (answered !== undefined) return answered
    if (isRead) {
      const told = names.find((score) => !standard.includes(metricOf(score)))
      if (told !== undefined) return told
    }
    if (!isRead && result.budget !== 'none') {
      const kept = first(reports.includes('answer-kept') ? keptScores : keptScores.toReversed(), result)
      if (kept !== undefined) return kept
    }
    const reported = first(reports, result)
    if (reported !== undefined) return reported
    if (isRead && known && own.has(taskOf(result.task))) return undefined
    return first(withoutReader, result)
  }
}

export interface Score {
  readonly name: string
  readonly value: number
}

/** Tells the main score of a result; undefined where it has none. */
export function mainScores(known?: Catalogued): (result: Result) => Score | undefined {
  const nameOf = namer(known)
  return (result) => {
    const name = nameOf(result)
    return name === undefined ? undefined : { name, value: result.scores[name]! }
  }
}

/** The main score of one result; for many, `mainScores` is faster. */
export const mainScore = (result: Result, known?: Catalogued): Score | undefined => mainScores(known)(result)

export interface Scored extends Score {
  readonly result: Result
}

/**
 * Results with their main scores, the same score for all of one task that a reader read, and for all that none did: the one that
 * most of them have. What failed with a reader counts as 0; other results without the score are left out.
 */
export function scored(results: readonly Result[], known?: Catalogued): Scored[] {
  const groups = Map.groupBy(results, ({ task, reader }) => `${task}\u0001${reader === 'none'}`)
  const nameOf = namer(known)
  const names = new Map<string, string | undefined>()
  for (const [group, own] of groups) {
    const counts = new Map<string, number>()
    for (const result of own) {
      const name = nameOf(result)
      if (name !== undefined && result.failure === undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    names.set(group, [...counts].sort((one, other) => other[1] - one[1])[0]?.[0])
  }
  return results.flatMap((result) => {
    const name = names.get(`${result.task}\u0001${result.reader === 'none'}`)
    if (name === undefined) return []
    if (result.failure !== undefined) return result.reader === 'none' ? [] : [{ result, name, value: 0 }]
    const value = result.scores[name]
    return value === undefined ? [] : [{ result, name, value }]
  })
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

/** What two systems must share for their answers to be compared. */
export const sampleKey = ({ sample, seed, length }: Result): string => `${sample}\u0001${seed}\u0001${length}`

export const isUnanswerable = ({ tags }: Result): boolean => tags.unanswerable === true || tags.answerable === false

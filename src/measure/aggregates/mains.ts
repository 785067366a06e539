import type { Catalogs } from '../contract.ts'
import type { Gathered } from './gather.ts'

/** Scores that every task has, the ones first that tell most of what was handed on. */
const standard = ['answer-kept', 'characters-kept', 'all-gold', 'recall', 'mrr', 'ndcg', 'hit']
/** Least share of the results with any score that a main score must cover, so that no system is left out of a table. */
const covered = 0.9

const base = (score: string): string => score.replace(/@\d+$/, '')
/** `ruler-niah-single-1(depth=0.5)` is the task `ruler-niah-single-1`. */
const taskName = (label: string): string => label.replace(/\(.*$/, '')

/** A metric's score, or the one at ten, or at the greatest depth. */
function scoreOf(metric: string, names: readonly string[]): string | undefined {
  if (names.includes(metric)) return metric
  const depths = names.filter((name) => base(name) === metric).map((name) => Number(name.slice(metric.length + 1)))
  if (depths.length === 0) return undefined
  return `${metric}@${depths.includes(10) ? 10 : Math.max(...depths)}`
}

export interface Mains {
  /** By `scopeOf`. */
  readonly of: ReadonlyMap<string, string>
  isLower(score: string): boolean
}

/**
 * The main score of each task and reader: what a program checks, else the first of the task's own metrics that nearly all
 * results have, else what was kept of the answers and of the evidence.
 */
export function mainsOf({ named }: Pick<Gathered, 'named'>, catalogs: Catalogs | undefined): Mains {
  const metas = new Map(catalogs?.metrics.map(({ meta }) => [meta.name, meta]))
  const isLower = (score: string): boolean => metas.get(base(score))?.lower === true
  const own = new Map([...(catalogs?.tasks ?? []), ...(catalogs?.datasets ?? [])].map(({ meta }) => [meta.name, meta]))
  const of = new Map<string, string>()
  for (const [scope, counts] of named) {
    const [task] = JSON.parse(scope) as [string]
    const names = [...counts.keys()].filter((name) => !isLower(name))
    const metrics = own.get(taskName(task))?.metrics ?? []
    const order = [
      ...(catalogs ? names.filter((name) => !metas.has(base(name))) : []),
      ...[...metrics].flatMap((metric) => scoreOf(metric, names) ?? []),
      ...names.filter((name) => !standard.includes(base(name))),
      ...standard.flatMap((metric) => scoreOf(metric, names) ?? []),
      ...names,
    ]
    const most = Math.max(0, ...names.map((name) => counts.get(name)!))
    const main = order.find((name) => counts.get(name)! >= covered * most)
    of.set(scope, main ?? metrics[0] ?? 'score')
  }
  return { of, isLower }
}

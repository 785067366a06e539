import type { Catalogued } from '../contract.ts'
import { metricOf } from '../scores.ts'
import type { Gathered } from './gather.ts'

/** What tells most of results that have no score of their own, best first. */
const standard = ['answer-kept', 'characters-kept', 'recall', 'all-gold', 'mrr']
/** Least share of the results with any score that a main score must cover, so that no system is left out of a table. */
const covered = 0.9

export interface Mains {
  /** By `scopeOf`. */
  readonly of: ReadonlyMap<string, string>
  isLower(score: string): boolean
}

/**
 * The main score of each task: the one that stands for most of its results, as `mainScores` has it; but where only some of the systems
 * have it (those that rank), the first of the standard ones that nearly all have.
 */
export function mainsOf({ named, mains }: Pick<Gathered, 'named' | 'mains'>, known: Catalogued | undefined): Mains {
  const lower = new Set(known?.metrics.flatMap(({ name, lower: is }) => (is ? [name] : [])))
  const isLower = (score: string): boolean => lower.has(metricOf(score))
  const of = new Map<string, string>()
  for (const [scope, counts] of named) {
    const names = [...counts.keys()].filter((name) => !isLower(name))
    const told = [...(mains.get(scope) ?? [])].sort((one, other) => other[1] - one[1]).map(([name]) => name)
    const usual = standard.flatMap((metric) => names.filter((name) => metricOf(name) === metric))
    const most = Math.max(0, ...names.map((name) => counts.get(name)!))
    const order = [...told, ...usual, ...names]
    of.set(scope, order.find((name) => (counts.get(name) ?? 0) >= covered * most) ?? 'score')
  }
  return { of, isLower }
}

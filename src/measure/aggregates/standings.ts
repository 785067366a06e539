import type { Estimate } from '../stats.ts'
import type { Estimates } from './estimates.ts'
import { type Gathered, within } from './gather.ts'
import type { Group } from './group.ts'
import { meanOf } from './mean.ts'

/** Who is best among the systems that are no reference lines, and who cannot be told apart from it. */
export interface Standing {
  /** Neither: over all cells. */
  readonly task?: string
  readonly cell?: string
  readonly budget: string
  readonly reader: string
  readonly best: string
  /** Differences to the best by system, on the samples that both have; `told` false: the interval holds 0, or too few are shared. */
  readonly others: Readonly<Record<string, Difference>>
}
export interface Difference extends Estimate {
  readonly told: boolean
}
export interface Rows {
  readonly gathered: Gathered
  readonly groups: readonly Group[]
  /** Group of a row. */
  groupOf(row: number): number
  /** Main scores by row, NaN where there is none. */
  readonly main: Float64Array
  readonly interval: Estimates
}

/** With fewer shared samples no test of signs tells two systems apart at one in twenty. */
const fewest = 6

type Values = ReadonlyMap<number, number>

export function standingsOf(rows: Rows, isReference: (system: string) => boolean): Standing[] {
  const values = valuesOf(rows)
  const scopes = new Map<string, { scope: Pick<Standing, 'task' | 'cell' | 'budget' | 'reader'>; members: number[] }>()
  for (const [number, { task, cell, budget, reader }] of rows.groups.entries())
    for (const scope of [{}, { task }, { task, cell }]) {
      const place = { ...scope, budget, reader }
      within(scopes, JSON.stringify(place), () => ({ scope: place, members: [] })).members.push(number)
    }
  const found: Standing[] = []
  for (const { scope, members } of scopes.values()) {
    const systems = Map.groupBy(members, (number) => rows.groups[number]!.system)
    const best = bestOf(systems, rows.groups, isReference)
    if (best === undefined) continue
    const others: Record<string, Difference> = {}
    for (const [system, numbers] of systems) {
      if (system === best) continue
      const difference = differenceOf(systems.get(best)!, numbers, rows, values)
      if (difference) others[system] = difference
    }
    found.push({ ...scope, best, others })
  }
  return found
}

/** Main scores of each group by sample. */
function valuesOf({ gathered, groups, groupOf, main }: Rows): Values[] {
  const values: Map<number, number>[] = groups.map(() => new Map())
  for (const [row, sample] of gathered.sampleOf.entries())
    if (!Number.isNaN(main[row])) values[groupOf(row)]!.set(sample, main[row]!)
  return values
}

/** The mean over cells, each the mean over its lengths. */
export function overCells(groups: readonly Group[], score?: string): Estimate | undefined {
  const cells = Map.groupBy(groups, ({ task, cell }) => JSON.stringify([task, cell]))
  return meanOf(
    [...cells.values()].flatMap(
      (parts) => meanOf(parts.flatMap((group) => group.scores[score ?? group.main] ?? [])) ?? [],
    ),
  )
}

/** Only systems that have all cells and lengths can be best; without others a reference line is, but never the oracle. */
function bestOf(
  systems: ReadonlyMap<string, readonly number[]>,
  groups: readonly Group[],
  isReference: (system: string) => boolean,
): string | undefined {
  const scored = [...systems].flatMap(([system, numbers]) => {
    const own = numbers.map((number) => groups[number]!).filter(({ main, scores }) => scores[main])
    const score = overCells(own)
    return score ? [{ system, score: score.mean, strata: own.length }] : []
  })
  const real = scored.filter(({ system }) => !isReference(system))
  const list = real.length > 0 ? real : scored.filter(({ system }) => !system.startsWith('oracle'))
  const most = Math.max(...list.map(({ strata }) => strata))
  const full = list.filter(({ strata }) => strata === most)
  full.sort((one, other) => other.score - one.score || (one.system < other.system ? -1 : 1))
  return full[0]?.system
}

/** Of another to the best: the mean over cells of paired differences. Strata of few samples are pooled, each with its weight. */
function differenceOf(
  best: readonly number[],
  other: readonly number[],
  { groups, interval }: Rows,
  values: readonly Values[],
): Difference | undefined {
  const stratum = ({ cell, length, task }: Group): string => JSON.stringify([task, cell, length])
  const ofBest = new Map(best.map((number) => [stratum(groups[number]!), number]))
  const pairs = other.flatMap((number) => {
    const { task, cell } = groups[number]!
    const against = values[ofBest.get(stratum(groups[number]!)) ?? -1]
    const differences = against
      ? [...values[number]!].flatMap(([sample, value]) => (against.has(sample) ? [value - against.get(sample)!] : []))
      : []
    return differences.length > 0 ? [{ cell: JSON.stringify([task, cell]), differences }] : []
  })
  if (pairs.length === 0) return undefined
  const lengths = Map.groupBy(pairs, ({ cell }) => cell)
  const parts: (Estimate & { weight: number })[] = []
  const pooled: { weight: number; differences: readonly number[] }[] = []
  for (const { cell, differences } of pairs) {
    const weight = 1 / lengths.get(cell)!.length
    if (differences.length < fewest) pooled.push({ weight, differences })
    else parts.push({ ...interval.differences(differences), weight })
  }
  if (pooled.length > 0) {
    const weight = pooled.reduce((sum, part) => sum + part.weight, 0)
    const count = pooled.reduce((sum, { differences }) => sum + differences.length, 0)
    const scaled = pooled.flatMap((part) =>
      part.differences.map((value) => (value * count * part.weight) / (weight * part.differences.length)),
    )
    // So few samples say nothing of how far others lie from them: the difference may be any that two scores can have.
    const widest = Math.max(1, ...scaled.map(Math.abs))
    const unknown = count < fewest ? { low: -widest, high: widest } : {}
    parts.push({ ...interval.differences(scaled), ...unknown, weight })
  }
  const difference = meanOf(parts)!
  return { ...difference, told: difference.count >= fewest && (difference.low > 0 || difference.high < 0) }
}

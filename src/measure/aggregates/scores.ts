import type { Estimate } from '../stats.ts'
import type { Estimates } from './estimates.ts'
import { type Gathered, scopeOf } from './gather.ts'
import type { Mains } from './mains.ts'

/** The main score of each row, NaN where there is none; a failure counts as 0. */
export function mainValues({ scores, slots, slotOf, failed }: Gathered, mains: Mains): Float64Array {
  const mainOf = slots.map((slot) => mains.of.get(scopeOf(slot))!)
  const values = Float64Array.from(failed, (one) => (one ? 0 : Number.NaN))
  for (const [name, column] of scores)
    for (const [at, row] of column.rows.entries()) if (mainOf[slotOf[row]!] === name) values[row] = column.values[at]!
  return values
}

/**
 * Estimates of all scores of rows that share a number. A failure counts as 0 in the main score, and in others that the
 * rows of its number have, unless less is better. `only`: the main scores alone.
 */
export function scoresBy(
  { scores, slots, slotOf, failed }: Gathered,
  numberOf: (row: number) => number,
  numbers: number,
  mains: Mains,
  interval: Estimates,
  only: 'main' | 'all' = 'all',
): Record<string, Estimate>[] {
  const found: Record<string, Estimate>[] = Array.from({ length: numbers }, () => ({}))
  const mainOf = slots.map((slot) => mains.of.get(scopeOf(slot))!)
  const failures = failed.flatMap((one, row) => (one ? [row] : []))
  const names = only === 'main' ? mains.of.values() : [...scores.keys(), ...mains.of.values()]
  for (const name of new Set(names)) {
    const lists: number[][] = []
    const column = scores.get(name) ?? { rows: [], values: [] }
    const scored = new Set<number>()
    for (const [at, row] of column.rows.entries()) {
      if (only === 'main' && mainOf[slotOf[row]!] !== name) continue
      ;(lists[numberOf(row)] ??= []).push(column.values[at]!)
      if (failed[row]) scored.add(row)
    }
    const lower = mains.isLower(name)
    for (const row of failures) {
      if (lower || scored.has(row)) continue
      const number = numberOf(row)
      if (name === mainOf[slotOf[row]!]) (lists[number] ??= []).push(0)
      else lists[number]?.push(0)
    }
    lists.forEach((values, number) => {
      found[number]![name] = interval.of(values)
    })
  }
  return found
}

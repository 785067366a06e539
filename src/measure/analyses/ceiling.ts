import type { Analysis } from '../contract.ts'
import { grouped, rounded, type Scored, scored } from '../scores.ts'
import { mean } from '../stats.ts'

export const meta = {
  name: 'ceiling',
  summary:
    'Scores with and without samples whose label is known to be wrong, beside what a perfect choice of text attains.',
} as const

const average = (rows: readonly Scored[]): number => mean(rows.map(({ value }) => value))
const isWrong = ({ result }: Scored): boolean => result.tags['label-error'] === true

/** The ceiling is the score of the system `oracle` with the same budget and reader, over samples whose label is sound. */
const analysis: Analysis = (results, known) => {
  const rows = grouped(scored(results, known), 'task', 'length', 'budget', 'reader').flatMap(
    ({ labels, rows: own }) => {
      const bySystem = Map.groupBy(own, ({ result }) => result.system)
      const oracle = bySystem.get('oracle')?.filter((row) => !isWrong(row)) ?? []
      if (oracle.length === 0 && !own.some(isWrong)) return []
      const ceiling = oracle.length === 0 ? undefined : average(oracle)
      return [...bySystem].flatMap(([system, of]) => {
        const sound = of.filter((row) => !isWrong(row))
        if (sound.length === 0) return []
        const share = ceiling === undefined || ceiling === 0 ? '' : rounded(average(sound) / ceiling)
        const top = ceiling === undefined ? '' : rounded(ceiling)
        return [
          [...labels, system, rounded(average(of)), rounded(average(sound)), of.length - sound.length, top, share],
        ]
      })
    },
  )
  if (rows.length === 0) return undefined
  return {
    title: 'Under the ceiling',
    columns: [
      'task',
      'length',
      'budget',
      'reader',
      'system',
      'all',
      'sound',
      'wrong labels',
      'ceiling',
      'share of ceiling',
    ],
    rows,
    note: '“sound” leaves out samples tagged label-error; the ceiling is the oracle’s score over the same samples.',
  }
}

export default analysis

import type { Analysis } from '../contract.ts'
import { grouped, rounded, scored } from '../scores.ts'
import { mean } from '../stats.ts'

export const meta = {
  name: 'noise-floor',
  summary:
    'What text chosen at random, or cut off at the head, scores on each task, and how much of each system’s score is above it.',
} as const

const floors = ['random', 'head']

const analysis: Analysis = (results, known) => {
  const rows = grouped(scored(results, known), 'task', 'length', 'budget', 'reader').flatMap(
    ({ labels, rows: own }) => {
      const means = new Map(
        [...Map.groupBy(own, ({ result }) => result.system)].map(([system, of]) => [
          system,
          mean(of.map(({ value }) => value)),
        ]),
      )
      const [highest] = floors
        .flatMap((system) => (means.has(system) ? [[system, means.get(system)!] as const] : []))
        .sort((one, other) => other[1] - one[1])
      if (!highest) return []
      const [name, floor] = highest
      return [...means].flatMap(([system, value]) => {
        if (floors.includes(system)) return []
        const above = Math.max(0, value - floor)
        return [
          [
            ...labels,
            system,
            rounded(value),
            rounded(floor),
            name,
            rounded(above),
            rounded(value === 0 ? 0 : above / value),
          ],
        ]
      })
    },
  )
  if (rows.length === 0) return undefined
  return {
    title: 'Above the floor',
    columns: ['task', 'length', 'budget', 'reader', 'system', 'score', 'floor', 'floor of', 'above', 'share above'],
    rows,
    note: 'The floor is the better of what stands first and what is drawn by chance; a task whose floor is high tells little.',
  }
}

export default analysis

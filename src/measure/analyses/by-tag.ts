import type { Analysis } from '../contract.ts'
import { grouped, rounded, scored } from '../scores.ts'
import { estimate } from '../stats.ts'

export const meta = {
  name: 'by-tag',
  summary: 'Scores split by each tag of the samples that has from two to twelve values.',
} as const

const most = 12

const analysis: Analysis = (results, known) => {
  const rows = grouped(scored(results, known), 'task').flatMap(({ rows: ofTask }) => {
    const tags = new Set(ofTask.flatMap(({ result }) => Object.keys(result.tags)))
    const telling = [...tags].filter((tag) => {
      const values = new Set(ofTask.map(({ result }) => result.tags[tag]))
      values.delete(undefined)
      return values.size >= 2 && values.size <= most
    })
    return grouped(ofTask, 'task', 'system', 'budget', 'reader').flatMap(({ labels, rows: own }) =>
      telling.flatMap((tag) =>
        [...Map.groupBy(own, ({ result }) => result.tags[tag])]
          .filter(([value]) => value !== undefined)
          .sort(([one], [other]) => (one! < other! ? -1 : 1))
          .map(([value, of]) => {
            const { mean, low, high, count } = estimate(of.map((row) => row.value))
            return [...labels, tag, String(value), rounded(mean), rounded(low), rounded(high), count]
          }),
      ),
    )
  })
  if (rows.length === 0) return undefined
  return {
    title: 'Scores by tag',
    columns: ['task', 'system', 'budget', 'reader', 'tag', 'value', 'score', 'low', 'high', 'samples'],
    rows,
    note: 'Intervals are of 95%.',
  }
}

export default analysis

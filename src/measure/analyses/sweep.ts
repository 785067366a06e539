import type { Analysis } from '../contract.ts'
import { grouped, rounded, type Scored, scored } from '../scores.ts'
import { estimate } from '../stats.ts'

export const meta = {
  name: 'sweep',
  summary: 'Scores by length of the text, and the last length before they fall.',
  paper:
    'Leng et al. 2024, Long Context RAG Performance of Large Language Models, arXiv 2411.03538; Hsieh et al. 2024, RULER, arXiv 2404.06654',
} as const

/** A fall: below this share of the best score at shorter lengths, and the interval below that score too. */
const stable = 0.9

const lengthOf = ({ result }: Scored): number =>
  result.length || (typeof result.tags.length === 'number' ? result.tags.length : 0)

const analysis: Analysis = (results, known) => {
  const measured = scored(results, known).filter((row) => lengthOf(row) > 0)
  const lengths = [...new Set(measured.map(lengthOf))].sort((one, other) => one - other)
  if (lengths.length < 2) return undefined
  const rows = grouped(measured, 'task', 'system', 'budget', 'reader').flatMap(({ labels, rows: own }) => {
    const byLength = Map.groupBy(own, lengthOf)
    if (byLength.size < 2) return []
    let best = 0
    let last = 0
    let fallen = false
    const cells = lengths.map((length) => {
      const of = byLength.get(length)
      if (!of) return ''
      const { mean, high } = estimate(of.map(({ value }) => value))
      fallen ||= mean === 0 || (mean < stable * best && high < best)
      best = Math.max(best, mean)
      if (!fallen) last = length
      return rounded(mean)
    })
    return [[...labels, ...cells, last]]
  })
  if (rows.length === 0) return undefined
  return {
    title: 'Scores by length',
    columns: ['task', 'system', 'budget', 'reader', ...lengths.map(String), 'stable to'],
    rows,
    note: `Stable as long as no score falls below ${stable} of the best before it, beyond its 95% interval; 0 where the shortest has none.`,
  }
}

export default analysis

import type { Analysis } from '../contract.ts'
import { grouped, rounded, scored } from '../scores.ts'
import { type Estimate, estimate } from '../stats.ts'

export const meta = {
  name: 'position-bias',
  summary: 'Scores by fifths of the text in which the evidence stands, and the largest gap between two of them.',
  paper: 'Liu et al. 2023, Lost in the Middle, arXiv 2307.03172',
} as const

const parts = 5
const partOf = (depth: number): number => Math.min(parts - 1, Math.max(0, Math.floor(depth * parts)))

/** The interval of a difference of two means, from theirs. Newcombe 1998, method 10. */
function difference(one: Estimate, other: Estimate): { readonly low: number; readonly high: number } {
  const gap = one.mean - other.mean
  return {
    low: gap - Math.hypot(one.mean - one.low, other.high - other.mean),
    high: gap + Math.hypot(one.high - one.mean, other.mean - other.low),
  }
}

/** Looks at tag `depth`, the share of the text before the evidence. Shares of right answers have Wilson's interval. */
const analysis: Analysis = (results, known) => {
  const placed = scored(results, known).filter(({ result }) => typeof result.tags.depth === 'number')
  const rows = grouped(placed, 'task', 'length', 'system', 'budget', 'reader').flatMap(({ labels, rows: own }) => {
    const byPart = Map.groupBy(own, ({ result }) => partOf(result.tags.depth as number))
    const estimates = [...byPart]
      .sort(([one], [other]) => one - other)
      .map(([part, of]) => ({ part: part + 1, ...estimate(of.map(({ value }) => value)) }))
    if (estimates.length < 2) return []
    const best = estimates.reduce((one, other) => (other.mean > one.mean ? other : one))
    const worst = estimates.reduce((one, other) => (other.mean < one.mean ? other : one))
    const gap = difference(best, worst)
    return [
      ...estimates.map(({ part, mean, low, high, count }) => [
        ...labels,
        `fifth ${part}`,
        rounded(mean),
        rounded(low),
        rounded(high),
        count,
      ]),
      [
        ...labels,
        best === worst ? 'no gap' : `gap of ${best.part} and ${worst.part}`,
        rounded(best.mean - worst.mean),
        rounded(gap.low),
        rounded(gap.high),
        best.count + worst.count,
      ],
    ]
  })
  if (rows.length === 0) return undefined
  return {
    title: 'Scores by the place of the evidence',
    columns: ['task', 'length', 'system', 'budget', 'reader', 'place', 'score', 'low', 'high', 'samples'],
    rows,
    note: 'Intervals are of 95%. The gap is the largest of ten, so that its interval is somewhat too narrow.',
  }
}

export default analysis

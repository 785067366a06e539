import type { Analysis } from '../contract.ts'
import { grouped, rounded, type Scored, scored } from '../scores.ts'
import { mean } from '../stats.ts'

export const meta = {
  name: 'effective-length',
  summary:
    'The longest text with which a system still does well: by a fixed score, and by a share of its score with the shortest.',
  paper: 'Hsieh et al. 2024, RULER, arXiv 2404.06654; Modarressi et al. 2025, NoLiMa, arXiv 2502.05167',
} as const

/** What Llama-2-7B scores at 4k tokens: RULER's bar. */
const bar = 0.856
/** NoLiMa's share of the score with the shortest text. */
const share = 0.85

/** Tokens asked of the task; a data set says them in its tag. */
const lengthOf = ({ result }: Scored): number | undefined =>
  result.length > 0 ? result.length : typeof result.tags.length === 'number' ? result.tags.length : undefined
const partOf = ({ result }: Scored): string => String(result.tags.task ?? '')

interface Point {
  readonly length: number
  readonly score: number
}

/** The longest measured length at or above a score, 0 where none is, and where the line to the next one crosses it. */
function longestAt(points: readonly Point[], least: number): { readonly measured: number; readonly crossed: number } {
  const at = points.findLastIndex(({ score }) => score >= least - 1e-12)
  if (at === -1) return { measured: 0, crossed: 0 }
  const [here, next] = [points[at]!, points[at + 1]]
  if (!next) return { measured: here.length, crossed: here.length }
  const way = (here.score - least) / (here.score - next.score)
  return { measured: here.length, crossed: Math.round(here.length + way * (next.length - here.length)) }
}

/** Lines between lengths are straight in tokens; nothing is read off beyond the longest length that was measured. */
const analysis: Analysis = (results, known) => {
  const long = scored(results, known).filter((row) => lengthOf(row) !== undefined)
  const rows = grouped(long, 'task', 'system', 'budget', 'reader').flatMap(({ labels, rows: all }) =>
    [...Map.groupBy(all, partOf)].flatMap(([part, own]) => {
      const points = [...Map.groupBy(own, (row) => lengthOf(row)!)]
        .map(([length, of]): Point => ({ length, score: mean(of.map(({ value }) => value)) }))
        .sort((one, other) => one.length - other.length)
      if (points.length < 2) return []
      const [first, last] = [points[0]!, points.at(-1)!]
      const fixed = longestAt(points, bar)
      const relative = longestAt(points, share * first.score)
      const [task, ...rest] = labels
      return [
        [
          part === '' ? task! : `${task}, ${part}`,
          ...rest,
          first.length,
          rounded(first.score),
          last.length,
          rounded(last.score),
          fixed.measured,
          fixed.crossed,
          // A score of nothing has no share to keep.
          first.score === 0 ? 0 : relative.measured,
          first.score === 0 ? 0 : relative.crossed,
        ],
      ]
    }),
  )
  if (rows.length === 0) return undefined
  return {
    title: 'Effective length in tokens',
    columns: [
      'task',
      'system',
      'budget',
      'reader',
      'shortest',
      'its score',
      'longest',
      'score there',
      `at ${bar}`,
      'between lengths',
      `at ${share} of the shortest`,
      'between its lengths',
    ],
    rows,
    note: '0 says that no length reaches it; the longest length says that none falls below it. "Between" reads the crossing off a straight line to the next length.',
  }
}

export default analysis

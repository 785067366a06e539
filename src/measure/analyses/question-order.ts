import type { Analysis } from '../contract.ts'
import { grouped, rounded, type Scored, scored } from '../scores.ts'
import { mean, paired } from '../stats.ts'

export const meta = {
  name: 'question-order',
  summary: 'The question before the text against the question after it, over the same questions.',
  paper: 'Islam et al. 2023, FinanceBench, arXiv 2311.11944',
} as const

/** Tags that name a question, and what else must be the same. */
const questionOf = ({ result }: Scored): string =>
  JSON.stringify([result.tags.question ?? result.sample, result.seed, result.length])
const setupOf = ({ result }: Scored): string => String(result.tags['set-up'] ?? '')

/**
 * Looks at tag `order`, `before` or `after`; samples are paired by tag `question`, else by their ids, within tag `set-up`.
 * Questions that were asked in one order alone are left out.
 */
const analysis: Analysis = (results, known) => {
  const ordered = scored(results, known).filter(({ result }) => ['before', 'after'].includes(String(result.tags.order)))
  const rows = grouped(ordered, 'task', 'system', 'budget', 'reader').flatMap(({ labels, rows: all }) =>
    [...Map.groupBy(all, setupOf)].flatMap(([setup, own]) => {
      const before = new Map(
        own.filter(({ result }) => result.tags.order === 'before').map((row) => [questionOf(row), row]),
      )
      const pairs = own.flatMap((row) => {
        const first = row.result.tags.order === 'after' ? before.get(questionOf(row)) : undefined
        return first ? [{ before: first.value, after: row.value }] : []
      })
      if (pairs.length === 0) return []
      const [one, other] = [pairs.map((pair) => pair.before), pairs.map((pair) => pair.after)]
      const test = paired(other, one)
      return [
        [
          ...labels,
          setup,
          rounded(mean(one)),
          rounded(mean(other)),
          rounded(test.mean),
          rounded(test.low),
          rounded(test.high),
          rounded(test.p),
          pairs.length,
        ],
      ]
    }),
  )
  if (rows.length === 0) return undefined
  return {
    title: 'The question before the text, or after it',
    columns: [
      'task',
      'system',
      'budget',
      'reader',
      'set-up',
      'before',
      'after',
      'difference',
      'low',
      'high',
      'p',
      'questions',
    ],
    rows,
    note: 'The difference is after less before; its interval is of 95%, and p is by permutation over the same questions.',
  }
}

export default analysis

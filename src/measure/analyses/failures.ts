import type { Analysis, Result } from '../contract.ts'
import { grouped, isUnanswerable, rounded, scored } from '../scores.ts'

export const meta = {
  name: 'failures',
  summary: 'How answers fail: none, a refusal, cut off, degenerate, wrong, or an error by its code.',
  paper: 'Leng et al. 2024, Long Context RAG Performance of Large Language Models, arXiv 2411.03538',
} as const

const order = ['right', 'partly right', 'wrong', 'cut off', 'refusal', 'no answer', 'degenerate']

/** `cut off`: it is not right, and evidence fell out of the reader's window. */
function categoryOf(result: Result, value: number | undefined): string {
  const { failure, usage, ledger, scores } = result
  if (failure !== undefined) return `error: ${failure.split(':')[0]}`
  if ((scores.abstained ?? 0) >= 0.5) return isUnanswerable(result) ? 'right' : 'refusal'
  if (value !== undefined && value >= 1 - 1e-9) return 'right'
  if (usage !== undefined && usage.outputTokens === 0) return 'no answer'
  if ((scores.degenerate ?? 0) >= 0.5) return 'degenerate'
  if ((ledger?.lost.window ?? 0) > 0) return 'cut off'
  return value !== undefined && value > 0 ? 'partly right' : 'wrong'
}

/** What has no main score is left out, but for failures and for what cannot be answered. */
const analysis: Analysis = (results, known) => {
  const values = new Map(scored(results, known).map(({ result, value }) => [result, value]))
  const read = results
    .filter(({ reader }) => reader !== 'none')
    .filter((result) => values.has(result) || isUnanswerable(result) || result.failure !== undefined)
    .map((result) => ({ result, category: categoryOf(result, values.get(result)) }))
  if (read.length === 0) return undefined
  const found = new Set(read.map(({ category }) => category))
  const categories = [
    ...order.filter((name) => found.has(name)),
    ...[...found].filter((name) => !order.includes(name)).sort(),
  ]
  return {
    title: 'How answers fail',
    columns: ['task', 'length', 'system', 'budget', 'reader', ...categories, 'answers'],
    rows: grouped(read, 'task', 'length', 'system', 'budget', 'reader').map(({ labels, rows }) => [
      ...labels,
      ...categories.map((name) => rounded(rows.filter(({ category }) => category === name).length / rows.length)),
      rows.length,
    ]),
    note: 'Shares of all answers. A refusal of what cannot be answered is right.',
  }
}

export default analysis

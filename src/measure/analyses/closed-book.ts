import type { Analysis, Result } from '../contract.ts'
import { grouped, rounded, type Scored, sampleKey, scored } from '../scores.ts'
import { mean } from '../stats.ts'

export const meta = {
  name: 'closed-book',
  summary: 'Scores by type of question without the questions that the reader answers with no text at all.',
  paper: 'Li et al. 2025, Long Context vs. RAG for LLMs, arXiv 2501.01880',
} as const

/** Nothing was handed on: the system `none` or `closed-book`, or a budget of 0. */
const isClosed = ({ system, budget }: Result): boolean =>
  /^(none|closed-book)(?:$|\()/.test(system) || /^0+(?:\.0+)?\s*%?$/.test(budget)

/** From this score on a question counts as known. */
const knownFrom = 0.5

const typeOf = ({ tags, cell }: Result): string => String(tags.type ?? tags.category ?? tags.ability ?? cell)
const average = (rows: readonly Scored[]): number => mean(rows.map(({ value }) => value))

const analysis: Analysis = (results, known) => {
  const read = scored(results, known).filter(({ result }) => result.reader !== 'none')
  const place = ({ result }: Scored): string => JSON.stringify([result.task, result.reader, sampleKey(result)])
  const closed = read.filter(({ result }) => isClosed(result))
  if (closed.length === 0) return undefined
  const tested = new Set(closed.map(place))
  const answered = new Set(closed.filter(({ value }) => value >= knownFrom).map(place))
  const open = read.filter((row) => !isClosed(row.result) && tested.has(place(row)))
  const rows = grouped(open, 'task', 'reader').flatMap(({ rows: ofReader }) =>
    [...Map.groupBy(ofReader, ({ result }) => typeOf(result))].flatMap(([type, ofType]) =>
      grouped(ofType, 'task', 'reader', 'system', 'budget').map(({ labels, rows: own }) => {
        const left = own.filter((row) => !answered.has(place(row)))
        return [
          labels[0]!,
          labels[1]!,
          type,
          labels[2]!,
          labels[3]!,
          rounded(average(own)),
          left.length === 0 ? '' : rounded(average(left)),
          own.length,
          left.length,
        ]
      }),
    ),
  )
  if (rows.length === 0) return undefined
  return {
    title: 'Without what the reader knows',
    columns: ['task', 'reader', 'type', 'system', 'budget', 'all', 'not known', 'questions', 'left'],
    rows,
    note: 'A question is left out for a reader that answers it with no text.',
  }
}

export default analysis

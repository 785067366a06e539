import { estimate, type Recommendation, type Result } from '../../../measure/index.ts'

/** The best systems first, by each of some scores (default: those that every row has), with intervals, as plain text. */
export function leaderboard(results: readonly Result[], wanted?: readonly string[]): string {
  if (results.length === 0) return 'no results'
  const names = wanted ?? mainScores(results)
  const blocks: string[] = []
  const cells = Map.groupBy(results, ({ cell, length, reader, budget }) =>
    [cell, length > 0 ? `${length} tokens` : '', `budget ${budget}`, reader === 'none' ? '' : reader]
      .filter(Boolean)
      .join(', '),
  )
  for (const [cell, rows] of cells) {
    const systems = [...Map.groupBy(rows, ({ system }) => system)].map(([system, own]) => ({
      system,
      scores: names.map((name) => {
        const values = own.flatMap(({ scores }) => (scores[name] === undefined ? [] : [scores[name]]))
        return values.length === 0 ? undefined : estimate(values)
      }),
    }))
    const used = names.map((_, index) => index).filter((index) => systems.some(({ scores }) => scores[index]))
    if (used.length === 0) continue
    systems.sort((one, other) => (other.scores[used[0]!]?.mean ?? -1) - (one.scores[used[0]!]?.mean ?? -1))
    const table = [
      ['', ...used.map((index) => names[index]!)],
      ...systems.map(({ system, scores }) => [
        system,
        ...used.map((index) => {
          const score = scores[index]
          return score
            ? `${percent(score.mean)} (${percent(score.low)} to ${percent(score.high)}, n=${score.count})`
            : '-'
        }),
      ]),
    ]
    blocks.push(`${cell}\n${aligned(table)}`)
  }
  return blocks.join('\n\n')
}

/** Answers kept by each setting that was tried on a folder, by budget; the recommended one is marked. */
export function settings({ rows, system, budget }: Recommendation): string {
  const budgets = [...new Set(rows.map((row) => row.budget))].sort((one, other) => Number(one) - Number(other))
  const table = [...Map.groupBy(rows, (row) => row.system)].map(([name, own]) => [
    name,
    ...budgets.map((tokens) => {
      const found = own.find((row) => row.budget === tokens)
      const mark = name === system && tokens === budget ? ' <' : ''
      return found ? `${percent(found.kept.mean)}${mark}` : '-'
    }),
  ])
  return `Answers kept, percent, by tokens handed on:\n${aligned([['', ...budgets], ...table])}`
}

const percent = (share: number): string => (100 * share).toFixed(1)

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) => `  ${row.map((text, column) => text.padEnd(widths[column]!)).join('  ')}`.trimEnd())
    .join('\n')
}

const preferred = [
  'references-said',
  'reference-said',
  'exact-match',
  'f1',
  'answer-kept',
  'recall@5',
  'characters-kept',
]

/** At most three scores that tell most. */
function mainScores(results: readonly Result[]): string[] {
  const there = new Set(results.flatMap(({ scores }) => Object.keys(scores)))
  const known = preferred.filter((name) => there.has(name))
  return (known.length > 0 ? known : [...there]).slice(0, 3)
}

import { estimate, type Recommendation, type Result } from '../../../measure/index.ts'

/** The best systems first, by each of some scores (default: those that tell most), with intervals, as plain text. */
export function leaderboard(results: Iterable<Result>, wanted?: readonly string[]): string {
  const cells = new Map<string, Map<string, Map<string, number[]>>>()
  for (const { cell, length, reader, budget, system, scores } of results) {
    const label = [cell, length > 0 ? `${length} tokens` : '', `budget ${budget}`, reader === 'none' ? '' : reader]
    const systems = within(cells, label.filter(Boolean).join(', '), () => new Map<string, Map<string, number[]>>())
    const own = within(systems, system, () => new Map<string, number[]>())
    for (const name in scores) within(own, name, (): number[] => []).push(scores[name]!)
  }
  if (cells.size === 0) return 'no results'
  const there = new Set(
    [...cells.values()].flatMap((systems) => [...systems.values()].flatMap((own) => [...own.keys()])),
  )
  const known = preferred.filter((name) => there.has(name))
  const names = wanted ?? (known.length > 0 ? known : [...there]).slice(0, 3)
  const blocks: string[] = []
  for (const [cell, own] of cells) {
    const systems = [...own].map(([system, scores]) => ({
      system,
      scores: names.map((name) => {
        const values = scores.get(name)
        return values === undefined ? undefined : estimate(values)
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

function within<Value>(values: Map<string, Value>, key: string, make: () => Value): Value {
  let value = values.get(key)
  if (value === undefined) values.set(key, (value = make()))
  return value
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

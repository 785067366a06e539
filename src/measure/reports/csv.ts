import { aggregate, type Group } from '../aggregate.ts'
import { losses, type Report, type ReportMeta } from '../contract.ts'

export const meta = {
  name: 'csv',
  summary:
    'A row for each aggregate: a score of a task, cell, length, system, budget and reader, over all seeds and of each.',
  ending: 'csv',
} as const satisfies ReportMeta

const columns = [
  ...[
    'task',
    'cell',
    'length',
    'system',
    'budget',
    'reader',
    'origin',
    'seed',
    'score',
    'main',
    'count',
    'mean',
    'low',
  ],
  ...['high', 'results', 'failures', 'tokens', 'calls', 'dollars', 'seconds', 'evidence', 'used'],
  ...losses.map((loss) => `lost: ${loss}`),
]

/** RFC 4180; what is not known is empty. */
const line = (values: readonly (string | number | undefined)[]): string => {
  const cells = values.map((value = '') => {
    const text = String(value)
    return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  })
  return `${cells.join(',')}\r\n`
}

function* rowsOf(group: Group): Generator<string> {
  const { task, cell, length, system, budget, reader, origin, seed = 'all', main, results, failures } = group
  const { spent, ledger } = group
  const place = [task, cell, length, system, budget, reader, origin, seed]
  // Costs are means over results, and losses are sums; both are those of the group, the same for all its scores.
  const costs = [
    spent.pack / results,
    spent.calls / results,
    spent.priced === 0 ? undefined : spent.dollars / spent.priced,
    spent.milliseconds / 1000 / results,
  ]
  const lost = losses.map((loss) => (ledger ? (ledger.lost[loss] ?? 0) : undefined))
  const rest = [results, failures, ...costs, ledger?.evidence, ledger?.used, ...lost]
  for (const [score, { count, mean, low, high }] of Object.entries(group.scores))
    yield line([...place, score, score === main ? 'yes' : 'no', count, mean, low, high, ...rest])
}

const report: Report = async function* (input) {
  const { groups, bySeed } = await aggregate(input, { bySeed: 'all', analyses: false })
  yield line(columns)
  for (const group of [...groups, ...bySeed]) yield [...rowsOf(group)].join('')
}
export default report

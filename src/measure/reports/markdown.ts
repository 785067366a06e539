import { aggregate, type Group, ledgerOf, overCells, type Summary } from '../aggregate.ts'
import { amountText, lengthText, originText, rangeText, scoreText } from '../aggregates/text.ts'
import { losses, type Report, type ReportMeta } from '../contract.ts'
import type { Estimate } from '../stats.ts'

export const meta = {
  name: 'markdown',
  summary: 'Tables for a page of documentation: leaderboards, scores by cell, length and budget, losses, analyses.',
  ending: 'md',
} as const satisfies ReportMeta

/** Rows of an analysis that fit a page of documentation. */
const mostRows = 40

/** Text as text: nothing in it is read as a mark. */
const plain = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\\`*_[\]|#~]/g, '\\$&')

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
const table = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  `${row(columns)}${row(columns.map((_, at) => (at === 0 ? '---' : '---:')))}${rows.map(row).join('')}\n`

interface Part {
  readonly budget: string
  readonly reader: string
  readonly heading: string
  readonly groups: readonly Group[]
}

/** Readers in turn, and budgets within each. */
function partsOf({ facts, groups }: Summary): Part[] {
  return facts.readers.flatMap(({ name, origin }) =>
    facts.budgets.flatMap((budget) => {
      const own = groups.filter((group) => group.reader === name && group.budget === budget)
      const who = name === 'none' ? 'no reader' : `read by ${plain(name)} (${origin})`
      return own.length === 0 ? [] : [{ budget, reader: name, heading: `Budget ${plain(budget)}, ${who}`, groups: own }]
    }),
  )
}

const systemsOf = (groups: readonly Group[], { facts }: Summary) =>
  facts.systems
    .flatMap(({ name, reference }) => {
      const own = groups.filter(({ system }) => system === name)
      const score = overCells(own)
      return score ? [{ name, own, score, text: reference ? `*${plain(name)}*` : plain(name) }] : []
    })
    .sort((one, other) => other.score.mean - one.score.mean)

function tablesOf(part: Part, summary: Summary, share: boolean): string {
  const { budget, reader, groups } = part
  const text = ({ mean, low, high }: Estimate): string => `${scoreText(mean, share)} (${rangeText(low, high, share)})`
  const systems = systemsOf(groups, summary)
  const standing = summary.standings.find(
    (one) => one.task === undefined && one.cell === undefined && one.budget === budget && one.reader === reader,
  )
  const cells = [...Map.groupBy(groups, ({ task, cell }) => JSON.stringify([task, cell])).keys()]
  const lines = systems.map(({ name, own, score, text: label }) => {
    const difference = standing?.others[name]
    const sign = difference && difference.mean > 0 ? '+' : ''
    const verdict = name === standing?.best ? 'best' : difference?.told === false ? 'not told apart' : ''
    const failures = own.reduce((sum, group) => sum + group.failures, 0)
    return [label, text(score), difference ? `${sign}${text(difference)}` : '–', verdict, failures.toLocaleString('en')]
  })
  const mean = cells.length === 1 ? 'Score' : `Mean of ${cells.length} cells`
  let out = `### ${part.heading}\n\n${table(['System', mean, 'Against the best', '', 'Failures'], lines)}`
  if (cells.length > 1) {
    const rows = cells.map((place) => {
      const [task, cell] = JSON.parse(place) as [string, string]
      const winner = summary.standings.find(
        (one) => one.task === task && one.cell === cell && one.budget === budget && one.reader === reader,
      )
      const scores = systems.map(({ name, own }) => {
        const score = overCells(own.filter((group) => group.task === task && group.cell === cell))
        if (!score) return '–'
        const value = scoreText(score.mean, share)
        if (name === winner?.best) return `**${value}**`
        return winner?.others[name]?.told === false ? `${value} ≈` : value
      })
      return [cell === task ? plain(cell) : `${plain(task)}: ${plain(cell)}`, ...scores]
    })
    out += table(['Cell', ...systems.map((one) => one.text)], rows)
  }
  const lengths = summary.facts.lengths.filter((length) => groups.some((group) => group.length === length))
  if (lengths.length > 1) {
    const over = systems.map(({ own, text: label }) => [
      label,
      ...lengths.map((length) => {
        const score = overCells(own.filter((group) => group.length === length))
        return score ? text(score) : '–'
      }),
    ])
    out += `By length:\n\n${table(['System', ...lengths.map(lengthText)], over)}`
  }
  const ledgers = systems.flatMap(({ own, text: label }) => {
    const ledger = ledgerOf(own)
    return ledger && ledger.evidence > 0 ? [{ label, ledger }] : []
  })
  if (ledgers.length > 0) {
    const stages = losses.filter((loss) => ledgers.some(({ ledger }) => (ledger.lost[loss] ?? 0) > 0))
    const end = reader === 'none' ? 'handed on' : 'used'
    const rows = ledgers.map(({ label, ledger: { evidence, lost, used } }) => {
      const shares = [...stages.map((stage) => lost[stage] ?? 0), used].map((count) =>
        scoreText(count / evidence, true),
      )
      return [label, evidence.toLocaleString('en'), ...shares]
    })
    const names = stages.map((stage) => (stage === 'unused' ? stage : `lost at ${stage}`))
    out += `Where evidence is lost, in percent of all pieces:\n\n${table(['System', 'pieces', ...names, end], rows)}`
  }
  return out
}

function budgetsOf(summary: Summary, share: boolean): string {
  const { facts } = summary
  if (facts.budgets.length < 2) return ''
  const parts = facts.readers.map(({ name, origin }) => {
    const own = summary.groups.filter(({ reader }) => reader === name)
    const rows = systemsOf(own, summary).map(({ own: mine, text }) => [
      text,
      ...facts.budgets.map((budget) => {
        const score = overCells(mine.filter((group) => group.budget === budget))
        return score ? `${scoreText(score.mean, share)} (${rangeText(score.low, score.high, share)})` : '–'
      }),
    ])
    const who = name === 'none' ? 'No reader' : `Read by ${plain(name)} (${origin})`
    return `### ${who}\n\n${table(['System', ...facts.budgets.map(plain)], rows)}`
  })
  return `## Score over budget\n\n${parts.join('')}`
}

function factsOf({ title, facts }: Summary): string {
  const { failures, unresolved } = facts
  const names = (list: readonly string[]): string => list.map(plain).join(', ')
  const lines = [
    `${facts.results.toLocaleString('en')} results of ${facts.samples.toLocaleString('en')} samples`,
    `Seeds: ${facts.seeds.join(', ')}`,
    ...(facts.tokenizers.length > 0 ? [`Tokenizer: ${names(facts.tokenizers)}`] : []),
    ...facts.tasks.map(({ name, mains }) => `Main score of ${plain(name)}: ${names(mains)}`),
    failures.length === 0 ? 'Failures: none' : `Failures, each counted as 0 where a reader was asked: ${facts.failed}`,
    ...failures.map(
      ({ code, count, message, systems }) => `  - ${plain(code)}: ${count} (${names([...systems])}): ${plain(message)}`,
    ),
    unresolved.length === 0
      ? 'Evidence that stands nowhere in the text: none'
      : 'Evidence that stands nowhere in the text:',
    ...unresolved.map(({ cell, pieces, samples }) => `  - ${plain(cell)}: ${pieces} in ${samples} samples`),
  ]
  const origins = [...new Set(facts.readers.map(({ origin }) => origin))].filter((origin) => origin !== 'model')
  const labels = origins.map((origin) => `> **${origin}**: ${originText(origin)}\n`)
  const list = lines.map((line) => (line.startsWith('  ') ? line : `- ${line}`)).join('\n')
  return `# ${plain(title)}\n\n${labels.length > 0 ? `${labels.join('>\n')}\n` : ''}${list}\n\n`
}

const report: Report = async function* (input) {
  const summary = await aggregate(input)
  const means = summary.groups.flatMap((group) => group.scores[group.main]?.mean ?? [])
  const share = means.every((mean) => mean >= 0 && mean <= 1)
  yield factsOf(summary)
  yield `## Leaderboards\n\nScores are means over cells, each counting the same${share ? ', in percent' : ''}, with 95% intervals. Reference lines are in *italics*. “Not told apart” and ≈: the interval of the paired difference to the best system holds zero, or fewer than six samples are shared.\n\n`
  for (const part of partsOf(summary)) yield tablesOf(part, summary, share)
  yield budgetsOf(summary, share)
  if (summary.analyses.length > 0) yield '## Analyses\n\n'
  for (const { table: found } of summary.analyses) {
    const rows = found.rows
      .slice(0, mostRows)
      .map((cells) => cells.map((value) => (typeof value === 'number' ? amountText(value) : plain(value))))
    const cut =
      found.rows.length > mostRows
        ? `The first ${mostRows} of ${found.rows.length} rows; the JSON report has all.\n\n`
        : ''
    yield `### ${plain(found.title)}\n\n${found.note ? `${plain(found.note)}\n\n` : ''}${table(found.columns.map(plain), rows)}${cut}`
  }
}
export default report

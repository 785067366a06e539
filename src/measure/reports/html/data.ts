import { type Group, overCells, type Split, type Summary } from '../../aggregate.ts'
import { losses } from '../../contract.ts'
import type { Estimate } from '../../stats.ts'
import type {
  Choice,
  Columns,
  GroupRow,
  PageData,
  ScoreRow,
  SeedRow,
  ShownSample,
  SplitRow,
  StandingRow,
} from './types.ts'

/** Rows of one kind that a page holds; what is above it is left out budget by budget, and named. */
const mostRows = 24_000

const short = (value: number): number => Math.round(value * 10_000) / 10_000
const shorter = ({ mean, low, high, count }: Estimate): Estimate => ({
  mean: short(mean),
  low: short(low),
  high: short(high),
  count,
})

export function columnsOf<Row extends object>(rows: readonly Row[]): Columns<Row> {
  const names = rows.length === 0 ? [] : (Object.keys(rows[0]!) as (keyof Row)[])
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])) as object as Columns<Row>
}

interface Place {
  readonly budget: string
  readonly reader: string
}
const pairOf = ({ budget, reader }: Place): string => JSON.stringify([budget, reader])

/** Pairs of budget and reader that the page shows, those of most results first, and those for which there is no room. */
function pairsOf({ groups, splits }: Summary): { shown: ReadonlySet<string>; left: string[] } {
  const weights = new Map<string, { results: number; rows: number }>()
  for (const list of [groups, splits])
    for (const row of list) {
      const pair = pairOf(row)
      const known = weights.get(pair) ?? { results: 0, rows: 0 }
      known.rows++
      if ('results' in row) known.results += row.results
      weights.set(pair, known)
    }
  const order = [...weights].sort((one, other) => other[1].results - one[1].results)
  const shown = new Set<string>()
  const left: string[] = []
  let rows = 0
  for (const [pair, weight] of order) {
    rows += weight.rows
    if (shown.size === 0 || rows <= 2 * mostRows) shown.add(pair)
    else left.push((JSON.parse(pair) as string[]).join(' by '))
  }
  return { shown, left }
}

export function pageData(
  summary: Summary,
  samples: readonly ShownSample[],
): { data: PageData; left: readonly string[] } {
  const { facts, standings } = summary
  const { shown, left } = pairsOf(summary)
  const isShown = (row: Place): boolean => shown.has(pairOf(row))
  const groups = summary.groups.filter(isShown)
  const splits = summary.splits.filter(isShown)
  const at = (names: readonly string[]): ((name: string) => number) => {
    const places = new Map(names.map((name, place) => [name, place]))
    return (name) => places.get(name) ?? -1
  }
  const tasks = facts.tasks.map(({ name }) => name)
  const cells = facts.tasks.flatMap((task, number) => task.cells.map((name) => ({ task: number, name })))
  const task = at(tasks)
  const cellPlace = at(cells.map((cell) => JSON.stringify([tasks[cell.task], cell.name])))
  const cell = (of: string, name: string): number => cellPlace(JSON.stringify([of, name]))
  const system = at(facts.systems.map(({ name }) => name))
  const budget = at(facts.budgets)
  const reader = at(facts.readers.map(({ name }) => name))
  const tags = [...new Set(splits.map(({ tag }) => tag))].sort()
  const tag = at(tags)
  const scores = [...new Set(groups.flatMap((group) => Object.keys(group.scores)))]
  const place = (row: Place & { readonly system: string }) => ({
    system: system(row.system),
    budget: budget(row.budget),
    reader: reader(row.reader),
  })
  const splitRow = (row: Split): SplitRow => ({
    task: task(row.task),
    tag: tag(row.tag),
    value: row.value,
    order: row.order,
    length: row.length ?? 0,
    ...place(row),
    ...shorter(row.estimate),
  })
  const groupRow = (group: Group): GroupRow => {
    const { ledger, spent } = group
    const lost = losses.map((loss) => ledger?.lost[loss] ?? 0)
    return {
      cell: cell(group.task, group.cell),
      length: group.length,
      ...place(group),
      ...shorter(group.scores[group.main] ?? { mean: 0, low: 0, high: 0, count: 0 }),
      results: group.results,
      failures: group.failures,
      evidence: ledger?.evidence ?? 0,
      used: ledger?.used ?? 0,
      lost: lost.some((count) => count > 0) ? lost : 0,
      tokens: spent.pack,
      calls: spent.calls,
      dollars: Math.round(spent.dollars * 1e6) / 1e6,
      priced: spent.priced,
      milliseconds: Math.round(spent.milliseconds),
    }
  }
  const standingRow = (standing: Summary['standings'][number]): StandingRow => ({
    task: standing.task === undefined ? -1 : task(standing.task),
    cell: standing.cell === undefined ? -1 : cell(standing.task!, standing.cell),
    budget: budget(standing.budget),
    reader: reader(standing.reader),
    best: system(standing.best),
    others: Object.entries(standing.others).map(([name, { mean, low, high, count, told }]) => [
      system(name),
      short(mean),
      short(low),
      short(high),
      count,
      told ? 1 : 0,
    ]),
  })
  const means = groups.flatMap((group) => group.scores[group.main]?.mean ?? [])
  const data: PageData = {
    tasks,
    cells,
    systems: facts.systems,
    budgets: facts.budgets,
    readers: facts.readers,
    tags,
    scores,
    losses,
    share: means.every((mean) => mean >= 0 && mean <= 1),
    groups: columnsOf(groups.map(groupRow)),
    standings: standings.filter(isShown).map(standingRow),
    splits: columnsOf(splits.filter((row) => row.tag !== 'depth').map(splitRow)),
    depths: columnsOf(splits.filter((row) => row.tag === 'depth').map(splitRow)),
    board: columnsOf(boardOf(groups, tasks, scores, place)),
    seeds: seedsOf(summary.bySeed.filter(isShown), place),
    samples,
    first: firstOf(groups, facts.budgets.map(String), place),
  }
  return { data, left }
}

type PlaceOf = (row: Place & { readonly system: string }) => Pick<ScoreRow, 'system' | 'budget' | 'reader'>

/** Every score as a mean over cells, of all tasks (-1) and of each. */
function boardOf(
  groups: readonly Group[],
  tasks: readonly string[],
  scores: readonly string[],
  place: PlaceOf,
): ScoreRow[] {
  const rows: ScoreRow[] = []
  const byChoice = Map.groupBy(groups, (group) => JSON.stringify([group.system, group.budget, group.reader]))
  for (const own of byChoice.values())
    for (let task = -1; task < tasks.length; task++) {
      const part = task < 0 ? own : own.filter((group) => group.task === tasks[task])
      if (tasks.length === 1 && task === 0) continue
      for (const [score, name] of scores.entries()) {
        const having = part.filter((group) => group.scores[name])
        const estimate = overCells(having, name)
        if (estimate) rows.push({ task, ...place(own[0]!), score, ...shorter(estimate) })
      }
    }
  return rows
}

function seedsOf(groups: readonly Group[], place: PlaceOf): SeedRow[] {
  const bySeed = Map.groupBy(groups, (group) => JSON.stringify([group.system, group.budget, group.reader, group.seed]))
  return [...bySeed.values()].flatMap((own) => {
    const estimate = overCells(own)
    return estimate ? [{ ...place(own[0]!), seed: own[0]!.seed!, mean: short(estimate.mean) }] : []
  })
}

/** What the page shows when it is opened: the middle budget and the reader of most results. */
function firstOf(groups: readonly Group[], budgets: readonly string[], place: PlaceOf): Choice {
  const pairs = [...Map.groupBy(groups, pairOf).values()].map((own) => {
    const { budget, reader } = place(own[0]!)
    const results = own.reduce((sum, group) => sum + group.results, 0)
    return { budget, reader, results, off: Math.abs(budget - (budgets.length - 1) / 2) }
  })
  pairs.sort((one, other) => other.results - one.results || one.off - other.off || one.reader - other.reader)
  const { budget = 0, reader = 0 } = pairs[0] ?? {}
  return { task: -1, budget, reader }
}

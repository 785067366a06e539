// The page carries these functions as they are: they refer to nothing outside but types and each other.
import { meanOf } from '../../aggregates/mean.ts'
import type { Estimate } from '../../stats.ts'
import type { Choice, Columns, GroupRow, Model, PageData, StandingRow } from './types.ts'

export function rowsOf<Row>(columns: Columns<Row>): Row[] {
  const names = Object.keys(columns) as (keyof Row)[]
  const rows: Row[] = []
  const count = names.length === 0 ? 0 : columns[names[0]!].length
  for (let at = 0; at < count; at++) {
    const row = {} as Row
    for (const name of names) row[name] = columns[name][at]!
    rows.push(row)
  }
  return rows
}

export function modelOf(data: PageData): Model {
  const { groups, splits, depths, board } = data
  return { ...data, groups: rowsOf(groups), splits: rowsOf(splits), depths: rowsOf(depths), board: rowsOf(board) }
}

export function cellText(model: Model, cell: number): string {
  const { task, name } = model.cells[cell]!
  const same = model.cells.filter((other) => other.name === name).length > 1
  return same ? `${model.tasks[task]} · ${name}` : name
}

/** Rows of a task, or of all; a budget or reader of -1 takes all. */
export function chosenRows(model: Model, { task, budget, reader }: Choice): GroupRow[] {
  return model.groups.filter(
    (row) =>
      (task < 0 || model.cells[row.cell]!.task === task) &&
      (budget < 0 || row.budget === budget) &&
      (reader < 0 || row.reader === reader),
  )
}

/** The mean over cells, each the mean over its lengths. */
export function meanOverCells(rows: readonly GroupRow[]): Estimate | undefined {
  const cells = Map.groupBy(
    rows.filter(({ count }) => count > 0),
    ({ cell }) => cell,
  )
  return meanOf([...cells.values()].flatMap((list) => meanOf(list) ?? []))
}

export interface Line {
  readonly system: number
  readonly overall: Estimate
  readonly cells: ReadonlyMap<number, Estimate>
  readonly failures: number
  /** Share of the cells and lengths of the choice that it has. */
  readonly covered: number
}

/** Systems of a choice with their scores, the best first. */
export function leaderboard(
  model: Model,
  choice: Choice,
): { readonly cells: readonly number[]; readonly lines: readonly Line[] } {
  const rows = chosenRows(model, choice).filter(({ count }) => count > 0)
  const strata = new Set(rows.map(({ cell, length }) => `${cell} ${length}`)).size
  const lines = [...Map.groupBy(rows, ({ system }) => system)].map(([system, own]) => ({
    system,
    overall: meanOverCells(own)!,
    cells: new Map([...Map.groupBy(own, ({ cell }) => cell)].map(([cell, list]) => [cell, meanOf(list)!])),
    failures: own.reduce((sum, { failures }) => sum + failures, 0),
    covered: own.length / strata,
  }))
  lines.sort((one, other) => other.overall.mean - one.overall.mean || one.system - other.system)
  return { cells: [...new Set(rows.map(({ cell }) => cell))].sort((one, other) => one - other), lines }
}

/** Who is best of a choice; of a cell, where one is given. */
export function standingOf(model: Model, choice: Choice, cell = -1): StandingRow | undefined {
  return model.standings.find(
    (row) =>
      row.cell === cell &&
      row.budget === choice.budget &&
      row.reader === choice.reader &&
      (cell >= 0 || row.task === choice.task),
  )
}

/** Rows of a choice by cell, for small drawings side by side. */
export function byCell(model: Model, choice: Choice): { readonly name: string; readonly rows: readonly GroupRow[] }[] {
  return [...Map.groupBy(chosenRows(model, choice), ({ cell }) => cell)]
    .sort(([one], [other]) => one - other)
    .map(([cell, rows]) => ({ name: cellText(model, cell), rows }))
}

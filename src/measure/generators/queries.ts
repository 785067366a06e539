import { pick } from '../random.ts'
import { cellMark } from '../rows.ts'
import type { Domain, Row, Seat } from './tables.ts'

export const queries = ['max', 'min', 'count', 'average', 'sum', 'group', 'join', 'filter', 'sort'] as const
export type QueryKind = (typeof queries)[number]

export interface Tables {
  readonly rows: readonly Row[]
  readonly seats: readonly Seat[]
}
export interface Query {
  readonly kind: QueryKind
  readonly question: string
  readonly cue: string
  /** Rows of the answer, each in all its forms. */
  run(tables: Tables): string[][]
}

/** Most rows of an answer that lists names. */
const mostRows = 12
const listed = 5
const byAmount = (one: Row, other: Row): number =>
  other.amount - one.amount || (one.name < other.name ? -1 : one.name > other.name ? 1 : 0)

const oneRow = 'Give one row per line and nothing else.'
const alone = 'Give the number alone.'

/** The `count`th largest amount of some rows, so that no more than about that many are above it. */
const threshold = (rows: readonly Row[], count: number): number =>
  rows.length === 0 ? 0 : rows.toSorted(byAmount)[Math.min(count, rows.length) - 1]!.amount - 1

const extreme = (rows: readonly Row[], sign: 1 | -1): string[][] => {
  if (rows.length === 0) return []
  const best = rows.reduce((most, { amount }) => Math.max(most, sign * amount), Number.NEGATIVE_INFINITY)
  return [rows.filter(({ amount }) => sign * amount === best).map(({ name }) => name)]
}

/** A query over the tables of a domain whose answer is not empty. */
export function makeQuery(kind: QueryKind, domain: Domain, { rows }: Tables, random: () => number): Query {
  const { many, group: column, amount, seat: seatColumn } = domain
  const group = pick(rows, random).group
  const own = (row: Row): boolean => row.group === group
  const limit = threshold(rows.filter(own), mostRows)
  const among = `${many} of the ${column} ${group}`
  const total = (tables: Tables): number => tables.rows.filter(own).reduce((sum, row) => sum + row.amount, 0)
  switch (kind) {
    case 'max':
    case 'min':
      return {
        kind,
        question: `Of all ${many} in the text, which has the ${kind === 'max' ? 'highest' : 'lowest'} ${amount}?`,
        cue: 'Give its name alone.',
        run: (tables) => extreme(tables.rows, kind === 'max' ? 1 : -1),
      }
    case 'count':
      return {
        kind,
        question: `How many ${among} are there in the text?`,
        cue: alone,
        run: (tables) => [[String(tables.rows.filter(own).length)]],
      }
    case 'sum':
      return {
        kind,
        question: `What is the sum of the ${amount} over all ${among} in the text?`,
        cue: alone,
        run: (tables) => [[String(total(tables))]],
      }
    case 'average':
      return {
        kind,
        question: `What is the average ${amount} over all ${among} in the text, rounded to two decimals?`,
        cue: alone,
        run: (tables) => [[(total(tables) / Math.max(1, tables.rows.filter(own).length)).toFixed(2)]],
      }
    case 'group':
      return {
        kind,
        question: `How many ${many} are there in the text for each ${column}?`,
        cue: `${oneRow} A row is the ${column}, a bar and the number.`,
        run: (tables) =>
          [...Map.groupBy(tables.rows, (row) => row.group)].map(([name, found]) => [
            `${name}${cellMark}${found.length}`,
          ]),
      }
    case 'join':
      return {
        kind,
        question: `Which ${among} have a ${amount} above ${limit}, and what is the ${seatColumn} of that ${column}?`,
        cue: `${oneRow} A row is the name, a bar and the ${seatColumn}.`,
        run(tables) {
          const seatOf = new Map(tables.seats.map(({ group: name, seat }) => [name, seat]))
          return tables.rows
            .filter((row) => own(row) && row.amount > limit && seatOf.has(row.group))
            .map((row) => [`${row.name}${cellMark}${seatOf.get(row.group)}`])
        },
      }
    case 'filter':
      return {
        kind,
        question: `Which ${among} have a ${amount} above ${limit}?`,
        cue: `${oneRow} A row is a name.`,
        run: (tables) => tables.rows.filter((row) => own(row) && row.amount > limit).map(({ name }) => [name]),
      }
    case 'sort':
      return {
        kind,
        question: `Which ${listed} ${many} in the text have the highest ${amount}, in falling order? Sort those that have the same by name.`,
        cue: `${oneRow} A row is a name.`,
        run: (tables) =>
          tables.rows
            .toSorted(byAmount)
            .slice(0, listed)
            .map(({ name }) => [name]),
      }
  }
}

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
  /** The same as the body of a JavaScript function of `tables`, whose rows are instances of `rowClasses`. */
  readonly program: string
}

/** The tables as classes, as a model would write them. */
export const rowClasses = `class Row:
    name: str
    group: str
    amount: float`
export const seatClasses = `class Seat:
    group: str
    seat: str`

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
  const ownRows = `const own = tables.Row.filter((row) => row.group === ${JSON.stringify(group)})\n`
  const best = (
    compare: string,
  ): string => `const most = tables.Row.reduce((found, { amount }) => (found === undefined || amount ${compare} found ? amount : found), undefined)
const found = tables.Row.find(({ amount }) => amount === most)
return found ? { answer: found.name, records: [found] } : 'none'`
  const total = (tables: Tables): number => tables.rows.filter(own).reduce((sum, row) => sum + row.amount, 0)
  switch (kind) {
    case 'max':
    case 'min':
      return {
        kind,
        question: `Of all ${many} in the text, which has the ${kind === 'max' ? 'highest' : 'lowest'} ${amount}?`,
        cue: 'Give its name alone.',
        run: (tables) => extreme(tables.rows, kind === 'max' ? 1 : -1),
        program: best(kind === 'max' ? '>' : '<'),
      }
    case 'count':
      return {
        kind,
        question: `How many ${among} are there in the text?`,
        cue: alone,
        run: (tables) => [[String(tables.rows.filter(own).length)]],
        program: `${ownRows}return { answer: String(own.length), records: own }`,
      }
    case 'sum':
      return {
        kind,
        question: `What is the sum of the ${amount} over all ${among} in the text?`,
        cue: alone,
        run: (tables) => [[String(total(tables))]],
        program: `${ownRows}return { answer: String(own.reduce((sum, { amount }) => sum + amount, 0)), records: own }`,
      }
    case 'average':
      return {
        kind,
        question: `What is the average ${amount} over all ${among} in the text, rounded to two decimals?`,
        cue: alone,
        run: (tables) => [[(total(tables) / Math.max(1, tables.rows.filter(own).length)).toFixed(2)]],
        program: `${ownRows}const total = own.reduce((sum, { amount }) => sum + amount, 0)
return { answer: (total / Math.max(1, own.length)).toFixed(2), records: own }`,
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
        program: `const counts = new Map()
for (const { group } of tables.Row) counts.set(group, (counts.get(group) ?? 0) + 1)
return [...counts].map(([group, count]) => group + ${JSON.stringify(cellMark)} + count).join('\\n') || 'none'`,
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
        program: `${ownRows}const seats = new Map(tables.Seat.map(({ group, seat }) => [group, seat]))
const records = own.filter(({ group, amount }) => amount > ${limit} && seats.has(group))
return { answer: records.map(({ name, group }) => name + ${JSON.stringify(cellMark)} + seats.get(group)).join('\\n') || 'none', records }`,
      }
    case 'filter':
      return {
        kind,
        question: `Which ${among} have a ${amount} above ${limit}?`,
        cue: `${oneRow} A row is a name.`,
        run: (tables) => tables.rows.filter((row) => own(row) && row.amount > limit).map(({ name }) => [name]),
        program: `${ownRows}const records = own.filter(({ amount }) => amount > ${limit})
return { answer: records.map(({ name }) => name).join('\\n') || 'none', records }`,
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
        program: `const records = tables.Row.slice()
  .sort((one, other) => other.amount - one.amount || (one.name < other.name ? -1 : one.name > other.name ? 1 : 0))
  .slice(0, ${listed})
return { answer: records.map(({ name }) => name).join('\\n') || 'none', records }`,
      }
  }
}

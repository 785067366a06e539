import { answersIn } from './answers.ts'
import { numeralsIn, sameNumber } from './numbers.ts'
import { harmonic } from './words.ts'

/** What parts the cells of a row. */
export const cellMark = ' | '

/** What stands before an item of a list: a bullet or its number. */
const bullet = /^\s*(?:[-*\u2022]\s+|\(?\d{1,4}[.)]\s+)/

/**
 * Rows of an answer: its lines, without bullets, headings that end in a colon and rules of tables; where there is one line
 * alone, what stands between semicolons, or between commas where rows are `single` cells.
 */
export function rowsOf(said: string, single: boolean): string[] {
  const lines = said
    .split('\n')
    .map((line) => line.replace(bullet, '').trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line) && !line.endsWith(':'))
  if (lines.length !== 1) return lines
  const [line] = lines as [string]
  const mark = line.includes(';') || !single ? /;/ : /,(?!\d{3}(?!\d))|\band\b/
  return line.split(mark).filter((part) => /[\p{L}\p{N}]/u.test(part))
}

const number = /^[-+]?\d[\d,]*(\.\d+)?$/

/** Whether a row holds all cells: words as whole words, numbers by their value. */
function rowTest(row: string): (form: string) => boolean {
  const holds = answersIn(row)
  const numbers = numeralsIn(row)
  return (form) =>
    form
      .split(cellMark.trim())
      .map((cell) => cell.trim())
      .every((cell) => {
        if (!number.test(cell)) return holds([cell])
        const [gold] = numeralsIn(cell)
        return numbers.some((numeral) => sameNumber(numeral, gold!))
      })
}

/** For each row that was said, the wanted row that it is, by number, or -1; none is taken twice. */
function matched(said: readonly string[], wanted: readonly (readonly string[])[]): number[] {
  const left = new Set(wanted.keys())
  return said.map((row) => {
    const holds = rowTest(row)
    for (const index of left)
      if (wanted[index]!.some(holds)) {
        left.delete(index)
        return index
      }
    return -1
  })
}

/** Most numbers that can be kept of a list so that they go up. */
function longestRise(values: readonly number[]): number {
  const ends: number[] = []
  for (const value of values) {
    const at = ends.findIndex((end) => end >= value)
    ends[at === -1 ? ends.length : at] = value
  }
  return ends.length
}

/**
 * F1 over rows, each wanted in any one of its forms, whose cells are parted by a bar. `ordered`: only rows that come in the
 * order wanted count. Maekawa et al. 2024, HoloBench, arXiv 2410.11996, whose judge labels each row; here rows are compared.
 */
export function rowF1(said: string, wanted: readonly (readonly string[])[], ordered = false): number {
  const single = wanted.every((forms) => forms.every((form) => !form.includes(cellMark.trim())))
  const rows = rowsOf(said, single)
  if (rows.length === 0 || wanted.length === 0) return rows.length === wanted.length ? 1 : 0
  const found = matched(rows, wanted).filter((index) => index !== -1)
  const right = ordered ? longestRise(found) : found.length
  return harmonic(right / rows.length, right / wanted.length)
}

/** F1 of two sets. */
export function setF1<Value>(said: Iterable<Value>, wanted: Iterable<Value>): number {
  const [one, other] = [new Set(said), new Set(wanted)]
  if (one.size === 0 || other.size === 0) return one.size === other.size ? 1 : 0
  const right = [...one].filter((value) => other.has(value)).length
  return harmonic(right / one.size, right / other.size)
}

import { harmonic } from '../../words.ts'
import { linesOf } from './steps.ts'

const articles = /\b(a|an|the)\b/g
const marks = /[!-/:-@[-`{-~]/g

/** A cell as the paper compares it: lower case, without ASCII signs, articles and white space. */
export const cellOf = (text: string): string =>
  text.toLowerCase().replace(marks, '').replace(articles, ' ').replace(/\s+/g, '')

const ends = (text: string): string => text.replace(/^[ \r\n]+|[ \r\n]+$/g, '')

/** Rows of a table of tab-separated values, its header first; a cell in quotation marks may hold line breaks. */
export function rowsOf(table: string): string[][] {
  const text = ends(table).replaceAll('\r\n', '\n')
  const rows: string[][] = [[]]
  const cell = /"((?:[^"]|"")*)"(?=[\t\n]|$)|[^\t\n]*/y
  for (let at = 0; at <= text.length; ) {
    cell.lastIndex = at
    const [whole, quoted] = cell.exec(text)!
    rows.at(-1)!.push(quoted === undefined ? whole : quoted.replaceAll('""', '"'))
    at += whole.length
    if (text[at] === '\n') rows.push([])
    at++
  }
  return rows
}

/** The same rows as text. */
export const tableText = (rows: readonly (readonly string[])[]): string =>
  rows
    .map((row) => row.map((cell) => (/^"|[\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t'))
    .join('\n')

/** The table in a reply: what a fence marked `tsv` holds, else all of it. */
export const tableIn = (said: string): string =>
  ends(/```tsv[ \r]*\n?([\s\S]*?)(?:```|$)/.exec(said)?.[1] ?? said.replaceAll('```', ''))

/**
 * F1 over rows, in any order. Ye et al. 2025, LongProc, arXiv 2501.05414; theirs counts a row that stands there twice as
 * found by one, ours as often as it stands there, so that leaving out one of two equal rows costs too.
 */
export function scoreTable(gold: string, said: string): { f1: number; precision: number; recall: number } {
  const [header = [], ...wanted] = rowsOf(gold)
  const keys = (rows: readonly string[][]): string[] =>
    rows.map((row) => (row.length === header.length ? row.map(cellOf).join('\t') : `not ${header.length} cells`))
  const lines = linesOf(tableIn(said)).length === 0 ? [] : rowsOf(tableIn(said)).slice(1)
  // A last line of another width is a closing remark.
  if (lines.length > 0 && lines.at(-1)!.length !== header.length) lines.pop()
  const left = new Map<string, number>()
  for (const key of keys(wanted)) left.set(key, (left.get(key) ?? 0) + 1)
  let right = 0
  for (const [index, key] of keys(lines).entries()) {
    const held = left.get(key) ?? 0
    if (held === 0 || lines[index]!.length !== header.length) continue
    left.set(key, held - 1)
    right++
  }
  if (wanted.length === 0)
    return lines.length === 0 ? { f1: 1, precision: 1, recall: 1 } : { f1: 0, precision: 0, recall: 1 }
  const precision = lines.length === 0 ? 0 : right / lines.length
  const recall = right / wanted.length
  return { f1: harmonic(precision, recall), precision, recall }
}

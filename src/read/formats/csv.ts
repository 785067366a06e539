import Papa from 'papaparse'
import { messageOf } from '../../core/index.ts'
import type { Format, FormatMeta } from '../contract.ts'
import { OutlineBuilder } from '../outline.ts'
import { type Cut, cutLines, type Shape, textSources } from '../parts.ts'

export const meta = {
  name: 'csv',
  summary: 'Tables as text with commas, semicolons, tabs or bars: every row, and the row of column names.',
  extensions: ['csv', 'tsv', 'tab', 'psv'],
  mediaTypes: ['text/csv', 'text/tab-separated-values'],
  version: 1,
  streams: true,
} as const satisfies FormatMeta

const quote = 34
const most = { columns: 1000, characters: 10_000 }

/** Cuts after a row: a line end with an even number of quotes before it. */
const cutRows: Cut = (text, limit) => {
  let inside = false
  let last = -1
  for (let at = 0; at < limit; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) inside = !inside
    else if (code === 10 && !inside) last = at + 1
  }
  return last === -1 ? cutLines(text, limit) : last
}

interface Row {
  readonly start: number
  readonly end: number
}

/** The rows of a table with their offsets; `first` is called with the cells of the first. Returns false when a quote is never closed. */
function eachRow(text: string, delimiter: string, emit: (row: Row, cells: readonly string[]) => void): boolean {
  let start = 0
  let whole = true
  Papa.parse<string[]>(text, {
    delimiter,
    delimitersToGuess: [',', '\t', ';', '|'],
    step({ data, errors, meta }) {
      if (errors.some(({ code }) => code === 'MissingQuotes')) whole = false
      const end = meta.cursor
      if (data.length > 1 || data[0]?.trim()) emit({ start, end }, data)
      start = end
    },
  })
  return whole
}

/** Column names are words: no number, no empty table, nothing twice. */
function isHeader(cells: readonly string[]): boolean {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '')
  if (filled.length === 0 || filled.length < cells.length / 2) return false
  return !filled.some((cell) => /^[-+]?[\d.,\s]*\d[\d.,\s]*%?$/.test(cell)) && new Set(filled).size === filled.length
}

interface Columns {
  names?: readonly string[]
}

function shape(text: string, delimiter: string, columns: Columns, index: number): Shape & { whole: boolean } {
  const outline = new OutlineBuilder()
  const rows: Row[] = []
  let head: readonly string[] | undefined
  const whole = eachRow(text, delimiter, (row, cells) => {
    if (rows.length === 0 && index === 0 && isHeader(cells)) head = cells
    rows.push(row)
  })
  if (head && rows.length > 1 && head.length <= most.columns) {
    const names = head.map((name) => name.trim())
    if (names.join('').length <= most.characters) columns.names = names
  }
  const first = rows[0]
  if (first) outline.open('table', first.start, columns.names ? { detail: { columns: columns.names } } : {})
  for (const [at, { start, end }] of rows.entries())
    outline.add(at === 0 && head && rows.length > 1 ? 'header' : 'row', start, end)
  return { outline: outline.finish(rows.at(-1)?.end ?? text.length), whole }
}

/** Rows by lines, for tables whose quotes do not match. */
function shapeLines(text: string): Shape {
  const outline = new OutlineBuilder()
  outline.open('table', 0)
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline + 1
    if (text.slice(start, end).trim()) outline.add('row', start, end)
    start = end
  }
  return { outline: outline.finish(text.length) }
}

const read: Format = (input, context) => {
  const mediaType = /\.(tsv|tab)$/i.test(input.uri) ? 'text/tab-separated-values' : 'text/csv'
  const columns: Columns = {}
  let delimiter = mediaType === 'text/csv' ? '' : '\t'
  return textSources(
    input,
    context,
    mediaType,
    ({ text, part }) => {
      const malformed = (reason: string): Shape => {
        context.warn({
          code: 'malformed',
          uri: input.uri,
          message: `${input.uri}: ${reason}; it was read line by line`,
        })
        return shapeLines(text)
      }
      try {
        delimiter ||= guessDelimiter(text)
        const { whole, ...found } = shape(text, delimiter, columns, part?.index ?? 0)
        return whole ? found : malformed('a quote is never closed')
      } catch (error) {
        return malformed(messageOf(error))
      }
    },
    { cut: cutRows },
  )
}

/** The sign that parts the first rows into the same number of cells. */
function guessDelimiter(text: string): string {
  const { meta } = Papa.parse<string[]>(text.slice(0, 65_536), {
    preview: 10,
    skipEmptyLines: 'greedy',
    delimitersToGuess: [',', '\t', ';', '|'],
  })
  return meta.delimiter || ','
}

export default read

import { walkXml, type XmlHandler } from '../../adapters/xml.ts'
import type { ComposedCell, Composer } from '../../compose.ts'
import type { ReadContext, ReadInput } from '../../contract.ts'
import { cellText, type OfficePackage } from '../../ooxml.ts'
import { formatNumber } from './numbers.ts'
import type { SheetPart, Workbook } from './workbook.ts'

interface Cell {
  readonly column: number
  readonly name: string
  readonly text: string
  readonly words: boolean
}

/** Gaps between cells that are wider are not filled with empty cells. */
const widestGap = 32

/** Column from 0 of a cell's name such as `B7`, or -1. */
function columnOf(name: string): number {
  let column = 0
  let at = 0
  for (; at < name.length; at++) {
    const letter = name.charCodeAt(at) & 0xdf
    if (letter < 65 || letter > 90) break
    column = column * 26 + letter - 64
  }
  return at === 0 || at > 3 ? -1 : column - 1
}

function columnName(column: number): string {
  let name = ''
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name
  return name
}

/** Writes the rows of a sheet as they are read, pausing between pieces of the part. */
export function* readSheet(
  input: ReadInput,
  context: ReadContext,
  office: OfficePackage,
  workbook: Workbook,
  sheet: SheetPart,
  composer: Composer,
): Iterable<void> {
  const writer = new RowWriter(composer, sheet.name)
  let row = 0
  let cells: Cell[] = []
  let column = -1
  let name = ''
  let type = ''
  let style = -1
  let value = ''
  let inValue = false
  let phonetic = false
  const handler: XmlHandler = {
    open(element, attributes) {
      if (element === 'row') {
        row = Number(attributes.r ?? row + 1) || row + 1
        cells = []
        column = -1
      } else if (element === 'c') {
        const given = attributes.r
        const at = given === undefined ? -1 : columnOf(given)
        column = at === -1 ? column + 1 : at
        name = at === -1 ? `${columnName(column)}${row}` : given!
        type = attributes.t ?? 'n'
        style = attributes.s === undefined ? -1 : Number(attributes.s)
        value = ''
      } else if (element === 'v') inValue = true
      else if (element === 't') inValue = !phonetic
      else if (element === 'rPh') phonetic = true
    },
    close(element) {
      if (element === 'v' || element === 't') inValue = false
      else if (element === 'rPh') phonetic = false
      else if (element === 'c') {
        const text = cellText(show(value, type, style, workbook))
        if (text !== '') cells.push({ column, name, text, words: type !== 'n' && type !== 'd' && type !== 'b' })
      } else if (element === 'row' && cells.length > 0) writer.write(row, cells)
    },
    text(text) {
      if (inValue) value += text
    },
  }
  yield* walkXml(input, context, sheet.part, office.archive.stream(sheet.part), handler)
  writer.finish()
}

function show(value: string, type: string, style: number, workbook: Workbook): string {
  if (value === '') return ''
  switch (type) {
    case 's':
      return workbook.strings[Number(value)] ?? ''
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE'
    case 'n': {
      const number = Number(value)
      if (Number.isNaN(number)) return value
      return formatNumber(number, workbook.formats[Math.max(style, 0)], workbook.from1904)
    }
    case 'd':
      return value.replace(/T00:00(:00(\.0+)?)?Z?$/, '').replace('T', ' ')
    default:
      return value
  }
}

/**
 * Rows to tables. A row of one text cell in front of a table is its caption and stands alone; the first row of two or
 * more texts is the header. After an empty row, such a row over other columns begins a new table.
 */
class RowWriter {
  readonly #composer: Composer
  readonly #sheet: string
  #inTable = false
  #first = 0
  #last = 0
  #row = 0

  constructor(composer: Composer, sheet: string) {
    this.#composer = composer
    this.#sheet = sheet
  }

  write(row: number, given: readonly Cell[]): void {
    const cells = inOrder(given)
    const first = cells[0]!.column
    const last = cells.at(-1)!.column
    const gap = row > this.#row + 1
    this.#row = row
    const names = cells.length > 1 && cells.every(({ words }) => words)
    const moved = gap && names && (first !== this.#first || last !== this.#last)
    if (this.#inTable && moved) this.finish()
    if (!this.#inTable && cells.length === 1 && cells[0]!.words) {
      this.#composer.separate('\n')
      this.#composer.write(cells[0]!.text, { sheet: this.#sheet, cell: cells[0]!.name })
      this.#composer.separate('\n')
      return
    }
    const header = !this.#inTable && names
    if (!this.#inTable) {
      this.#composer.separate('\n\n')
      this.#composer.open('table')
      this.#inTable = true
      this.#first = first
      this.#last = last
    }
    this.#composer.row(this.#filled(cells), header)
  }

  finish(): void {
    if (!this.#inTable) return
    this.#composer.close()
    this.#composer.separate('\n\n')
    this.#inTable = false
  }

  /** The cells with empty ones between them, so that columns stay in line with the table's first row. */
  #filled(cells: readonly Cell[]): ComposedCell[] {
    const filled: ComposedCell[] = []
    let next = Math.min(this.#first, cells[0]!.column)
    for (const { column, name, text } of cells) {
      if (column - next <= widestGap) for (; next < column; next++) filled.push({ text: '' })
      filled.push({ text, place: { sheet: this.#sheet, cell: name } })
      next = column + 1
    }
    return filled
  }
}

function inOrder(cells: readonly Cell[]): readonly Cell[] {
  for (let at = 1; at < cells.length; at++)
    if (cells[at]!.column < cells[at - 1]!.column) return cells.toSorted((one, two) => one.column - two.column)
  return cells
}

import type { ComposedCell, Composer } from '../../compose.ts'
import { cellText, namesColumns } from '../../ooxml.ts'
import type { Block, Paragraph, Table, TableRow } from './body.ts'
import type { Numbering } from './numbering.ts'

interface Surroundings {
  readonly numbering: Numbering
  readonly notes: ReadonlyMap<string, readonly Block[]>
}

/** Writes the blocks of a document: a blank line between paragraphs, list items and rows on lines of their own. */
export function writeBlocks(composer: Composer, blocks: readonly Block[], around: Surroundings): void {
  let inList = false
  let inCode = false
  for (const block of blocks) {
    if (block.kind === 'table') {
      writeTable(composer, block, around)
      inList = inCode = false
      continue
    }
    const label = block.list ? around.numbering.label(block.list.id, block.list.depth) : ''
    const text = block.code ? block.text.trimEnd() : block.text.trim()
    if (text === '') {
      if (inCode && block.code) composer.separate('\n\n')
      continue
    }
    const place = { line: block.line }
    const heading = block.level !== undefined
    const item = block.list !== undefined && !heading
    composer.separate((inList && item) || (inCode && block.code) ? '\n' : '\n\n')
    inList = item
    inCode = block.code === true
    if (heading) {
      const title = label ? `${label} ${cellText(text)}` : cellText(text)
      composer.section(block.level, { title: stripNotes(title, block) })
      composer.write(label ? `${label} ${text}` : text, place)
    } else if (item) {
      const indent = '  '.repeat(Math.min(8, block.list?.depth ?? 0))
      composer.atom(`${indent}${label ? `${label} ` : ''}${text}`, place)
    } else composer.write(text, place)
    writeNotes(composer, block, around)
  }
}

const stripNotes = (title: string, { notes }: Paragraph): string =>
  notes.reduce((rest, { mark }) => rest.replace(mark, ''), title).trim()

/** The notes that a paragraph cites follow it. */
function writeNotes(composer: Composer, paragraph: Paragraph, around: Surroundings): void {
  for (const { key, mark } of paragraph.notes) {
    const blocks = around.notes.get(key)
    if (!blocks) continue
    const text = cellText(flatText(blocks))
    composer.separate('\n\n')
    if (text) composer.write(`${mark} ${text}`, { line: paragraph.line })
    composer.separate('\n\n')
  }
}

/** The text of blocks in a cell or note, without their structure. */
function flatText(blocks: readonly Block[]): string {
  return blocks
    .map((block) =>
      block.kind === 'paragraph'
        ? block.text
        : block.rows.map(({ cells }) => cells.map((cell) => flatText(cell.blocks)).join(' ')).join(' '),
    )
    .join(' ')
}

function firstLine(blocks: readonly Block[]): number | undefined {
  for (const block of blocks) {
    if (block.kind === 'paragraph') return block.line
    for (const row of block.rows) {
      const line = firstLine(row.cells.flatMap((cell) => cell.blocks))
      if (line !== undefined) return line
    }
  }
  return undefined
}

function noted(blocks: readonly Block[]): Paragraph[] {
  return blocks.flatMap((block) =>
    block.kind === 'paragraph'
      ? block.notes.length > 0
        ? [block]
        : []
      : block.rows.flatMap(({ cells }) => cells.flatMap((cell) => noted(cell.blocks))),
  )
}

function rowCells(row: TableRow): ComposedCell[] {
  const cells: ComposedCell[] = []
  for (const { blocks, columns } of row.cells) {
    const line = firstLine(blocks)
    cells.push({ text: cellText(flatText(blocks)), ...(line === undefined ? {} : { place: { line } }) })
    for (let column = 1; column < columns; column++) cells.push({ text: '' })
  }
  return cells
}

/** A table of one cell is a frame around text; any other is written row by row. */
function writeTable(composer: Composer, table: Table, around: Surroundings): void {
  const rows = table.rows.filter((row) => row.cells.length > 0)
  const only = rows.length === 1 && rows[0]!.cells.length === 1 ? rows[0]!.cells[0]! : undefined
  if (only) {
    writeBlocks(composer, only.blocks, around)
    return
  }
  const written = rows.map(rowCells)
  if (!written.some((cells) => cells.some(({ text }) => text !== ''))) return
  const headers = countHeaders(table, rows, written)
  composer.separate('\n\n')
  composer.open('table')
  written.forEach((cells, index) => {
    if (cells.some(({ text }) => text !== '')) composer.row(cells, index < headers)
  })
  composer.close()
  for (const paragraph of noted([table])) writeNotes(composer, paragraph, around)
  composer.separate('\n\n')
}

/** Rows that name the columns: those marked so, else a first row that the table's look marks out or that reads like names. */
function countHeaders(table: Table, rows: readonly TableRow[], written: readonly (readonly ComposedCell[])[]): number {
  const marked = rows.findIndex((row) => !row.header)
  if (marked !== 0) return marked === -1 ? 0 : marked
  if (rows.length < 2) return 0
  if (table.firstRow) return 1
  return namesColumns(written[0]!.map(({ text }) => text)) ? 1 : 0
}

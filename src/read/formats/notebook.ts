import type { Place } from '../../core/index.ts'
import { Composer } from '../compose.ts'
import type { Format, FormatMeta } from '../contract.ts'
import { readText } from '../parts.ts'
import { readError } from '../problems.ts'
import { cellsOf, type NotebookCell } from './notebook/cells.ts'

export const meta = {
  name: 'notebook',
  summary: 'Jupyter notebooks: each cell with its text outputs; headings in Markdown cells make sections.',
  extensions: ['ipynb'],
  mediaTypes: ['application/x-ipynb+json'],
  version: 1,
} as const satisfies FormatMeta

/** Most characters of one cell's outputs that are read. */
const longestOutput = 8000

interface Heading {
  readonly at: number
  readonly line: number
  readonly level: number
  readonly title: string
}

/** The lines of a Markdown cell that are headings, outside fences. */
function headings(source: string): Heading[] {
  const found: Heading[] = []
  let fence: string | undefined
  let at = 0
  for (const [index, text] of source.split('\n').entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1]
    const level = /^ {0,3}(#{1,6})(?=[ \t]|$)/.exec(text)?.[1]?.length
    if (mark && fence === undefined) fence = mark
    else if (mark && fence !== undefined && mark.startsWith(fence)) fence = undefined
    else if (level && fence === undefined) {
      const title = text
        .trim()
        .slice(level)
        .trim()
        .replace(/(?:^|[ \t])#+$/, '')
        .trim()
      found.push({ at, line: index + 1, level, title })
    }
    at += text.length + 1
  }
  return found
}

function writeCell(composer: Composer, cell: NotebookCell): void {
  const { source, outputs, number, kind } = cell
  const starts = kind === 'markdown' ? headings(source) : []
  const facts = { detail: { number, type: kind, ...(cell.language ? { language: cell.language } : {}) } }
  const bounds = [{ at: 0, line: 1, level: 0, title: '' }, ...starts]
  for (const [index, { at, line, level, title }] of bounds.entries()) {
    const piece = source.slice(at, bounds[index + 1]?.at).trimEnd()
    const first = index === bounds.length - 1 ? outputs : []
    if (piece.trim() === '' && first.length === 0) continue
    const skipped = piece.lastIndexOf('\n', piece.length - piece.trimStart().length) + 1
    const place: Place & { linear: boolean } = {
      cell: String(number),
      line: line + piece.slice(0, skipped).split('\n').length - 1,
      column: 1,
      linear: true,
    }
    composer.separate('\n\n')
    if (level > 0) composer.section(level, { title })
    composer.open('cell', facts)
    composer.write(piece.slice(skipped), place)
    for (const output of first) {
      composer.separate('\n\n')
      composer.write(output, { cell: String(number) })
    }
    composer.close()
  }
}

/** Cells in order, a blank line between; long outputs are cut with a warning `output-cut`. */
const read: Format = async function* (input, context) {
  const { text } = await readText(input, context)
  context.abortSignal?.throwIfAborted()
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw readError('corrupt', input, 'it is no JSON, so no notebook', 'check that it is whole', error)
  }
  const notebook = cellsOf(value, longestOutput)
  if (!notebook) throw readError('corrupt', input, 'it has no list of cells, so is no notebook', 'rename it to .json')
  const composer = new Composer(input, context, 'application/x-ipynb+json')
  const title =
    notebook.title ??
    notebook.cells
      .flatMap((cell) => (cell.kind === 'markdown' ? headings(cell.source) : []))
      .find(({ level, title: words }) => level === 1 && words)?.title
  if (title) composer.facts.title = title
  for (const cell of notebook.cells) writeCell(composer, cell)
  if (notebook.cut.length > 0)
    context.warn({
      code: 'output-cut',
      uri: input.uri,
      message: `${input.uri}: outputs longer than ${longestOutput} characters were cut in ${notebook.cut.length === 1 ? 'cell' : 'cells'} ${notebook.cut.slice(0, 10).join(', ')}${notebook.cut.length > 10 ? ' and others' : ''}`,
    })
  yield* composer.finish()
}

export default read

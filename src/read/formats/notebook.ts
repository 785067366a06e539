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

/** Offsets of the lines of a Markdown cell that are headings, outside fences. */
function headings(source: string): { readonly at: number; readonly level: number; readonly title: string }[] {
  const found: { at: number; level: number; title: string }[] = []
  let fence: string | undefined
  let at = 0
  for (const line of source.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    const heading = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/.exec(line)
    if (mark && fence === undefined) fence = mark
    else if (mark && fence !== undefined && mark.startsWith(fence)) fence = undefined
    else if (heading && fence === undefined)
      found.push({ at, level: heading[1]!.length, title: (heading[2] ?? '').trim() })
    at += line.length + 1
  }
  return found
}

const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length

function writeCell(composer: Composer, cell: NotebookCell): void {
  const { source, outputs, number, kind } = cell
  const starts = kind === 'markdown' ? headings(source) : []
  const facts = { detail: { number, type: kind, ...(cell.language ? { language: cell.language } : {}) } }
  const bounds = [{ at: 0, level: 0, title: '' }, ...starts]
  for (const [index, { at, level, title }] of bounds.entries()) {
    const piece = source.slice(at, bounds[index + 1]?.at).trimEnd()
    const first = index === bounds.length - 1 ? outputs : []
    if (piece.trim() === '' && first.length === 0) continue
    const skipped = /^(?:[ \t]*\n)*/.exec(piece)![0].length
    const place: Place & { linear: boolean } = {
      cell: String(number),
      line: lineAt(source, at + skipped),
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

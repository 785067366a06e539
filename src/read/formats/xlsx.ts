import { Composer } from '../compose.ts'
import type { Format, FormatMeta } from '../contract.ts'
import { openPackage } from '../ooxml.ts'
import { readSheet } from './xlsx/sheet.ts'
import { readWorkbook } from './xlsx/workbook.ts'

export const meta = {
  name: 'xlsx',
  summary: 'Excel workbooks: each sheet as tables of rows, values as Excel shows them, each cell traced to its name.',
  extensions: ['xlsx', 'xlsm', 'xltx', 'xltm'],
  mediaTypes: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  version: 1,
  magic: ['504b0304'],
  zipEntry: 'xl/workbook.xml',
} as const satisfies FormatMeta

/**
 * The text of a sheet is its rows, `cell | cell`; a formula gives its stored value, a merged area its value once, in its
 * first cell. Sheets stream: besides the text only the shared strings are held.
 */
const read: Format = async function* (input, context) {
  const office = await openPackage(input, context, meta.zipEntry)
  const workbook = readWorkbook(input, office, context)
  const composer = new Composer(input, context, meta.mediaTypes[0])
  Object.assign(composer.facts, office.facts)
  for (const sheet of workbook.sheets) {
    composer.separate('\n\n')
    composer.open('sheet', { title: sheet.name, ...(sheet.hidden ? { detail: { hidden: true } } : {}) })
    for (const _ of readSheet(input, context, office, workbook, sheet, composer)) yield* composer.ready()
    composer.close()
  }
  yield* composer.finish()
}

export default read

import { Composer } from '../compose.ts'
import type { Format, FormatMeta } from '../contract.ts'
import { openPackage } from '../ooxml.ts'
import { readBody, readNotes } from './docx/body.ts'
import { readNumbering } from './docx/numbering.ts'
import { readStyles } from './docx/styles.ts'
import { writeBlocks } from './docx/write.ts'

export const meta = {
  name: 'docx',
  summary: 'Word documents: sections by heading style or outline level, lists, tables as rows, footnotes where cited.',
  extensions: ['docx', 'docm', 'dotx', 'dotm'],
  mediaTypes: ['application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  version: 1,
  magic: ['504b0304'],
  zipEntry: 'word/document.xml',
} as const satisfies FormatMeta

/** `line` is the number of the paragraph in the document, those of tables and empty ones counted. */
const read: Format = async function* (input, context) {
  const office = await openPackage(input, context, meta.zipEntry)
  const relations = office.relationships(office.main)
  const part = (type: string): string =>
    relations.find((relation) => relation.type === type)?.target ?? `word/${type}.xml`
  const styles = readStyles(office, part('styles'))
  const numbering = readNumbering(office, part('numbering'))
  const notes = new Map([
    ...readNotes(office, part('footnotes'), 'footnote', styles),
    ...readNotes(office, part('endnotes'), 'endnote', styles),
  ])
  const composer = new Composer(input, context, meta.mediaTypes[0])
  Object.assign(composer.facts, office.facts)
  writeBlocks(composer, readBody(office, office.main, styles), { numbering, notes })
  yield* composer.finish()
}

export default read

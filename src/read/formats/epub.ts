import { openZip } from '../adapters/zip.ts'
import { Composer } from '../compose.ts'
import type { Format, FormatMeta } from '../contract.ts'
import { readError } from '../problems.ts'
import { readBook } from './epub/book.ts'
import { writeChapter } from './epub/chapter.ts'

export const meta = {
  name: 'epub',
  summary: 'EPUB books: chapters in reading order with the titles of the table of contents, sections by heading.',
  extensions: ['epub'],
  mediaTypes: ['application/epub+zip'],
  version: 1,
  magic: ['504b0304'],
  zipEntry: 'META-INF/container.xml',
} as const satisfies FormatMeta

/**
 * Each document of the spine that has text is a `chapter`; one named deeper in the table of contents lies in the one
 * before it. The table of contents itself is left out. `part` is the document's file, `line` the line in it.
 */
const read: Format = async function* (input, context) {
  const archive = await openZip(input, context)
  const book = readBook(input, archive, context)
  const composer = new Composer(input, context, meta.mediaTypes[0])
  Object.assign(composer.facts, book.facts)
  for (const { part, title, depth } of book.chapters) {
    context.abortSignal?.throwIfAborted()
    const bytes = archive.bytes(part)
    if (!bytes) {
      const message = `${input.uri}: the part ${part} is missing; the others were read`
      context.warn({ code: 'missing-part', uri: input.uri, message })
      continue
    }
    if (book.encrypted.has(part))
      throw readError('encrypted', input, 'its chapters are encrypted', 'use a copy without protection')
    writeChapter(composer, input, context, { part, depth, bytes, ...(title === undefined ? {} : { title }) })
    yield* composer.ready()
  }
  yield* composer.finish()
}

export default read

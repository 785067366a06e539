import { Composer } from '../compose.ts'
import type { Format, FormatMeta } from '../contract.ts'
import { hyphenated, makeBlocks, measureBody } from './pdf/blocks.ts'
import { bookmarkHeadings } from './pdf/bookmarks.ts'
import { findHeadings, type Heading } from './pdf/headings.ts'
import { judgeHeadings } from './pdf/judge.ts'
import { openPdf } from './pdf/open.ts'
import { withoutRunning } from './pdf/running.ts'
import { writePdf } from './pdf/write.ts'

export const meta = {
  name: 'pdf',
  summary:
    'PDF with a text layer: columns in reading order, running heads dropped, headings as a tree, pages as places.',
  extensions: ['pdf'],
  mediaTypes: ['application/pdf'],
  version: 1,
  magic: ['255044462d'],
} as const satisfies FormatMeta

/**
 * The text of a PDF, page by page, as paragraphs. The outline is the tree of its headings: the PDF's own bookmarks where
 * most of them are found in the text, else headings by order, fonts and numbers. A section may run over pages, so pages
 * are units only where there are no headings; `page` and `line` (in reading order on its page) are known of every line.
 * A word parted at the end of a line is made whole, and keeps its hyphen when the document has it so elsewhere.
 */
const read: Format = async function* (input, context) {
  const pdf = await openPdf(input, context)
  const pages = withoutRunning(pdf.pages)
  const body = measureBody(pages)
  const words = hyphenated(pages)
  const blocks = makeBlocks(pages, body)
  context.abortSignal?.throwIfAborted()
  let headings: Heading[] = bookmarkHeadings(pdf.bookmarks, blocks, words) ?? findHeadings(blocks, body, words)
  if (context.judgeHeading)
    headings = await judgeHeadings(headings, blocks, words, context.judgeHeading, context.abortSignal)
  const composer = new Composer(input, context, meta.mediaTypes[0])
  const { title, language, time } = pdf
  Object.assign(composer.facts, { ...(title ? { title } : {}), ...(language ? { language } : {}) })
  if (time !== undefined) composer.facts.time = time
  writePdf(composer, blocks, headings, words)
  yield* composer.finish()
}

export default read

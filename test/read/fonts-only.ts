import { blockText, makeBlocks, measureBody } from '../../src/read/formats/pdf/blocks.ts'
import { openPdf } from '../../src/read/formats/pdf/open.ts'
import { withoutRunning } from '../../src/read/formats/pdf/running.ts'
import { bytesInput, type ReadLimits } from '../../src/read/index.ts'
import type { Label } from './labelled.ts'

/** What fonts alone give: short blocks that are larger or bolder than the body are headings, levels by size and weight. */
export async function fontsOnly(bytes: Uint8Array, limits: ReadLimits): Promise<Label[]> {
  const pdf = await openPdf(bytesInput('a.pdf', bytes), { limits, warn: () => undefined })
  const pages = withoutRunning(pdf.pages)
  const body = measureBody(pages)
  const found = makeBlocks(pages, body)
    .filter((block) => block.size > body.size * 1.05 || (block.bold && !body.bold && block.size >= body.size))
    .map((block) => ({ text: blockText(block, new Set()), style: block.size + (block.bold ? 0.1 : 0) }))
    .filter(({ text }) => text.length <= 200)
  const styles = [...new Set(found.map(({ style }) => style))].sort((one, two) => two - one)
  return found.map(({ text, style }) => [styles.indexOf(style) + 1, text])
}

import type { Composer } from '../../compose.ts'
import { type Block, blockLines } from './blocks.ts'
import type { Heading } from './headings.ts'

/** Writes blocks with a blank line between them; sections from headings, or pages where there are none. */
export function writePdf(
  composer: Composer,
  blocks: readonly Block[],
  headings: readonly Heading[],
  words: ReadonlySet<string>,
): void {
  let next = 0
  let page = -1
  for (const [index, block] of blocks.entries()) {
    composer.separate('\n\n')
    const heading = headings[next]
    if (heading?.block === index) {
      composer.section(heading.level, { title: heading.title })
      next++
    }
    if (headings.length === 0 && block.page !== page) {
      if (page !== -1) composer.close()
      composer.open('page', { title: String(block.page) })
      page = block.page
    }
    for (const { text, join, line } of blockLines(block, words)) {
      if (join !== '') composer.separateBy(join)
      if (headings.length === 0 && line.page !== page) {
        composer.close()
        composer.open('page', { title: String(line.page) })
        page = line.page
      }
      composer.write(text, { page: line.page, line: line.line })
    }
  }
}

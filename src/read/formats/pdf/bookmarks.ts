import { type Block, blockText } from './blocks.ts'
import type { Heading } from './headings.ts'
import type { Bookmark } from './open.ts'

const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

/**
 * Bookmarks as headings, each at the block on its page that has its words, else at the first block below the place it
 * points to. Undefined when there are fewer than two, when they only count pages, or when less than half are found.
 */
export function bookmarkHeadings(
  bookmarks: readonly Bookmark[],
  blocks: readonly Block[],
  words: ReadonlySet<string>,
): Heading[] | undefined {
  if (bookmarks.length < 2 || bookmarks.every(({ title }) => /^(page|seite|slide)?\s*\d+$/i.test(title)))
    return undefined
  const byPage = new Map<number, number[]>()
  blocks.forEach((block, index) => {
    const list = byPage.get(block.page) ?? []
    byPage.set(block.page, list)
    list.push(index)
  })
  const headings: Heading[] = []
  let found = 0
  let last = -1
  for (const { title, level, page, y } of bookmarks) {
    const wanted = fold(title)
    const near = (byPage.get(page) ?? []).filter((index) => index > last)
    let at = near.find((index) => {
      const text = blocks[index]!.lines.length > 6 ? '' : fold(blockText(blocks[index]!, words))
      return (
        text !== '' &&
        (text === wanted ||
          (text.length < wanted.length * 2 && (text.endsWith(wanted) || wanted.endsWith(text)) && text.length > 3))
      )
    })
    if (at !== undefined) found++
    else if (y !== undefined) at = near.find((index) => blocks[index]!.lines[0]!.y <= y + blocks[index]!.size)
    if (at === undefined) continue
    headings.push({ block: at, blocks: 1, title, level })
    last = at
  }
  return found * 2 >= bookmarks.length ? headings : undefined
}

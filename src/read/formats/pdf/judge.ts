import type { HeadingJudge } from '../../contract.ts'
import { type Block, blockText } from './blocks.ts'
import type { Heading } from './headings.ts'

/** Asks a second opinion on each heading, in order; `parents` are the headings above it as judged so far. */
export async function judgeHeadings(
  headings: readonly Heading[],
  blocks: readonly Block[],
  words: ReadonlySet<string>,
  judge: HeadingJudge,
  abortSignal?: AbortSignal,
): Promise<Heading[]> {
  const judged: Heading[] = []
  const open: Heading[] = []
  for (const heading of headings) {
    abortSignal?.throwIfAborted()
    const block = blocks[heading.block]!
    const next = blocks[heading.block + heading.blocks]
    const parents = open.filter(({ level }) => level < heading.level).map(({ title }) => title)
    const { page, size: fontSize, bold } = block
    const { title: text, level } = heading
    const verdict = await judge({
      text,
      page,
      level,
      fontSize,
      bold,
      next: next ? blockText(next, words) : '',
      parents,
    })
    if (verdict === 'delete') continue
    const kept = verdict === 'keep' ? heading : { ...heading, level: Math.max(1, Math.round(verdict.level)) }
    while (open.length > 0 && open.at(-1)!.level >= kept.level) open.pop()
    open.push(kept)
    judged.push(kept)
  }
  return judged
}

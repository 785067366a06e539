import type { Pack, Passage } from '../core/index.ts'
import { oneLine, type Renderer, renderAll } from '../fit/index.ts'
import type { AskParts } from './contract.ts'

/** Each passage below a line with its number and place, such as `[3] docs/a.md#L3-L9`. */
export const numberedRenderer: Renderer = {
  before: '',
  between: '\n\n',
  after: '',
  item({ text, label }, index) {
    const head = `[${index + 1}] ${oneLine(label)}\n`
    return { text: head + text, body: head.length }
  },
}

/** A Pack of the best passages whose text numbers them, within the budget as numbered. */
export async function packNumbered(
  parts: AskParts,
  passages: readonly Passage[],
  budget: number,
  question: string,
  abortSignal?: AbortSignal,
): Promise<Pack> {
  const { counter } = parts
  for (let room = budget; ; ) {
    const pack = await parts.pack(passages, room, question, abortSignal)
    const items: { passage: Passage; text: string; label: string }[] = []
    for (const [index, passage] of pack.kept.entries())
      items.push({ passage, text: pack.text.slice(...pack.ranges[index]!), label: await parts.label(passage) })
    const { text, ranges } = renderAll(numberedRenderer, items)
    const count = counter.count(text)
    const margin = counter.margin(count)
    const over = count + margin - budget
    if (over <= 0 || room === 0) return { ...pack, budget, text, ranges, tokens: { ...pack.tokens, count, margin } }
    room = Math.max(0, room - over - 2)
  }
}

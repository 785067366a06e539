import type { OutlineNode } from '../../core/index.ts'
import type { Format, FormatMeta } from '../contract.ts'
import { type Shape, textSources } from '../parts.ts'
import { findTurns, isDialogue, turnPattern } from './dialogue/turns.ts'

export const meta = {
  name: 'dialogue',
  summary: 'Chats and interviews as plain text, `name: words` line by line, with the prefixes of WhatsApp and IRC too.',
  extensions: ['txt', 'text', 'log', 'chat'],
  mediaTypes: ['text/plain'],
  version: 1,
  streams: true,
  pattern: `^\\s*(?:${turnPattern}[^\\n]*\\n(?:[^\\n]*\\n){0,4}?){2}[ \\t]*${turnPattern}`,
} as const satisfies FormatMeta

/** Text that only begins like a dialogue is read as plain text. */
const read: Format = (input, context) => {
  let dialogue: boolean | undefined
  return textSources(input, context, 'text/plain', ({ text }): Shape => {
    const found = findTurns(text)
    dialogue ??= isDialogue(found)
    if (!dialogue) return {}
    const outline = found.turns.map(
      ({ start, end, speaker, time, clock }): OutlineNode => ({
        kind: 'turn',
        level: 1,
        start,
        end,
        detail: { speaker, ...(time === undefined ? {} : { time }), ...(clock ? { clock } : {}) },
      }),
    )
    const times = found.turns.flatMap(({ time }) => time ?? [])
    return { outline, ...(times.length > 0 ? { time: times.reduce((one, two) => Math.max(one, two)) } : {}) }
  })
}

export default read

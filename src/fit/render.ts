import type { Passage } from '../core/index.ts'
import type { Renderer } from './contract.ts'

/** The texts of the passages alone, a blank line between them. */
export const plainRenderer: Renderer = {
  before: '',
  between: '\n\n',
  after: '',
  item: ({ text }) => ({ text, body: 0 }),
}

/** Each passage below a line that names its place, such as `[docs/a.md#L3-L9]`. */
export const citedRenderer: Renderer = {
  before: '',
  between: '\n\n',
  after: '',
  item({ text, label }) {
    const head = `[${oneLine(label)}]\n`
    return { text: head + text, body: head.length }
  },
}

/** A label is one line, whatever a path holds. */
export const oneLine = (label: string): string => label.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')

/** The final text of some passages with the range of each one's own text; nothing renders to the empty text. */
export function renderAll(
  renderer: Renderer,
  items: readonly { readonly passage: Passage; readonly text: string; readonly label: string }[],
): { readonly text: string; readonly ranges: [number, number][] } {
  if (items.length === 0) return { text: '', ranges: [] }
  const ranges: [number, number][] = []
  let out = renderer.before
  items.forEach((rendered, index) => {
    if (index > 0) out += renderer.between
    const { text, body } = renderer.item(rendered, index)
    ranges.push([out.length + body, out.length + body + rendered.text.length])
    out += text
  })
  return { text: out + renderer.after, ranges }
}

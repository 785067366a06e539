import type { Format, FormatMeta } from '../contract.ts'
import { OutlineBuilder } from '../outline.ts'
import { textSources } from '../parts.ts'

export const meta = {
  name: 'gemtext',
  summary: 'Gemini pages: plain lines, with headings marked by #.',
  extensions: ['gmi', 'gemini'],
  mediaTypes: ['text/gemini'],
  version: 1,
} as const satisfies FormatMeta

const read: Format = (input, context) =>
  textSources(input, context, 'text/gemini', ({ text }) => {
    const outline = new OutlineBuilder()
    for (const { 1: marks, 2: title, index } of text.matchAll(/^(#{1,3}) +(.+)$/gm))
      outline.section(marks!.length, index, { title: title!.trim() })
    return { outline: outline.finish(text.length) }
  })
export default read

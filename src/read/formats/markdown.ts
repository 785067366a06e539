import type { Format, FormatMeta } from '../contract.ts'
import { textSources } from '../parts.ts'
import { scanMarkdown } from './markdown/scan.ts'

export const meta = {
  name: 'markdown',
  summary:
    'Markdown (CommonMark with tables and front matter): sections by heading; code, list items and rows kept whole.',
  extensions: ['md', 'markdown', 'mdown', 'mkd', 'mdx', 'rmd', 'qmd'],
  mediaTypes: ['text/markdown'],
  version: 1,
  streams: true,
} as const satisfies FormatMeta

const read: Format = (input, context) => textSources(input, context, 'text/markdown', ({ text }) => scanMarkdown(text))

export default read

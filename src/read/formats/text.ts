import type { Format, FormatMeta } from '../contract.ts'
import { textSources } from '../parts.ts'

export const meta = {
  name: 'text',
  summary: 'Plain text in any common encoding; the format of files that no other knows.',
  extensions: ['txt', 'text', 'log', 'rst', 'adoc', 'asciidoc', 'org', 'tex'],
  mediaTypes: ['text/plain'],
  version: 1,
  streams: true,
} as const satisfies FormatMeta

const read: Format = (input, context) => textSources(input, context, 'text/plain', () => ({}))

export default read

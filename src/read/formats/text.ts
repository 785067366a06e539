import type { Format, FormatMeta } from '../contract.ts'
import { textSources } from '../parts.ts'

export const meta = {
  name: 'text',
  summary: 'Plain text in any common encoding; the format of files that no other knows.',
  extensions: [
    ...['txt', 'text', 'log', 'rst', 'adoc', 'asciidoc', 'org', 'tex'],
    // Source code for which no grammar is at hand.
    ...[
      'kt',
      'kts',
      'swift',
      'lua',
      'sql',
      'r',
      'scala',
      'dart',
      'pl',
      'pm',
      'hs',
      'ex',
      'exs',
      'erl',
      'clj',
      'groovy',
    ],
    ...['gradle', 'vue', 'svelte', 'scss', 'sass', 'less', 'zig', 'nim', 'jl', 'm', 'mm', 'f90', 'vb', 'fs', 'ml'],
    ...['proto', 'graphql', 'tf', 'dockerfile', 'makefile', 'cmake'],
  ],
  mediaTypes: ['text/plain'],
  version: 1,
  streams: true,
} as const satisfies FormatMeta

const read: Format = (input, context) => textSources(input, context, 'text/plain', () => ({}))

export default read

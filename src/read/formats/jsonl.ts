import type { Format, FormatMeta } from '../contract.ts'
import { jsonLineSources } from '../json.ts'

export const meta = {
  name: 'jsonl',
  summary: 'JSON Lines: a row for each line.',
  extensions: ['jsonl', 'ndjson', 'jsonlines'],
  mediaTypes: ['application/jsonl', 'application/x-ndjson'],
  version: 1,
  streams: true,
} as const satisfies FormatMeta

const read: Format = (input, context) => jsonLineSources(input, context)

export default read

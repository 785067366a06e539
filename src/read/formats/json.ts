import type { Format, FormatMeta } from '../contract.ts'
import { jsonSources } from '../json.ts'

export const meta = {
  name: 'json',
  summary: 'JSON, with comments too: large members and items as sections, small ones kept whole.',
  extensions: ['json', 'jsonc', 'geojson', 'webmanifest', 'har'],
  mediaTypes: ['application/json'],
  version: 1,
  streams: true,
} as const satisfies FormatMeta

const read: Format = (input, context) => jsonSources(input, context)

export default read

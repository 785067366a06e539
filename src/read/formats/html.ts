import { makeSource } from '../../core/index.ts'
import type { Format, FormatMeta } from '../contract.ts'
import { isUtf8, markedEncoding } from '../encoding.ts'
import { htmlText } from '../html.ts'
import { checkSize } from '../limits.ts'
import { readText } from '../parts.ts'
import { readError } from '../problems.ts'

export const meta = {
  name: 'html',
  summary: 'Web pages: the main content, headings to sections, tables to rows, each run of text traced to the page.',
  extensions: ['html', 'htm', 'xhtml'],
  mediaTypes: ['text/html', 'application/xhtml+xml'],
  version: 1,
} as const satisfies FormatMeta

/** The encoding that the page names, which counts only where the bytes are neither marked nor UTF-8. */
function namedEncoding(bytes: Uint8Array): string | undefined {
  if (markedEncoding(bytes) || isUtf8(bytes)) return undefined
  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, 4096))
  const label = /<meta[^>]+charset\s*=\s*["']?\s*([\w:-]+)/i.exec(head)?.[1]
  try {
    return label && !/^utf-?(8|16)/i.test(label) ? new TextDecoder(label).encoding : undefined
  } catch {
    return undefined
  }
}

const read: Format = async function* (input, context) {
  checkSize(input, input.size, context.limits)
  const bytes = await input.bytes(context.abortSignal)
  const encoding = namedEncoding(bytes)
  const decoded = await readText({ ...input, bytes: async () => bytes }, context, encoding ? { encoding } : {})
  const { text, outline, anchors, title, language, time } = htmlText(decoded, {
    depth: context.limits.depth,
    tooDeep: () => {
      throw readError('too-deep', input, `its elements are nested over ${context.limits.depth} deep`, 'flatten it')
    },
  })
  if (!/\S/.test(text)) throw readError('no-text', input, 'the page shows no text', 'it may need a browser to fill it')
  yield await makeSource({
    uri: input.uri,
    text,
    mediaType: 'text/html',
    outline,
    origin: { encoding: decoded.encoding, anchors },
    ...(title ? { title } : {}),
    ...(language ? { language } : {}),
    ...(time === undefined ? {} : { time }),
  })
}

export default read

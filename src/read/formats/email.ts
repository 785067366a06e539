import type { Place } from '../../core/index.ts'
import { messageOf } from '../../core/index.ts'
import { Composer } from '../compose.ts'
import type { Format, FormatMeta } from '../contract.ts'
import { checkSize } from '../limits.ts'
import { attachmentsOf, hasWords, type Mail, type MailPlaces, readMail, writeMail } from '../mail.ts'
import { readError } from '../problems.ts'

export const meta = {
  name: 'email',
  summary:
    'One e-mail message: sender, recipients, date and subject, then the text; attachments are named in a warning.',
  extensions: ['eml', 'mht', 'mhtml'],
  mediaTypes: ['message/rfc822'],
  pattern: '^\\s*(?:From |[A-Za-z][A-Za-z0-9\\-]*:)',
  version: 1,
} as const satisfies FormatMeta

/** Lines of the headers and of the body; the body's lines go on by themselves where it stands in the file as it is. */
function placesOf(bytes: Uint8Array, mail: Mail): MailPlaces {
  const end = bodyStart(bytes)
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, end)).split('\n')
  const found = new Map<string, number>()
  for (const [index, line] of head.entries()) {
    const name = /^([A-Za-z-]+)\s*:/.exec(line)?.[1]?.toLowerCase()
    if (name && !found.has(name)) found.set(name, index + 1)
  }
  const header = (name: string): Place | undefined => {
    const line = found.get(name.toLowerCase())
    return line === undefined ? undefined : { line }
  }
  const raw = new TextDecoder('utf-8').decode(bytes.subarray(end)).replace(/\r\n?/g, '\n')
  const blank = raw.slice(0, raw.lastIndexOf('\n', raw.length - raw.trimStart().length) + 1)
  const line = head.length + blank.split('\n').length - 1
  const same = raw.trim() !== '' && raw.slice(blank.length).trimEnd() === mail.body
  const body: Place & { linear?: boolean } = same ? { line, column: 1, linear: true } : { line }
  return { header, body }
}

/** Offset of the first byte after the blank line that ends the headers. */
function bodyStart(bytes: Uint8Array): number {
  let at = 0
  while (at < bytes.length) {
    const newline = bytes.indexOf(0x0a, at)
    if (newline === -1) return bytes.length
    const length = newline - at - (bytes[newline - 1] === 0x0d ? 1 : 0)
    if (length <= 0 && at > 0) return newline + 1
    at = newline + 1
  }
  return bytes.length
}

/** Warns of attachments with `attachment-skipped`. Throws `too-large`, `corrupt`, `no-text`. */
const read: Format = async function* (input, context) {
  const { limits, abortSignal, warn } = context
  checkSize(input, input.size, limits)
  const bytes = await input.bytes(abortSignal)
  checkSize(input, bytes.length, limits)
  let mail: Mail
  try {
    mail = await readMail(bytes, limits.depth)
  } catch (error) {
    throw readError(
      /nesting/i.test(messageOf(error)) ? 'too-deep' : 'corrupt',
      input,
      `it cannot be read as a message: ${messageOf(error)}`,
      'check that it is whole',
      error,
    )
  }
  abortSignal?.throwIfAborted()
  const attachments = attachmentsOf(mail)
  if (attachments.length > 0)
    warn({
      code: 'attachment-skipped',
      uri: input.uri,
      message: `${input.uri}: attachments are not read: ${attachments.slice(0, 20).join(', ')}${attachments.length > 20 ? ` and ${attachments.length - 20} more` : ''}; save them as files to have them read`,
    })
  if (!hasWords(mail)) throw readError('no-text', input, 'it has neither headers nor text', 'leave it out')
  const composer = new Composer(input, context, 'message/rfc822')
  if (mail.title) composer.facts.title = mail.title
  if (mail.time !== undefined) composer.facts.time = mail.time
  writeMail(composer, mail, placesOf(bytes, mail))
  yield* composer.finish()
}

export default read

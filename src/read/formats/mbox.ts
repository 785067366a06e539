import { messageOf } from '../../core/index.ts'
import { Composer } from '../compose.ts'
import type { Format, FormatMeta } from '../contract.ts'
import { attachmentsOf, hasWords, readMail, writeMail } from '../mail.ts'
import { readError } from '../problems.ts'
import { mailboxEntries, unquote } from './mbox/split.ts'

export const meta = {
  name: 'mbox',
  summary: 'A mailbox of many messages in one file, read one at a time however long the file is.',
  extensions: ['mbox', 'mbx'],
  mediaTypes: ['application/mbox'],
  pattern: '^\\s*From [^\\n]+\\n',
  version: 1,
  streams: true,
} as const satisfies FormatMeta

/** Mailboxes are cut into parts of about this many characters, between messages: a part is held twice while it is made. */
const partLength = 8 * 1024 * 1024

/** Each message is a unit with its number and byte. Warns of `message-skipped` and, once, of `attachment-skipped`. */
const read: Format = async function* (input, context) {
  const { limits, abortSignal, warn } = context
  const cut = { ...limits, partLength: Math.min(limits.partLength, partLength) }
  const composer = new Composer(input, { ...context, limits: cut }, 'application/mbox')
  const skip = (number: number, reason: string): void =>
    warn({
      code: 'message-skipped',
      uri: input.uri,
      message: `${input.uri}: message ${number} was left out: ${reason}`,
    })
  const named: string[] = []
  let attachments = 0
  let number = 0
  for await (const { byte, bytes } of mailboxEntries(input.stream(abortSignal), limits.fileBytes)) {
    abortSignal?.throwIfAborted()
    number++
    if (!bytes) {
      skip(number, `it has more than ${limits.fileBytes} bytes`)
      continue
    }
    try {
      const mail = await readMail(unquote(bytes), limits.depth)
      const names = attachmentsOf(mail)
      attachments += names.length
      if (named.length < 10) named.push(...names.slice(0, 10 - named.length))
      const place = { message: number, byte }
      if (hasWords(mail)) writeMail(composer, mail, { header: () => place, body: place })
    } catch (error) {
      skip(number, messageOf(error))
    }
    yield* composer.ready()
  }
  if (number === 0)
    throw readError(
      'corrupt',
      input,
      'it does not begin with a "From " line, so is no mailbox',
      'check that it is whole',
    )
  if (attachments > 0)
    warn({
      code: 'attachment-skipped',
      uri: input.uri,
      message: `${input.uri}: ${attachments} ${attachments === 1 ? 'attachment is' : 'attachments are'} not read: ${named.join(', ')}${attachments > named.length ? ' and others' : ''}; save them as files to have them read`,
    })
  yield* composer.finish()
}

export default read

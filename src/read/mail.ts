import type { OutlineNode, Place } from '../core/index.ts'
import { FoveaError } from '../core/index.ts'
import { type Letter, parseLetter } from './adapters/postal-mime.ts'
import type { Composer } from './compose.ts'
import { htmlText } from './html.ts'

/** A message ready to be written. */
export interface Mail {
  readonly title?: string
  /** Milliseconds since 1970. */
  readonly time?: number
  readonly detail: NonNullable<OutlineNode['detail']>
  /** `From`, `To`, `Cc`, `Date` and `Subject`, those that there are. */
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly body: string
  /** Names of the attachments that are not read. */
  readonly attachments: readonly string[]
  /** Messages attached to this one. */
  readonly forwarded: readonly Mail[]
}

const mostForwarded = 10

/** Milliseconds of a date in a header; one without a time zone is taken as UTC, whatever the machine's own. */
export function mailTime(date: string | undefined): number | undefined {
  if (!date || !/\d/.test(date)) return undefined
  const plain = date.replace(/\([^()]*\)/g, ' ').trim()
  const zoned =
    /(?:[+-]\d{4}|\b(?:GMT|UTC?|[ECMP][SD]T|Z))\s*$/.test(plain) || /\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(plain)
  const time = Date.parse(zoned ? plain : `${plain} +0000`)
  return Number.isFinite(time) ? time : undefined
}

const lines = (text: string): string => text.replace(/\r\n?/g, '\n')
/** Without the blank lines in front; the first line keeps its indentation. */
function withoutBlankStart(text: string): string {
  const first = text.length - text.trimStart().length
  return text.slice(text.lastIndexOf('\n', first) + 1)
}
const flat = (text: string): string => text.replace(/\s+/g, ' ').trim()

function fromHtml(html: string, depth: number): string {
  const tooDeep = (): never => {
    throw new FoveaError('too-deep', 'the markup is nested too deeply')
  }
  const decoded = { text: html, encoding: 'utf-8', anchors: [{ at: 0, line: 1, column: 1, byte: 0, linear: true }] }
  try {
    return htmlText(decoded, { depth, tooDeep, whole: true }).text
  } catch (error) {
    if (!FoveaError.is(error, 'too-deep')) throw error
    return html.replace(/<[^<>]*>/g, ' ')
  }
}

/** The plain text, or that of the markup where there is none or where it only says that there is markup. */
function bodyOf({ text, html }: Letter, depth: number): string {
  const plain = withoutBlankStart(lines(text ?? '').trimEnd())
  if (html === undefined || plain.length > 200) return plain
  const marked = fromHtml(lines(html), depth).trim()
  return plain === '' || marked.length > plain.length * 5 ? marked : plain
}

/** Reads one message. Throws what the parser throws. */
export async function readMail(bytes: Uint8Array, depth: number, nested = 0): Promise<Mail> {
  const letter = await parseLetter(bytes, depth)
  const named = [
    { name: 'From', value: letter.from },
    { name: 'To', value: letter.to },
    { name: 'Cc', value: letter.cc },
    { name: 'Date', value: letter.date },
    { name: 'Subject', value: letter.subject },
  ]
  const headers = named.flatMap(({ name, value }) => (value && flat(value) ? { name, value: flat(value) } : []))
  const time = mailTime(letter.date)
  const forwarded: Mail[] = []
  const attachments: string[] = []
  for (const { name, mediaType, bytes: content } of letter.attachments)
    if (mediaType === 'message/rfc822' && nested < mostForwarded)
      forwarded.push(await readMail(content, depth, nested + 1))
    else attachments.push(flat(name))
  const from = headers.find(({ name }) => name === 'From')?.value
  const to = headers.find(({ name }) => name === 'To')?.value
  return {
    ...(letter.subject && flat(letter.subject) ? { title: flat(letter.subject) } : {}),
    ...(time === undefined ? {} : { time }),
    detail: { ...(from ? { from } : {}), ...(to ? { to } : {}), ...(time === undefined ? {} : { time }) },
    headers,
    body: bodyOf(letter, depth),
    attachments,
    forwarded,
  }
}

/** Where the parts of a message stand in the file. */
export interface MailPlaces {
  readonly header: (name: string) => Place | undefined
  readonly body: Place
}

/** True when there is something to write. */
export const hasWords = ({ headers, body, forwarded }: Mail): boolean =>
  headers.length > 0 || body !== '' || forwarded.some(hasWords)

/** Writes a message as a unit: the headers, a blank line, the body, and messages attached to it as units inside. */
export function writeMail(composer: Composer, mail: Mail, places: MailPlaces): void {
  composer.separate('\n\n')
  composer.open('message', { ...(mail.title ? { title: mail.title } : {}), detail: mail.detail })
  let last: Place | undefined
  const moved = (place: Place | undefined): Place | undefined => (place === last ? undefined : (last = place))
  for (const [index, { name, value }] of mail.headers.entries()) {
    if (index > 0) composer.separate('\n')
    composer.write(`${name}: ${value}`, moved(places.header(name)))
  }
  composer.separate('\n\n')
  composer.write(mail.body, moved(places.body))
  for (const inner of mail.forwarded) {
    const { linear: _linear, ...place }: Place & { linear?: boolean } = places.body
    if (hasWords(inner)) writeMail(composer, inner, { header: () => place, body: place })
  }
  composer.close()
}

/** All attachments that were not read, those of attached messages too. */
export const attachmentsOf = (mail: Mail): string[] => [...mail.attachments, ...mail.forwarded.flatMap(attachmentsOf)]

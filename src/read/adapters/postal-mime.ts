import type { Address, Email } from 'postal-mime'

/** One message, decoded: transfer encodings and character sets are undone. */
export interface Letter {
  /** Headers that say who wrote to whom, as shown: `Ada Lovelace <ada@example.org>`. */
  readonly from?: string
  readonly to?: string
  readonly cc?: string
  readonly subject?: string
  /** The date as it is written in the header. */
  readonly date?: string
  readonly text?: string
  readonly html?: string
  readonly attachments: readonly LetterAttachment[]
}
export interface LetterAttachment {
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

const quoted = (name: string): string => (/[",;<>@]/.test(name) ? JSON.stringify(name) : name)

const mailbox = (address: Address): string =>
  address.group
    ? `${address.name}: ${address.group.map(mailbox).join(', ')};`
    : address.name && address.address
      ? `${quoted(address.name)} <${address.address}>`
      : address.name || (address.address ?? '')

const shown = (addresses: readonly Address[] | undefined): string | undefined =>
  addresses?.map(mailbox).filter(Boolean).join(', ') || undefined

function contentOf({ content }: Email['attachments'][number]): Uint8Array {
  if (typeof content === 'string') return new TextEncoder().encode(content)
  return content instanceof Uint8Array ? content : new Uint8Array(content)
}

/** Parses one message in MIME. Throws when its parts are nested more than `depth` deep. */
export async function parseLetter(bytes: Uint8Array, depth: number): Promise<Letter> {
  const { default: PostalMime } = await import('postal-mime')
  // A message inside a message is kept whole: rendered here, its dates would follow the machine's language and time zone.
  const email = await PostalMime.parse(bytes, {
    forceRfc822Attachments: true,
    maxNestingDepth: Math.min(256, Math.max(1, Math.floor(depth))),
  })
  const { subject, text, html } = email
  const from = shown(email.from ? [email.from] : undefined)
  const to = shown(email.to)
  const cc = shown(email.cc)
  const date = email.headers.find(({ key }) => key === 'date')?.value.trim()
  return {
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(cc ? { cc } : {}),
    ...(subject ? { subject } : {}),
    ...(date ? { date } : {}),
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    attachments: email.attachments.map((attachment) => ({
      name: attachment.filename ?? attachment.mimeType,
      mediaType: attachment.mimeType,
      bytes: contentOf(attachment),
    })),
  }
}

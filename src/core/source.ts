import type { Source, SourceId } from './contract.ts'

/** Canonical text: lone surrogates and NUL become U+FFFD, one for one, so that offsets stay. */
export function canonicalText(text: string): string {
  const whole = text.toWellFormed()
  return whole.includes('\0') ? whole.replaceAll('\0', '\ufffd') : whole
}

const encoder = new TextEncoder()
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** SHA-256 of the UTF-8 bytes of canonical text. */
export async function sourceId(text: string): Promise<SourceId> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text)))
  let id = ''
  for (const byte of digest) id += hex[byte]
  return id
}

/** A Source from its parts: the text is made canonical and the id computed. */
export async function makeSource(draft: Omit<Source, 'id'>): Promise<Source> {
  const text = canonicalText(draft.text)
  return { ...draft, text, id: await sourceId(text) }
}

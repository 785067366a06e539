import type { Anchor, Warning } from '../core/index.ts'
import { advance, canonicalText, splitsPair } from '../core/index.ts'
import { chooseEncoding, isUtf8, markedEncoding, trimmed, unmarkedUtf16 } from './encoding.ts'

export interface DecodeOptions {
  /** Label of TextDecoder; found from the bytes when absent. */
  readonly encoding?: string
}

/** Bytes or characters that were replaced by U+FFFD. */
export interface Repairs {
  readonly count: number
  /** Offset of the first in the file. */
  readonly firstByte: number
}

export interface Decoded {
  /** Canonical text. */
  readonly text: string
  readonly encoding: string
  /** `linear`, from offset 0: `line`, `column` and `byte` of every offset follow. */
  readonly anchors: readonly Anchor[]
  readonly repairs?: Repairs
}

/** Where a piece of a file begins. */
export interface Position {
  readonly line: number
  readonly column: number
  readonly byte: number
}

const fileStart: Position = { line: 1, column: 1, byte: 0 }

/** Long text has an anchor at least this often, so that the place of an offset is found from near by. */
const anchorDistance = 65_536

/** Anchors after repairs are at most this many for one piece; the places after them have no `byte`. */
const mostAnchors = 65_536

/**
 * Bytes of any text to canonical text: the byte order mark, else UTF-16 by its zeros, else UTF-8, else a legacy encoding.
 * What cannot be decoded becomes U+FFFD, and so do NUL and lone surrogates. Throws RangeError for an unknown label.
 */
export async function decode(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Decoded> {
  if (options.encoding) {
    const encoding = new TextDecoder(options.encoding).encoding
    const marked = markedEncoding(bytes)
    return piece(bytes, encoding, marked?.encoding === encoding ? marked.mark : 0)
  }
  const marked = markedEncoding(bytes)
  if (marked) return piece(bytes, marked.encoding, marked.mark)
  if (bytes.subarray(0, 4096).indexOf(0) === -1 && bytes.indexOf(0x1b) === -1) {
    const text = wellFormed(bytes)
    if (text !== undefined) return { text, encoding: 'utf-8', anchors: waypoints(text, 'utf-8', bytes, fileStart) }
  }
  const { encoding, mark } = await chooseEncoding(bytes, isUtf8(bytes))
  return piece(bytes, encoding, mark)
}

const piece = (bytes: Uint8Array, encoding: string, mark: number): Decoded =>
  decodePiece(mark ? bytes.subarray(mark) : bytes, encoding, { line: 1, column: 1, byte: mark })

/** The text of valid UTF-8 without NUL, else undefined. */
function wellFormed(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

/** Decodes bytes that begin and end between characters, from a known place in the file. */
export function decodePiece(bytes: Uint8Array, encoding: string, from: Position): Decoded {
  if (encoding === 'utf-8') {
    const text = wellFormed(bytes)
    if (text !== undefined) return { text, encoding, anchors: waypoints(text, encoding, bytes, from) }
    const repaired = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    return { text: canonicalText(repaired), encoding, ...repairUtf8(bytes, from) }
  }
  const wide = encoding.startsWith('utf-16')
  const odd = wide && bytes.length % 2 === 1
  const decoder = new TextDecoder(encoding, { ignoreBOM: true })
  const decoded = odd ? `${decoder.decode(bytes.subarray(0, -1))}\ufffd` : decoder.decode(bytes)
  const repairs = wide
    ? differences(bytes, decoded, encoding === 'utf-16le', from.byte)
    : replaced(bytes, decoded, from.byte)
  const text = canonicalText(decoded)
  return { text, encoding, anchors: waypoints(text, encoding, bytes, from), ...(repairs ? { repairs } : {}) }
}

function waypoints(text: string, encoding: string, bytes: Uint8Array, from: Position): Anchor[] {
  const anchors: Anchor[] = [{ at: 0, ...from, linear: true }]
  const units = text.length === bytes.length && encoding === 'utf-8' ? 'ascii' : encoding
  for (let last = 0; text.length - last > 2 * anchorDistance; ) {
    let at = last + anchorDistance
    if (splitsPair(text, at)) at++
    anchors.push({ ...advance(anchors.at(-1)!, text.slice(last, at), units), at, linear: true })
    last = at
  }
  return anchors
}

function differences(bytes: Uint8Array, text: string, little: boolean, base: number): Repairs | undefined {
  let count = 0
  let firstByte = -1
  for (let at = 0; at < text.length; at++) {
    const low = bytes[2 * at + (little ? 0 : 1)]
    const high = bytes[2 * at + (little ? 1 : 0)]
    const unit = text.charCodeAt(at)
    if (low !== undefined && high !== undefined && unit === (high << 8) + low && unit !== 0) continue
    if (count++ === 0) firstByte = base + 2 * at
  }
  return count ? { count, firstByte } : undefined
}

function replaced(bytes: Uint8Array, text: string, base: number): Repairs | undefined {
  let count = 0
  let first = -1
  for (const match of text.matchAll(/[\ufffd\0]/g)) if (count++ === 0) first = match.index
  if (count === 0) return undefined
  if (text.length === bytes.length) return { count, firstByte: base + first }
  // Characters differ in length: the start of the line is what can be named.
  let at = 0
  for (let line = text.indexOf('\n'); line !== -1 && line < first; line = text.indexOf('\n', line + 1))
    at = bytes.indexOf(0x0a, at) + 1
  return { count, firstByte: base + at }
}

/** Finds what a decoder of UTF-8 replaces, by the rule of maximal subparts, and anchors the text after each. */
function repairUtf8(bytes: Uint8Array, from: Position): Pick<Decoded, 'anchors' | 'repairs'> {
  const anchors: Anchor[] = [{ at: 0, ...from, linear: true }]
  let count = 0
  let firstByte = -1
  let line = from.line
  let lineStart = 1 - from.column
  let unit = 0
  let at = 0
  let next = anchorDistance
  const anchor = (): void => {
    const place = { at: unit, line, column: unit - lineStart + 1, linear: true }
    anchors.push(count >= mostAnchors ? place : { ...place, byte: from.byte + at })
    next = unit + anchorDistance
  }
  while (at < bytes.length) {
    if (unit >= next) anchor()
    const byte = bytes[at]!
    if (byte > 0 && byte < 0x80) {
      at++
      unit++
      if (byte === 0x0a) {
        line++
        lineStart = unit
      }
      continue
    }
    const length = byte === 0 ? -1 : sequence(bytes, at)
    if (length > 0) {
      at += length
      unit += length === 4 ? 2 : 1
      continue
    }
    if (count++ === 0) firstByte = from.byte + at
    at -= length
    unit++
    if (count <= mostAnchors) anchor()
  }
  return count ? { anchors, repairs: { count, firstByte } } : { anchors }
}

/** Length of the sequence that begins here, or minus the length of the part to replace. */
function sequence(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!
  const length = lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0
  if (length === 0) return -1
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  for (let next = 1; next < length; next++) {
    const byte = bytes[at + next]
    if (byte === undefined || byte < (next === 1 ? low : 0x80) || byte > (next === 1 ? high : 0xbf)) return -next
  }
  return length
}

/** The first characters of a file, for recognising its format; a legacy encoding is read as windows-1252. */
export function decodeHead(head: Uint8Array): string {
  const { encoding, mark } = markedEncoding(head) ?? { encoding: unmarkedUtf16(head), mark: 0 }
  const bytes = head.subarray(mark)
  if (encoding && encoding !== 'utf-8') return new TextDecoder(encoding).decode(bytes.subarray(0, bytes.length & ~1))
  const whole = trimmed(bytes)
  return new TextDecoder(isUtf8(whole) ? 'utf-8' : 'windows-1252').decode(whole)
}

/**
 * Decodes a stream in pieces that end between characters; their anchors hold the places in the whole file.
 * The encoding is chosen at the first bytes outside ASCII.
 */
export async function* decodeStream(
  stream: AsyncIterable<Uint8Array>,
  options: DecodeOptions = {},
): AsyncIterable<Decoded> {
  let encoding = options.encoding ? new TextDecoder(options.encoding).encoding : undefined
  let from: Position | undefined
  let rest: Uint8Array = new Uint8Array(0)
  for await (const chunk of gather(stream, 1 << 20)) {
    let bytes = rest.length ? join(rest, chunk) : chunk
    if (!from) {
      const marked = markedEncoding(bytes)
      const mark = marked && (encoding === undefined || encoding === marked.encoding) ? marked.mark : 0
      encoding ??= marked?.encoding ?? unmarkedUtf16(bytes)
      bytes = bytes.subarray(mark)
      from = { line: 1, column: 1, byte: mark }
    }
    let decided = encoding
    if (decided === undefined && !isAscii(bytes)) {
      const whole = trimmed(bytes)
      decided = encoding = (await chooseEncoding(whole, isUtf8(whole))).encoding
    }
    const end = complete(bytes, decided ?? 'utf-8')
    rest = bytes.slice(end)
    if (end === 0) continue
    const decoded: Decoded = decodePiece(bytes.subarray(0, end), decided ?? 'utf-8', from)
    from = after(decoded, from, end)
    yield decoded
  }
  if (rest.length > 0) yield decodePiece(rest, encoding ?? 'utf-8', from ?? fileStart)
}

function after(decoded: Decoded, from: Position, length: number): Position {
  const { text } = decoded
  let line = from.line
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line++
  const last = text.lastIndexOf('\n')
  return { line, column: last === -1 ? from.column + text.length : text.length - last, byte: from.byte + length }
}

const isAscii = (bytes: Uint8Array): boolean => {
  for (let at = 0; at < bytes.length; at++) if (bytes[at]! >= 0x80 || bytes[at] === 0x1b) return false
  return true
}

/** Length of the bytes up to the last whole character. */
function complete(bytes: Uint8Array, encoding: string): number {
  if (encoding === 'utf-8') return trimmed(bytes).length
  if (encoding.startsWith('utf-16')) {
    const even = bytes.length & ~1
    const high = bytes[even - (encoding === 'utf-16le' ? 1 : 2)]
    return even > 2 && high !== undefined && high >= 0xd8 && high < 0xdc ? even - 2 : even
  }
  if (/^(windows-|iso-8859-|koi8|ibm866|macintosh|x-mac)/.test(encoding)) return bytes.length
  const line = bytes.lastIndexOf(0x0a)
  return line === -1 ? (bytes.length > 1 << 24 ? bytes.length : 0) : line + 1
}

function join(one: Uint8Array, two: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + two.length)
  both.set(one)
  both.set(two, one.length)
  return both
}

/** Chunks of at least `size` bytes, but for the last. */
async function* gather(stream: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Uint8Array> {
  let held: Uint8Array[] = []
  let length = 0
  const take = (): Uint8Array => {
    const all = held.length === 1 ? held[0]! : new Uint8Array(length)
    let at = 0
    if (held.length > 1)
      for (const chunk of held) {
        all.set(chunk, at)
        at += chunk.length
      }
    held = []
    length = 0
    return all
  }
  for await (const chunk of stream) {
    if (chunk.length === 0) continue
    held.push(chunk)
    length += chunk.length
    if (length >= size) yield take()
  }
  if (length > 0) yield take()
}

/** The warning that repairs deserve. */
export const repairWarning = (uri: string, encoding: string, repairs: Repairs): Warning => ({
  code: 'invalid-bytes',
  uri,
  message: `${uri}: ${repairs.count} ${repairs.count === 1 ? 'place holds' : 'places hold'} NUL or bytes that are not ${encoding}, the first at byte ${repairs.firstByte}; each was read as U+FFFD`,
})

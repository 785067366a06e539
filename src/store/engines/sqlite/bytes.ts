import { crc32 } from 'node:zlib'
import { FoveaError } from '../../../core/index.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export const damaged = (what: string): FoveaError =>
  new FoveaError('store-corrupt', `the index is damaged (${what}); delete it and index again`)

/** Appends numbers and strings to a growing array of bytes. */
export class ByteWriter {
  #bytes = new Uint8Array(256)
  #length = 0

  get length(): number {
    return this.#length
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more))
    grown.set(this.#bytes)
    this.#bytes = grown
  }

  /** A whole number from 0 to 2^53 - 1. */
  varint(value: number): void {
    this.#room(8)
    let rest = value
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80
      rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 128)
    }
    this.#bytes[this.#length++] = rest
  }

  /** A whole number of either sign, small when near zero. */
  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value)
  }

  string(text: string): void {
    const bytes = encoder.encode(text)
    this.varint(bytes.length)
    this.raw(bytes)
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }
}

/** Reads what `ByteWriter` wrote. Throws `store-corrupt` beyond the end. */
export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length
  }

  varint(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined || scale > 2 ** 49) throw damaged('a number runs past its row')
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 128
    }
  }

  signed(): number {
    const value = this.varint()
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2
  }

  string(): string {
    const length = this.varint()
    if (this.#at + length > this.#bytes.length) throw damaged('a string runs past its row')
    const text = decoder.decode(this.#bytes.subarray(this.#at, this.#at + length))
    this.#at += length
    return text
  }

  raw(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw damaged('bytes run past their row')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }
}

export const sealBytes = 4
/** Most bytes of a row's content, so that the row with its checksum is at most 64 KiB. */
export const rowBytes = 65_536 - sealBytes

/** The bytes followed by their CRC-32. */
export function seal(bytes: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(bytes.length + sealBytes)
  sealed.set(bytes)
  sealInPlace(sealed)
  return sealed
}

/** Writes the checksum of all but the last `sealBytes` bytes into those. */
export function sealInPlace(sealed: Uint8Array): void {
  const end = sealed.length - sealBytes
  new DataView(sealed.buffer, sealed.byteOffset).setUint32(end, crc32(sealed.subarray(0, end)), true)
}

/** The reverse of `seal`. Throws `store-corrupt` when the checksum does not fit. */
export function unseal(sealed: unknown, what: string): Uint8Array {
  if (!(sealed instanceof Uint8Array) || sealed.length < sealBytes) throw damaged(`${what} is missing`)
  const bytes = sealed.subarray(0, sealed.length - sealBytes)
  const sum = new DataView(sealed.buffer, sealed.byteOffset).getUint32(bytes.length, true)
  if (crc32(bytes) !== sum) throw damaged(`the checksum of ${what} does not fit`)
  return bytes
}

/** Decodes UTF-8; ASCII, the common case, is one copy. */
export const decodeText = (bytes: Uint8Array): string => decoder.decode(bytes)

/** Keeps the values used last. */
export class Recent<Key, Value> {
  readonly #values = new Map<Key, Value>()
  readonly #size: number

  constructor(size: number) {
    this.#size = size
  }

  get(key: Key): Value | undefined {
    const value = this.#values.get(key)
    if (value === undefined) return undefined
    this.#values.delete(key)
    this.#values.set(key, value)
    return value
  }

  set(key: Key, value: Value): Value {
    this.#values.delete(key)
    this.#values.set(key, value)
    if (this.#values.size > this.#size) this.#values.delete(this.#values.keys().next().value as Key)
    return value
  }

  clear(): void {
    this.#values.clear()
  }
}

import { FoveaError } from '../../core/index.ts'

export const corrupt = (what: string, detail: Record<string, unknown> = {}): FoveaError =>
  new FoveaError('store-corrupt', `The keyword index is damaged: ${what}. Remove the index and build it again.`, {
    detail,
  })

/** Bytes that grow, with the variable-length numbers of the index (seven bits a byte, lowest first, below 2^53). */
export class Bytes {
  data: Uint8Array
  size = 0

  constructor(capacity = 1024) {
    this.data = new Uint8Array(capacity)
  }

  reserve(more: number): void {
    const needed = this.size + more
    if (needed <= this.data.length) return
    const grown = new Uint8Array(Math.max(needed, this.data.length * 2))
    grown.set(this.data.subarray(0, this.size))
    this.data = grown
  }

  byte(value: number): void {
    if (this.size === this.data.length) this.reserve(1)
    this.data[this.size++] = value
  }

  varint(value: number): void {
    if (this.size + 8 > this.data.length) this.reserve(8)
    const data = this.data
    let rest = value
    while (rest > 0x7fffffff) {
      data[this.size++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    while (rest > 127) {
      data[this.size++] = (rest & 127) | 128
      rest >>>= 7
    }
    data[this.size++] = rest
  }

  append(from: Uint8Array, start: number, end: number): void {
    const length = end - start
    this.reserve(length)
    if (length > 24) this.data.set(from.subarray(start, end), this.size)
    else for (let i = 0; i < length; i++) this.data[this.size + i] = from[start + i]!
    this.size += length
  }

  copy(): Uint8Array {
    return this.data.slice(0, this.size)
  }
}

/** Reads what `Bytes` wrote; running past the end throws `store-corrupt`. */
export class View {
  bytes: Uint8Array = new Uint8Array(0)
  at = 0
  end = 0

  set(bytes: Uint8Array, at: number, end: number): this {
    this.bytes = bytes
    this.at = at
    this.end = end
    return this
  }

  varint(): number {
    const bytes = this.bytes
    let byte = bytes[this.at++]!
    if (byte < 128 && this.at <= this.end) return byte
    let value = byte & 127
    let scale = 128
    for (let i = 0; i < 7 && this.at < this.end; i++) {
      byte = bytes[this.at++]!
      value += (byte & 127) * scale
      if (byte < 128) return value
      scale *= 128
    }
    throw corrupt('a number runs past the end of its record')
  }

  /** Moves over `length` bytes and returns where they start. */
  skip(length: number): number {
    const start = this.at
    this.at += length
    if (this.at > this.end) throw corrupt('a record runs past the end of its block')
    return start
  }
}

/** Terms above this length in UTF-16 units are cut, in the index and in queries alike. */
export const termLimit = 512

/** Writes a term so that byte order is the order of its UTF-16 units: each unit by itself as one to three bytes. */
export const writeTerm = (out: Bytes, term: string): void => {
  const length = Math.min(term.length, termLimit)
  out.reserve(length * 3)
  const data = out.data
  let at = out.size
  for (let i = 0; i < length; i++) {
    const unit = term.charCodeAt(i)
    if (unit < 0x80) data[at++] = unit
    else if (unit < 0x800) {
      data[at++] = 0xc0 | (unit >> 6)
      data[at++] = 0x80 | (unit & 63)
    } else {
      data[at++] = 0xe0 | (unit >> 12)
      data[at++] = 0x80 | ((unit >> 6) & 63)
      data[at++] = 0x80 | (unit & 63)
    }
  }
  out.size = at
}

/** Negative, 0 or positive as `a` sorts before, with or after the given range of `b`. */
export const compareBytes = (a: Uint8Array, aSize: number, b: Uint8Array, bStart: number, bSize: number): number => {
  const shorter = Math.min(aSize, bSize)
  for (let i = 0; i < shorter; i++) {
    const difference = a[i]! - b[bStart + i]!
    if (difference !== 0) return difference
  }
  return aSize - bSize
}

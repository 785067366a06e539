import { corrupt } from './bytes.ts'
import { type BlockKind, type BlockStorage, blockBytes, blockKinds } from './contract.ts'

/** A block ends with the checksum of all before it. */
export const checksumBytes = 4
/** Blocks of the postings and positions streams, checksum included; a record may run over into the next block. */
export const streamBlockBytes = 32_768

/** Four lanes of multiply and rotate over 32-bit words; any change within one word is always seen. */
export const checksum = (bytes: Uint8Array, length: number, seed: number): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let a = Math.imul(seed + 1, 0x9e3779b1)
  let b = a ^ 0x85ebca77
  let c = a ^ 0xc2b2ae3d
  let d = a ^ 0x27d4eb2f
  let i = 0
  for (; i + 16 <= length; i += 16) {
    a = Math.imul(a ^ view.getInt32(i, true), 0x9e3779b1)
    b = Math.imul(b ^ view.getInt32(i + 4, true), 0x85ebca77)
    c = Math.imul(c ^ view.getInt32(i + 8, true), 0xc2b2ae3d)
    d = Math.imul(d ^ view.getInt32(i + 12, true), 0x165667b1)
    a ^= a >>> 15
    b ^= b >>> 13
    c ^= c >>> 16
    d ^= d >>> 14
  }
  let hash = Math.imul(a ^ ((b << 7) | (b >>> 25)) ^ ((c << 14) | (c >>> 18)) ^ ((d << 21) | (d >>> 11)), 0x85ebca77)
  hash = Math.imul(hash ^ length, 0x9e3779b1)
  for (; i < length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193) ^ (hash >>> 17)
  return (hash ^ (hash >>> 16)) >>> 0
}

const seedOf = (kind: BlockKind, block: number): number => block * 4 + blockKinds.indexOf(kind)

/** The content with its checksum behind it. `content` is copied. */
export const seal = (content: Uint8Array, kind: BlockKind, block: number): Uint8Array => {
  const sealed = new Uint8Array(content.length + checksumBytes)
  sealed.set(content)
  sealInPlace(sealed, kind, block)
  return sealed
}
const sealInPlace = (sealed: Uint8Array, kind: BlockKind, block: number): void => {
  const length = sealed.length - checksumBytes
  const sum = checksum(sealed, length, seedOf(kind, block))
  for (let i = 0; i < checksumBytes; i++) sealed[length + i] = sum >>> (8 * i)
}

/** Throws `store-corrupt` unless the block is whole; returns the length of its content. */
export const verify = (bytes: Uint8Array | undefined, segment: number, kind: BlockKind, block: number): number => {
  const detail = { segment, kind, block }
  const name = `block ${block} of ${kind} in segment ${segment}`
  if (bytes === undefined) throw corrupt(`${name} is missing`, detail)
  const length = bytes.length - checksumBytes
  if (length < 0 || bytes.length > blockBytes) throw corrupt(`${name} has an impossible size`, detail)
  const sum =
    (bytes[length]! | (bytes[length + 1]! << 8) | (bytes[length + 2]! << 16) | (bytes[length + 3]! << 24)) >>> 0
  if (checksum(bytes, length, seedOf(kind, block)) !== sum) throw corrupt(`${name} fails its checksum`, detail)
  return length
}

/** Bytes without end, cut into blocks of equal size; records are found by their offset. */
export class StreamWriter {
  /** Bytes so far. */
  offset = 0
  readonly #storage: BlockStorage
  readonly #segment: number
  readonly #kind: BlockKind
  #open = new Uint8Array(streamBlockBytes)
  #used = 0
  #block = 0

  constructor(storage: BlockStorage, segment: number, kind: BlockKind) {
    this.#storage = storage
    this.#segment = segment
    this.#kind = kind
  }

  append(bytes: Uint8Array, start: number, end: number): void {
    const room = streamBlockBytes - checksumBytes
    this.offset += end - start
    for (let from = start; from < end; ) {
      const to = Math.min(end, from + room - this.#used)
      if (to - from > 32) this.#open.set(bytes.subarray(from, to), this.#used)
      else for (let i = from; i < to; i++) this.#open[this.#used + i - from] = bytes[i]!
      this.#used += to - from
      from = to
      if (this.#used === room) this.#flush()
    }
  }

  close(): void {
    if (this.#used > 0) this.#flush()
  }

  #flush(): void {
    const full = this.#used + checksumBytes === streamBlockBytes
    const sealed = full ? this.#open : this.#open.slice(0, this.#used + checksumBytes)
    sealInPlace(sealed, this.#kind, this.#block)
    this.#storage.write(this.#segment, this.#kind, this.#block++, sealed)
    if (full) this.#open = new Uint8Array(streamBlockBytes)
    this.#used = 0
  }
}

interface CacheEntry {
  readonly bytes: Uint8Array
  /** Length of the content, checksum left out. */
  readonly length: number
  readonly segment: number
  used: boolean
}
/** What a block costs beside its bytes. */
const entryBytes = 200

/** Verified blocks within a bound of bytes; the least used go first (second chance). */
export class BlockCache {
  readonly storage: BlockStorage
  readonly #limit: number
  readonly #entries = new Map<number, CacheEntry>()
  #bytes = 0

  constructor(storage: BlockStorage, limit: number) {
    this.storage = storage
    this.#limit = limit
  }

  get bytes(): number {
    return this.#bytes
  }

  get(segment: number, kind: BlockKind, block: number, decode?: (bytes: Uint8Array, length: number) => Uint8Array) {
    const key = (segment * 4 + blockKinds.indexOf(kind)) * 0x1000000 + block
    const known = this.#entries.get(key)
    if (known !== undefined) {
      known.used = true
      return known
    }
    const raw = this.storage.read(segment, kind, block)
    const length = verify(raw, segment, kind, block)
    const bytes = decode === undefined ? raw! : decode(raw!, length)
    const entry: CacheEntry = { bytes, length, segment, used: false }
    this.#entries.set(key, entry)
    this.#bytes += bytes.length + entryBytes
    if (this.#bytes > this.#limit) this.#shrink(key)
    return entry
  }

  #shrink(keep: number): void {
    for (const [key, entry] of this.#entries) {
      if (this.#bytes <= this.#limit) return
      if (key === keep) continue
      this.#entries.delete(key)
      if (entry.used) {
        entry.used = false
        this.#entries.set(key, entry)
      } else this.#bytes -= entry.bytes.length + entryBytes
    }
  }

  forget(segment: number): void {
    for (const [key, entry] of this.#entries) {
      if (entry.segment !== segment) continue
      this.#entries.delete(key)
      this.#bytes -= entry.bytes.length + entryBytes
    }
  }
}

import { type BlockCache, checksumBytes, streamBlockBytes } from './blocks.ts'
import { corrupt } from './bytes.ts'
import type { SegmentInfo } from './contract.ts'
import { Dictionary, type DictionaryShape } from './dictionary.ts'
import { decodeLengths, lengthBlockShift } from './lengths.ts'

/** What `SegmentInfo.header` holds as JSON. */
interface Header extends DictionaryShape {
  readonly version: 1
  /** Bytes of the two streams. */
  readonly postings: number
  readonly positions: number
}

export const writeHeader = (shape: DictionaryShape, postings: number, positions: number): string =>
  JSON.stringify({ version: 1, ...shape, postings, positions } satisfies Header)

const readHeader = (info: SegmentInfo): Header => {
  let header: Partial<Record<keyof Header, unknown>> | null = null
  try {
    header = JSON.parse(info.header)
  } catch {
    // Falls through to the check below.
  }
  const whole = [header?.leaves, header?.blocks, header?.postings, header?.positions, info.first, info.last]
  if (header?.version !== 1 || !whole.every((value) => Number.isSafeInteger(value))) {
    throw corrupt(`the header of segment ${info.segment} cannot be read`, { segment: info.segment })
  }
  return header as Header
}

/** One segment as seen through the cache. */
export class Segment {
  readonly info: SegmentInfo
  readonly dictionary: Dictionary
  /** Where `locate` found the record. */
  bytes: Uint8Array = new Uint8Array(0)
  at = 0
  readonly #header: Header
  readonly #cache: BlockCache

  constructor(info: SegmentInfo, cache: BlockCache) {
    this.info = info
    this.#cache = cache
    this.#header = readHeader(info)
    this.dictionary = new Dictionary(this.#header, (block) => cache.get(info.segment, 'terms', block))
  }

  /** Points `bytes` and `at` to a record of a stream; three more bytes can be read behind it. */
  locate(kind: 'postings' | 'positions', offset: number, size: number): void {
    if (offset + size > this.#header[kind]) {
      throw corrupt(`a record lies outside the ${kind} of segment ${this.info.segment}`)
    }
    const room = streamBlockBytes - checksumBytes
    let block = Math.floor(offset / room)
    const start = offset - block * room
    const entry = this.#cache.get(this.info.segment, kind, block)
    if (start + size <= entry.length) {
      this.bytes = entry.bytes
      this.at = start
      return
    }
    const whole = new Uint8Array(size + checksumBytes)
    let filled = 0
    let from = start
    while (filled < size) {
      const part = this.#cache.get(this.info.segment, kind, block++)
      const to = Math.min(part.length, from + size - filled)
      if (to <= from) throw corrupt(`a block of ${kind} in segment ${this.info.segment} is too short`)
      whole.set(part.bytes.subarray(from, to), filled)
      filled += to - from
      from = 0
    }
    this.bytes = whole
    this.at = 0
  }

  /** Length codes of the block that the passage lies in, by the low bits of its local number. */
  codes(local: number): Uint8Array {
    return this.#cache.get(this.info.segment, 'lengths', local >>> lengthBlockShift, decodeLengths).bytes
  }
}

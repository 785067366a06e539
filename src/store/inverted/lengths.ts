import { checksumBytes, seal } from './blocks.ts'
import { Bytes, corrupt, View } from './bytes.ts'
import type { BlockStorage } from './contract.ts'

/**
 * Passage lengths as BM25 sees them are one byte: 0 for a number that is no passage, then 0 to 126 exactly, then steps
 * of 7% (an error of at most 3.6%) up to about half a million. The blocks keep the exact lengths.
 */
export const lengthCodes = 256
/** Longer passages count as this long, so that a block of lengths always fits. */
export const lengthLimit = 2_097_150
const exact = 127
const growth = 1.0665

const lengthOfCode: Float64Array = (() => {
  const lengths = new Float64Array(lengthCodes)
  for (let code = 1; code < lengthCodes; code++) {
    lengths[code] = code <= exact + 1 ? code - 1 : Math.round(exact * growth ** (code - exact - 1))
  }
  return lengths
})()

/** The length that a code stands for; codes rise with length. */
export const decodedLength = (code: number): number => lengthOfCode[code]!

/** The code of the nearest length, 1 to 255. */
export const lengthCode = (length: number): number => {
  if (length <= exact) return length + 1
  let low = exact + 1
  let high = lengthCodes - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((lengthOfCode[middle]! + lengthOfCode[middle + 1]!) / 2 < length) low = middle + 1
    else high = middle
  }
  return low
}

/** Passages in one block of lengths, by number: the block of a passage needs no search. */
export const lengthBlockShift = 14
export const lengthBlockSize = 1 << lengthBlockShift

/** Numbers by local passage number, 0 where none was set, in pages that exist only where something was. */
export class Pages<T extends Uint8Array | Int32Array> {
  readonly pages: (T | undefined)[] = []
  readonly #make: (size: number) => T

  constructor(make: (size: number) => T) {
    this.#make = make
  }

  get(at: number): number {
    const page = this.pages[at >>> lengthBlockShift]
    return page === undefined ? 0 : page[at & (lengthBlockSize - 1)]!
  }

  set(at: number, value: number): void {
    const number = at >>> lengthBlockShift
    while (this.pages.length <= number) this.pages.push(undefined)
    const page = (this.pages[number] ??= this.#make(lengthBlockSize))
    page[at & (lengthBlockSize - 1)] = value
  }
}

/** Writes lengths in the order of passages: one number each (length + 1), 0 and a count for a run that has none. */
export class LengthsWriter {
  readonly #storage: BlockStorage
  readonly #segment: number
  readonly #out = new Bytes(lengthBlockSize * 2)
  #next = 0
  #gap = 0

  constructor(storage: BlockStorage, segment: number) {
    this.#storage = storage
    this.#segment = segment
  }

  /** `local` is the number from the segment's first passage on. */
  add(local: number, length: number): void {
    while (this.#next < local) {
      const blockEnd = (this.#next | (lengthBlockSize - 1)) + 1
      const to = Math.min(local, blockEnd)
      this.#gap += to - this.#next
      this.#next = to
      if (to === blockEnd) this.#flush()
    }
    this.#endGap()
    this.#out.varint(length + 1)
    this.#next++
    if ((this.#next & (lengthBlockSize - 1)) === 0) this.#flush()
  }

  close(): void {
    if ((this.#next & (lengthBlockSize - 1)) !== 0) this.#flush()
  }

  #endGap(): void {
    if (this.#gap === 0) return
    this.#out.byte(0)
    this.#out.varint(this.#gap)
    this.#gap = 0
  }

  #flush(): void {
    this.#endGap()
    const block = (this.#next - 1) >>> lengthBlockShift
    this.#storage.write(
      this.#segment,
      'lengths',
      block,
      seal(this.#out.data.subarray(0, this.#out.size), 'lengths', block),
    )
    this.#out.size = 0
  }
}

/** Calls back for each passage of a block with its place in the block and its exact length. */
export const eachLength = (
  bytes: Uint8Array,
  contentLength: number,
  emit: (at: number, length: number) => void,
): void => {
  const view = new View().set(bytes, 0, contentLength)
  let at = 0
  while (view.at < contentLength) {
    const value = view.varint()
    if (value === 0) at += view.varint()
    else emit(at++, value - 1)
    if (at > lengthBlockSize) throw corrupt('a block of passage lengths holds too many')
  }
}

/** A block's codes, with room behind for the cache's view of it as a block. */
export const decodeLengths = (bytes: Uint8Array, contentLength: number): Uint8Array => {
  const codes = new Uint8Array(lengthBlockSize + checksumBytes)
  eachLength(bytes, contentLength, (at, length) => {
    codes[at] = lengthCode(length)
  })
  return codes
}

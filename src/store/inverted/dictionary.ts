import { seal } from './blocks.ts'
import { Bytes, compareBytes, corrupt, View } from './bytes.ts'
import type { BlockStorage } from './contract.ts'

/** Entries that share a restart: the first is written whole, the others as what differs from the one before. */
const restartEvery = 16
/** A block of the dictionary is closed once its content passes this. */
const blockTarget = 16_000

/** Where a term's postings stand. */
export class Entry {
  /** Number of passages. */
  frequency = 0
  inline = false
  /** Inline: the record in `bytes` at `at`. Otherwise offsets and sizes in the two streams. */
  bytes: Uint8Array = new Uint8Array(0)
  at = 0
  size = 0
  offset = 0
  directorySize = 0
  positionsOffset = 0
  positionsSize = 0
}

/** How a segment's dictionary is found: leaves are blocks 0 to `leaves` - 1, and the root is the last block. */
export interface DictionaryShape {
  readonly leaves: number
  readonly blocks: number
}

/**
 * Writes sorted terms to leaf blocks, then a tree of separators over them. A leaf: restarts (offsets of the two streams,
 * then entries: shared bytes, other bytes, those bytes, the record of `PostingsWriter.end`), the places of the restarts
 * and their number as 16-bit numbers. An inner block: its first child, separators (size, bytes), places, number.
 */
export class DictionaryWriter {
  readonly #storage: BlockStorage
  readonly #segment: number
  readonly #leaf = new Bytes(32_768)
  readonly #separators = new Bytes(4096)
  readonly #separatorEnds: number[] = []
  readonly #restarts: number[] = []
  readonly #last = new Bytes(2048)
  #inRestart = 0
  #block = 0

  constructor(storage: BlockStorage, segment: number) {
    this.#storage = storage
    this.#segment = segment
  }

  /** `offset` and `positionsOffset`: where the streams stood before this term's postings. */
  add(term: Bytes, record: Bytes, offset: number, positionsOffset: number): void {
    const leaf = this.#leaf
    if (leaf.size > blockTarget) this.#endLeaf()
    let shared = 0
    const most = Math.min(term.size, this.#last.size)
    while (shared < most && term.data[shared] === this.#last.data[shared]) shared++
    if (leaf.size === 0) {
      // The shortest string that is above the last term of the block before.
      this.#separators.append(term.data, 0, this.#block === 0 ? 0 : Math.min(shared + 1, term.size))
      this.#separatorEnds.push(this.#separators.size)
    }
    if (this.#inRestart === restartEvery || leaf.size === 0) {
      this.#restarts.push(leaf.size)
      this.#inRestart = 0
      shared = 0
      leaf.varint(offset)
      leaf.varint(positionsOffset)
    }
    this.#inRestart++
    leaf.varint(shared)
    leaf.varint(term.size - shared)
    leaf.append(term.data, shared, term.size)
    leaf.append(record.data, 0, record.size)
    this.#last.size = 0
    this.#last.append(term.data, 0, term.size)
  }

  close(): DictionaryShape {
    if (this.#leaf.size > 0) this.#endLeaf()
    const leaves = this.#block
    let first = 0
    let ends = this.#separatorEnds
    let keys = this.#separators
    while (ends.length > 1) {
      const nextKeys = new Bytes()
      const nextEnds: number[] = []
      const level = this.#block
      const out = new Bytes(20_000)
      for (let i = 0; i < ends.length; ) {
        const start = i === 0 ? 0 : ends[i - 1]!
        nextKeys.append(keys.data, start, ends[i]!)
        nextEnds.push(nextKeys.size)
        out.size = 0
        out.varint(first + i)
        const places: number[] = []
        for (; i < ends.length && (places.length < 2 || out.size < blockTarget); i++) {
          const from = i === 0 ? 0 : ends[i - 1]!
          places.push(out.size)
          out.varint(ends[i]! - from)
          out.append(keys.data, from, ends[i]!)
        }
        this.#writeBlock(out, places)
      }
      first = level
      ends = nextEnds
      keys = nextKeys
    }
    return { leaves, blocks: this.#block }
  }

  #endLeaf(): void {
    this.#writeBlock(this.#leaf, this.#restarts)
    this.#leaf.size = 0
    this.#restarts.length = 0
  }

  #writeBlock(content: Bytes, places: readonly number[]): void {
    for (const place of places) {
      content.byte(place & 255)
      content.byte(place >> 8)
    }
    content.byte(places.length & 255)
    content.byte(places.length >> 8)
    const sealed = seal(content.data.subarray(0, content.size), 'terms', this.#block)
    this.#storage.write(this.#segment, 'terms', this.#block++, sealed)
  }
}

/** Gives a verified block: its bytes and the length of its content. */
export type GetBlock = (block: number) => { readonly bytes: Uint8Array; readonly length: number }

/** Finds terms in a segment's dictionary and walks through it in order. */
export class Dictionary {
  readonly #shape: DictionaryShape
  readonly #get: GetBlock
  readonly #view = new View()
  #places = 0
  #count = 0

  constructor(shape: DictionaryShape, get: GetBlock) {
    this.#shape = shape
    this.#get = get
  }

  /** Fills `entry` and returns true when the segment holds the term. */
  find(term: Uint8Array, size: number, entry: Entry): boolean {
    if (this.#shape.leaves === 0) return false
    let block = this.#shape.blocks - 1
    while (block >= this.#shape.leaves) {
      const view = this.#open(block)
      const first = view.varint()
      const child = first + Math.max(0, this.#lastAtMost(term, size, false))
      if (child >= block) throw corrupt('the dictionary points to a block that does not come before')
      block = child
    }
    const view = this.#open(block)
    const restart = this.#lastAtMost(term, size, true)
    if (restart < 0) return false
    view.at = this.#place(restart)
    const end = restart + 1 < this.#count ? this.#place(restart + 1) : this.#places
    entry.offset = view.varint()
    entry.positionsOffset = view.varint()
    // `common`: bytes that the entry before shares with the term; it sorts below the term.
    let common = 0
    while (view.at < end) {
      const shared = view.varint()
      const suffix = view.varint()
      const start = view.skip(suffix)
      readRecord(view, entry)
      if (shared === common) {
        let i = 0
        while (i < suffix && common + i < size && view.bytes[start + i] === term[common + i]) i++
        if (i === suffix && common + i === size) return true
        if (common + i === size || (i < suffix && view.bytes[start + i]! > term[common + i]!)) return false
        common += i
      } else if (shared < common) return false
      stepOver(entry)
    }
    return false
  }

  /** Calls for each term in order, as long as there are any; `next` returns false at the end. */
  walk(): DictionaryWalk {
    return new DictionaryWalk(this.#shape, this.#get)
  }

  #open(block: number): View {
    const { bytes, length } = this.#get(block)
    openPlaces(this.#view, bytes, length)
    this.#count = bytes[length - 2]! | (bytes[length - 1]! << 8)
    this.#places = this.#view.end
    return this.#view
  }

  #place(index: number): number {
    const at = this.#places + index * 2
    return this.#view.bytes[at]! | (this.#view.bytes[at + 1]! << 8)
  }

  /** The last restart or separator that is not above the term, or -1. */
  #lastAtMost(term: Uint8Array, size: number, leaf: boolean): number {
    let low = 0
    let high = this.#count - 1
    const view = this.#view
    while (low <= high) {
      const middle = (low + high) >> 1
      view.at = this.#place(middle)
      if (leaf) {
        view.varint()
        view.varint()
        view.varint()
      }
      const length = view.varint()
      if (compareBytes(term, size, view.bytes, view.skip(length), length) >= 0) low = middle + 1
      else high = middle - 1
    }
    return high
  }
}

/** Sets the view on the content before the places. */
const openPlaces = (view: View, bytes: Uint8Array, length: number): void => {
  const count = length < 2 ? 0 : bytes[length - 2]! | (bytes[length - 1]! << 8)
  const end = length - 2 - count * 2
  if (count === 0 || end < 0) throw corrupt('a block of the dictionary has an impossible number of places')
  view.set(bytes, 0, end)
}

const readRecord = (view: View, entry: Entry): void => {
  const head = view.varint()
  entry.inline = head % 2 === 1
  entry.frequency = Math.floor(head / 2)
  entry.directorySize = 0
  if (entry.inline) {
    entry.size = view.varint()
    entry.bytes = view.bytes
    entry.at = view.skip(entry.size)
    entry.positionsSize = 0
    return
  }
  entry.size = view.varint()
  if (entry.frequency > 128) entry.directorySize = view.varint()
  entry.positionsSize = view.varint()
}

const stepOver = (entry: Entry): void => {
  if (entry.inline) return
  entry.offset += entry.size
  entry.positionsOffset += entry.positionsSize
}

export class DictionaryWalk {
  readonly term = new Bytes(2048)
  readonly entry = new Entry()
  readonly #shape: DictionaryShape
  readonly #get: GetBlock
  readonly #view = new View()
  #block = -1
  #restart = 0
  #restarts = 0
  #restartEnd = 0
  #content = 0

  constructor(shape: DictionaryShape, get: GetBlock) {
    this.#shape = shape
    this.#get = get
  }

  /** Share of the dictionary that is walked, 0 to 1. */
  get share(): number {
    return this.#shape.leaves === 0 ? 1 : Math.max(0, this.#block) / this.#shape.leaves
  }

  next(): boolean {
    const view = this.#view
    if (this.#block < 0 || view.at >= this.#content) {
      if (++this.#block >= this.#shape.leaves) return false
      const { bytes, length } = this.#get(this.#block)
      openPlaces(view, bytes, length)
      this.#content = view.end
      this.#restarts = bytes[length - 2]! | (bytes[length - 1]! << 8)
      this.#restart = 0
      this.#restartEnd = 0
    }
    if (view.at >= this.#restartEnd) {
      if (++this.#restart >= this.#restarts) this.#restartEnd = this.#content
      else {
        const at = this.#content + this.#restart * 2
        this.#restartEnd = view.bytes[at]! | (view.bytes[at + 1]! << 8)
      }
      this.entry.offset = view.varint()
      this.entry.positionsOffset = view.varint()
    } else stepOver(this.entry)
    const shared = view.varint()
    const suffix = view.varint()
    if (shared > this.term.size) throw corrupt('a term of the dictionary shares more than the one before has')
    this.term.size = shared
    this.term.append(view.bytes, view.skip(suffix), view.at)
    readRecord(view, this.entry)
    return true
  }
}

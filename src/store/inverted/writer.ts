import { Bytes } from './bytes.ts'
import type { BlockStorage, SegmentInfo } from './contract.ts'
import { DictionaryWriter } from './dictionary.ts'
import { LengthsWriter, lengthCode, Pages } from './lengths.ts'
import { PostingsWriter } from './postings.ts'
import { writeHeader } from './segment.ts'

/** Writes one segment: first each passage's length, then the terms in order. */
export class SegmentWriter {
  readonly #storage: BlockStorage
  readonly #segment: number
  readonly first: number
  readonly #last: number
  /** Length code of each passage: one byte per passage is held until the segment is written. */
  readonly #codes = new Pages((size) => new Uint8Array(size))
  readonly #lengths: LengthsWriter
  readonly #dictionary: DictionaryWriter
  readonly postings: PostingsWriter
  readonly #record = new Bytes(256)
  #passages = 0
  #length = 0
  #offset = 0
  #positionsOffset = 0

  constructor(storage: BlockStorage, segment: number, first: number, last: number) {
    this.#storage = storage
    this.#segment = segment
    this.first = first
    this.#last = last
    this.#lengths = new LengthsWriter(storage, segment)
    this.#dictionary = new DictionaryWriter(this.#storage, segment)
    this.postings = new PostingsWriter(storage, segment, this.#codes)
  }

  passage(passage: number, length: number): void {
    this.#codes.set(passage - this.first, lengthCode(length))
    this.#lengths.add(passage - this.first, length)
    this.#passages++
    this.#length += length
  }

  startTerms(): void {
    this.#lengths.close()
  }

  /** Whether the segment was told of the passage. */
  holds(passage: number): boolean {
    return passage >= this.first && this.#codes.get(passage - this.first) > 0
  }

  beginTerm(): void {
    this.#offset = this.postings.postings.offset
    this.#positionsOffset = this.postings.positions.offset
    this.postings.begin()
  }

  endTerm(term: Bytes): void {
    this.#record.size = 0
    this.postings.end(this.#record)
    this.#dictionary.add(term, this.#record, this.#offset, this.#positionsOffset)
  }

  close(): SegmentInfo {
    this.postings.close()
    const shape = this.#dictionary.close()
    return {
      segment: this.#segment,
      first: this.first,
      last: this.#last,
      passages: this.#passages,
      length: this.#length,
      header: writeHeader(shape, this.postings.postings.offset, this.postings.positions.offset),
    }
  }
}

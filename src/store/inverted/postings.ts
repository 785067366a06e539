import { StreamWriter } from './blocks.ts'
import { Bytes } from './bytes.ts'
import type { BlockStorage } from './contract.ts'
import { Impacts } from './impacts.ts'
import type { Pages } from './lengths.ts'
import { groupSize, pack } from './packing.ts'

/** Groups that share a table; the directory of a list has one entry for each such run. */
export const runGroups = 64
/** Lists whose postings and positions fit in as many bytes stand in the dictionary itself. */
export const inlineLimit = 64

/**
 * Writes the postings of one term after another. A list stands in one of three forms, told by the dictionary:
 * inline (the shortest length code, `gap * 2 + (frequency is 1)`, the frequency if not, ..., then all positions); one group (its bounds, packed
 * gaps, packed frequencies); or runs of up to 64 groups, each run led by a table (per group: gap of its last passage,
 * size, size of its positions, bounds), with a directory of the runs behind the last (per run: gap of its last passage,
 * size of the table, size in all, size of its positions, bounds).
 */
export class PostingsWriter {
  readonly postings: StreamWriter
  readonly positions: StreamWriter
  /** Positions of the postings in the open group, as gaps from 0 for each posting. The caller appends to it. */
  readonly groupPositions = new Bytes(4096)
  readonly #codes: Pages<Uint8Array>
  readonly #documents = new Int32Array(groupSize)
  readonly #frequencies = new Int32Array(groupSize)
  readonly #scratch = new Int32Array(groupSize)
  readonly #group = new Impacts()
  readonly #run = new Impacts()
  readonly #table = new Bytes(2048)
  readonly #data = new Bytes(16_384)
  readonly #directory = new Bytes(1024)
  readonly #small = new Bytes(256)
  #count = 0
  #frequency = 0
  #groups = 0
  #last = -1
  #runLast = -1
  #directoryLast = -1
  #runPositions = 0
  #listStart = 0
  #positionsStart = 0

  constructor(storage: BlockStorage, segment: number, codes: Pages<Uint8Array>) {
    this.postings = new StreamWriter(storage, segment, 'postings')
    this.positions = new StreamWriter(storage, segment, 'positions')
    this.#codes = codes
  }

  begin(): void {
    this.#count = 0
    this.#frequency = 0
    this.#groups = 0
    this.#last = -1
    this.#runLast = -1
    this.#directoryLast = -1
    this.#runPositions = 0
    this.#directory.size = 0
    this.#table.size = 0
    this.#data.size = 0
    this.#run.clear()
    this.groupPositions.size = 0
    this.#listStart = this.postings.offset
    this.#positionsStart = this.positions.offset
  }

  /** Passages rise; call before the passage's positions are appended. */
  posting(local: number, frequency: number): void {
    if (this.#count === groupSize) this.#endGroup()
    this.#documents[this.#count] = local
    this.#frequencies[this.#count++] = frequency
    this.#frequency++
  }

  /** Ends the list and writes to `out` what the dictionary needs to find it. */
  end(out: Bytes): void {
    if (this.#frequency <= groupSize) {
      const inline = this.#inline()
      out.varint(this.#frequency * 2 + (inline ? 1 : 0))
      if (inline) {
        out.varint(this.#small.size)
        out.append(this.#small.data, 0, this.#small.size)
        return
      }
      this.#packGroup()
      this.#small.size = 0
      this.#group.write(this.#small)
      this.postings.append(this.#small.data, 0, this.#small.size)
      this.postings.append(this.#data.data, 0, this.#data.size)
      this.positions.append(this.groupPositions.data, 0, this.groupPositions.size)
      out.varint(this.postings.offset - this.#listStart)
    } else {
      out.varint(this.#frequency * 2)
      this.#endGroup()
      this.#endRun()
      this.postings.append(this.#directory.data, 0, this.#directory.size)
      out.varint(this.postings.offset - this.#listStart)
      out.varint(this.#directory.size)
    }
    out.varint(this.positions.offset - this.#positionsStart)
  }

  close(): void {
    this.postings.close()
    this.positions.close()
  }

  #inline(): boolean {
    const out = this.#small
    out.size = 0
    if (this.#count + this.groupPositions.size > inlineLimit) return false
    let shortest = 255
    for (let i = 0; i < this.#count; i++) shortest = Math.min(shortest, this.#codes.get(this.#documents[i]!))
    out.byte(shortest)
    let last = -1
    for (let i = 0; i < this.#count; i++) {
      const frequency = this.#frequencies[i]!
      out.varint((this.#documents[i]! - last - 1) * 2 + (frequency === 1 ? 1 : 0))
      if (frequency > 1) out.varint(frequency)
      last = this.#documents[i]!
    }
    out.append(this.groupPositions.data, 0, this.groupPositions.size)
    return out.size <= inlineLimit
  }

  #packGroup(): void {
    this.#group.clear()
    for (let i = 0; i < this.#count; i++) {
      const local = this.#documents[i]!
      this.#scratch[i] = local - this.#last - 1
      this.#last = local
      this.#group.add(this.#frequencies[i]!, this.#codes.get(local))
    }
    pack(this.#scratch, this.#count, this.#data)
    for (let i = 0; i < this.#count; i++) this.#scratch[i] = this.#frequencies[i]! - 1
    pack(this.#scratch, this.#count, this.#data)
  }

  #endGroup(): void {
    const start = this.#data.size
    this.#packGroup()
    this.#table.varint(this.#last - this.#runLast - 1)
    this.#table.varint(this.#data.size - start)
    this.#table.varint(this.groupPositions.size)
    this.#group.write(this.#table)
    this.#run.addAll(this.#group)
    this.positions.append(this.groupPositions.data, 0, this.groupPositions.size)
    this.#runPositions += this.groupPositions.size
    this.groupPositions.size = 0
    this.#runLast = this.#last
    this.#count = 0
    if (++this.#groups === runGroups) this.#endRun()
  }

  #endRun(): void {
    if (this.#groups === 0) return
    this.#directory.varint(this.#last - this.#directoryLast - 1)
    this.#directory.varint(this.#table.size)
    this.#directory.varint(this.#table.size + this.#data.size)
    this.#directory.varint(this.#runPositions)
    this.#run.write(this.#directory)
    this.postings.append(this.#table.data, 0, this.#table.size)
    this.postings.append(this.#data.data, 0, this.#data.size)
    this.#directoryLast = this.#last
    this.#runPositions = 0
    this.#groups = 0
    this.#table.size = 0
    this.#data.size = 0
    this.#run.clear()
  }
}

import { FoveaError, type TermNumbers, termNumbers } from '../../core/index.ts'
import { Bytes, termLimit, writeTerm } from './bytes.ts'
import type { BlockStorage, SegmentBuilder, SegmentInfo } from './contract.ts'
import { lengthLimit } from './lengths.ts'
import { SegmentWriter } from './writer.ts'

const chunkShift = 16
const chunkSize = 1 << chunkShift
/** Occurrences sorted at a time while writing: 8 bytes each. */
const sortedAtOnce = 1 << 20
/** Position gaps from here on stand in a list of their own. */
const wideGap = 255
/** What a term costs: its string, its place in the map, its count. */
const termBytes = 120
/** Terms that are kept from one segment to the next. */
const mostTerms = 1 << 17

/** What `write` sorts in: where each term's next occurrence goes (-1: not now), and the occurrences. */
interface Room {
  readonly next: Int32Array
  passages: Int32Array
  positions: Int32Array
}
const none = new Int32Array(0)

/** A number that keeps the order of terms by their first units, up to one above 254. */
function prefixOf(term: string, units: number): number {
  let prefix = 0
  let unit = 0
  for (let at = 0; at < units; at++) {
    unit = at < term.length && unit < 255 ? Math.min(term.charCodeAt(at), 255) : unit === 255 ? 255 : 0
    prefix = prefix * 256 + unit
  }
  return prefix
}

/**
 * Collects occurrences as a log (a term number and a gap of positions, 5 bytes each) that `write` sorts by term, some
 * ranges of terms at a time, so that memory stays close to `bytes`.
 */
class LogBuilder implements SegmentBuilder {
  readonly #terms: TermNumbers
  /** Occurrences by term number. */
  #counts = new Int32Array(4096)
  #distinct = 0
  /** Chunks up to the one being filled, and behind it those kept from the segment before. */
  #chunk = 0
  #idChunks: Int32Array[] = [new Int32Array(chunkSize)]
  #gapChunks: Uint8Array[] = [new Uint8Array(chunkSize)]
  #idChunk = this.#idChunks[0]!
  #gapChunk = this.#gapChunks[0]!
  #used = 0
  #wide: number[] = []
  #numbers: number[] = []
  #lengths: number[] = []
  /** For each passage, the number of occurrences up to its end. */
  #ends: number[] = []
  #open = false
  /** Infinity while no passage is open, so that a term then is refused like one whose position falls. */
  #position = Number.POSITIVE_INFINITY
  #words = 0
  #last = -1
  #textBytes = 0

  constructor(terms: TermNumbers) {
    this.#terms = terms
  }

  get passages(): number {
    return this.#numbers.length
  }

  get bytes(): number {
    return (
      (this.#chunk + 1) * chunkSize * 5 +
      this.#distinct * termBytes +
      this.#textBytes +
      (this.#numbers.length * 3 + this.#wide.length) * 8
    )
  }

  begin(passage: number): void {
    if (this.#open || !Number.isInteger(passage) || passage <= this.#last || passage > 0x7ffffffe) {
      throw new FoveaError(
        'index-order',
        `Passage ${passage} cannot follow passage ${this.#last}: end each passage and give them rising numbers below 2^31 - 1.`,
      )
    }
    this.#open = true
    this.#last = passage
    this.#position = -1
    this.#words = 0
  }

  term(term: string, position: number): void {
    this.number(this.#terms.numberOf(term), position)
  }

  number(number: number, position: number): void {
    const id = number < this.#counts.length && this.#counts[number]! > 0 ? number : this.#add(number)
    let used = this.#used
    if (used === chunkSize) {
      this.#grow()
      used = 0
    }
    this.#idChunk[used] = id
    const gap = position - this.#position
    if (gap !== 0) {
      this.#words++
      this.#position = position
    }
    // The first gap of a passage is counted from -1, so that a position is never below 0.
    if (gap >= 0 && gap < wideGap) this.#gapChunk[used] = gap
    else this.#wideGap(gap, used)
    this.#counts[id]!++
    this.#used = used + 1
  }

  end(): void {
    if (!this.#open) throw new FoveaError('index-order', 'No passage is open: call begin before end.')
    this.#open = false
    this.#position = Number.POSITIVE_INFINITY
    this.#numbers.push(this.#last)
    this.#lengths.push(Math.min(this.#words, lengthLimit))
    this.#ends.push(this.#chunk * chunkSize + this.#used)
  }

  /** A number's first time in the segment. Terms that are the same up to the limit are one. */
  #add(number: number): number {
    const term = this.#terms.termOf(number)
    const id = term.length > termLimit ? this.#terms.numberOf(term.slice(0, termLimit)) : number
    if (id >= this.#counts.length) {
      const grown = new Int32Array(Math.max(this.#counts.length * 2, id + 1))
      grown.set(this.#counts)
      this.#counts = grown
    }
    if (this.#counts[id] === 0) {
      this.#distinct++
      this.#textBytes += Math.min(term.length, termLimit)
    }
    return id
  }

  #grow(): void {
    if (++this.#chunk === this.#idChunks.length) {
      this.#idChunks.push(new Int32Array(chunkSize))
      this.#gapChunks.push(new Uint8Array(chunkSize))
    }
    this.#idChunk = this.#idChunks[this.#chunk]!
    this.#gapChunk = this.#gapChunks[this.#chunk]!
  }

  #wideGap(gap: number, used: number): void {
    if (!(gap >= 0) || !Number.isInteger(gap) || gap > 0x7fffffff) {
      throw new FoveaError(
        'index-order',
        'Terms come between begin and end, with positions that are whole numbers and do not fall within a passage.',
      )
    }
    this.#gapChunk[used] = wideGap
    this.#wide.push(gap)
  }

  write(storage: BlockStorage, segment: number): SegmentInfo {
    if (this.#open) throw new FoveaError('index-order', `Passage ${this.#last} is still open: call end before write.`)
    const numbers = this.#numbers
    const first = numbers[0] ?? 0
    const writer = new SegmentWriter(storage, segment, first, numbers.at(-1) ?? -1)
    for (let i = 0; i < numbers.length; i++) writer.passage(numbers[i]!, this.#lengths[i]!)
    writer.startTerms()
    const ranks = this.#order()
    const room: Room = { next: new Int32Array(this.#counts.length), passages: none, positions: none }
    for (let from = 0; from < ranks.length; ) {
      let total = 0
      let to = from
      while (to < ranks.length && (to === from || total + this.#counts[ranks[to]!]! <= sortedAtOnce)) {
        total += this.#counts[ranks[to++]!]!
      }
      this.#writeRange(writer, ranks.subarray(from, to), total, first, room)
      from = to
    }
    const last = this.#last
    const info = writer.close()
    this.#reset(last)
    return info
  }

  /** Term numbers in the order of their terms: sorted by the first units, then those that share them. */
  #order(): Int32Array {
    const range = this.#counts.length
    const units = range <= 1 << 21 ? 4 : 3
    const keys = new Float64Array(this.#distinct)
    let size = 0
    for (let id = 0; id < range; id++)
      if (this.#counts[id]! > 0) keys[size++] = prefixOf(this.#terms.termOf(id), units) * range + id
    keys.sort()
    const ranks = Int32Array.from(keys, (key) => key % range)
    for (let from = 0; from < size; ) {
      const prefix = Math.floor(keys[from]! / range)
      let to = from + 1
      while (to < size && Math.floor(keys[to]! / range) === prefix) to++
      if (to - from > 1) {
        const terms = Array.from(ranks.subarray(from, to), (id) => ({ id, term: this.#terms.termOf(id) }))
        terms.sort((a, b) => (a.term < b.term ? -1 : 1))
        terms.forEach(({ id }, index) => {
          ranks[from + index] = id
        })
      }
      from = to
    }
    return ranks
  }

  /** Sorts the occurrences of some terms by counting, then writes these terms. */
  #writeRange(writer: SegmentWriter, ids: Int32Array, total: number, first: number, room: Room): void {
    const { next } = room
    next.fill(-1)
    let sum = 0
    for (const id of ids) {
      next[id] = sum
      sum += this.#counts[id]!
    }
    if (room.passages.length < total) {
      // Most ranges are almost full, so that the first takes the room for all.
      const size = Math.max(total, Math.min(sortedAtOnce, this.#ends.at(-1)!))
      room.passages = new Int32Array(size)
      room.positions = new Int32Array(size)
    }
    const { passages, positions } = room
    this.#scatter(next, passages, positions, first)
    const key = new Bytes(2048)
    let at = 0
    for (const id of ids) {
      key.size = 0
      writeTerm(key, this.#terms.termOf(id))
      writer.beginTerm()
      for (const end = at + this.#counts[id]!; at < end; ) {
        const local = passages[at]!
        let stop = at + 1
        while (stop < end && passages[stop] === local) stop++
        writer.postings.posting(local, stop - at)
        const out = writer.postings.groupPositions
        let before = 0
        for (; at < stop; at++) {
          out.varint(positions[at]! - before)
          before = positions[at]!
        }
      }
      writer.endTerm(key)
    }
  }

  #scatter(next: Int32Array, passages: Int32Array, positions: Int32Array, first: number): void {
    let chunk = 0
    let ids = this.#idChunks[0]!
    let gaps = this.#gapChunks[0]!
    let used = 0
    let wide = 0
    let occurrence = 0
    for (let i = 0; i < this.#numbers.length; i++) {
      const local = this.#numbers[i]! - first
      let position = -1
      for (const end = this.#ends[i]!; occurrence < end; occurrence++) {
        if (used === chunkSize) {
          ids = this.#idChunks[++chunk]!
          gaps = this.#gapChunks[chunk]!
          used = 0
        }
        const gap = gaps[used]!
        position += gap < wideGap ? gap : this.#wide[wide++]!
        const id = ids[used++]!
        const place = next[id]!
        if (place < 0) continue
        next[id] = place + 1
        passages[place] = local
        positions[place] = position
      }
    }
  }

  #reset(last: number): void {
    if (this.#terms.size > mostTerms) this.#terms.clear()
    this.#counts = new Int32Array(4096)
    this.#distinct = 0
    this.#textBytes = 0
    this.#chunk = -1
    this.#grow()
    this.#used = 0
    this.#wide = []
    this.#numbers = []
    this.#lengths = []
    this.#ends = []
    this.#last = last
  }
}

/** Collects passages in memory until they are written out as one segment; `terms` are cleared between segments. */
export const segmentBuilder = (terms: TermNumbers = termNumbers()): SegmentBuilder => new LogBuilder(terms)

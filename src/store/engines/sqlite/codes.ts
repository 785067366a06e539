import { damaged, rowBytes } from './bytes.ts'

/**
 * Passages with one bit per dimension: the sign of the vector minus the group's centre. A group's centre is the mean of
 * its own members, so that codes stay sharp where content drifts, and `radii` (distance from the centre) make the
 * distances of different groups comparable.
 */
export interface CodeGroup {
  readonly numbers: Int32Array
  readonly centre: Float32Array
  readonly radii: Float32Array
  /** `wordsOf(dimensions)` 32-bit words per passage. */
  readonly codes: Int32Array
}

export const wordsOf = (dimensions: number): number => Math.ceil(dimensions / 32)
/** Passages in a full group: its row is at most 64 KiB. */
export const groupCapacity = (dimensions: number): number =>
  Math.max(1, Math.floor((rowBytes - 8 - 4 * dimensions) / (4 * wordsOf(dimensions) + 8)))

/** Writes the signs of `vector - centre` from word `at` on and returns the length of that difference. */
export function writeCode(vector: Float32Array, from: number, centre: Float32Array, codes: Int32Array, at: number) {
  const dimensions = centre.length
  let square = 0
  let word = 0
  for (let index = 0; index < dimensions; index++) {
    const difference = vector[from + index]! - centre[index]!
    square += difference * difference
    if (difference > 0) word |= 1 << (index & 31)
    if ((index & 31) === 31 || index === dimensions - 1) {
      codes[at + (index >>> 5)] = word
      word = 0
    }
  }
  return Math.sqrt(square)
}

export function encodeCodes(group: CodeGroup): Uint8Array {
  const count = group.numbers.length
  const { length } = group.centre
  const words = new Int32Array(2 + length + count * (2 + wordsOf(length)))
  words[0] = count
  words[1] = length
  const bits = (values: Float32Array) => new Int32Array(values.buffer, values.byteOffset, values.length)
  words.set(bits(group.centre), 2)
  words.set(group.numbers, 2 + length)
  words.set(bits(group.radii), 2 + length + count)
  words.set(group.codes, 2 + length + 2 * count)
  return new Uint8Array(words.buffer)
}

export function decodeCodes(bytes: Uint8Array): CodeGroup {
  const buffer = bytes.slice().buffer as ArrayBuffer
  const [count = 0, dimensions = 0] = new Int32Array(buffer, 0, 2)
  const expected = 4 * (2 + dimensions + count * (2 + wordsOf(dimensions)))
  if (count < 0 || dimensions < 1 || buffer.byteLength !== expected) throw damaged('a group of codes has a wrong size')
  const at = 8 + 4 * dimensions
  return {
    centre: new Float32Array(buffer, 8, dimensions),
    numbers: new Int32Array(buffer, at, count),
    radii: new Float32Array(buffer, at + 4 * count, count),
    codes: new Int32Array(buffer, at + 8 * count),
  }
}

/** The group without the passages that `gone` names. */
export function withoutPassages(group: CodeGroup, gone: (passage: number) => boolean): CodeGroup {
  const words = wordsOf(group.centre.length)
  const kept: number[] = []
  group.numbers.forEach((number, index) => {
    if (!gone(number)) kept.push(index)
  })
  const codes = new Int32Array(kept.length * words)
  kept.forEach((from, to) => {
    codes.set(group.codes.subarray(from * words, (from + 1) * words), to * words)
  })
  return {
    centre: group.centre,
    numbers: Int32Array.from(kept, (index) => group.numbers[index]!),
    radii: Float32Array.from(kept, (index) => group.radii[index]!),
    codes,
  }
}

/** Members that are looked at for drift: fewer have a mean of their own by chance alone. */
const recentMembers = 64
/** How far a mean may be from the centre, in units of the spread: of the recent members, and of all of a small group. */
const recentDrift = 0.3
const wholeDrift = 0.5
/** Share of the capacity from which a group is closed rather than coded anew. */
const closingShare = 0.25

/**
 * The group that is being filled. As content drifts, the group is closed and the next begins with a centre of its own;
 * only the codes of a group that is still small are made anew (after DeDrift, arXiv 2308.02752: redo what drifted, and
 * nothing else).
 */
export class OpenGroup {
  readonly dimensions: number
  readonly capacity: number
  /** Codes made so far, and how many of them were made again. */
  made = 0
  remade = 0
  #numbers: number[] = []
  readonly #vectors: Float32Array
  #centre: Float32Array | undefined
  #coded = 0
  readonly #radii: Float32Array
  readonly #codes: Int32Array

  constructor(dimensions: number, capacity = groupCapacity(dimensions)) {
    this.dimensions = dimensions
    this.capacity = capacity
    this.#vectors = new Float32Array(capacity * dimensions)
    this.#radii = new Float32Array(capacity)
    this.#codes = new Int32Array(capacity * wordsOf(dimensions))
  }

  get size(): number {
    return this.#numbers.length
  }
  get full(): boolean {
    return this.size >= this.capacity
  }

  /** `vector` has length 1, or 0 when it is all zeros. */
  add(number: number, vector: Float32Array): void {
    this.#vectors.set(vector, this.size * this.dimensions)
    this.#numbers.push(number)
  }

  /** Starts from a group that was written before. */
  resume(group: CodeGroup, vectorOf: (number: number) => Float32Array): void {
    for (const number of group.numbers) this.add(number, vectorOf(number))
    this.#centre = group.centre.slice()
    this.#coded = group.numbers.length
    this.#radii.set(group.radii)
    this.#codes.set(group.codes)
  }

  remove(gone: (passage: number) => boolean): void {
    const { dimensions } = this
    const words = wordsOf(dimensions)
    const numbers = this.#numbers
    const coded = this.#coded
    this.#numbers = []
    this.#coded = 0
    numbers.forEach((number, from) => {
      if (gone(number)) return
      const to = this.size
      this.#vectors.copyWithin(to * dimensions, from * dimensions, (from + 1) * dimensions)
      this.#codes.copyWithin(to * words, from * words, (from + 1) * words)
      this.#radii[to] = this.#radii[from]!
      this.#numbers.push(number)
      if (from < coded) this.#coded++
    })
  }

  /** Makes the codes that are missing. With `close`, the group ended before them, and they begin the next one. */
  code(): { readonly group: CodeGroup; readonly close: boolean } {
    const { size } = this
    if (this.#centre && this.#coded > 0 && this.#coded < size) {
      const recent = Math.min(this.#coded, Math.max(0, size - recentMembers))
      if (this.#coded >= this.capacity * closingShare && this.#drift(recent) > recentDrift) return this.#close()
      if (this.#coded < this.capacity * closingShare && this.#drift(0) > wholeDrift) {
        this.remade += this.#coded
        this.#coded = 0
      }
    }
    if (this.#coded === 0) this.#centre = this.#mean(0)
    const { dimensions } = this
    const words = wordsOf(dimensions)
    for (let index = this.#coded; index < size; index++)
      this.#radii[index] = writeCode(this.#vectors, index * dimensions, this.#centre!, this.#codes, index * words)
    this.made += size - this.#coded
    this.#coded = size
    return { group: this.#group(size), close: this.full }
  }

  #close(): { readonly group: CodeGroup; readonly close: boolean } {
    return { group: this.#group(this.#coded), close: true }
  }

  /** Leaves the members that have no codes yet as the first of the next group. */
  next(): void {
    const rest = this.#numbers.slice(this.#coded)
    this.#vectors.copyWithin(0, this.#coded * this.dimensions, this.size * this.dimensions)
    this.#numbers = rest
    this.#centre = undefined
    this.#coded = 0
  }

  #group(count: number): CodeGroup {
    return {
      numbers: Int32Array.from(this.#numbers.slice(0, count)),
      centre: this.#centre!,
      radii: this.#radii.slice(0, count),
      codes: this.#codes.slice(0, count * wordsOf(this.dimensions)),
    }
  }

  #mean(from: number): Float32Array {
    const { size, dimensions } = this
    const sum = new Float64Array(dimensions)
    for (let index = from; index < size; index++)
      for (let axis = 0; axis < dimensions; axis++) sum[axis]! += this.#vectors[index * dimensions + axis]!
    return Float32Array.from(sum, (value) => value / Math.max(1, size - from))
  }

  /** Distance of the mean of the members from `from` on to the centre, in units of their spread about the centre. */
  #drift(from: number): number {
    const { size, dimensions } = this
    const mean = this.#mean(from)
    let step = 0
    for (let axis = 0; axis < dimensions; axis++) step += (mean[axis]! - this.#centre![axis]!) ** 2
    let spread = 0
    for (let index = from; index < size; index++)
      for (let axis = 0; axis < dimensions; axis++)
        spread += (this.#vectors[index * dimensions + axis]! - mean[axis]!) ** 2
    return Math.sqrt(step / Math.max(1e-12, spread / Math.max(1, size - from)))
  }
}

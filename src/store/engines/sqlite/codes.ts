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

/**
 * The group that is being filled. Its vectors are held, and its codes are made anew only when the mean of its members
 * has moved away from the centre that they were made with (DeDrift, arXiv 2308.02752: only what drifted is redone).
 */
export class OpenGroup {
  readonly dimensions: number
  readonly capacity: number
  /** Codes made so far, and how many of them were made again. */
  made = 0
  remade = 0
  #numbers: number[] = []
  #vectors: Float32Array
  #sum: Float64Array
  #centre: Float32Array | undefined
  #coded = 0
  #radii: Float32Array
  #codes: Int32Array

  constructor(dimensions: number, capacity = groupCapacity(dimensions)) {
    this.dimensions = dimensions
    this.capacity = capacity
    this.#vectors = new Float32Array(capacity * dimensions)
    this.#sum = new Float64Array(dimensions)
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
    for (let index = 0; index < this.dimensions; index++) this.#sum[index]! += vector[index]!
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
    const numbers = this.#numbers
    const vectors = this.#vectors.slice()
    const centre = this.#centre
    this.clear()
    numbers.forEach((number, index) => {
      if (!gone(number)) this.add(number, vectors.subarray(index * this.dimensions, (index + 1) * this.dimensions))
    })
    this.#centre = centre
  }

  clear(): void {
    this.#numbers = []
    this.#sum.fill(0)
    this.#centre = undefined
    this.#coded = 0
  }

  /** The group with codes for all members. */
  code(drift = 0.15): CodeGroup {
    const { dimensions, size } = this
    const mean = Float32Array.from(this.#sum, (sum) => sum / Math.max(1, size))
    if (!this.#centre || this.#moved(mean) > drift) {
      this.remade += this.#coded
      this.#centre = mean
      this.#coded = 0
    }
    const words = wordsOf(dimensions)
    for (let index = this.#coded; index < size; index++)
      this.#radii[index] = writeCode(this.#vectors, index * dimensions, this.#centre, this.#codes, index * words)
    this.made += size - this.#coded
    this.#coded = size
    return {
      numbers: Int32Array.from(this.#numbers),
      centre: this.#centre,
      radii: this.#radii.slice(0, size),
      codes: this.#codes.slice(0, size * words),
    }
  }

  /** How far the mean is from the centre, in units of the members' spread about their mean. */
  #moved(mean: Float32Array): number {
    const { size, dimensions } = this
    let step = 0
    let norm = 0
    for (let index = 0; index < dimensions; index++) {
      const value = mean[index]!
      step += (value - this.#centre![index]!) ** 2
      norm += value * value
    }
    let square = 0
    for (let index = 0; index < size * dimensions; index++) square += this.#vectors[index]! ** 2
    return Math.sqrt(step / Math.max(1e-12, square / Math.max(1, size) - norm))
  }
}

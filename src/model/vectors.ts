import { type Embedder, FoveaError } from '../core/index.ts'

/** The vector with length one; a vector of zeros stays. */
export function unit(vector: Float32Array): Float32Array {
  let square = 0
  for (const value of vector) square += value * value
  if (square === 0) return vector.slice()
  const share = 1 / Math.sqrt(square)
  return vector.map((value) => value * share)
}

export function dot(first: Float32Array, second: Float32Array): number {
  let sum = 0
  for (let at = 0; at < first.length; at++) sum += first[at]! * second[at]!
  return sum
}

/** The first `dimensions` numbers, with length one again (Kusupati et al. 2022, Matryoshka Representation Learning, arXiv 2205.13147). */
export const shorten = (vector: Float32Array, dimensions: number): Float32Array => unit(vector.subarray(0, dimensions))

/** Writes a vector as whole numbers from -127 to 127 at `at`; returns what one of them is worth. */
export function writeInt8(vector: Float32Array, codes: Int8Array, at: number): number {
  let most = 0
  for (const value of vector) most = Math.max(most, Math.abs(value))
  if (most === 0) return 0
  for (let index = 0; index < vector.length; index++) codes[at + index] = Math.round((vector[index]! / most) * 127)
  return most / 127
}

/** 32-bit words that the signs of a vector take. */
export const signWords = (dimensions: number): number => Math.ceil(dimensions / 32)

/** Writes the signs of a vector as bits from the word `at` on. */
export function writeSigns(vector: Float32Array, words: Int32Array, at: number): void {
  for (let index = 0; index < vector.length; index++)
    if (vector[index]! > 0) words[at + (index >>> 5)]! |= 1 << (index & 31)
}

/** Number of signs in which two vectors differ. */
export function signsApart(first: Int32Array, from: number, second: Int32Array, to: number, words: number): number {
  let apart = 0
  for (let word = 0; word < words; word++) {
    let bits = first[from + word]! ^ second[to + word]!
    bits -= (bits >>> 1) & 0x55555555
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
    apart += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return apart
}

export interface CompactOptions {
  /** Numbers to keep of each vector, for models that were trained to be cut so. Default: all. */
  readonly dimensions?: number
  /** `int8`: each number as one of 255 steps; `binary`: its sign alone. Queries stay exact. Default `float32`. */
  readonly precision?: 'float32' | 'int8' | 'binary'
}

/**
 * An embedder whose passage vectors are shorter or coarser than the model's: what is kept is what the codes can give
 * back, so that a store ranks as one that held the codes would. Throws `model-unfit` for more dimensions than there are.
 */
export function compact(embedder: Embedder, { dimensions, precision = 'float32' }: CompactOptions): Embedder {
  const size = dimensions ?? embedder.dimensions
  if (size > embedder.dimensions || size < 1)
    throw new FoveaError('model-unfit', `${embedder.name} has ${embedder.dimensions} dimensions, not ${size}`)
  const coarse = (vector: Float32Array): Float32Array => {
    if (precision === 'float32') return vector
    if (precision === 'binary') return unit(vector.map((value) => (value > 0 ? 1 : -1)))
    const codes = new Int8Array(vector.length)
    const worth = writeInt8(vector, codes, 0)
    return Float32Array.from(codes, (code) => code * worth)
  }
  const marks = [size === embedder.dimensions ? '' : String(size), precision === 'float32' ? '' : precision]
  return {
    name: [embedder.name, ...marks.filter(Boolean)].join('@'),
    dimensions: size,
    async embed(texts, kind, abortSignal) {
      const vectors = await embedder.embed(texts, kind, abortSignal)
      const short = vectors.map((vector) => shorten(vector, size))
      return kind === 'query' ? short : short.map(coarse)
    },
  }
}

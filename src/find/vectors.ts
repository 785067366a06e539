import { dot, shorten, signsApart, signWords, unit, writeInt8, writeSigns } from '../model/index.ts'

export interface VectorOptions {
  /**
   * `int8` keeps a quarter of the bytes; `binary` adds signs, by which the first `rescore` candidates for each result are
   * chosen before they are ranked by the int8 codes. Default `float32`.
   */
  readonly precision: 'float32' | 'int8' | 'binary'
  readonly rescore: number
  /** First numbers of a vector that are kept, for models that were trained to be cut so. Default: all. */
  readonly dimensions: number
}
export interface Near {
  readonly number: number
  readonly score: number
}

const grown = <Codes extends Float32Array | Int8Array | Int32Array>(codes: Codes, size: number): Codes => {
  if (size <= codes.length) return codes
  const wider = new (codes.constructor as new (length: number) => Codes)(Math.max(size, codes.length * 2))
  wider.set(codes)
  return wider
}

/** Vectors in memory by number, and the nearest of them to another by cosine; every one is looked at. */
export class VectorSet {
  readonly #precision: VectorOptions['precision']
  readonly #rescore: number
  readonly #cut: number | undefined
  #dimensions = 0
  #exact = new Float32Array(0)
  #codes = new Int8Array(0)
  #worths = new Float32Array(0)
  #signs = new Int32Array(0)
  size = 0

  constructor({ precision = 'float32', rescore = 20, dimensions }: Partial<VectorOptions> = {}) {
    this.#precision = precision
    this.#rescore = rescore
    this.#cut = dimensions
  }

  /** Adds a vector and returns its number. */
  add(given: Float32Array): number {
    const vector = this.#made(given)
    const number = this.size++
    const at = number * vector.length
    this.#dimensions = vector.length
    if (this.#precision === 'float32') {
      this.#exact = grown(this.#exact, at + vector.length)
      this.#exact.set(vector, at)
      return number
    }
    this.#codes = grown(this.#codes, at + vector.length)
    this.#worths = grown(this.#worths, this.size)
    this.#worths[number] = writeInt8(vector, this.#codes, at)
    if (this.#precision === 'binary') {
      const words = signWords(vector.length)
      this.#signs = grown(this.#signs, this.size * words)
      writeSigns(vector, this.#signs, number * words)
    }
    return number
  }

  #made(vector: Float32Array): Float32Array {
    return this.#cut === undefined ? unit(vector) : shorten(vector, this.#cut)
  }

  /** Cosine of a vector of the set and another of length one. */
  #score(number: number, query: Float32Array): number {
    const at = number * this.#dimensions
    if (this.#precision === 'float32') return dot(query, this.#exact.subarray(at, at + this.#dimensions))
    let sum = 0
    for (let index = 0; index < this.#dimensions; index++) sum += query[index]! * this.#codes[at + index]!
    return sum * this.#worths[number]!
  }

  /** Cosines of all vectors, by number. */
  scores(given: Float32Array): Float64Array {
    const query = this.#made(given)
    return Float64Array.from({ length: this.size }, (_, number) => this.#score(number, query))
  }

  /** Best first; equal ones by number. */
  nearest(given: Float32Array, limit: number, accept: (number: number) => boolean = () => true): Near[] {
    const query = this.#made(given)
    let candidates = Array.from({ length: this.size }, (_, number) => number).filter(accept)
    if (this.#precision === 'binary' && candidates.length > limit * this.#rescore) {
      const words = signWords(this.#dimensions)
      const wanted = new Int32Array(words)
      writeSigns(query, wanted, 0)
      const apart = new Int32Array(this.size)
      for (const number of candidates) apart[number] = signsApart(this.#signs, number * words, wanted, 0, words)
      candidates = candidates
        .sort((first, second) => apart[first]! - apart[second]! || first - second)
        .slice(0, limit * this.#rescore)
    }
    return candidates
      .map((number) => ({ number, score: this.#score(number, query) }))
      .sort((first, second) => second.score - first.score || first.number - second.number)
      .slice(0, limit)
  }
}

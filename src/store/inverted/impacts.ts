import { type Bytes, corrupt, type View } from './bytes.ts'
import { lengthCodes } from './lengths.ts'

/** Pairs kept for each group. */
const pairLimit = 4
const frequencies = 16
const none = lengthCodes

/**
 * The best (frequency, length) pairs of some postings: none scores more than the best of the pairs, whatever the mean
 * length. After Mallia et al., "Faster BlockMax WAND with Variable-sized Blocks" (2017), and Lucene's impacts.
 */
export class Impacts {
  /** Smallest length code by frequency; the last place holds all higher frequencies. */
  readonly #shortest = new Uint16Array(frequencies + 1).fill(none)
  #highest = 0

  clear(): void {
    this.#shortest.fill(none)
    this.#highest = 0
  }

  add(frequency: number, code: number): void {
    const place = Math.min(frequency, frequencies)
    if (code < this.#shortest[place]!) this.#shortest[place] = code
    if (frequency > this.#highest) this.#highest = frequency
  }

  addAll(other: Impacts): void {
    for (let place = 0; place <= frequencies; place++) {
      if (other.#shortest[place]! < this.#shortest[place]!) this.#shortest[place] = other.#shortest[place]!
    }
    if (other.#highest > this.#highest) this.#highest = other.#highest
  }

  /** How many pairs, then the pairs from the highest frequency down. */
  write(out: Bytes): void {
    const pairs: number[] = []
    let shortest = none
    for (let place = frequencies; place > 0; place--) {
      const code = this.#shortest[place]!
      if (code >= shortest) continue
      shortest = code
      pairs.push(place === frequencies ? this.#highest : place, code)
    }
    // Where there are too many, the highest frequencies join: they differ least, and the joint pair bounds both.
    const surplus = Math.max(0, pairs.length / 2 - pairLimit)
    if (surplus > 0) pairs.splice(0, 2 * surplus + 2, pairs[0]!, pairs[2 * surplus + 1]!)
    out.byte(pairs.length / 2)
    for (let i = 0; i < pairs.length; i += 2) {
      out.varint(pairs[i]!)
      out.byte(pairs[i + 1]!)
    }
  }
}

/** BM25's share of a score that depends on frequency and length alone, on a grid of 2^-22 so that sums are exact. */
export class Saturation {
  readonly meanLength: number
  /** By frequency (below `rows`) and length code. */
  readonly table: Float32Array
  static readonly rows = 32
  readonly #k1: number
  readonly #norms: Float64Array

  constructor(meanLength: number, k1: number, b: number, lengths: (code: number) => number) {
    this.meanLength = meanLength
    this.#k1 = k1
    this.#norms = new Float64Array(lengthCodes)
    for (let code = 0; code < lengthCodes; code++) {
      this.#norms[code] = k1 * (1 - b + (meanLength > 0 ? (b * lengths(code)) / meanLength : 0))
    }
    this.table = new Float32Array(Saturation.rows * lengthCodes)
    for (let frequency = 1; frequency < Saturation.rows; frequency++) {
      for (let code = 0; code < lengthCodes; code++)
        this.table[frequency * lengthCodes + code] = this.exact(frequency, code)
    }
  }

  of(frequency: number, code: number): number {
    return frequency < Saturation.rows ? this.table[frequency * lengthCodes + code]! : this.exact(frequency, code)
  }

  /** Never 0, so that every match counts. */
  exact(frequency: number, code: number): number {
    const value = (frequency * (this.#k1 + 1)) / (frequency + this.#norms[code]!)
    return Math.fround(Math.max(1, Math.round(value * 4_194_304)) / 4_194_304)
  }

  /** The best of the pairs that `Impacts` wrote. */
  best(view: View): number {
    const { bytes } = view
    let at = view.skip(1)
    const pairs = bytes[at++]!
    if (pairs > pairLimit) throw corrupt('a bound of postings holds too many pairs')
    let best = 0
    for (let i = 0; i < pairs; i++) {
      let value: number
      if (bytes[at]! < Saturation.rows) value = this.table[bytes[at]! * lengthCodes + bytes[at + 1]!]!
      else {
        view.at = at
        const frequency = view.varint()
        at = view.at - 1
        value = this.exact(frequency, bytes[view.at]!)
      }
      at += 2
      if (value > best) best = value
    }
    view.at = at
    view.skip(0)
    return best
  }
}

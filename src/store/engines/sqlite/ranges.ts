/** Sorted half-open ranges of passage numbers that do not touch. */
export class Ranges {
  readonly starts: Int32Array
  readonly ends: Int32Array

  constructor(starts: Int32Array, ends: Int32Array) {
    this.starts = starts
    this.ends = ends
  }

  /** From ranges in any order that may overlap. */
  static of(pairs: readonly (readonly [from: number, to: number])[]): Ranges {
    const sorted = [...pairs].sort((a, b) => a[0] - b[0])
    const starts = new Int32Array(sorted.length)
    const ends = new Int32Array(sorted.length)
    let count = 0
    for (const [from, to] of sorted) {
      if (to <= from) continue
      if (count > 0 && from <= ends[count - 1]!) ends[count - 1] = Math.max(ends[count - 1]!, to)
      else {
        starts[count] = from
        ends[count++] = to
      }
    }
    return new Ranges(starts.slice(0, count), ends.slice(0, count))
  }

  get size(): number {
    return this.starts.length
  }

  /** Index of the last range that starts at or before the number, or -1. */
  #at(number: number): number {
    let low = 0
    let high = this.starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.starts[middle]! <= number) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  has(number: number): boolean {
    const at = this.#at(number)
    return at >= 0 && number < this.ends[at]!
  }

  /** How many numbers of the half-open range lie in these. */
  overlap(from: number, to: number): number {
    let sum = 0
    for (let at = Math.max(0, this.#at(from)); at < this.size && this.starts[at]! < to; at++)
      sum += Math.max(0, Math.min(to, this.ends[at]!) - Math.max(from, this.starts[at]!))
    return sum
  }
}

import type { DatabaseSync } from 'node:sqlite'
import type { ScoredPassage } from '../../inverted/index.ts'
import { unseal } from './bytes.ts'
import { type CodeGroup, decodeCodes, wordsOf, writeCode } from './codes.ts'
import { normalise, readVector } from './vector-writer.ts'

/** Codes kept in memory; the rest is read anew by each query. */
const cacheBytes = 512 << 20
const fewestCandidates = 500
const mostCandidates = 2_000
const candidatesPerResult = 20

/** The candidates with the least estimated distance seen so far. */
class Nearest {
  readonly #most: number
  readonly numbers: Int32Array
  readonly #estimates: Float64Array
  size = 0
  /** Estimates at or above this cannot be among the nearest. */
  limit = Infinity

  constructor(most: number) {
    this.#most = most
    this.numbers = new Int32Array(2 * most)
    this.#estimates = new Float64Array(2 * most)
  }

  add(number: number, estimate: number): void {
    this.numbers[this.size] = number
    this.#estimates[this.size++] = estimate
    if (this.size === this.numbers.length) this.shrink()
  }

  shrink(): void {
    if (this.size <= this.#most) return
    const limit = this.#estimates.slice(0, this.size).sort()[this.#most - 1]!
    let kept = 0
    for (let index = 0; index < this.size && kept < this.#most; index++) {
      if (this.#estimates[index]! > limit) continue
      this.numbers[kept] = this.numbers[index]!
      this.#estimates[kept++] = this.#estimates[index]!
    }
    this.size = kept
    this.limit = limit
  }
}

/**
 * Adds the passages of one group by an estimate of their squared distance to the query: the angle about the centre from
 * the Hamming distance of the signs, the two lengths exactly (after RaBitQ, arXiv 2405.12497, without its rotation).
 */
function scan(
  group: CodeGroup,
  query: Float32Array,
  cosines: Float64Array,
  nearest: Nearest,
  accept: (passage: number) => boolean,
): void {
  const { numbers, radii, codes, centre } = group
  const dimensions = centre.length
  const words = wordsOf(dimensions)
  const wanted = new Int32Array(words)
  const length = writeCode(query, 0, centre, wanted, 0)
  const square = length * length
  for (let index = 0, at = 0; index < numbers.length; index++) {
    let distance = 0
    for (let word = 0; word < words; word++, at++) {
      let bits = codes[at]! ^ wanted[word]!
      bits -= (bits >>> 1) & 0x55555555
      bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
      distance += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
    }
    const radius = radii[index]!
    const estimate = square + radius * (radius - 2 * length * cosines[distance]!)
    if (estimate < nearest.limit && accept(numbers[index]!)) nearest.add(numbers[index]!, estimate)
  }
}

/** Cosine search: a scan over binary codes, then the best few hundred by their vectors. */
export class VectorReader {
  readonly #groups = new Map<number, { readonly version: number; readonly group: CodeGroup; readonly bytes: number }>()
  #bytes = 0
  readonly #list
  readonly #read
  readonly #vector

  constructor(database: DatabaseSync) {
    this.#list = database.prepare('SELECT key, version FROM codes ORDER BY key')
    this.#read = database.prepare('SELECT bytes FROM codes WHERE key = ?')
    this.#vector = database.prepare('SELECT bytes FROM vectors WHERE passage = ?')
  }

  #group(key: number, version: number): CodeGroup {
    const known = this.#groups.get(key)
    if (known?.version === version) return known.group
    if (known) this.#bytes -= known.bytes
    this.#groups.delete(key)
    const bytes = unseal(this.#read.get(key)?.bytes, 'a group of codes')
    const group = decodeCodes(bytes)
    if (this.#bytes + bytes.length <= cacheBytes) {
      this.#groups.set(key, { version, group, bytes: bytes.length })
      this.#bytes += bytes.length
    }
    return group
  }

  search(
    vector: Float32Array,
    limit: number,
    accept: (passage: number) => boolean,
    abortSignal?: AbortSignal,
    candidates = Math.max(limit, Math.min(mostCandidates, Math.max(fewestCandidates, candidatesPerResult * limit))),
  ): ScoredPassage[] {
    const query = normalise(vector)
    const nearest = new Nearest(candidates)
    // Cosine of the angle that a share of differing signs stands for.
    const cosines = Float64Array.from({ length: query.length + 1 }, (_, distance) =>
      Math.cos((Math.PI * distance) / query.length),
    )
    const rows = this.#list.all()
    const live = new Set(rows.map((row) => Number(row.key)))
    for (const [key, { bytes }] of this.#groups) {
      if (live.has(key)) continue
      this.#groups.delete(key)
      this.#bytes -= bytes
    }
    for (const row of rows) {
      abortSignal?.throwIfAborted()
      scan(this.#group(Number(row.key), Number(row.version)), query, cosines, nearest, accept)
    }
    nearest.shrink()
    const scored: ScoredPassage[] = []
    for (const passage of nearest.numbers.subarray(0, nearest.size).sort()) {
      const stored = readVector(this.#vector.get(passage)?.bytes)
      let score = 0
      for (let index = 0; index < stored.length; index++) score += stored[index]! * query[index]!
      scored.push({ passage, score })
    }
    return scored.sort((a, b) => b.score - a.score || a.passage - b.passage).slice(0, limit)
  }
}

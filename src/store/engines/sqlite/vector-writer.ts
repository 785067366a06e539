import type { DatabaseSync } from 'node:sqlite'
import { seal, unseal } from './bytes.ts'
import { type CodeGroup, decodeCodes, encodeCodes, OpenGroup, withoutPassages } from './codes.ts'
import type { Ranges } from './ranges.ts'
import type { Counters } from './schema.ts'

/** Texts asked for at once, by number and by length, and requests under way before the writer waits. */
const batchTexts = 64
const batchLength = 256 << 10
const batchesUnderWay = 4

export const vectorBytes = (vector: Float32Array): Uint8Array =>
  seal(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength))
export const readVector = (bytes: unknown): Float32Array =>
  new Float32Array(unseal(bytes, 'a vector').slice().buffer as ArrayBuffer)

/** Scales to length 1, so that a dot product is the cosine; all zeros stay. */
export function normalise(vector: Float32Array): Float32Array {
  let square = 0
  for (const value of vector) square += value * value
  const scale = square > 0 ? 1 / Math.sqrt(square) : 0
  return vector.map((value) => value * scale)
}

interface Asked {
  readonly numbers: readonly number[]
  values?: Float32Array
}

/** Asks for embeddings, in order and a few batches ahead, and writes vectors and codes in the caller's transaction. */
export class VectorWriter {
  readonly #database: DatabaseSync
  readonly #counters: Counters
  readonly #dimensions: number
  readonly #ask: (id: number, texts: readonly string[]) => void
  readonly #group: OpenGroup
  readonly #insert
  #groupKey: number
  #numbers: number[] = []
  #texts: string[] = []
  #length = 0
  #next = 0
  readonly #asked = new Map<number, Asked>()
  #arrived: (() => void) | undefined
  #failure: unknown

  constructor(
    database: DatabaseSync,
    counters: Counters,
    dimensions: number,
    ask: (id: number, texts: readonly string[]) => void,
  ) {
    this.#database = database
    this.#counters = counters
    this.#dimensions = dimensions
    this.#ask = ask
    this.#group = new OpenGroup(dimensions)
    this.#insert = database.prepare('INSERT OR REPLACE INTO vectors VALUES (?, ?)')
    const last = database.prepare('SELECT key, count, bytes FROM codes ORDER BY key DESC LIMIT 1').get()
    this.#groupKey = Number(last?.key ?? -1) + 1
    if (!last || Number(last.count) >= this.#group.capacity) return
    this.#groupKey--
    const read = database.prepare('SELECT bytes FROM vectors WHERE passage = ?')
    this.#group.resume(decodeCodes(unseal(last.bytes, 'a group of codes')), (passage) =>
      readVector(read.get(passage)?.bytes),
    )
  }

  /** Codes made, and those of them that were made again because their group's mean had moved. */
  get work(): { readonly made: number; readonly remade: number } {
    return { made: this.#group.made, remade: this.#group.remade }
  }

  async add(passage: number, text: string): Promise<void> {
    this.#numbers.push(passage)
    this.#texts.push(text)
    this.#length += text.length
    if (this.#texts.length < batchTexts && this.#length < batchLength) return
    this.#send()
    while (this.#asked.size > batchesUnderWay) await this.#arrival()
  }

  #send(): void {
    if (this.#texts.length === 0) return
    const id = this.#next++
    this.#asked.set(id, { numbers: this.#numbers })
    this.#ask(id, this.#texts)
    this.#numbers = []
    this.#texts = []
    this.#length = 0
  }

  arrive(id: number, values: Float32Array): void {
    const asked = this.#asked.get(id)
    if (asked) asked.values = values
    this.#arrived?.()
  }

  /** Makes everything that waits for vectors fail. */
  stop(reason: unknown): void {
    this.#failure = reason
    this.#arrived?.()
  }

  async #arrival(): Promise<void> {
    for (const [id, { numbers, values }] of this.#asked) {
      if (!values) break
      this.#asked.delete(id)
      numbers.forEach((number, index) => {
        this.#write(number, values.subarray(index * this.#dimensions, (index + 1) * this.#dimensions))
      })
      return
    }
    if (this.#failure) throw this.#failure
    await new Promise<void>((resolve) => {
      this.#arrived = resolve
    })
    if (this.#failure) throw this.#failure
  }

  #write(passage: number, values: Float32Array): void {
    const vector = normalise(values)
    this.#insert.run(passage, vectorBytes(vector))
    this.#counters.vectors++
    this.#group.add(passage, vector)
    if (this.#group.full) this.#writeGroup()
  }

  /** Writes the group that is being filled, and goes on to the next when it ends here. */
  #writeGroup(): void {
    while (this.#group.size > 0) {
      const { group, close } = this.#group.code()
      writeCodes(this.#database, this.#groupKey, group, this.#counters.generation + 1)
      if (!close) return
      this.#group.next()
      this.#groupKey++
    }
    this.#database.prepare('DELETE FROM codes WHERE key = ?').run(this.#groupKey)
  }

  /** Waits for all that was asked, takes deleted passages out, and writes the group that is being filled. */
  async settle(): Promise<void> {
    this.#send()
    while (this.#asked.size > 0) await this.#arrival()
  }

  commit(deleted: Ranges): void {
    if (deleted.size > 0) {
      this.#group.remove((passage) => deleted.has(passage))
      removeVectors(this.#database, deleted, this.#counters, this.#groupKey)
    }
    this.#writeGroup()
  }
}

function writeCodes(database: DatabaseSync, key: number, group: CodeGroup, version: number): void {
  database.prepare('INSERT OR REPLACE INTO codes VALUES (?, ?, ?, ?, ?, ?)').run(
    key,
    group.numbers.reduce((least, number) => Math.min(least, number), Infinity),
    group.numbers.reduce((most, number) => Math.max(most, number), -1),
    group.numbers.length,
    version,
    seal(encodeCodes(group)),
  )
}

/** Deletes the vectors of passages and takes them out of the groups of codes, but for the group `except`. */
export function removeVectors(database: DatabaseSync, deleted: Ranges, counters: Counters, except = -1): void {
  const remove = database.prepare('DELETE FROM vectors WHERE passage >= ? AND passage < ?')
  deleted.starts.forEach((start, index) => {
    counters.vectors -= Number(remove.run(start, deleted.ends[index]!).changes)
  })
  const read = database.prepare('SELECT bytes FROM codes WHERE key = ?')
  for (const row of database.prepare('SELECT key, first, last FROM codes ORDER BY key').all()) {
    const key = Number(row.key)
    if (key === except || deleted.overlap(Number(row.first), Number(row.last) + 1) === 0) continue
    const group = decodeCodes(unseal(read.get(key)?.bytes, 'a group of codes'))
    const kept = withoutPassages(group, (passage) => deleted.has(passage))
    if (kept.numbers.length === 0) database.prepare('DELETE FROM codes WHERE key = ?').run(key)
    else if (kept.numbers.length < group.numbers.length) writeCodes(database, key, kept, counters.generation + 1)
  }
}

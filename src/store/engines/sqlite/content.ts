import { hash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { FoveaError } from '../../../core/index.ts'
import { ByteWriter, rowBytes, seal, sealBytes, sealInPlace } from './bytes.ts'
import type { SourceMessage } from './protocol.ts'
import type { Counters } from './schema.ts'
import { chunkStride, emptyGroup, encodePassages, groupSize } from './structure.ts'

export const idBytes = (id: string): Uint8Array => Buffer.from(id, 'hex')
/** First 48 bits of an id: what the index over sources is sorted by. */
export const shortId = (id: string): number => Number.parseInt(id.slice(0, 12), 16)
const largestPassage = 2 ** 31 - 2
const encoder = new TextEncoder()

export const detailKinds = { outline: 0, origin: 1 } as const
const rowsPerDetail = 2 ** 16
export const detailKey = (source: number, kind: keyof typeof detailKinds, row: number): number =>
  (source * 2 + detailKinds[kind]) * rowsPerDetail + row

export interface SourceKey {
  readonly first: number
  readonly count: number
}
/** Where a source's text and passages are, under one checksum: a damaged row must not lead to other text. */
export interface SourceSpot extends SourceKey {
  readonly base: number
  readonly length: number
  readonly id: Uint8Array
}
export const sourceSum = ({ first, count, base, length, id }: SourceSpot): number =>
  crc32(id, crc32(`${first} ${count} ${base} ${length}`))

interface SourceRow extends SourceKey {
  readonly base: number
  readonly length: number
  words: number
  ready: number
}
/** A source whose row is not yet written: most are written once, with all that is known when their file is whole. */
interface FreshSource extends SourceRow {
  readonly short: number
  readonly id: Uint8Array
  readonly digest: Uint8Array
  readonly message: Omit<SourceMessage, 'text' | 'chunks'>
}

/** Equal digests mean that nothing would differ but the place. */
function digestOf(source: SourceMessage): Uint8Array {
  const writer = new ByteWriter()
  const { title, language, part, time, fileTime, contexts } = source
  writer.string(JSON.stringify([source.mediaType, title, language, part, fileTime ? 'file' : time, contexts]))
  for (const bytes of [source.chunks, source.outline, source.origin]) {
    writer.varint(bytes?.byteLength ?? 0)
    if (bytes) writer.raw(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  }
  return hash('sha256', writer.finish(), 'buffer').subarray(0, 16)
}

/** Rows of sources, their text, passages and structure; all within the caller's transaction. */
export class Content {
  readonly #counters: Counters
  readonly #embedded: number
  readonly #fresh = new Map<number, FreshSource>()
  readonly #freshByShort = new Map<number, FreshSource[]>()
  readonly #buffer = new Uint8Array(rowBytes + sealBytes)
  #group = emptyGroup(0)
  #grouped = 0
  /** Half-open ranges of passages deleted since the last commit. */
  deleted: [number, number][] = []
  /** Bytes of text written since the last commit. */
  written = 0
  readonly #find
  readonly #insert
  readonly #insertText
  readonly #insertPassages
  readonly #insertDetail
  readonly #setReady
  readonly #setWords
  readonly #read
  readonly #deletions
  readonly #tombstones
  readonly #sweeping

  constructor(database: DatabaseSync, counters: Counters, embedded: boolean) {
    this.#embedded = embedded ? 1 : 0
    this.#counters = counters
    this.#find = database.prepare('SELECT first, id, digest FROM sources WHERE short = ?')
    this.#insert = database.prepare('INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#insertText = database.prepare('INSERT INTO text VALUES (?, ?)')
    this.#insertPassages = database.prepare('INSERT INTO passages VALUES (?, ?, ?)')
    this.#insertDetail = database.prepare('INSERT INTO details VALUES (?, ?)')
    this.#setReady = database.prepare('UPDATE sources SET ready = ? WHERE first = ?')
    this.#setWords = database.prepare('UPDATE sources SET words = ? WHERE first = ?')
    this.#read = database.prepare('SELECT first, count, base, length, words, ready FROM sources WHERE first = ?')
    this.#deletions = {
      source: database.prepare('DELETE FROM sources WHERE first = ?'),
      text: database.prepare('DELETE FROM text WHERE at >= ? AND at < ?'),
      details: database.prepare('DELETE FROM details WHERE key >= ? AND key < ?'),
    }
    this.#tombstones = {
      before: database.prepare('SELECT first, last FROM tombstones WHERE first <= ? ORDER BY first DESC LIMIT 1'),
      at: database.prepare('SELECT last FROM tombstones WHERE first = ?'),
      remove: database.prepare('DELETE FROM tombstones WHERE first = ?'),
      insert: database.prepare('INSERT OR REPLACE INTO tombstones VALUES (?, ?)'),
    }
    this.#sweeping = {
      start: database.prepare('SELECT max(first) AS first FROM passages WHERE first <= ?'),
      rows: database.prepare('SELECT first, count FROM passages WHERE first >= ? AND first < ?'),
      source: database.prepare('SELECT first, count FROM sources WHERE first < ? ORDER BY first DESC LIMIT 1'),
      remove: database.prepare('DELETE FROM passages WHERE first = ?'),
    }
  }

  row(first: number): SourceRow {
    return this.#fresh.get(first) ?? (this.#read.get(first) as unknown as SourceRow)
  }

  /** Number of a source that is already here and differs in nothing but its place. */
  find(source: SourceMessage): { readonly digest: Uint8Array; readonly first?: number } {
    const digest = digestOf(source)
    const short = shortId(source.id)
    const same = (one: unknown, other: Uint8Array) => Buffer.compare(one as Uint8Array, other) === 0
    for (const fresh of this.#freshByShort.get(short) ?? [])
      if (this.#fresh.has(fresh.first) && same(fresh.digest, digest)) return { digest, first: fresh.first }
    const id = idBytes(source.id)
    const twin = this.#find.all(short).find((row) => same(row.id, id) && same(row.digest, digest))
    return { digest, ...(twin ? { first: Number(twin.first) } : {}) }
  }

  /** Writes text and structure; the source is hidden until `show`. */
  insert(source: SourceMessage, digest: Uint8Array): SourceKey & { readonly base: number } {
    const counters = this.#counters
    const count = source.chunks.length / chunkStride
    const { nextPassage: first, nextBase: base } = counters
    if (first + count > largestPassage)
      throw new FoveaError('store-full', 'the index has given out all its passage numbers; delete it and index again')
    counters.nextPassage += Math.max(1, count)
    counters.nextBase += Math.max(1, source.text.length)
    const { text, chunks: _chunks, ...message } = source
    const short = shortId(source.id)
    const fresh = {
      first,
      count,
      base,
      length: text.length,
      words: 0,
      ready: 0,
      short,
      id: idBytes(source.id),
      digest,
      message,
    }
    this.#fresh.set(first, fresh)
    const same = this.#freshByShort.get(short)
    if (same) same.push(fresh)
    else this.#freshByShort.set(short, [fresh])
    this.#writeText(text, base)
    if (source.outline) this.#writeDetail(first, 'outline', source.outline)
    if (source.origin) this.#writeDetail(first, 'origin', source.origin)
    return fresh
  }

  #writeRow(fresh: FreshSource): void {
    const { message } = fresh
    this.#insert.run(
      fresh.first,
      fresh.count,
      fresh.base,
      fresh.length,
      fresh.words,
      fresh.ready,
      this.#embedded,
      fresh.short,
      fresh.id,
      fresh.digest,
      sourceSum(fresh),
      message.mediaType,
      message.title ?? null,
      message.language ?? null,
      message.fileTime ? null : (message.time ?? null),
      message.fileTime ? 1 : 0,
      message.part?.index ?? null,
      message.part?.base ?? null,
    )
    this.#fresh.delete(fresh.first)
  }

  /** Writes what is still held back, so that the transaction can be committed. */
  flush(): void {
    for (const fresh of [...this.#fresh.values()]) this.#writeRow(fresh)
    this.#freshByShort.clear()
    this.flushPassages()
    this.written = 0
  }

  #writeText(text: string, base: number): void {
    let at = 0
    while (at < text.length) {
      let to = Math.min(text.length, at + rowBytes)
      if (to < text.length && (text.charCodeAt(to - 1) & 0xfc00) === 0xd800) to--
      const { read, written } = encoder.encodeInto(text.slice(at, to), this.#buffer.subarray(0, rowBytes))
      const row = this.#buffer.subarray(0, written + sealBytes)
      sealInPlace(row)
      this.#insertText.run(base + at, row)
      this.written += written
      at += read
    }
  }

  #writeDetail(source: number, kind: keyof typeof detailKinds, bytes: Uint8Array): void {
    for (let row = 0; row * rowBytes < bytes.length || row === 0; row++)
      this.#insertDetail.run(detailKey(source, kind, row), seal(bytes.subarray(row * rowBytes, (row + 1) * rowBytes)))
  }

  /** Adds the passage with the next number; offsets are the chunk's own. */
  passage(number: number, base: number, chunks: Int32Array, at: number): void {
    if (this.#grouped > 0 && (this.#grouped === groupSize || number !== this.#group.first + this.#grouped))
      this.flushPassages()
    if (this.#grouped === 0) this.#group = { ...this.#group, first: number }
    const group = this.#group
    const index = this.#grouped++
    const header = chunks[at + 3]!
    group.start[index] = base + chunks[at]!
    group.end[index] = base + chunks[at + 1]!
    group.node[index] = chunks[at + 2]!
    group.headerStart[index] = header < 0 ? -1 : base + header
    group.headerEnd[index] = header < 0 ? -1 : base + chunks[at + 4]!
  }

  flushPassages(): void {
    if (this.#grouped === 0) return
    const { first } = this.#group
    this.#insertPassages.run(first, this.#grouped, seal(encodePassages({ ...this.#group, count: this.#grouped })))
    this.#grouped = 0
  }

  setWords(first: number, words: number): void {
    const fresh = this.#fresh.get(first)
    if (fresh) fresh.words = words
    else this.#setWords.run(words, first)
  }

  show(first: number): void {
    const row = this.row(first)
    if (row.ready) return
    this.#count(row, 1)
    const fresh = this.#fresh.get(first)
    if (!fresh) this.#setReady.run(1, first)
    else {
      fresh.ready = 1
      this.#writeRow(fresh)
    }
  }

  hide(first: number): void {
    const row = this.row(first)
    if (!row.ready) return
    this.#count(row, -1)
    this.#setReady.run(0, first)
  }

  #count({ count, length, words }: SourceRow, sign: 1 | -1): void {
    this.#counters.sources += sign
    this.#counters.passages += sign * count
    this.#counters.characters += sign * length
    this.#counters.words += sign * words
  }

  delete(first: number): void {
    const row = this.row(first)
    this.hide(first)
    if (!this.#fresh.delete(first)) this.#deletions.source.run(first)
    this.#deletions.text.run(row.base, row.base + Math.max(1, row.length))
    this.#deletions.details.run(detailKey(first, 'outline', 0), detailKey(first + 1, 'outline', 0))
    this.deleted.push([first, first + Math.max(1, row.count)])
  }

  /** Writes the deleted ranges down and lets go of passage rows in which nothing lives. Returns the ranges, sorted. */
  commitDeleted(): [number, number][] {
    this.deleted.sort((a, b) => a[0] - b[0])
    const ranges: [number, number][] = []
    for (const [from, to] of this.deleted) {
      const last = ranges.at(-1)
      if (last && from <= last[1]) last[1] = Math.max(last[1], to)
      else ranges.push([from, to])
    }
    this.deleted = []
    for (const range of ranges) {
      this.#bury(range)
      this.#sweep(range)
    }
    return ranges
  }

  #bury([from, to]: readonly [number, number]): void {
    const { before, at, remove, insert } = this.#tombstones
    const left = before.get(from)
    const right = at.get(to)
    const first = left && Number(left.last) >= from ? Number(left.first) : from
    if (right) remove.run(to)
    insert.run(first, right ? Number(right.last) : to)
  }

  #sweep([from, to]: readonly [number, number]): void {
    const { start, rows, source, remove } = this.#sweeping
    for (const row of rows.all(Number(start.get(from)?.first ?? from), to)) {
      const first = Number(row.first)
      const last = source.get(first + Number(row.count))
      if (last && Number(last.first) + Number(last.count) > first) continue
      remove.run(first)
    }
  }
}

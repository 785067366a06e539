import type { DatabaseSync } from 'node:sqlite'
import { FoveaError } from '../../../core/index.ts'
import type { FileRecord } from '../../contract.ts'
import type { Content } from './content.ts'
import type { SourceMessage } from './protocol.ts'
import type { Counters } from './schema.ts'

export function fileRecord(row: Record<string, unknown>): FileRecord {
  return {
    uri: String(row.uri),
    size: Number(row.size),
    modified: Number(row.modified),
    hash: String(row.hash),
    format: String(row.format),
    formatVersion: Number(row.version),
    ...(row.code === null ? {} : { problem: { code: String(row.code), message: String(row.message) } }),
  }
}

/** Files, the places of sources in them, and the files that are on their way; all within the caller's transaction. */
export class Files {
  readonly #content: Content
  readonly #counters: Counters
  /** Sources of files that are not whole yet, in order. */
  readonly #puts = new Map<number, number[]>()
  /** How many such files name a source: it must not go while one does. */
  readonly #held = new Map<number, number>()
  readonly #statements

  constructor(database: DatabaseSync, content: Content, counters: Counters) {
    this.#content = content
    this.#counters = counters
    this.#statements = {
      find: database.prepare('SELECT key, code FROM files WHERE uri = ?'),
      insert: database.prepare(
        'INSERT INTO files (size, modified, hash, format, version, code, message, uri) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      update: database.prepare(
        'UPDATE files SET size = ?, modified = ?, hash = ?, format = ?, version = ?, code = ?, message = ?, uri = ? WHERE key = ?',
      ),
      delete: database.prepare('DELETE FROM files WHERE key = ?'),
      places: database.prepare('SELECT DISTINCT source FROM places WHERE file = ?'),
      place: database.prepare('INSERT INTO places VALUES (?, ?, ?)'),
      clear: database.prepare('DELETE FROM places WHERE file = ?'),
      used: database.prepare('SELECT 1 FROM places WHERE source = ? LIMIT 1'),
    }
  }

  /** Notes the source as the next of a file. Returns where to write its passages, or undefined when it is here already. */
  add(put: number, message: SourceMessage): ReturnType<Content['insert']> | undefined {
    const { digest, first } = this.#content.find(message)
    const fresh = first === undefined ? this.#content.insert(message, digest) : undefined
    const key = fresh?.first ?? first!
    const sources = this.#puts.get(put)
    if (sources) sources.push(key)
    else this.#puts.set(put, [key])
    this.#held.set(key, (this.#held.get(key) ?? 0) + 1)
    return fresh
  }

  /** The file is whole: it takes the place of what its uri held. */
  end(put: number, file: FileRecord): void {
    const sources = this.#puts.get(put) ?? []
    const { key, before } = this.#write(file)
    sources.forEach((source, ordinal) => {
      this.#statements.place.run(key, ordinal, source)
      this.#content.show(source)
    })
    this.drop(put)
    this.#leave(before)
  }

  /** The file will not become whole. */
  drop(put: number): void {
    const sources = this.#puts.get(put) ?? []
    this.#puts.delete(put)
    for (const source of sources) {
      const holders = this.#held.get(source)! - 1
      if (holders > 0) this.#held.set(source, holders)
      else this.#held.delete(source)
    }
    this.#leave(new Set(sources))
  }

  /** Throws `file-unknown`. */
  move(from: string, to: FileRecord): void {
    const row = this.#statements.find.get(from)
    if (!row)
      throw new FoveaError('file-unknown', `${from} is not in the index, so it cannot move to ${to.uri}; put it anew`, {
        detail: { uri: from },
      })
    if (from !== to.uri) this.remove(to.uri)
    this.#counters.problems += (to.problem ? 1 : 0) - (row.code === null ? 0 : 1)
    this.#statements.update.run(...columns(to), Number(row.key))
  }

  remove(uri: string): void {
    const row = this.#statements.find.get(uri)
    if (!row) return
    const key = Number(row.key)
    const before = this.#places(key)
    this.#statements.clear.run(key)
    this.#statements.delete.run(key)
    this.#counters.files--
    if (row.code !== null) this.#counters.problems--
    this.#leave(before)
  }

  #places(key: number): Set<number> {
    return new Set(this.#statements.places.all(key).map((place) => Number(place.source)))
  }

  #write(file: FileRecord): { key: number; before: Set<number> } {
    const row = this.#statements.find.get(file.uri)
    this.#counters.problems += (file.problem ? 1 : 0) - (row && row.code !== null ? 1 : 0)
    if (!row) {
      this.#counters.files++
      const key = Number(this.#statements.insert.run(...columns(file)).lastInsertRowid)
      return { key, before: new Set() }
    }
    const key = Number(row.key)
    const before = this.#places(key)
    this.#statements.clear.run(key)
    this.#statements.update.run(...columns(file), key)
    return { key, before }
  }

  /** Lets go of those sources that no file names any more. */
  #leave(sources: ReadonlySet<number>): void {
    for (const source of sources) {
      if (this.#statements.used.get(source)) continue
      if (this.#held.has(source)) this.#content.hide(source)
      else this.#content.delete(source)
    }
  }
}

const columns = (file: FileRecord) =>
  [
    file.size,
    file.modified,
    file.hash,
    file.format,
    file.formatVersion,
    file.problem?.code ?? null,
    file.problem?.message ?? null,
    file.uri,
  ] as const

import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { FoveaError } from '../../../core/index.ts'
import { corrupt, guarded, storeError } from './errors.ts'
import { type Counters, prepareSchema } from './schema.ts'

const busyMilliseconds = 10_000
const defaultName = 'store.sqlite'

/** A location that is a folder, or has no ending and does not exist, holds the file `store.sqlite`. */
export function storePath(location: string): string {
  const path = resolve(location)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory() || (!stat && extname(path) === '')) return join(path, defaultName)
  return path
}

/** Text, passages and citations are private: only the user may read the file. SQLite gives its side files the same mode. */
function create(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', 0o600))
}

const isBusyOrUnreadable = (error: unknown): boolean =>
  [8, 14].includes(((error as { errcode?: number }).errcode ?? 0) % 256)

/** A connection for reading only, also where the folder cannot be written and no log stands beside the file. */
function openForReading(path: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: busyMilliseconds })
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    return database
  } catch (error) {
    database?.close()
    if (!isBusyOrUnreadable(error) || (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) throw error
    const url = pathToFileURL(path)
    url.searchParams.set('immutable', '1')
    return new DatabaseSync(url, { readOnly: true, timeout: busyMilliseconds })
  }
}

export interface Connection {
  readonly database: DatabaseSync
  readonly path: string
}

/** Opens the file for reading, having made or migrated it unless `readOnly`. `withLock` runs a migration under the lock. */
export async function connect(
  location: string,
  readOnly: boolean,
  withLock: (path: string, work: () => void) => Promise<void>,
): Promise<Connection> {
  const path = guarded(location, () => storePath(location))
  const exists = existsSync(path)
  if (!exists && readOnly)
    throw new FoveaError('store-missing', `there is no index at ${path}; index something first`, { detail: { path } })
  let database: DatabaseSync | undefined
  try {
    if (!exists) create(path)
    if (readOnly) {
      database = openForReading(path)
      prepareSchema(database, path, undefined)
      return { database, path }
    }
    let migration: (() => void) | undefined
    try {
      database = new DatabaseSync(path, { timeout: busyMilliseconds })
      prepareSchema(database, path, (work) => {
        migration = work
      })
    } catch (error) {
      if (!isBusyOrUnreadable(error)) throw error
      // The folder cannot be written: what is there can still be read, and `write` will say why it cannot.
      database?.close()
      database = openForReading(path)
      prepareSchema(database, path, undefined)
    }
    if (migration) await withLock(path, migration)
    return { database, path }
  } catch (error) {
    if (database?.isOpen) database.close()
    throw storeError(error, path)
  }
}

/** The connection of the one writer: each commit is on the disk before it returns. */
export function connectWriter(path: string, maxPages?: number): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyMilliseconds })
  database.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8000')
  database.exec('PRAGMA journal_size_limit = 4194304; PRAGMA temp_store = MEMORY')
  if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`)
  return database
}

export function readMeta(database: DatabaseSync, name: string): string | undefined {
  const row = database.prepare('SELECT value FROM meta WHERE name = ?').get(name)
  return row === undefined ? undefined : String(row.value)
}

export function writeMeta(database: DatabaseSync, name: string, value: string): void {
  database.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value').run(name, value)
}

export function parseCounters(text: unknown, path: string): Counters {
  try {
    const counters = JSON.parse(String(text)) as Counters
    if (Number.isSafeInteger(counters.generation)) return counters
  } catch {
    // Falls through.
  }
  throw corrupt(path, 'its counters cannot be read')
}

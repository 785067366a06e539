import type { DatabaseSync } from 'node:sqlite'
import { FoveaError } from '../../../core/index.ts'
import { corrupt } from './errors.ts'

/** Marks the file as one of ours: "Fove". */
const applicationId = 0x466f7665
export const schemaVersion = 2

/** What the store counts, one JSON row; `next*` numbers only rise. */
export interface Counters {
  nextPassage: number
  nextBase: number
  nextSegment: number
  /** Rises with every commit. */
  generation: number
  files: number
  problems: number
  sources: number
  passages: number
  words: number
  characters: number
  vectors: number
}

export const noCounters: Counters = {
  nextPassage: 0,
  nextBase: 0,
  nextSegment: 1,
  generation: 0,
  files: 0,
  problems: 0,
  sources: 0,
  passages: 0,
  words: 0,
  characters: 0,
  vectors: 0,
}

/**
 * A source's key is the number of its first passage, and its text stands at `base` on one scale of UTF-16 units, so
 * that a passage, a text row and a source are each found by one search in one tree.
 */
const tables = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
  key INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, modified NOT NULL, hash TEXT NOT NULL,
  format TEXT NOT NULL, version INTEGER NOT NULL, code TEXT, message TEXT);
CREATE TABLE sources (
  first INTEGER PRIMARY KEY, count INTEGER NOT NULL, base INTEGER NOT NULL, length INTEGER NOT NULL,
  words INTEGER NOT NULL, ready INTEGER NOT NULL, embedded INTEGER NOT NULL, short INTEGER NOT NULL, id BLOB NOT NULL,
  digest BLOB NOT NULL, sum INTEGER NOT NULL, type TEXT NOT NULL, title TEXT, language TEXT, time, filetime INTEGER NOT NULL,
  part INTEGER, partbase INTEGER);
CREATE INDEX sources_short ON sources (short);
CREATE INDEX sources_pending ON sources (first) WHERE ready = 0;
CREATE TABLE places (file INTEGER NOT NULL, ordinal INTEGER NOT NULL, source INTEGER NOT NULL,
  PRIMARY KEY (file, ordinal)) WITHOUT ROWID;
CREATE INDEX places_source ON places (source);
CREATE TABLE text (at INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE passages (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE details (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE segments (segment INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
  passages INTEGER NOT NULL, length INTEGER NOT NULL, header TEXT NOT NULL);
CREATE TABLE blocks (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
`
const tombstones = `CREATE TABLE tombstones (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);`
const vectors = `
CREATE TABLE vectors (passage INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE codes (key INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL,
  version INTEGER NOT NULL, bytes BLOB NOT NULL);
`

/** From a version to the next. Each step runs in the one transaction of the migration. */
export const migrations: Readonly<Record<number, (database: DatabaseSync) => void>> = {
  // Version 1 kept one row per deleted passage and had no vectors.
  1: (database) => {
    database.exec(`ALTER TABLE tombstones RENAME TO deleted; ${tombstones}
      INSERT INTO tombstones SELECT min(passage), max(passage) + 1
        FROM (SELECT passage, passage - row_number() OVER (ORDER BY passage) AS run FROM deleted) GROUP BY run;
      DROP TABLE deleted; ${vectors}`)
  },
}

const pragma = (database: DatabaseSync, name: string): number =>
  Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0])

const isEmpty = (database: DatabaseSync): boolean =>
  Number(database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.tables) === 0

function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    work()
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** Makes the tables where the file is empty, else checks that the file is a store of this version. */
export function prepareSchema(database: DatabaseSync, path: string, migrate: ((work: () => void) => void) | undefined) {
  if (pragma(database, 'application_id') === 0 && isEmpty(database)) {
    if (!migrate) throw new FoveaError('store-missing', `${path} is empty; index something first`, { detail: { path } })
    database.exec('PRAGMA page_size = 16384; PRAGMA journal_mode = WAL')
    inTransaction(database, () => {
      if (!isEmpty(database)) return
      database.exec(tables + tombstones + vectors)
      database.prepare('INSERT INTO meta VALUES (?, ?)').run('counters', JSON.stringify(noCounters))
      database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}`)
    })
  }
  if (pragma(database, 'application_id') !== applicationId) throw corrupt(path, 'it is a database of another program')
  const version = pragma(database, 'user_version')
  if (version > schemaVersion)
    throw new FoveaError(
      'store-newer',
      `${path} was made by a newer Fovea (schema ${version}, this one reads ${schemaVersion}); update Fovea or index again elsewhere`,
      { detail: { path, version } },
    )
  if (version === schemaVersion) return
  if (!migrate)
    throw new FoveaError(
      'store-older',
      `${path} was made by an older Fovea (schema ${version}); open it once for writing to bring it up to date`,
      { detail: { path, version } },
    )
  migrate(() =>
    inTransaction(database, () => {
      for (let from = pragma(database, 'user_version'); from < schemaVersion; from++) {
        const step = migrations[from]
        if (!step) throw corrupt(path, `schema ${from} is unknown`)
        step(database)
        database.exec(`PRAGMA user_version = ${from + 1}`)
      }
    }),
  )
}

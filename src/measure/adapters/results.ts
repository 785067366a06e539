import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { FoveaError, messageOf } from '../../core/index.ts'
import type { Result, View } from '../contract.ts'

/** One file of results, to which every run appends. */
export interface ResultStore {
  /** Keys of the rows of a run that are there. */
  keys(run: string): Set<string>
  /** Durable when it returns. */
  add(rows: readonly { readonly result: Result; readonly view?: View }[]): void
  results(run?: string): Generator<Result>
  views(run?: string): Generator<View>
  runs(): { readonly name: string; readonly rows: number; readonly spec: string }[]
  begin(run: string, spec: string): void
  remove(run: string): void
  close(): void
}

/** Throws `results-unusable` when the file cannot be opened or written. */
export function openResults(path: string): ResultStore {
  const guarded = <Value>(work: () => Value): Value => {
    try {
      return work()
    } catch (cause) {
      if (FoveaError.is(cause)) throw cause
      throw new FoveaError(
        'results-unusable',
        `the results in ${path} cannot be read or written: ${messageOf(cause)}; free space or name another file`,
        { cause },
      )
    }
  }
  const database = guarded(() => {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
    const opened = new DatabaseSync(path, { timeout: 10_000 })
    opened.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS runs (name TEXT PRIMARY KEY, spec TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS results (run TEXT NOT NULL, key TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (run, key)) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS views (run TEXT NOT NULL, key TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (run, key))`)
    return opened
  })
  const statements = {
    keys: database.prepare('SELECT key FROM results WHERE run = ?'),
    result: database.prepare('INSERT OR REPLACE INTO results (run, key, row) VALUES (?, ?, ?)'),
    view: database.prepare('INSERT OR REPLACE INTO views (run, key, row) VALUES (?, ?, ?)'),
  }
  function* rows<Row>(table: 'results' | 'views', run: string | undefined): Generator<Row> {
    const where = run === undefined ? '' : 'WHERE run = ?'
    const statement = database.prepare(`SELECT row FROM ${table} ${where} ORDER BY run, key`)
    for (const { row } of statement.iterate(...(run === undefined ? [] : [run]))) yield JSON.parse(String(row)) as Row
  }
  return {
    keys: (run) => guarded(() => new Set(statements.keys.all(run).map(({ key }) => String(key)))),
    add(added) {
      guarded(() => {
        database.exec('BEGIN IMMEDIATE')
        try {
          for (const { result, view } of added) {
            statements.result.run(result.run, result.key, JSON.stringify(result))
            if (view) statements.view.run(result.run, view.key, JSON.stringify(view))
          }
          database.exec('COMMIT')
        } catch (error) {
          if (database.isTransaction) database.exec('ROLLBACK')
          throw error
        }
      })
    },
    results: (run) => rows<Result>('results', run),
    views: (run) => rows<View>('views', run),
    runs: () =>
      guarded(() =>
        database
          .prepare('SELECT name, spec, (SELECT count(*) FROM results WHERE run = name) AS rows FROM runs ORDER BY name')
          .all()
          .map(({ name, spec, rows: count }) => ({ name: String(name), spec: String(spec), rows: Number(count) })),
      ),
    begin: (run, spec) =>
      guarded(() => void database.prepare('INSERT OR REPLACE INTO runs (name, spec) VALUES (?, ?)').run(run, spec)),
    remove(run) {
      guarded(() => {
        for (const table of ['results', 'views']) database.prepare(`DELETE FROM ${table} WHERE run = ?`).run(run)
        database.prepare('DELETE FROM runs WHERE name = ?').run(run)
      })
    },
    close: () => database.close(),
  }
}

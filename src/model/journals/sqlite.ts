import { DatabaseSync } from 'node:sqlite'
import { FoveaError, messageOf } from '../../core/index.ts'
import type { JournalEntry, JournalFactory, JournalMeta } from '../contract.ts'

export const meta = {
  name: 'sqlite',
  summary: 'Replies kept in one SQLite file, each durable when `set` resolves.',
  durable: true,
} as const satisfies JournalMeta

/** `location` is the file's path. Throws `journal-unusable` when it cannot be opened or written. */
const factory: JournalFactory = async ({ location }) => {
  const guarded = <Value>(work: () => Value): Value => {
    try {
      return work()
    } catch (cause) {
      throw new FoveaError(
        'journal-unusable',
        `the journal ${location} cannot be used: ${messageOf(cause)}; free space or choose another index folder`,
        { cause },
      )
    }
  }
  const database = guarded(() => {
    const opened = new DatabaseSync(location, { timeout: 10_000 })
    opened.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, entry TEXT NOT NULL) WITHOUT ROWID`)
    return opened
  })
  const select = database.prepare('SELECT entry FROM replies WHERE key = ?')
  const insert = database.prepare('INSERT OR REPLACE INTO replies (key, entry) VALUES (?, ?)')
  return {
    async get(key) {
      const row = guarded(() => select.get(key)) as { entry: string } | undefined
      return row && (JSON.parse(row.entry) as JournalEntry)
    },
    async set(entry) {
      guarded(() => insert.run(entry.key, JSON.stringify(entry)))
    },
    async close() {
      database.close()
    },
  }
}
export default factory

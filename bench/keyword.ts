// Keyword search side by side: Fovea's inverted index, LanceDB, SQLite FTS5 and MiniSearch over the same passages and
// natural questions. FOVEA_DATA=... node --max-old-space-size=12000 bench/keyword.ts [passages] [questions] [names,...]
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  type BlockKind,
  type BlockStorage,
  invertedReader,
  mergeSegments,
  type SegmentInfo,
  segmentBuilder,
} from '../src/store/inverted/index.ts'
import { corpus } from './corpus.ts'

const folder = process.env.FOVEA_DATA
if (!folder) throw new Error('FOVEA_DATA is not set')
const count = Number(process.argv[2] ?? 200_000)
const asked = Number(process.argv[3] ?? 300)
const names = process.argv[4]?.split(',')
const limit = 10

const made = corpus(folder)
const passages = [...made.passages(count)]
const questions = made.questions(asked, count)
const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
const distinct = (text: string): string[] => [...new Set(words(text))]
const scratch = mkdtempSync(join(tmpdir(), 'fovea-keyword-'))
const seconds = (since: number): number => (performance.now() - since) / 1000
const folderBytes = (path: string): number =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)

/** Builds and returns seconds, bytes and how to ask; answers are passage numbers, best first. */
type Peer = () => Promise<{ build: string; bytes: number; ask: (question: string) => number[] | Promise<number[]> }>

class MemoryStorage implements BlockStorage {
  readonly #blocks = new Map<string, Uint8Array>()
  bytesOf(segment: number): number {
    return [...this.#blocks].reduce((sum, [key, { length }]) => sum + (key.startsWith(`${segment}/`) ? length : 0), 0)
  }
  read(segment: number, kind: BlockKind, block: number): Uint8Array | undefined {
    return this.#blocks.get(`${segment}/${kind}/${block}`)
  }
  write(segment: number, kind: BlockKind, block: number, bytes: Uint8Array): void {
    this.#blocks.set(`${segment}/${kind}/${block}`, bytes)
  }
  remove(segment: number): void {
    for (const key of this.#blocks.keys()) if (key.startsWith(`${segment}/`)) this.#blocks.delete(key)
  }
}

const inverted: Peer = async () => {
  const storage = new MemoryStorage()
  const start = performance.now()
  const builder = segmentBuilder()
  const segments: SegmentInfo[] = []
  passages.forEach((passage, number) => {
    builder.begin(number)
    const found = words(passage)
    for (let i = 0; i < found.length; i++) builder.term(found[i]!, i)
    builder.end()
    if (builder.bytes > 48e6) segments.push(builder.write(storage, segments.length))
  })
  segments.push(builder.write(storage, segments.length))
  const written = seconds(start)
  const between = performance.now()
  const merged = mergeSegments(storage, segments, segments.length)
  const build = `${written.toFixed(1)} + ${seconds(between).toFixed(1)}`
  for (const { segment } of segments) storage.remove(segment)
  const reader = invertedReader(storage)
  const meanLength = merged.length / merged.passages
  return {
    build,
    bytes: storage.bytesOf(merged.segment),
    ask: (question) => {
      const terms = distinct(question).map((term) => ({ term, weight: 1 }))
      const query = { terms, limit, match: 'any', passages: count, meanLength } as const
      return reader.search([merged], query).map(({ passage }) => passage)
    },
  }
}

const fts5: Peer = async () => {
  const path = join(scratch, 'fts5.db')
  const database = new DatabaseSync(path)
  const start = performance.now()
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
    CREATE VIRTUAL TABLE found USING fts5(text, content='', tokenize="unicode61 remove_diacritics 0"); BEGIN`)
  const insert = database.prepare('INSERT INTO found (rowid, text) VALUES (?, ?)')
  for (const [number, passage] of passages.entries()) insert.run(number, passage)
  database.exec('COMMIT')
  const written = seconds(start)
  const between = performance.now()
  database.exec(`INSERT INTO found (found) VALUES ('optimize'); PRAGMA wal_checkpoint(TRUNCATE)`)
  const build = `${written.toFixed(1)} + ${seconds(between).toFixed(1)}`
  const select = database.prepare('SELECT rowid FROM found WHERE found MATCH ? ORDER BY rank LIMIT ?')
  return {
    build,
    bytes: statSync(path).size,
    ask: (question) => {
      const match = distinct(question)
        .map((word) => `"${word}"`)
        .join(' OR ')
      return (select.all(match, limit) as { rowid: number }[]).map(({ rowid }) => rowid)
    },
  }
}

const lancedb: Peer = async () => {
  const { connect, Index, MatchQuery } = await import('@lancedb/lancedb' as string)
  const path = join(scratch, 'lance')
  const connection = await connect(path)
  const start = performance.now()
  const rows = passages.map((text, number) => ({ number, text }))
  const table = await connection.createTable('found', rows.slice(0, 20_000))
  for (let at = 20_000; at < rows.length; at += 20_000) await table.add(rows.slice(at, at + 20_000))
  const written = seconds(start)
  const between = performance.now()
  const options = { withPosition: true, stem: false, removeStopWords: false, asciiFolding: false, lowercase: true }
  await table.createIndex('text', { config: Index.fts(options) })
  const build = `${written.toFixed(1)} + ${seconds(between).toFixed(1)}`
  return {
    build,
    bytes: folderBytes(join(path, 'found.lance', '_indices')),
    ask: async (question) => {
      const query = table
        .query()
        .fullTextSearch(new MatchQuery(question, 'text'))
        .select(['number', '_score'])
        .limit(limit)
      return (await query.toArray()).map((row: { number: number }) => Number(row.number))
    },
  }
}

const minisearch: Peer = async () => {
  const { default: MiniSearch } = await import('minisearch' as string)
  const start = performance.now()
  const index = new MiniSearch({ fields: ['text'], tokenize: words, processTerm: (term: string) => term })
  index.addAll(passages.map((text, id) => ({ id, text })))
  const build = seconds(start).toFixed(1)
  return {
    build,
    bytes: Buffer.byteLength(JSON.stringify(index)),
    ask: (question) =>
      index
        .search(distinct(question).join(' '), { combineWith: 'OR' })
        .slice(0, limit)
        .map(({ id }: { id: number }) => id),
  }
}

/** BM25 as the textbook has it, with exact lengths, over every passage that holds a word of the question. */
const exhaustive = (): ((question: string) => number[]) => {
  const wanted = new Map(
    questions.flatMap(words).map((word) => [word, { numbers: [] as number[], counts: [] as number[] }]),
  )
  const lengths = new Float64Array(count)
  passages.forEach((passage, number) => {
    const found = words(passage)
    lengths[number] = found.length
    for (const word of found) {
      const list = wanted.get(word)
      if (list === undefined) continue
      if (list.numbers.at(-1) === number) list.counts[list.counts.length - 1]!++
      else {
        list.numbers.push(number)
        list.counts.push(1)
      }
    }
  })
  const mean = lengths.reduce((sum, length) => sum + length, 0) / count
  return (question) => {
    const scores = new Float64Array(count)
    for (const word of distinct(question)) {
      const { numbers, counts } = wanted.get(word)!
      const idf = Math.log(1 + (count - numbers.length + 0.5) / (numbers.length + 0.5))
      numbers.forEach((number, i) => {
        const norm = 1.2 * (0.25 + (0.75 * lengths[number]!) / mean)
        scores[number]! += (idf * (counts[i]! * 2.2)) / (counts[i]! + norm)
      })
    }
    const best: number[] = []
    for (let number = 0; number < count; number++) {
      if (scores[number]! === 0 || (best.length === limit && scores[number]! <= scores[best.at(-1)!]!)) continue
      let at = best.length
      while (at > 0 && scores[best[at - 1]!]! < scores[number]!) at--
      best.splice(at, 0, number)
      best.length = Math.min(best.length, limit)
    }
    return best
  }
}

const peers: Record<string, Peer> = { inverted, lancedb, fts5, minisearch }
const exact = exhaustive()
const truth = questions.map(exact)
const version = (name: string): string =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'node_modules', name, 'package.json'), 'utf8')).version
const labels: Record<string, string> = {
  inverted: 'Fovea, inverted index in memory',
  lancedb: `LanceDB ${version('@lancedb/lancedb')}`,
  fts5: `SQLite ${process.versions.sqlite} FTS5, OR of all words`,
  minisearch: `MiniSearch ${version('minisearch')}`,
}
const megabytes = passages.reduce((sum, passage) => sum + Buffer.byteLength(passage), 0) / 1e6
console.log(`${count} passages, ${megabytes.toFixed(0)} MB; ${questions.length} questions, top ${limit}\n`)
console.log(
  '| engine | build s | index MB | p50 ms | p95 ms | max ms | overlap@10 | best in top 10 |\n|---|---|---|---|---|---|---|---|',
)
for (const [name, peer] of Object.entries(peers)) {
  if (names !== undefined && !names.includes(name)) continue
  const { build, bytes, ask } = await peer()
  for (const question of questions.slice(0, 100)) await ask(question)
  const times: number[] = []
  let overlap = 0
  let hits = 0
  let answerable = 0
  for (let i = 0; i < questions.length; i++) {
    const start = performance.now()
    const found = await ask(questions[i]!)
    times.push(performance.now() - start)
    if (truth[i]!.length === 0) continue
    answerable++
    overlap += truth[i]!.filter((number) => found.includes(number)).length / truth[i]!.length
    if (found.includes(truth[i]![0]!)) hits++
  }
  times.sort((a, b) => a - b)
  const at = (share: number): string => times[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(2)
  const cells = [labels[name], build, (bytes / 1e6).toFixed(0), at(0.5), at(0.95), at(1)]
  console.log(`| ${[...cells, (overlap / answerable).toFixed(3), (hits / answerable).toFixed(3)].join(' | ')} |`)
}
rmSync(scratch, { recursive: true, force: true })

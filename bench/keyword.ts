// Keyword search side by side: Fovea's inverted index, LanceDB, SQLite FTS5 and MiniSearch over the same passages and
// natural questions. FOVEA_DATA=... node --max-old-space-size=12000 bench/keyword.ts [passages] [questions] [names,...]
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Chunk } from '../src/core/index.ts'
import makeWords from '../src/store/analyzers/words.ts'
import sqlite from '../src/store/engines/sqlite.ts'
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
const analyzer = await makeWords()

const made = corpus(folder)
const passages = [...made.passages(count)]
const questions = made.questions(asked, count)
type Words = (text: string) => string[]
const words: Words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
const distinct: Words = (text) => [...new Set(words(text))]
const scratch = mkdtempSync(join(tmpdir(), 'fovea-keyword-'))
const seconds = (since: number): number => (performance.now() - since) / 1000
const folderBytes = (path: string): number =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)

/** Builds and returns seconds, bytes and how to ask; answers are passage numbers, best first. */
type Peer = () => Promise<{
  build: string
  bytes: number
  ask: (question: string) => number[] | Promise<number[]>
  close?: () => Promise<void>
}>

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

/** The whole way from text to a durable file, and from a question to passages: stemmed, stop words left out. */
const store: Peer = async () => {
  const path = join(scratch, 'store')
  const opened = await sqlite({ location: path, analyzer })
  const start = performance.now()
  const writer = await opened.write()
  const numbers = new Map<string, number>()
  for (let first = 0; first < count; first += 500) {
    const part = passages.slice(first, first + 500)
    const text = part.join('\n\n')
    const hash = createHash('sha256').update(text).digest('hex')
    const chunks: Chunk[] = []
    let at = 0
    for (const [i, passage] of part.entries()) {
      numbers.set(`${hash}:${at}`, first + i)
      chunks.push({ start: at, end: at + passage.length, tokens: 130 })
      at += passage.length + 2
    }
    const uri = `${first}.txt`
    const source = { id: hash, uri, text, mediaType: 'text/plain' }
    const file = { uri, size: text.length, modified: 0, hash, format: 'text', formatVersion: 1 }
    await writer.put(file, [{ source, chunks }])
  }
  await writer.flush()
  const written = seconds(start)
  const between = performance.now()
  await writer.close()
  const build = `${written.toFixed(1)} + ${seconds(between).toFixed(1)}`
  const file = (await opened.status()).location
  const { blocks } = new DatabaseSync(file, { readOnly: true })
    .prepare('SELECT sum(length(bytes)) AS blocks FROM blocks')
    .get() as { blocks: number }
  return {
    build,
    bytes: blocks,
    ask: async (question) =>
      (await opened.keyword({ text: question, limit })).map(
        ({ spans: [{ source, start }] }) => numbers.get(`${source}:${start}`)!,
      ),
    close: () => opened.close(),
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
const exhaustive = (
  words: Words,
  asked: Words,
  size = (text: string) => words(text).length,
): ((question: string) => number[]) => {
  const wanted = new Map(
    questions.flatMap(words).map((word) => [word, { numbers: [] as number[], counts: [] as number[] }]),
  )
  const lengths = new Float64Array(count)
  passages.forEach((passage, number) => {
    const found = words(passage)
    lengths[number] = size(passage)
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
    for (const word of asked(question)) {
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

const peers: Record<string, Peer> = { inverted, store, lancedb, fts5, minisearch }
/** Terms of one word count once. */
const positions = (text: string): number => new Set(analyzer.terms(text).map(({ position }) => position)).size
const plainly = questions.map(exhaustive(words, distinct))
const stemmed: Words = (text) => analyzer.terms(text).map(({ term }) => term)
const content: Words = (text) => {
  const terms = stemmed(text)
  const kept = terms.filter((term) => !analyzer.isStopTerm(term))
  return kept.length > 0 ? kept : terms
}
const version = (name: string): string =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'node_modules', name, 'package.json'), 'utf8')).version
const labels: Record<string, string> = {
  inverted: 'Fovea, inverted index in memory',
  store: 'Fovea, store in SQLite, `words` analyzer',
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
  const truth = name === 'store' ? questions.map(exhaustive(stemmed, content, positions)) : plainly
  const { build, bytes, ask, close } = await peer()
  for (const question of questions.slice(0, 50)) await ask(question)
  // Each question three times (fewer where that would take minutes); its median counts, so that other work on the
  // machine weighs little.
  const rounds: number[][] = questions.map(() => [])
  const begun = performance.now()
  let overlap = 0
  let hits = 0
  let answerable = 0
  for (let round = 0; round < 3 && (round === 0 || seconds(begun) < 60); round++) {
    for (const [i, question] of questions.entries()) {
      const start = performance.now()
      const found = await ask(question)
      rounds[i]!.push(performance.now() - start)
      if (round > 0 || truth[i]!.length === 0) continue
      answerable++
      overlap += truth[i]!.filter((number) => found.includes(number)).length / truth[i]!.length
      if (found.includes(truth[i]![0]!)) hits++
    }
  }
  const times = rounds.map((taken) => taken.sort((a, b) => a - b)[taken.length >> 1]!)
  times.sort((a, b) => a - b)
  const at = (share: number): string => times[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(2)
  const cells = [labels[name], build, (bytes / 1e6).toFixed(0), at(0.5), at(0.95), at(1)]
  console.log(`| ${[...cells, (overlap / answerable).toFixed(3), (hits / answerable).toFixed(3)].join(' | ')} |`)
  await close?.()
}
rmSync(scratch, { recursive: true, force: true })

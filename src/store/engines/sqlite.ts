import { statSync } from 'node:fs'
import { FoveaError } from '../../core/index.ts'
import type { Engine, EngineMeta, Store, StoreSetup, StoreStatus } from '../contract.ts'
import { connect, readMeta } from './sqlite/connection.ts'
import { closed, storeError } from './sqlite/errors.ts'
import { lockHolder, takeLock } from './sqlite/lock.ts'
import { defaultLimits, type IndexerLimits } from './sqlite/protocol.ts'
import { Reader } from './sqlite/reader.ts'
import { schemaVersion } from './sqlite/schema.ts'
import { SqliteWriter } from './sqlite/writer.ts'

export const meta = {
  name: 'sqlite',
  summary:
    'One SQLite file with an inverted index and vectors of its own: crash-safe, one writer, readers never blocked.',
  durable: true,
} as const satisfies EngineMeta

export interface SqliteSetup extends StoreSetup {
  readonly limits?: Partial<IndexerLimits>
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

const open = async (setup: SqliteSetup): Promise<Store> => {
  const { analyzer, embedder, readOnly = false } = setup
  const { database, path } = await connect(setup.location, readOnly, async (file, work) => {
    const release = await takeLock(file, 0)
    try {
      work()
    } finally {
      release()
    }
  })
  let reader: Reader
  try {
    reader = new Reader(database, path, analyzer)
    check(reader)
  } catch (error) {
    database.close()
    throw storeError(error, path)
  }

  /** Whether the content was made with the analyzer and the embedder that are given now. */
  function check(reader: Reader): void {
    const known = readMeta(database, 'analyzer')
    if (known !== undefined && known !== analyzer.name && reader.counts().segments > 0)
      throw new FoveaError(
        'analyzer-changed',
        `${path} was indexed with the analyzer "${known}", not "${analyzer.name}"; delete it and index again`,
        { detail: { path, known, given: analyzer.name } },
      )
    const vectors = reader.embedder()
    if (!embedder || !vectors || reader.counts().counters.vectors === 0) return
    if (vectors.name !== embedder.name || vectors.dimensions !== embedder.dimensions)
      throw new FoveaError(
        'embedder-changed',
        `${path} holds vectors of "${vectors.name}" (${vectors.dimensions} dimensions), not of "${embedder.name}" (${embedder.dimensions}); delete it and index again, or open it with "${vectors.name}"`,
        { detail: { path, known: vectors.name, given: embedder.name } },
      )
  }

  const alive = (): Reader => {
    if (!database.isOpen) throw closed(path)
    return reader
  }
  let writing: SqliteWriter | undefined

  return {
    analyzer,
    texts: { slice: async (span, abortSignal) => alive().slice(span, abortSignal) },
    keyword: async (query) => alive().keyword(query),
    vector: async (query) => alive().vector(query),
    neighbours: async (passage, before, after) => alive().neighbours(passage, before, after),
    enclosing: async (span) => alive().enclosing(span),
    source: async (span) => alive().source(span),
    sources: (filter) => alive().sources(filter),
    outline: async (source) => alive().outline(source),
    origin: async (source) => alive().origin(source),
    statistics: async (terms) => alive().statistics(terms),
    file: async (uri) => alive().file(uri),
    files: () => alive().files(),
    async write(options = {}) {
      alive()
      options.abortSignal?.throwIfAborted()
      if (readOnly)
        throw new FoveaError('unwritable', `${path} was opened for reading only; open it without readOnly to write`)
      const release = await takeLock(path, options.wait ?? 0, options.abortSignal)
      try {
        check(alive())
        const { module } = analyzer
        const indexing = {
          path,
          analyzerName: analyzer.name,
          ...(module ? { analyzerModule: module } : {}),
          ...(embedder ? { embedder: { name: embedder.name, dimensions: embedder.dimensions } } : {}),
          limits: { ...defaultLimits, ...setup.limits },
        }
        writing = await SqliteWriter.start(indexing, analyzer, embedder, options, release)
        return writing
      } catch (error) {
        release()
        throw storeError(error, path)
      }
    },
    async status(): Promise<StoreStatus> {
      const { counters, segments } = alive().counts()
      const vectors = counters.vectors > 0 ? reader.embedder() : undefined
      const writer = readOnly ? undefined : lockHolder(path)
      return {
        location: path,
        bytes: sizeOf(path) + sizeOf(`${path}-wal`),
        schemaVersion,
        files: counters.files,
        problems: counters.problems,
        sources: counters.sources,
        passages: counters.passages,
        characters: counters.characters,
        segments,
        ...(vectors
          ? { vectors: { model: vectors.name, dimensions: vectors.dimensions, count: counters.vectors } }
          : {}),
        ...(writer ? { writer } : {}),
      }
    },
    async close() {
      await writing?.close({ abort: true }).catch(() => {})
      if (database.isOpen) database.close()
    },
  }
}

export default open satisfies Engine

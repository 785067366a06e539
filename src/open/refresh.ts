import { createHash } from 'node:crypto'
import {
  type Chunk,
  contextOf,
  FoveaError,
  messageOf,
  type Progress,
  type Source,
  split,
  type Warning,
} from '../core/index.ts'
import type { ReadInput, SkipReason, WalkEntry, Walker } from '../read/index.ts'
import type { FileRecord, PutSource, Store, StoreWriter } from '../store/index.ts'
import type { Card, Selection } from './folder.ts'
import type { Root, Roots } from './roots.ts'

/** Files up to this size are read whole, once, for both the hash and the text; larger ones are streamed twice. */
const wholeBytes = 64 * 1024 * 1024

export interface RefreshOptions {
  /** Tokens of a passage. */
  readonly size?: number
  /** Milliseconds to wait for another writer. */
  readonly wait?: number
  /** Read every file again, changed or not. */
  readonly force?: boolean
  readonly onProgress?: (progress: Progress) => void
  readonly abortSignal?: AbortSignal
}

export interface RefreshReport {
  /** Files that are there to be read. */
  readonly files: number
  readonly read: number
  readonly moved: number
  readonly removed: number
  readonly unchanged: number
  readonly bytes: number
  /** Files that could not be used, from this run and before. */
  readonly problems: readonly Warning[]
  readonly warnings: readonly Warning[]
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>
  readonly milliseconds: number
}

/** How a refresh reads a file: the wiring of `read`, given by the composition root. */
export interface Reading {
  readonly walk: Walker
  /** The format that would read this input, as the store remembers it. */
  format(input: ReadInput, abortSignal?: AbortSignal): Promise<{ readonly name: string; readonly version: number }>
  /** The present version of a format, or undefined when it is not known any more. */
  version(name: string): number | undefined
  read(input: ReadInput, warn: (warning: Warning) => void, abortSignal?: AbortSignal): AsyncIterable<Source>
}

/** What the walk found, under its name in the index. */
interface Found extends Pick<WalkEntry, 'path' | 'size' | 'modified'> {
  readonly uri: string
  readonly entry: WalkEntry
}

interface Comparison {
  readonly found: ReadonlyMap<string, Found>
  readonly changed: readonly Found[]
  readonly gone: Map<string, FileRecord>
  readonly problems: Map<string, Warning>
  readonly warnings: Warning[]
  readonly skipped: Partial<Record<SkipReason, number>>
}

/** Looks at names, sizes and times only. */
async function compare(
  store: Store,
  { roots, selection }: Card,
  reading: Reading,
  options: RefreshOptions,
): Promise<Comparison> {
  const warnings: Warning[] = []
  const skipped: Partial<Record<SkipReason, number>> = {}
  const found = new Map<string, Found>()
  for (const root of roots.list) {
    for await (const entry of walk(root, roots, reading, { ...selection, ...options }, skipped, warnings)) {
      found.set(entry.uri, entry)
      if (found.size % 256 === 0) options.onProgress?.({ stage: 'looking', done: found.size, unit: 'files' })
    }
  }
  const gone = new Map<string, FileRecord>()
  const changed: Found[] = []
  const problems = new Map<string, Warning>()
  const seen = new Set<string>()
  for await (const record of store.files()) {
    const entry = found.get(record.uri)
    if (!entry) {
      gone.set(record.uri, record)
      continue
    }
    seen.add(record.uri)
    if (options.force || !isCurrent(record, entry, reading)) changed.push(entry)
    else if (record.problem) problems.set(record.uri, { ...record.problem, uri: record.uri })
  }
  for (const entry of found.values()) if (!seen.has(entry.uri)) changed.push(entry)
  return { found, changed, gone, problems, warnings, skipped }
}

export interface Survey {
  readonly files: number
  readonly bytes: number
  /** Files and bytes that would be read, by ending. */
  readonly toRead: Readonly<Record<string, { files: number; bytes: number }>>
  readonly toRemove: number
  readonly unchanged: number
  readonly skipped: Comparison['skipped']
  readonly warnings: readonly Warning[]
}

/** What a refresh would do, without doing it. */
export async function survey(
  store: Store,
  card: Card,
  reading: Reading,
  options: RefreshOptions = {},
): Promise<Survey> {
  const { found, changed, gone, warnings, skipped } = await compare(store, card, reading, options)
  const toRead: Record<string, { files: number; bytes: number }> = {}
  for (const { uri, size } of changed) {
    const ending = /\.([^./]+)$/.exec(uri)?.[1]?.toLowerCase() ?? '(none)'
    const sum = (toRead[ending] ??= { files: 0, bytes: 0 })
    sum.files++
    sum.bytes += size
  }
  const bytes = [...found.values()].reduce((sum, entry) => sum + entry.size, 0)
  return {
    files: found.size,
    bytes,
    toRead,
    toRemove: gone.size,
    unchanged: found.size - changed.length,
    skipped,
    warnings,
  }
}

/** Brings a store up to date with the files below the roots: size and time first, then the hash of the content. */
export async function refresh(
  store: Store,
  card: Card,
  reading: Reading,
  options: RefreshOptions = {},
): Promise<RefreshReport> {
  const started = performance.now()
  const { abortSignal } = options
  const { found, changed, gone, problems, warnings, skipped } = await compare(store, card, reading, options)
  const counts = { read: 0, moved: 0, removed: 0, bytes: 0 }
  if (changed.length > 0 || gone.size > 0) {
    const total = changed.reduce((sum, entry) => sum + entry.size, 0)
    const writer = await store.write({
      ...(options.wait === undefined ? {} : { wait: options.wait }),
      ...(abortSignal ? { abortSignal } : {}),
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    })
    try {
      await bring(writer, changed, gone, store, reading, options, { warnings, problems, counts, total })
    } catch (error) {
      // What is whole stays: an interrupted run leaves a usable index.
      await writer.close({ abort: !abortSignal?.aborted }).catch(() => {})
      throw error
    }
    await writer.close()
  }
  return {
    files: found.size,
    ...counts,
    unchanged: found.size - changed.length,
    problems: [...problems.values()],
    warnings,
    skipped,
    milliseconds: performance.now() - started,
  }
}

async function* walk(
  root: Root,
  roots: Roots,
  reading: Reading,
  options: Selection & RefreshOptions,
  skipped: Partial<Record<SkipReason, number>>,
  warnings: Warning[],
): AsyncIterable<Found> {
  const { include, exclude, hidden, abortSignal } = options
  const entries = reading.walk(root.path, {
    ...(include ? { include } : {}),
    ...(exclude ? { exclude } : {}),
    ...(hidden ? { hidden } : {}),
    ...(abortSignal ? { abortSignal } : {}),
    skip: (_path, why) => {
      skipped[why] = (skipped[why] ?? 0) + 1
    },
    warn: (warning) => warnings.push(warning),
  })
  for await (const entry of entries) {
    const { path, size, modified } = entry
    yield { path, size, modified, entry, uri: roots.uri(root, path) }
  }
}

const isCurrent = (record: FileRecord, entry: Found, reading: Reading): boolean =>
  record.size === entry.size &&
  record.modified === entry.modified &&
  reading.version(record.format) === record.formatVersion

interface Tally {
  readonly warnings: Warning[]
  readonly problems: Map<string, Warning>
  readonly counts: { read: number; moved: number; removed: number; bytes: number }
  readonly total: number
}

async function bring(
  writer: StoreWriter,
  changed: readonly Found[],
  gone: Map<string, FileRecord>,
  store: Store,
  reading: Reading,
  options: RefreshOptions,
  tally: Tally,
): Promise<void> {
  const { abortSignal } = options
  const goneByHash = new Map([...gone.values()].map((record) => [record.hash, record]))
  const { counts } = tally
  const loads = ahead(changed, (entry) => load(entry, abortSignal))
  for (const [index, entry] of changed.entries()) {
    abortSignal?.throwIfAborted()
    options.onProgress?.({
      stage: 'reading',
      done: counts.bytes,
      total: tally.total,
      unit: 'bytes',
      message: entry.uri,
    })
    const loaded = await loads(index)
    counts.bytes += entry.size
    if ('problem' in loaded) {
      // Not noted in the store: the cause lies outside the file, so the next run tries again; what was read before stays.
      tally.problems.set(entry.uri, loaded.problem)
      continue
    }
    const known = await store.file(entry.uri)
    const twin = known?.hash === loaded.hash ? known : goneByHash.get(loaded.hash)
    if (!options.force && twin && reading.version(twin.format) === twin.formatVersion) {
      await writer.move(twin.uri, { ...twin, uri: entry.uri, size: entry.size, modified: entry.modified })
      if (gone.delete(twin.uri)) goneByHash.delete(twin.hash)
      if (twin.problem) tally.problems.set(entry.uri, { ...twin.problem, uri: entry.uri })
      counts.moved++
      continue
    }
    await putFile(writer, entry, loaded, reading, options, tally)
    counts.read++
  }
  for (const uri of gone.keys()) {
    await writer.remove(uri)
    counts.removed++
  }
}

async function putFile(
  writer: StoreWriter,
  entry: Found,
  loaded: Loaded,
  reading: Reading,
  options: RefreshOptions,
  tally: Tally,
): Promise<void> {
  const { abortSignal } = options
  const warn = (warning: Warning): void => {
    tally.warnings.push({ ...warning, uri: entry.uri })
  }
  let record = recordOf(entry, loaded.hash, 'none', 0)
  try {
    const format = await reading.format(loaded.input, abortSignal)
    record = recordOf(entry, loaded.hash, format.name, format.version)
    const sources = await begin(cut(reading.read(loaded.input, warn, abortSignal), entry, options))
    await writer.put(record, sources)
  } catch (error) {
    if (!isReadProblem(error)) throw error
    const problem = { code: error.code, message: error.message }
    tally.problems.set(entry.uri, { ...problem, uri: entry.uri })
    await writer.put({ ...record, problem }, [])
  }
}

const readProblems = new Set([
  'empty',
  'corrupt',
  'encrypted',
  'too-large',
  'too-deep',
  'no-text',
  'binary',
  'unreadable',
  'vanished',
  'uncut',
])
const isReadProblem = (error: unknown): error is FoveaError => FoveaError.is(error) && readProblems.has(error.code)

/** Waits for the first value, so that a file that cannot be read at all fails before anything is put. */
async function begin<Value>(values: AsyncIterable<Value>): Promise<AsyncIterable<Value>> {
  const iterator = values[Symbol.asyncIterator]()
  let first: IteratorResult<Value> | undefined = await iterator.next()
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        if (!first) return iterator.next()
        const value = first
        first = undefined
        return value
      },
      return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
    }),
  }
}

async function* cut(sources: AsyncIterable<Source>, entry: Found, options: RefreshOptions): AsyncIterable<PutSource> {
  for await (const source of sources) {
    // When a file was last changed says nothing of the day that its words are about.
    const { time, ...undated } = source
    const dated = time === undefined || time === entry.modified ? undated : source
    const chunks = split(source, options.size === undefined ? {} : { size: options.size }).map((chunk): Chunk => {
      const context = contextOf(dated, chunk)
      return context === undefined ? chunk : { ...chunk, context }
    })
    yield { source, chunks }
  }
}

interface Loaded {
  readonly hash: string
  readonly input: ReadInput
}

async function load(
  { entry, uri, size, modified }: Found,
  abortSignal?: AbortSignal,
): Promise<Loaded | { problem: Warning }> {
  const original = entry.input
  const input: ReadInput = { ...original, uri, size, modified }
  try {
    const hash = createHash('sha256')
    if (size > wholeBytes) {
      for await (const piece of original.stream(abortSignal)) hash.update(piece)
      return {
        hash: hash.digest('hex'),
        input: {
          ...input,
          bytes: (signal) => original.bytes(signal),
          stream: (signal) => original.stream(signal),
        },
      }
    }
    const bytes = await original.bytes(abortSignal)
    const once = async function* () {
      yield bytes
    }
    return { hash: hash.update(bytes).digest('hex'), input: { ...input, bytes: async () => bytes, stream: once } }
  } catch (error) {
    abortSignal?.throwIfAborted()
    const code = FoveaError.is(error) ? error.code : 'unreadable'
    return { problem: { code, uri, message: messageOf(error) } }
  }
}

const recordOf = (entry: Found, hash: string, format: string, formatVersion: number): FileRecord => ({
  uri: entry.uri,
  size: entry.size,
  modified: entry.modified,
  hash,
  format,
  formatVersion,
})

/** Starts a few loads before they are asked for, within a bound on bytes. */
function ahead<Result>(entries: readonly Found[], start: (entry: Found) => Promise<Result>) {
  const pending = new Map<number, Promise<Result>>()
  let next = 0
  let bytes = 0
  return (index: number): Promise<Result> => {
    while (next < entries.length && next <= index + 8 && (next <= index || bytes + entries[next]!.size < wholeBytes)) {
      bytes += entries[next]!.size
      const started = start(entries[next]!)
      // Whoever waits for it hears of a failure; when the run has stopped, nobody does.
      started.catch(() => {})
      pending.set(next, started)
      next++
    }
    const result = pending.get(index)!
    pending.delete(index)
    bytes -= entries[index]!.size
    return result
  }
}

import {
  type Chunk,
  eachPassageTerm,
  FoveaError,
  type Passage,
  type Span,
  sliceSpan,
  type TermReader,
} from '../../core/index.ts'
import type { Engine, EngineMeta, FileRecord, PutSource, Store, StoredSource, StoreWriter } from '../contract.ts'
import { pathMatcher, typeMatcher } from '../globs.ts'
import {
  type BlockKind,
  type BlockStorage,
  invertedReader,
  type SegmentBuilder,
  type SegmentInfo,
  segmentBuilder,
} from '../inverted/index.ts'
import { queryPhrases, queryTerms } from '../queries.ts'

export const meta = {
  name: 'memory',
  summary:
    'Sources and the same inverted index in memory, in the caller’s thread: for what is read once and forgotten.',
  durable: false,
} as const satisfies EngineMeta

interface Held {
  readonly file: FileRecord
  readonly puts: readonly PutSource[]
}
/** A Source with its passages; those of equal texts are one. */
interface Entry {
  readonly put: PutSource
  readonly uris: string[]
  readonly time: number | undefined
  /** Number of its first passage. */
  readonly first: number
}

function blockMap(): BlockStorage {
  const blocks = new Map<string, Uint8Array>()
  const name = (segment: number, kind: BlockKind, block: number): string => `${segment} ${kind} ${block}`
  return {
    read: (segment, kind, block) => blocks.get(name(segment, kind, block)),
    write: (segment, kind, block, bytes) => void blocks.set(name(segment, kind, block), bytes),
    remove: () => blocks.clear(),
  }
}

const engine: Engine = async ({ analyzer, embedder }) => {
  if (embedder)
    throw new FoveaError('no-vectors', 'the engine "memory" holds no vectors; use the engine "sqlite" with an embedder')
  const files = new Map<string, Held>()
  const terms: TermReader | undefined = analyzer.numbered?.()
  let index: Index | undefined
  let writing = false

  /** Everything that follows from the files: made when it is first asked for after a change. */
  const made = (): Index => (index ??= build(files))

  function build(held: ReadonlyMap<string, Held>): Index {
    const entries = new Map<string, Entry>()
    const storage = blockMap()
    const builder = segmentBuilder(terms)
    let passages = 0
    let words = 0
    for (const uri of [...held.keys()].sort()) {
      const { file, puts } = held.get(uri)!
      for (const put of puts) {
        const { source, chunks } = put
        const known = entries.get(source.id)
        if (known) {
          if (!known.uris.includes(uri)) known.uris.push(uri)
          continue
        }
        entries.set(source.id, { put, uris: [uri], time: source.time ?? file.modified, first: passages })
        for (const chunk of chunks) words += add(builder, source.text, chunk, passages++)
      }
    }
    const segments = passages > 0 ? [builder.write(storage, 0)] : []
    const list = [...entries.values()]
    return { entries, list, segments, passages, words, reader: invertedReader(storage) }
  }

  function add(builder: SegmentBuilder, text: string, chunk: Chunk, number: number): number {
    const header = chunk.header && text.slice(...chunk.header)
    const passage = {
      text: text.slice(chunk.start, chunk.end),
      ...(header ? { header } : {}),
      ...(chunk.context ? { context: chunk.context } : {}),
    }
    let words = 0
    let last = -1
    const count = (position: number): void => {
      if (position !== last) words++
      last = position
    }
    builder.begin(number)
    if (terms)
      eachPassageTerm(terms, passage, (term: number, position) => {
        count(position)
        builder.number(term, position)
      })
    else
      eachPassageTerm(analyzer, passage, (term: string, position) => {
        count(position)
        builder.term(term, position)
      })
    builder.end()
    return words
  }

  const entryOf = (source: string): Entry | undefined => made().entries.get(source)
  const passageOf = (number: number, score: number, trail: readonly string[]): Passage => {
    const { list } = made()
    let low = 0
    for (let high = list.length; high - low > 1; ) {
      const middle = (low + high) >>> 1
      if (list[middle]!.first <= number) low = middle
      else high = middle
    }
    const { put, first } = list[low]!
    return { spans: spansOf(put, number - first), score, trail }
  }
  const stored = ({ put: { source, chunks }, uris, time }: Entry): StoredSource => {
    const { text, outline: _outline, origin: _origin, ...rest } = source
    const at = time === undefined ? {} : { time }
    return { ...rest, ...at, uri: uris[0]!, length: text.length, passages: chunks.length, places: uris }
  }
  const change = (): void => {
    index = undefined
  }

  const store: Store = {
    analyzer,
    texts: {
      async slice(span, abortSignal) {
        abortSignal?.throwIfAborted()
        const entry = entryOf(span.source)
        if (!entry) throw new FoveaError('source-unknown', `no source ${span.source}; add it before reading from it`)
        return sliceSpan(entry.put.source.text, span)
      },
    },
    async keyword(query) {
      query.abortSignal?.throwIfAborted()
      const { segments, passages, words, reader, list } = made()
      const asked = { terms: queryTerms(analyzer, query), phrases: queryPhrases(analyzer, query) }
      if (passages === 0 || (asked.terms.length === 0 && asked.phrases.length === 0)) return []
      const accept = query.filter && acceptor(list, passages, query.filter)
      const found = reader.search(
        segments,
        {
          terms: asked.terms,
          ...(asked.phrases.length > 0 ? { phrases: asked.phrases } : {}),
          limit: query.limit,
          match: query.match ?? 'any',
          ...(accept ? { accept } : {}),
          passages,
          meanLength: Math.max(1, words / passages),
        },
        query.abortSignal,
      )
      return found.map(({ passage, score }) => passageOf(passage, score, ['keyword']))
    },
    async vector() {
      throw new FoveaError('no-vectors', 'the engine "memory" holds no vectors; use the engine "sqlite"')
    },
    async neighbours(passage, before, after) {
      const entry = entryOf(passage.spans[0].source)
      if (!entry) return []
      const { chunks } = entry.put
      const rows = passage.spans.at(-1)!
      let from = chunks.findIndex(({ start, end }) => start === rows.start && end === rows.end)
      let to = from + 1
      if (from === -1) {
        const start = Math.min(...passage.spans.map((span) => span.start))
        const end = Math.max(...passage.spans.map((span) => span.end))
        from = chunks.filter((chunk) => chunk.end <= start).length
        to = chunks.filter((chunk) => chunk.start < end).length
      }
      const around: Passage[] = []
      for (let at = Math.max(0, from - before); at < Math.min(chunks.length, to + after); at++)
        if (at < from || at >= to)
          around.push({ spans: spansOf(entry.put, at), score: 0, trail: [...passage.trail, 'neighbours'] })
      return around
    },
    async enclosing(span) {
      const nodes = entryOf(span.source)?.put.source.outline ?? []
      return nodes
        .filter((node) => node.start <= span.start && span.end <= node.end)
        .map(({ kind, title, level, start, end }) => ({
          kind,
          ...(title === undefined ? {} : { title }),
          level,
          span: { source: span.source, start, end },
        }))
    },
    async source(span) {
      const entry = entryOf(span.source)
      return entry && stored(entry)
    },
    async *sources(filter) {
      const { list } = made()
      const passes = filter && passer(filter)
      for (const entry of list) if (!passes || passes(entry)) yield stored(entry)
    },
    outline: async ({ id }) => entryOf(id)?.put.source.outline ?? [],
    origin: async ({ id }) => entryOf(id)?.put.source.origin,
    async statistics(asked) {
      const { segments, passages, words, reader } = made()
      return {
        passages,
        meanLength: passages === 0 ? 0 : words / passages,
        frequency: asked.map((term) => reader.frequency(segments, term)),
      }
    },
    file: async (uri) => files.get(uri)?.file,
    async *files() {
      for (const uri of [...files.keys()].sort()) yield files.get(uri)!.file
    },
    async write({ onDurable, abortSignal } = {}): Promise<StoreWriter> {
      abortSignal?.throwIfAborted()
      if (writing) throw new FoveaError('locked', 'this store is being written already; close that writer first')
      writing = true
      let pending: string[] = []
      const flush = async (): Promise<void> => {
        const uris = pending
        pending = []
        if (uris.length > 0) onDurable?.(uris)
      }
      const touch = (uri: string): void => {
        change()
        pending.push(uri)
      }
      return {
        async put(file, sources) {
          const puts: PutSource[] = []
          for await (const put of sources) {
            abortSignal?.throwIfAborted()
            puts.push(put)
          }
          files.set(file.uri, { file, puts })
          touch(file.uri)
        },
        async move(from, to) {
          const held = files.get(from)
          if (!held) throw new FoveaError('file-unknown', `no file ${from} is held; put it first`)
          files.delete(from)
          files.set(to.uri, { ...held, file: to })
          touch(to.uri)
        },
        async remove(uri) {
          files.delete(uri)
          touch(uri)
        },
        flush,
        async close() {
          await flush()
          writing = false
        },
      }
    },
    async status() {
      const { list, passages, segments } = made()
      const characters = list.reduce((sum, { put }) => sum + put.source.text.length, 0)
      const problems = [...files.values()].filter(({ file }) => file.problem).length
      return {
        location: '',
        bytes: 0,
        schemaVersion: 0,
        files: files.size,
        problems,
        sources: list.length,
        passages,
        characters,
        segments: segments.length,
      }
    },
    async close() {
      files.clear()
      change()
    },
  }
  return store
}
export default engine

interface Index {
  readonly entries: ReadonlyMap<string, Entry>
  readonly list: readonly Entry[]
  readonly segments: readonly SegmentInfo[]
  readonly passages: number
  readonly words: number
  readonly reader: ReturnType<typeof invertedReader>
}

function spansOf({ source, chunks }: PutSource, at: number): Passage['spans'] {
  const { start, end, header } = chunks[at]!
  const rows: Span = { source: source.id, start, end }
  return header ? [{ source: source.id, start: header[0], end: header[1] }, rows] : [rows]
}

type Filter = NonNullable<Parameters<Store['sources']>[0]>

function passer({ paths, types, after, before, sources }: Filter): (entry: Entry) => boolean {
  const path = paths && pathMatcher(paths)
  const type = types && typeMatcher(types)
  return ({ put: { source }, uris, time }) =>
    (!path || uris.some((uri) => path(uri))) &&
    (!type || type(source.mediaType)) &&
    (after === undefined || (time !== undefined && time >= after)) &&
    (before === undefined || (time !== undefined && time < before)) &&
    (!sources || sources.includes(source.id))
}

function acceptor(list: readonly Entry[], passages: number, filter: Filter): (passage: number) => boolean {
  const passes = passer(filter)
  const wanted = new Uint8Array(passages)
  for (const entry of list) if (passes(entry)) wanted.fill(1, entry.first, entry.first + entry.put.chunks.length)
  return (passage) => wanted[passage] === 1
}

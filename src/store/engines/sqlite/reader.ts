import type { DatabaseSync } from 'node:sqlite'
import {
  type Analyzer,
  type Filter,
  FoveaError,
  messageOf,
  type OutlineNode,
  type Passage,
  type Span,
} from '../../../core/index.ts'
import type {
  EnclosingUnit,
  FileRecord,
  KeywordQuery,
  StoredSource,
  TermStatistics,
  VectorQuery,
} from '../../contract.ts'
import { type InvertedReader, invertedReader, type SegmentInfo } from '../../inverted/index.ts'
import { queryPhrases, queryTerms } from '../../queries.ts'
import { blockStorage, readSegments } from './blocks.ts'
import { Recent } from './bytes.ts'
import { parseCounters, readMeta } from './connection.ts'
import type { SourceSpot } from './content.ts'
import { corrupt, guarded } from './errors.ts'
import { fileRecord } from './files.ts'
import { filterRanges, isFiltering } from './filters.ts'
import { Ranges } from './ranges.ts'
import { PassageRows, readDetail, TextRows } from './rows.ts'
import type { Counters } from './schema.ts'
import { byPlace, SourceRows, unknownSource } from './sources.ts'
import { decodeOrigin, decodeOutline } from './structure.ts'
import { VectorReader } from './vector-reader.ts'

/** What follows from the store's content: kept as long as no commit changed it. */
interface State {
  readonly counters: Counters
  readonly segments: readonly SegmentInfo[]
  /** Deleted passages, and those of files that are not whole yet. */
  readonly hidden: Ranges
  readonly filters: Map<string, Ranges>
  readonly spots: Recent<string, SourceSpot>
}

const pageSize = 256

/** Of BM25: chosen by bench/specs/retrieval.yaml over all its sets at once. */
const saturation = { k1: 1.2, b: 0.75 }

/** Reads in transactions of their own, so that each call sees one state of the store, whoever writes meanwhile. */
export class Reader {
  readonly #database: DatabaseSync
  readonly #path: string
  readonly #analyzer: Analyzer
  readonly #inverted: InvertedReader
  readonly #text: TextRows
  readonly #passages: PassageRows
  readonly #vectors: VectorReader
  readonly #outlines = new Recent<number, readonly OutlineNode[]>(4)
  readonly #sources: SourceRows
  readonly #statements
  #state: State | undefined

  constructor(database: DatabaseSync, path: string, analyzer: Analyzer) {
    this.#database = database
    this.#path = path
    this.#analyzer = analyzer
    this.#inverted = invertedReader(blockStorage(database), saturation)
    this.#sources = new SourceRows(database, path)
    this.#text = new TextRows(database)
    this.#passages = new PassageRows(database)
    this.#vectors = new VectorReader(database)
    this.#statements = {
      counters: database.prepare("SELECT value FROM meta WHERE name = 'counters'"),
      file: database.prepare('SELECT * FROM files WHERE uri = ?'),
      files: database.prepare(`SELECT * FROM files WHERE uri > ? ORDER BY uri LIMIT ${pageSize}`),
    }
  }

  #read<Result>(work: (state: State) => Result, abortSignal?: AbortSignal): Result {
    abortSignal?.throwIfAborted()
    return guarded(this.#path, () => {
      this.#database.exec('BEGIN')
      try {
        return work(this.#current())
      } catch (error) {
        // Rows that cannot be decoded: a checksum covers what is read into passages, not what stands beside it.
        if (error instanceof SyntaxError || error instanceof RangeError)
          throw corrupt(this.#path, messageOf(error), error)
        throw error
      } finally {
        if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('COMMIT')
      }
    })
  }

  #current(): State {
    const counters = parseCounters(this.#statements.counters.get()?.value, this.#path)
    if (this.#state?.counters.generation === counters.generation) return this.#state
    const segments = readSegments(this.#database)
    const live = new Set(segments.map((info) => info.segment))
    for (const { segment } of this.#state?.segments ?? []) if (!live.has(segment)) this.#inverted.forget(segment)
    const rows = this.#database
      .prepare(
        'SELECT first, last FROM tombstones UNION ALL SELECT first, first + max(count, 1) FROM sources WHERE ready = 0',
      )
      .all()
    const hidden = Ranges.of(rows.map((row) => [Number(row.first), Number(row.last)]))
    this.#state = { counters, segments, hidden, filters: new Map(), spots: new Recent(1024) }
    return this.#state
  }

  #filter(state: State, filter: Filter): Ranges {
    const name = JSON.stringify(filter)
    let ranges = state.filters.get(name)
    if (!ranges) {
      ranges = filterRanges(this.#database, filter)
      if (state.filters.size >= 64) state.filters.clear()
      state.filters.set(name, ranges)
    }
    return ranges
  }

  #accept(state: State, filter: Filter | undefined): (passage: number) => boolean {
    const { hidden } = state
    if (!isFiltering(filter)) return hidden.size === 0 ? () => true : (passage) => !hidden.has(passage)
    const wanted = this.#filter(state, filter)
    return (passage) => wanted.has(passage) && !hidden.has(passage)
  }

  #passage(number: number, score: number, trail: readonly string[]): Passage {
    const source = this.#sources.holding(number)
    const { start, end, headerStart, headerEnd } = this.#passages.get(number)
    const id = Buffer.from(source.id).toString('hex')
    const span = (from: number, to: number): Span => ({ source: id, start: from - source.base, end: to - source.base })
    const rows = span(start, end)
    return { spans: headerStart < 0 ? [rows] : [span(headerStart, headerEnd), rows], score, trail }
  }

  keyword(query: KeywordQuery): Passage[] {
    const phrases = queryPhrases(this.#analyzer, query)
    const terms = queryTerms(this.#analyzer, query)
    if (terms.length === 0 && phrases.length === 0) return []
    return this.#read((state) => {
      const { passages, words } = state.counters
      if (passages === 0) return []
      if (isFiltering(query.filter) && this.#filter(state, query.filter).size === 0) return []
      const found = this.#inverted.search(
        state.segments,
        {
          terms,
          limit: query.limit,
          match: query.match ?? 'any',
          ...(phrases.length === 0 ? {} : { phrases }),
          ...(state.hidden.size > 0 || isFiltering(query.filter) ? { accept: this.#accept(state, query.filter) } : {}),
          passages,
          meanLength: Math.max(1, words / passages),
        },
        query.abortSignal,
      )
      return found.map(({ passage, score }) => this.#passage(passage, score, ['keyword']))
    }, query.abortSignal)
  }

  vector({ vector, limit, filter, abortSignal }: VectorQuery): Passage[] {
    return this.#read((state) => {
      const embedder = this.embedder()
      if (!embedder || state.counters.vectors === 0)
        throw new FoveaError('no-vectors', `${this.#path} holds no vectors; index with an embedding model first`)
      if (vector.length !== embedder.dimensions)
        throw new FoveaError(
          'embedder-changed',
          `the query has ${vector.length} dimensions, the vectors of ${this.#path} (${embedder.name}) have ${embedder.dimensions}; use the same embedding model or index again`,
        )
      return this.#vectors
        .search(vector, limit, this.#accept(state, filter), abortSignal)
        .map(({ passage, score }) => this.#passage(passage, score, ['vector']))
    }, abortSignal)
  }

  embedder(): { readonly name: string; readonly dimensions: number } | undefined {
    const text = readMeta(this.#database, 'embedder')
    return text === undefined ? undefined : JSON.parse(text)
  }

  slice({ source, start, end }: Span, abortSignal?: AbortSignal): string {
    return this.#read((state) => {
      let spot = state.spots.get(source)
      if (!spot) {
        spot = this.#sources.withId(source)[0]
        if (!spot) throw unknownSource(source, this.#path)
        state.spots.set(source, spot)
      }
      if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= spot.length))
        throw new FoveaError(
          'span-outside',
          `span ${start}-${end} lies outside a text of ${spot.length} characters; index the source again`,
          { detail: { source, start, end } },
        )
      const text = this.#text.slice(spot.base + start, spot.base + end)
      // Canonical text is well formed: half a pair at an edge means that the span parts it.
      const first =
        text === '' && start < spot.length ? this.#text.slice(spot.base + start, spot.base + start + 1) : text
      if ((first.charCodeAt(0) & 0xfc00) === 0xdc00 || (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800)
        throw new FoveaError('span-outside', `span ${start}-${end} parts a surrogate pair; move it by one character`, {
          detail: { source, start, end },
        })
      return text
    }, abortSignal)
  }

  neighbours(passage: Passage, before: number, after: number): Passage[] {
    const { source } = passage.spans[0]
    const spans = passage.spans.filter((span) => span.source === source)
    const rows = spans.at(-1)!
    return this.#read(() => {
      let best: { spot: SourceSpot; from: number; to: number } | undefined
      for (const spot of this.#sources.withId(source)) {
        const at = this.#search(spot, spot.base + rows.start)
        const found = at < spot.first + spot.count ? this.#passages.get(at) : undefined
        if (found?.start === spot.base + rows.start && found.end === spot.base + rows.end) {
          best = { spot, from: at, to: at + 1 }
          break
        }
        if (best) continue
        const start = spot.base + Math.min(...spans.map((span) => span.start))
        const end = spot.base + Math.max(...spans.map((span) => span.end))
        let from = this.#search(spot, start)
        while (from > spot.first && this.#passages.get(from - 1).end > start) from--
        best = { spot, from, to: this.#search(spot, end) }
      }
      if (!best) return []
      const { spot, from, to } = best
      const numbers: number[] = []
      for (let number = Math.max(spot.first, from - before); number < from; number++) numbers.push(number)
      for (let number = to; number < Math.min(spot.first + spot.count, to + after); number++) numbers.push(number)
      return numbers.map((number) => this.#passage(number, 0, [...passage.trail, 'neighbours']))
    })
  }

  /** Number of the first passage of the source that starts at or after the place; one past the last when none does. */
  #search(spot: SourceSpot, place: number): number {
    let low = spot.first
    let high = spot.first + spot.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#passages.get(middle).start < place) low = middle + 1
      else high = middle
    }
    return low
  }

  enclosing(span: Span): EnclosingUnit[] {
    return this.#read(() => {
      const spot = this.#sources.withId(span.source)[0]
      if (!spot) return []
      return this.#outline(spot.first)
        .filter((node) => node.start <= span.start && span.end <= node.end)
        .map(({ kind, title, level, start, end }) => ({
          kind,
          ...(title === undefined ? {} : { title }),
          level,
          span: { source: span.source, start, end },
        }))
    })
  }

  #outline(first: number): readonly OutlineNode[] {
    const known = this.#outlines.get(first)
    if (known) return known
    const bytes = readDetail(this.#database, first, 'outline')
    return this.#outlines.set(first, bytes ? decodeOutline(bytes) : [])
  }

  source(span: Span): StoredSource | undefined {
    return this.#read(() => {
      const spot = this.#sources.withId(span.source)[0]
      return spot && this.#sources.get(spot.first)?.source
    })
  }

  async *sources(filter?: Filter): AsyncGenerator<StoredSource> {
    if (isFiltering(filter)) {
      yield* this.#read((state) => {
        const { starts, ends } = this.#filter(state, filter)
        const placed = [...starts].flatMap((start, index) => this.#sources.within(start, ends[index]!))
        return placed.sort(byPlace).map(({ source }) => source)
      })
      return
    }
    for (let after: string | undefined = ''; after !== undefined; ) {
      const from: string = after
      const page = this.#read(() => {
        const files = this.#statements.files.all(from)
        const found = files.flatMap((file) => this.#sources.inFile(Number(file.key), String(file.uri)))
        return { found, last: files.at(-1)?.uri as string | undefined }
      })
      yield* page.found
      after = page.last
    }
  }

  outline(source: StoredSource): readonly OutlineNode[] {
    return this.#read(() => this.#outline(this.#sources.keyOf(source)))
  }

  origin(source: StoredSource) {
    return this.#read(() => {
      const bytes = readDetail(this.#database, this.#sources.keyOf(source), 'origin')
      return bytes && decodeOrigin(bytes)
    })
  }

  statistics(terms: readonly string[]): TermStatistics {
    return this.#read(({ counters, segments }) => ({
      passages: counters.passages,
      meanLength: counters.passages === 0 ? 0 : counters.words / counters.passages,
      frequency: terms.map((term) => Math.min(counters.passages, this.#inverted.frequency(segments, term))),
    }))
  }

  file(uri: string): FileRecord | undefined {
    return this.#read(() => {
      const row = this.#statements.file.get(uri)
      return row && fileRecord(row)
    })
  }

  async *files(): AsyncGenerator<FileRecord> {
    for (let after: string | undefined = ''; after !== undefined; ) {
      const from: string = after
      const page = this.#read(() => this.#statements.files.all(from).map(fileRecord))
      yield* page
      after = page.at(-1)?.uri
    }
  }

  counts(): { readonly counters: Counters; readonly segments: number } {
    return this.#read(({ counters, segments }) => ({ counters, segments: segments.length }))
  }
}

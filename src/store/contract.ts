import type {
  Analyzer,
  Chunk,
  Embedder,
  Filter,
  LeafMeta,
  Passage,
  Progress,
  Query,
  Source,
  Span,
  Texts,
} from '../core/index.ts'

export interface WeightedTerm {
  readonly term: string
  readonly weight: number
}

export interface KeywordQuery extends Query {
  /** Terms of the store's analyzer with weights, in place of the analysis of `text`. */
  readonly terms?: readonly WeightedTerm[]
  /** Word sequences that must stand in a passage as written (after folding and stemming). */
  readonly phrases?: readonly string[]
  /**
   * `any` (default): ranked by BM25 over the terms that occur; `all`: only passages that hold each content term.
   * Stop terms of `text` (those that the analyzer marks) are left out where `text` has other terms, and count like any
   * term where it has none. In `terms` and `phrases` nothing is left out.
   */
  readonly match?: 'any' | 'all'
}

export interface VectorQuery extends Query {
  readonly vector: Float32Array
}

/** The reading side of a store: what `find`, `fit` and `ask` may use. */
export interface Searchable {
  readonly analyzer: Analyzer
  readonly texts: Texts
  /** BM25, best first; ties by passage number. Passages carry one span, or two: a table's header, then its rows. */
  keyword(query: KeywordQuery): Promise<Passage[]>
  /** Cosine similarity, best first. Throws `no-vectors` when the store holds none. */
  vector(query: VectorQuery): Promise<Passage[]>
  /** The passages just before and after this one in its source, in document order, without it. */
  neighbours(passage: Passage, before: number, after: number): Promise<Passage[]>
  /** The outline units that enclose a span, outermost first. */
  enclosing(span: Span): Promise<readonly EnclosingUnit[]>
  /** The whole of the Source that a span lies in, without its text. */
  source(span: Span): Promise<StoredSource | undefined>
  /** Ordered by the first place's uri, then by the order in the file. */
  sources(filter?: Filter): AsyncIterable<StoredSource>
  outline(source: StoredSource): Promise<NonNullable<Source['outline']>>
  origin(source: StoredSource): Promise<Source['origin']>
  /** Number of passages, mean length in terms, and in how many passages each term occurs. */
  statistics(terms: readonly string[]): Promise<TermStatistics>
}

export interface EnclosingUnit {
  readonly kind: string
  readonly title?: string
  readonly level: number
  readonly span: Span
}

export interface TermStatistics {
  readonly passages: number
  readonly meanLength: number
  readonly frequency: readonly number[]
}

/** A Source as the store keeps it. `length` is in UTF-16 units. */
export interface StoredSource extends Omit<Source, 'text' | 'outline' | 'origin'> {
  readonly length: number
  readonly passages: number
  /** Every place the text stands at; `uri` is the first. */
  readonly places: readonly string[]
}

/** What is known of a file that was read, so that an unchanged one is not read again. */
export interface FileRecord {
  readonly uri: string
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modified: number
  /** SHA-256 of the bytes, hexadecimal. */
  readonly hash: string
  readonly format: string
  readonly formatVersion: number
  /** Set when the file could not be used: it is tried again only when it has changed. */
  readonly problem?: { readonly code: string; readonly message: string }
}

export interface PutSource {
  readonly source: Source
  readonly chunks: readonly Chunk[]
}

/**
 * The one writer of a store. What `put`, `move` and `remove` were told is durable once `flush` has resolved or
 * `onDurable` has named the uri; a crash before that leaves the store as if they had not been called.
 */
export interface StoreWriter {
  /** Replaces all that the uri held. Resolves when the writer can take more (back-pressure), not when it is durable. */
  put(file: FileRecord, sources: AsyncIterable<PutSource> | Iterable<PutSource>): Promise<void>
  /** The same bytes at another place or with another time: nothing is read again. */
  move(from: string, to: FileRecord): Promise<void>
  remove(uri: string): Promise<void>
  flush(): Promise<void>
  /** Flushes, merges what is due, lets the lock go. With `abort`, drops what is not durable. */
  close(options?: { abort?: boolean }): Promise<void>
}

export interface WriterOptions {
  /** How long to wait for another writer, in milliseconds; then `locked` is thrown, naming who holds the lock. Default 0. */
  readonly wait?: number
  readonly onDurable?: (uris: readonly string[]) => void
  readonly onProgress?: (progress: Progress) => void
  readonly abortSignal?: AbortSignal
}

export interface StoreStatus {
  readonly location: string
  readonly bytes: number
  readonly schemaVersion: number
  readonly files: number
  readonly problems: number
  readonly sources: number
  readonly passages: number
  /** UTF-16 units of text. */
  readonly characters: number
  readonly segments: number
  readonly vectors?: { readonly model: string; readonly dimensions: number; readonly count: number }
  /** Who writes now, if anyone does. */
  readonly writer?: { readonly pid: number; readonly host: string; readonly since: number }
}

/** Sources and their indexes, kept durable. */
export interface Store extends Searchable {
  file(uri: string): Promise<FileRecord | undefined>
  /** Ordered by uri. */
  files(): AsyncIterable<FileRecord>
  /** Throws `locked`, `unwritable`, `disk-full`; the writer's methods also `disk-full`, `store-corrupt`, `writer-failed`. */
  write(options?: WriterOptions): Promise<StoreWriter>
  status(): Promise<StoreStatus>
  close(): Promise<void>
}

export interface StoreSetup {
  /** Path of the store's file, or of a folder that will hold it. Engines without a file ignore it. */
  readonly location: string
  readonly analyzer: PortableAnalyzer
  /** With it, passages are embedded as they are written and `vector` works. */
  readonly embedder?: Embedder
  readonly readOnly?: boolean
}

export interface EngineMeta extends LeafMeta {
  readonly durable: boolean
}
/**
 * The default export of a leaf in `engines/`. Throws `FoveaError` `store-corrupt`, `store-newer`, `store-older` (read-only
 * and not yet migrated), `store-missing` (read-only), `unwritable`, `analyzer-changed`, `embedder-changed`.
 */
export type Engine = (setup: StoreSetup) => Promise<Store>

/** How another thread makes the same analyzer: a module whose default export is an `AnalyzerFactory`, and its options. */
export interface AnalyzerModule {
  /** `import.meta.url` of the analyzer's leaf. */
  readonly url: string
  readonly options?: { readonly languages?: readonly string[] }
}
/** With `module`, an engine can analyse in a worker thread; without it, in the caller's thread. */
export interface PortableAnalyzer extends Analyzer {
  readonly module?: AnalyzerModule
}

export interface AnalyzerMeta extends LeafMeta {}
/** The default export of a leaf in `analyzers/`. `languages` are BCP 47 primary tags; the first is the default. */
export type AnalyzerFactory = (options?: { readonly languages?: readonly string[] }) => Promise<PortableAnalyzer>

import type { AnalyzerModule, FileRecord } from '../../contract.ts'

/** A Source as it crosses to the worker: structure already encoded, chunks packed by `chunkStride`. */
export interface SourceMessage {
  readonly id: string
  readonly text: string
  readonly mediaType: string
  readonly time?: number
  /** The time is the file's own time of change, and moves with the file. */
  readonly fileTime: boolean
  readonly title?: string
  readonly language?: string
  readonly part?: { readonly index: number; readonly base: number }
  /** start, end, node, header start, header end; -1 where there is none. */
  readonly chunks: Int32Array
  /** What each chunk is also found by, where any has such words. */
  readonly contexts?: readonly string[]
  readonly outline?: Uint8Array
  readonly origin?: Uint8Array
}

export type Request =
  | { readonly type: 'source'; readonly put: number; readonly size: number; readonly source: SourceMessage }
  | { readonly type: 'end'; readonly put: number; readonly file: FileRecord }
  | { readonly type: 'drop'; readonly put: number }
  | { readonly type: 'move'; readonly id: number; readonly from: string; readonly to: FileRecord }
  | { readonly type: 'remove'; readonly uri: string }
  /** Without `id`, nobody waits for it. */
  | { readonly type: 'flush'; readonly id?: number }
  | { readonly type: 'close'; readonly id: number; readonly abort: boolean; readonly merge: boolean }

/** Answers and interrupts pass by the queue of requests. */
export type Interrupt =
  | { readonly type: 'vectors'; readonly id: number; readonly values: Float32Array }
  | { readonly type: 'stop' }

export type Report =
  | { readonly type: 'ready' }
  | { readonly type: 'taken'; readonly size: number }
  | { readonly type: 'durable'; readonly uris: readonly string[] }
  | { readonly type: 'done'; readonly id: number }
  | ({ readonly type: 'refused'; readonly id: number } & PlainError)
  | { readonly type: 'embed'; readonly id: number; readonly texts: readonly string[] }
  | { readonly type: 'progress'; readonly stage: string; readonly done: number; readonly total?: number }
  | ({ readonly type: 'failed' } & PlainError)

/** An error as it crosses between threads. */
export interface PlainError {
  readonly code: string
  readonly message: string
  readonly detail: Readonly<Record<string, unknown>>
}

export interface IndexerSetup {
  readonly path: string
  readonly analyzerName: string
  readonly analyzerModule?: AnalyzerModule
  readonly embedder?: { readonly name: string; readonly dimensions: number }
  readonly limits: IndexerLimits
}

export interface IndexerLimits {
  /** Bytes of postings and of text held before they are committed as one batch. Default 24 Mi. */
  readonly batchBytes: number
  /** Milliseconds after which a batch is committed even if it is small. Default 5,000. */
  readonly batchMilliseconds: number
  /** Segments of one size that are merged to one. Default 8. */
  readonly mergeWidth: number
  /** Most pages of the file, as a stand-in for a full disk. Default: no limit. */
  readonly maxPages?: number
}
export const defaultLimits: IndexerLimits = { batchBytes: 24 << 20, batchMilliseconds: 5_000, mergeWidth: 8 }

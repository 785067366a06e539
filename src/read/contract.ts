import type { LeafMeta, Source, Warning } from '../core/index.ts'

/** Reads one kind of file: bytes to one Source or more (parts of a large text), with an exact map back. */
export interface FormatMeta extends LeafMeta {
  /** Lower-case endings without the dot; whole names such as `dockerfile` are allowed. */
  readonly extensions: readonly string[]
  readonly mediaTypes: readonly string[]
  /** Rises whenever the canonical text or the outline of the same bytes would change: a larger one makes the file be read again. */
  readonly version: number
  /** Bytes at the start of every such file, in hexadecimal: they win over the file's name. */
  readonly magic?: readonly string[]
  /** For archives: an entry whose name marks the format, such as `word/document.xml`. */
  readonly zipEntry?: string
  /** Regular expression over the first 4,096 characters: with a fitting extension it wins over formats without one. */
  readonly pattern?: string
  /** True where Sources come out before the whole input has been read, so that size is no limit. */
  readonly streams?: boolean
}

/** One file or stream to be read. Nothing is opened before it is asked for. */
export interface ReadInput {
  /** What the Sources will be called: usually the path as the user gave it, with `/`. */
  readonly uri: string
  /** Size in bytes when known. */
  readonly size?: number
  /** Time of last change, milliseconds since 1970. */
  readonly modified?: number
  /** All bytes; throws `FoveaError` `unreadable` naming the uri and the reason. */
  bytes(abortSignal?: AbortSignal): Promise<Uint8Array>
  /** The bytes in order, in pieces of any size. */
  stream(abortSignal?: AbortSignal): AsyncIterable<Uint8Array>
}

export interface ReadLimits {
  /** Largest Source text, in UTF-16 units; longer text becomes parts. Default 64 Mi. */
  readonly partLength: number
  /** Largest file, in bytes, for a format that cannot stream. Default 256 Mi. */
  readonly fileBytes: number
  /** Most bytes that an archive may unfold to. Default 1 Gi, and at most 200 times its size above 16 MiB. */
  readonly unpackedBytes: number
  /** Deepest nesting of elements, blocks or values. Default 1,000. */
  readonly depth: number
}

export interface ReadContext {
  readonly limits: ReadLimits
  readonly abortSignal?: AbortSignal
  /** Called for each thing that could not be used; reading goes on. */
  warn(warning: Warning): void
  /** Optional second opinion on a heading found in a PDF: keep it, delete it, or give it another level. */
  readonly judgeHeading?: HeadingJudge
}

export interface HeadingCandidate {
  readonly text: string
  readonly page: number
  readonly level: number
  readonly fontSize: number
  readonly bold: boolean
  /** Text of the block that follows. */
  readonly next: string
  readonly parents: readonly string[]
}
export type HeadingJudge = (candidate: HeadingCandidate) => Promise<'keep' | 'delete' | { readonly level: number }>

/**
 * The default export of a leaf in `formats/`. Yields at least one Source, or throws `FoveaError` with one of the codes
 * `empty`, `corrupt`, `encrypted`, `too-large`, `too-deep`, `no-text` (the message names the file, the reason and the
 * way out). Sources carry `outline`, `origin` and `mediaType`; `time` is the content's own date where it has one.
 */
export type Format = (input: ReadInput, context: ReadContext) => AsyncIterable<Source>

export interface WalkEntry {
  readonly input: ReadInput
  /** Path on disk. */
  readonly path: string
  readonly size: number
  readonly modified: number
}
export type SkipReason =
  | 'hidden'
  | 'ignored'
  | 'build-folder'
  | 'binary'
  | 'link-loop'
  | 'special'
  | 'unreadable'
  | 'excluded'

export interface WalkOptions {
  /** Globs over the path below the root; only matching files are taken. */
  readonly include?: readonly string[]
  /** Globs over the path below the root; matching files and folders are left out. */
  readonly exclude?: readonly string[]
  /** Also take hidden files and folders. Default false. */
  readonly hidden?: boolean
  readonly abortSignal?: AbortSignal
  /** Whether a file is to be skipped as binary; `head` gives its first bytes. Default: by those bytes. */
  isBinary?(path: string, head: () => Promise<Uint8Array>): Promise<boolean>
  skip?(path: string, why: SkipReason): void
  warn?(warning: Warning): void
}
/** The default export of a leaf in `walkers/`: a place to the files in it, sorted by path. */
export type Walker = (root: string, options: WalkOptions) => AsyncIterable<WalkEntry>

/** Where an inverted index keeps its blocks; each at most 64 KiB. The engine maps this to rows. */
export interface BlockStorage {
  /** The returned bytes must not be changed. */
  read(segment: number, kind: BlockKind, block: number): Uint8Array | undefined
  write(segment: number, kind: BlockKind, block: number, bytes: Uint8Array): void
  remove(segment: number): void
}
/** terms: the dictionary; postings: passages and frequencies; positions: for phrases; lengths: passage lengths. */
export type BlockKind = 'terms' | 'postings' | 'positions' | 'lengths'
export const blockKinds: readonly BlockKind[] = ['terms', 'postings', 'positions', 'lengths']
export const blockBytes = 65_536

/** A finished, immutable part of the index. Passage numbers in it run from `first` to `last` (gaps allowed). */
export interface SegmentInfo {
  readonly segment: number
  readonly first: number
  readonly last: number
  readonly passages: number
  /** Sum of the passages' lengths in terms. */
  readonly length: number
  /** Kept by the engine as JSON and handed back: block counts, sparse dictionary and the like. At most a few KiB. */
  readonly header: string
}

/** Collects passages in memory until it is written out as one segment. Passages come with rising numbers. */
export interface SegmentBuilder {
  /** Rough bytes held; the engine writes the segment out when this passes its limit. */
  readonly bytes: number
  readonly passages: number
  /** Adds a term occurrence to the passage that is open. Positions rise. */
  term(term: string, position: number): void
  begin(passage: number): void
  end(): void
  write(storage: BlockStorage, segment: number): SegmentInfo
}

export interface ScoredPassage {
  readonly passage: number
  readonly score: number
}

export interface InvertedQuery {
  readonly terms: readonly { readonly term: string; readonly weight: number }[]
  readonly limit: number
  readonly match: 'any' | 'all'
  /** Each phrase as terms with relative positions; alternatives at one position share it. */
  readonly phrases?: readonly (readonly { readonly term: string; readonly position: number }[])[]
  /** Only passages for which this is true (deleted passages and filters). Called only for candidates. */
  accept?(passage: number): boolean
  /** Global statistics over all live passages. */
  readonly passages: number
  readonly meanLength: number
}

/** Reads segments. Holds only what fits in its cache, never the whole index. */
export interface InvertedReader {
  search(segments: readonly SegmentInfo[], query: InvertedQuery, abortSignal?: AbortSignal): ScoredPassage[]
  frequency(segments: readonly SegmentInfo[], term: string): number
}

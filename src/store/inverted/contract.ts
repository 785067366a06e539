import type { TermNumbers } from '../../core/index.ts'

/** Where an inverted index keeps its blocks; each at most 64 KiB. The engine maps this to rows. */
export interface BlockStorage {
  /** The returned bytes must not be changed. */
  read(segment: number, kind: BlockKind, block: number): Uint8Array | undefined
  /** The bytes are the storage's own from here on. Blocks of one kind come in order, from 0. */
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
  /** 0 when nothing was accepted: such a segment has no blocks and can be forgotten. */
  readonly passages: number
  /** Sum of the passages' lengths in words: terms that share a position count once. */
  readonly length: number
  /** Kept by the engine as JSON and handed back: block counts, sparse dictionary and the like. At most a few KiB. */
  readonly header: string
}

/** Collects passages in memory until it is written out as one segment. Passages come with rising numbers. */
export interface SegmentBuilder {
  /** Rough bytes held; the engine writes the segment out when this passes its limit. */
  readonly bytes: number
  readonly passages: number
  /** Adds a term occurrence to the passage that is open. Positions rise; terms of one word share one. */
  term(term: string, position: number): void
  /** The same by the term's number in the numbers that the builder was made with. */
  number(number: number, position: number): void
  /** Passage numbers are integers from 0 to 2^31 - 2. */
  begin(passage: number): void
  end(): void
  /** Writes the segment out once; the builder is then empty and can be filled again with higher numbers. */
  write(storage: BlockStorage, segment: number): SegmentInfo
}

export interface ScoredPassage {
  readonly passage: number
  readonly score: number
}

export interface InvertedQuery {
  /** Terms with weights above 0. A term named twice counts with the sum of its weights. */
  readonly terms: readonly { readonly term: string; readonly weight: number }[]
  readonly limit: number
  readonly match: 'any' | 'all'
  /**
   * Each phrase as terms with relative positions; alternatives at one position share it. Passages must hold every
   * phrase; under `any` they then need not hold one of `terms`, which only rank them.
   */
  readonly phrases?: readonly (readonly { readonly term: string; readonly position: number }[])[]
  /** Only passages for which this is true (deleted passages and filters). Called only for candidates. */
  accept?(passage: number): boolean
  /** Global statistics over all live passages; `meanLength` in words, as in `SegmentInfo.length`. */
  readonly passages: number
  readonly meanLength: number
}

export interface ReaderOptions {
  /** Most bytes of blocks kept in memory. Default 64 MiB. */
  readonly cacheBytes?: number
  /** Saturation of the term frequency in BM25. Default 1.2. */
  readonly k1?: number
  /** Weight of the passage's length in BM25, 0 to 1. Default 0.75. */
  readonly b?: number
}

/** Reads segments. Holds only what fits in its cache, never the whole index. */
export interface InvertedReader {
  /**
   * BM25 over the terms, best first, ties by passage number. Segments hold different passages, in any order.
   * Throws `store-corrupt` on a block that is damaged or missing, and the signal's reason when it is aborted.
   */
  search(segments: readonly SegmentInfo[], query: InvertedQuery, abortSignal?: AbortSignal): ScoredPassage[]
  /** In how many passages the term occurs, deleted ones included until their segment is merged. */
  frequency(segments: readonly SegmentInfo[], term: string): number
  /** Lets the blocks of a removed segment go. */
  forget(segment: number): void
}

/** `segmentBuilder(terms)`: with numbers shared with a reader of terms, the builder clears them between segments. */
export type MakeSegmentBuilder = (terms?: TermNumbers) => SegmentBuilder
/** `invertedReader(storage, options)` */
export type MakeInvertedReader = (storage: BlockStorage, options?: ReaderOptions) => InvertedReader
/**
 * `mergeSegments(storage, inputs, output, accept)`: writes the accepted passages of the inputs as segment `output`.
 * The inputs stay (the engine removes them when the merge is durable). Memory: some 20 MiB and five bytes per passage.
 */
export type MergeSegments = (
  storage: BlockStorage,
  inputs: readonly SegmentInfo[],
  output: number,
  accept?: (passage: number) => boolean,
) => SegmentInfo
/**
 * `mergeSteps(...)`: the same in small steps, so that the caller can yield, stop or commit between them. Each step
 * yields the share that is done, 0 to 1. After a stop, `storage.remove(output)` clears what was written.
 */
export type MergeSteps = (...merge: Parameters<MergeSegments>) => Generator<number, SegmentInfo>

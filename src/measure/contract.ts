import type { LeafMeta } from '../core/index.ts'

/** One passage of a dataset, as its makers cut it. */
export interface Unit {
  readonly text: string
  /** The same for baselines that do not split identifiers. */
  readonly plain?: string
}

/** Units that stand together in one text. */
export interface PoolDocument {
  readonly name: string
  readonly title?: string
  /** Milliseconds since 1970 (UTC). */
  readonly time?: number
  readonly units: readonly Unit[]
}

export interface Question {
  readonly text: string
  /** Numbers of the units that hold the evidence, counted through all documents of the pool from 0. */
  readonly gold: readonly number[]
  /** Each of them answers the question; compare with `holdsAnswer`. */
  readonly answers?: readonly string[]
  readonly category?: string
  /** Half-open UTF-16 ranges of the evidence in the pool's only document, whose text is `joined` with `separator`. */
  readonly ranges?: readonly (readonly [start: number, end: number])[]
}

/** What is searched together, and what is asked of it. */
export interface Pool {
  /** Row of the report that the questions count for; categories make rows of their own below it. */
  readonly cell: string
  readonly documents: readonly PoolDocument[]
  readonly questions: readonly Question[]
}

export interface DatasetMeta extends LeafMeta {
  /** Folder below the data folder. */
  readonly folder: string
  readonly licence: string
}
/** The default export of a leaf in `datasets/`: pools read from the data folder. Throws `data-missing`. */
export type Dataset = (data: string, abortSignal?: AbortSignal) => AsyncIterable<Pool>

/** What a system did with one question, beside what it should have found; a metric uses the fields that it needs. */
export interface Outcome {
  /** Numbers of units, best first. */
  readonly ranked?: readonly number[]
  readonly gold?: readonly number[]
  /** The text handed on, and the answers that it should hold. */
  readonly text?: string
  readonly answers?: readonly string[]
  /** Half-open ranges handed on and wanted, in one text. */
  readonly kept?: readonly (readonly [number, number])[]
  readonly wanted?: readonly (readonly [number, number])[]
}

export interface MetricMeta extends LeafMeta {
  /** It is taken at a depth k. */
  readonly atDepth: boolean
}
/** The default export of a leaf in `metrics/`: 0 to 1, or undefined where the question has no gold of this kind. */
export type Metric = (outcome: Outcome, depth?: number) => number | undefined

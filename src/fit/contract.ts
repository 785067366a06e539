import type { Analyzer, LeafMeta, Pack, Passage, Span, Texts, TokenCounter } from '../core/index.ts'

/** A piece of a passage that a compressor may keep or drop: usually a sentence. Units of a passage cover it without gaps. */
export interface Unit {
  /** Index into the passages given. */
  readonly passage: number
  /** Of a passage-grain unit with several spans, the first. */
  readonly span: Span
  readonly text: string
  /** Score of the passage that it comes from. */
  readonly passageScore: number
}

/** In how many of `passages` passages of the collection a term occurs; used to weigh evidence. */
export type Rarity = (term: string) => number

export interface CompressContext {
  readonly query?: string
  readonly analyzer: Analyzer
  readonly counter: TokenCounter
  /** Inverse document frequency of a term, at least 0; from the store, or from the units themselves. */
  readonly rarity: Rarity
  readonly abortSignal?: AbortSignal
}

export interface CompressorMeta extends LeafMeta {
  readonly needs: readonly ('query' | 'model' | 'embedder')[]
}

/** Narrow tier: one number per unit (in document order), larger is kept first, `-Infinity` is never kept; the packer does the rest. The default export of a leaf in `compressors/`. */
export interface Compressor {
  /** `passage`: whole passages are kept or dropped; `sentence`: sentences are. */
  readonly grain: 'passage' | 'sentence'
  score(units: readonly Unit[], context: CompressContext): Promise<Float64Array>
}

export interface OrderContext {
  /** Rank of a source among all sources (by first appearance, or by uri): document order is by this, then by offset. */
  sourceRank(source: string): number
}

/** The default export of a leaf in `orderers/`: a permutation of what it is given (copies must be marked `copy`). */
export interface Orderer {
  order(passages: readonly Passage[], context: OrderContext): Passage[]
}

/** One kept passage as it will stand in the prompt. */
export interface Rendered {
  readonly passage: Passage
  readonly text: string
  /** What to call it in a citation, such as `docs/a.md#L3-L9`. */
  readonly label: string
}
/**
 * Makes the final text. `item` is the text of one passage, `between` stands between two; the pack's text is
 * `before + items joined by between + after`. Must be pure.
 */
export interface Renderer {
  readonly before: string
  readonly between: string
  readonly after: string
  item(rendered: Rendered, index: number): { readonly text: string; readonly body: number }
}

export interface FitRequest {
  readonly passages: readonly Passage[]
  /** Most tokens of the final rendering, margin included. */
  readonly budget: number
  readonly texts: Texts
  readonly counter: TokenCounter
  readonly analyzer: Analyzer
  readonly query?: string
  /** Content that must be kept whole; throws `required-too-large` naming its path and both sizes when it cannot fit. */
  readonly required?: readonly Passage[]
  /** Default: whole passages by their score. */
  readonly compressor?: Compressor
  /** Default: document order. */
  readonly orderer?: Orderer
  readonly renderer?: Renderer
  readonly rarity?: Rarity
  /** Name of a span for headers and messages; default `source:start-end`. */
  label?(passage: Passage): Promise<string>
  readonly abortSignal?: AbortSignal
}

export type Fit = (request: FitRequest) => Promise<Pack>

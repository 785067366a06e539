import type {
  Analyzer,
  Attention,
  Embedder,
  LeafMeta,
  LogProbabilities,
  OutlineNode,
  Pack,
  Passage,
  Pruner,
  Ranker,
  SourceId,
  Span,
  Texts,
  TokenCounter,
} from '../core/index.ts'
import type { ModelPort } from '../model/index.ts'

/** A piece of a passage that a compressor may keep or drop: usually a sentence. Units of a passage cover it without gaps. */
export interface Unit {
  /** Index into the passages given. */
  readonly passage: number
  /** Of a passage-grain unit with several spans, the first. */
  readonly span: Span
  readonly text: string
  /** Score of the passage that it comes from. */
  readonly passageScore: number
  /** Whether another passage led to it. */
  readonly reached?: boolean
}

/** In how many of `passages` passages of the collection a term occurs; used to weigh evidence. */
export type Rarity = (term: string) => number

/** What some leaves work with; a leaf's `meta` says what it `needs` and what it `uses` where it is given. */
export interface FitParts {
  readonly model?: ModelPort
  readonly logProbabilities?: LogProbabilities
  readonly embedder?: Embedder
  readonly pruner?: Pruner
  readonly ranker?: Ranker
  readonly attention?: Attention
  /** The structure of a source, as its reader made it. */
  outline?(source: SourceId, abortSignal?: AbortSignal): Promise<readonly OutlineNode[]>
  /** Milliseconds since 1970 that a source speaks from, when known. */
  time?(source: SourceId): Promise<number | undefined>
}

export interface CompressContext extends FitParts {
  readonly query?: string
  readonly analyzer: Analyzer
  readonly counter: TokenCounter
  /** Tokens that are left for what the compressor keeps, rendering apart. */
  readonly budget: number
  /** Inverse document frequency of a term, at least 0; over the units themselves unless the caller knows better. */
  readonly rarity: Rarity
  /** What was found, where the passages given are the whole Sources around it. */
  readonly found?: readonly Passage[]
  readonly abortSignal?: AbortSignal
}

type Part = 'model' | 'logprobs' | 'embedder' | 'pruner' | 'ranker' | 'attention' | 'outline' | 'time'

export interface CompressorMeta extends LeafMeta {
  readonly needs: readonly ('query' | Part)[]
  /** Taken where it is given; a stand-in without a model serves otherwise. */
  readonly uses?: readonly Part[]
  /** `source`: whole Sources are cut, and the passages found only say which of them and where; default: the passages themselves. */
  readonly takes?: 'source'
  /** True where units that do not bear on the question are refused, so that a budget may stay unused. */
  readonly adaptive?: boolean
}

/** Narrow tier: one number per unit (in document order), larger is kept first, `-Infinity` is never kept; the packer does the rest. */
export interface UnitCompressor {
  /** `passage`: whole passages are kept or dropped; `sentence`: sentences are. */
  readonly grain: 'passage' | 'sentence'
  /** Kept passages take the largest score of their units, so that orderers follow the compressor. */
  readonly reranks?: boolean
  score(units: readonly Unit[], context: CompressContext): Promise<Float64Array>
}

/** A passage as the wide tier sees it. */
export interface Given {
  readonly passage: Passage
  /** Text of its spans, in order; none for derived text, which is kept whole or not at all. */
  readonly parts: readonly { readonly span: Span; readonly text: string }[]
}

/** What the packer keeps or drops as one. */
export interface Piece {
  /** Index into the passages given. */
  readonly passage: number
  /** Without `derived`: non-empty ranges inside the passage's spans, in order; default all of it. With it: the evidence, anywhere. */
  readonly spans?: readonly Span[]
  /** Text written anew; what is verbatim must not be given here. */
  readonly derived?: string
  /** Larger is kept first; `-Infinity` is kept only where another piece needs it. */
  readonly score: number
  /** Indices of pieces without which this one must not be kept: a table's header, what a function uses. */
  readonly needs?: readonly number[]
}

/** Wide tier: passages (in document order) to pieces of any grain. What no piece covers is dropped; pieces may overlap, and each character is kept once. */
export interface PieceCompressor {
  readonly grain?: undefined
  readonly reranks?: boolean
  cut(passages: readonly Given[], context: CompressContext): Promise<readonly Piece[]>
}

/** The default export of a leaf in `compressors/`. */
export type Compressor = UnitCompressor | PieceCompressor

export interface OrderContext extends FitParts {
  /** Rank of a source among all sources (by first appearance, or by uri): document order is by this, then by offset. */
  sourceRank(source: string): number
  /** The text of a passage that is to be ordered. */
  textOf(passage: Passage): string
  /** True for what must be there. */
  isRequired(passage: Passage): boolean
  readonly query?: string
  /** What the reader was given before, in that order. */
  readonly previous?: readonly Passage[]
  readonly abortSignal?: AbortSignal
}

export interface OrdererMeta extends LeafMeta {
  readonly needs?: readonly ('query' | Part)[]
}

/** The default export of a leaf in `orderers/`: a permutation of what it is given (copies must be marked `copy`). */
export interface Orderer {
  /** Asked for the last choice alone, as it takes calls of a model; until then passages are in document order. */
  readonly costly?: boolean
  order(passages: readonly Passage[], context: OrderContext): Passage[] | Promise<Passage[]>
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

export interface FitRequest extends FitParts {
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
  /** What was found, where `passages` are the whole Sources around it. */
  readonly found?: readonly Passage[]
  /** Tokens that each source may have for its best units before the rest goes by score alone; less where the budget is smaller. */
  readonly floor?: number
  /** What the reader was given before, for orders that keep a prompt's beginning. */
  readonly previous?: Pick<Pack, 'kept'>
  /** Name of a span for headers and messages; default `source:start-end`. */
  label?(passage: Passage): Promise<string>
  readonly abortSignal?: AbortSignal
}

export type Fit = (request: FitRequest) => Promise<Pack>

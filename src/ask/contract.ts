import type {
  Analyzer,
  Answer,
  Filter,
  LeafMeta,
  Pack,
  Passage,
  Progress,
  Retriever,
  Span,
  Texts,
  TokenCounter,
  Usage,
} from '../core/index.ts'
import type { Intent, ModelPort } from '../model/index.ts'
import type { Searchable } from '../store/index.ts'

/** What every strategy is given. All effects come in through here. */
export interface AskParts {
  readonly retriever: Retriever
  readonly store: Searchable
  readonly texts: Texts
  readonly analyzer: Analyzer
  readonly counter: TokenCounter
  /** Passages to a Pack within `budget` tokens, by the caller's compressor and order. */
  pack(passages: readonly Passage[], budget: number, query: string, abortSignal?: AbortSignal): Promise<Pack>
  /** What to call a passage in an answer: `docs/a.md#L3-L9`. */
  label(passage: Passage): Promise<string>
  readonly model?: ModelPort
  /** Runs a JavaScript program where it can do no harm, in place of the sandbox that strategies have of their own. */
  readonly runCode?: RunCode
}

/** `error` is what the program threw, or why it was stopped; `output` is what it printed. It never throws for the program's sake. */
export type RunCode = (
  program: string,
  abortSignal?: AbortSignal,
) => Promise<{ readonly output: string; readonly error?: string }>

export interface AskRequest {
  readonly question: string
  /** Tokens of the pack. */
  readonly budget: number
  /** Passages to retrieve before packing. */
  readonly limit: number
  readonly filter?: Filter
  readonly limits?: ReadingLimits
  /** The strategy's own options, all with defaults. */
  readonly options?: Readonly<Record<string, string | number | boolean>>
  /** Soft stop: no further call is begun, and what is known is answered. */
  readonly stopSignal?: AbortSignal
  readonly abortSignal?: AbortSignal
}

/** What one run of a strategy may spend; beyond it no call is begun, and the best partial answer is given. */
export interface ReadingLimits {
  readonly calls?: number
  /** Tokens of input and output of all calls together, replayed ones not counted. */
  readonly tokens?: number
  /** US dollars. */
  readonly cost?: number
  /** Calls in flight at once. Default 4. */
  readonly concurrency?: number
  /** Tokens that one prompt may have, below the model's window. Default 8,000, or seven tenths of a smaller window. */
  readonly prompt?: number
}

/** Something that was noted while reading. Its evidence is what it says (verbatim) or what it rests on (derived). */
export interface Note {
  readonly text: string
  readonly evidence: readonly Span[]
  /** The text is not a slice of the source: it was written by a model, from the evidence. */
  readonly derived: boolean
  readonly kind?: string
  /** 0 to 1. */
  readonly confidence?: number
  /** Place in reading order, for ties and for order. */
  readonly at: number
}

/** A part of the input that was not read, and why; the answer names it. */
export interface Gap {
  readonly spans: readonly Span[]
  readonly why: string
}

export type AskEvent =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'pack'; readonly pack: Pack }
  | { readonly type: 'text'; readonly text: string }
  /** What will be done, in words; `calls` where their number is known. */
  | { readonly type: 'planned'; readonly plan: string; readonly steps?: readonly string[]; readonly calls?: number }
  | { readonly type: 'read'; readonly spans: readonly Span[]; readonly label: string; readonly index: number }
  | { readonly type: 'noted'; readonly note: Note; readonly spans: readonly Span[] }
  | { readonly type: 'retrieved'; readonly query: string; readonly spans: readonly Span[] }
  | { readonly type: 'asked'; readonly intent: Intent; readonly purpose: string; readonly spans: readonly Span[] }
  | { readonly type: 'answered'; readonly purpose: string; readonly text: string; readonly spans: readonly Span[] }
  | { readonly type: 'verified'; readonly text: string; readonly verified: boolean; readonly spans: readonly Span[] }
  | { readonly type: 'spent'; readonly usage: Usage }
  | { readonly type: 'warned'; readonly code: string; readonly message: string; readonly spans: readonly Span[] }
  | { readonly type: 'answer'; readonly answer: Answer }

export interface StrategyMeta extends LeafMeta {
  /** A model; for a program that a model writes, the packages of the sandbox. */
  readonly needs: readonly ('model' | 'sandbox')[]
  /** When to use it, in a sentence. */
  readonly use?: string
  /**
   * Most calls of a model, beside repairs of replies that cannot be read, by numbers and named quantities (see `callsOf`): `chunks` parts of
   * the text, `batches` groups of its inputs, `prompts` full of found passages, its `options`, or what else the reading comes to. Exact where it has none of its options.
   */
  readonly calls?: string
  /** Tokens of a part that it reads, where it reads smaller ones than a prompt takes and the option `chunk` does not say. */
  readonly chunk?: number
  /** Its steps in order, parted by ` > `; `?` before one that sends back to an earlier step where it fails. */
  readonly flow?: string
  /** Options of the strategy that bound its calls, with their defaults. */
  readonly options?: Readonly<Record<string, number>>
}
/** The default export of a leaf in `strategies/`. The last event is always `answer`, unless it throws. */
export type Strategy = (parts: AskParts, request: AskRequest) => AsyncIterable<AskEvent>

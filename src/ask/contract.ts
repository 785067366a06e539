import type {
  Analyzer,
  Answer,
  Filter,
  LeafMeta,
  Pack,
  Passage,
  Progress,
  Retriever,
  Texts,
  TokenCounter,
} from '../core/index.ts'
import type { ModelPort } from '../model/index.ts'
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
}

export interface AskRequest {
  readonly question: string
  /** Tokens of the pack. */
  readonly budget: number
  /** Passages to retrieve before packing. */
  readonly limit: number
  readonly filter?: Filter
  readonly abortSignal?: AbortSignal
}

export type AskEvent =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'pack'; readonly pack: Pack }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'answer'; readonly answer: Answer }

export interface StrategyMeta extends LeafMeta {
  readonly needs: readonly 'model'[]
}
/** The default export of a leaf in `strategies/`. The last event is always `answer`, unless it throws. */
export type Strategy = (parts: AskParts, request: AskRequest) => AsyncIterable<AskEvent>

import type { Analyzer, Embedder, LeafMeta, Ranker, TokenCounter, TokenEmbedder, Usage } from '../core/index.ts'

/** The part of the AI SDK's language model (specification v3 and v4) that Fovea calls; matched by shape. */
export interface LanguageModel {
  readonly specificationVersion: 'v3' | 'v4'
  readonly provider: string
  readonly modelId: string
  doGenerate(options: never): PromiseLike<ModelGenerateResult>
  doStream(options: never): PromiseLike<{ stream: ReadableStream<ModelStreamPart> }>
}
export interface ModelCallOptions {
  prompt: ModelPrompt
  maxOutputTokens?: number
  temperature?: number
  stopSequences?: string[]
  seed?: number
  responseFormat?:
    | { type: 'text' }
    | { type: 'json'; schema?: Record<string, unknown>; name?: string; description?: string }
  abortSignal?: AbortSignal
  headers?: Record<string, string | undefined>
  providerOptions?: Record<string, Record<string, unknown>>
}
export type ModelPrompt = (
  | { role: 'system'; content: string }
  | { role: 'user'; content: { type: 'text'; text: string }[] }
  | { role: 'assistant'; content: { type: 'text'; text: string }[] }
)[]
type Maybe<Value> = Value | undefined
export interface ModelUsage {
  inputTokens: { total?: Maybe<number>; noCache?: Maybe<number>; cacheRead?: Maybe<number>; cacheWrite?: Maybe<number> }
  outputTokens: { total?: Maybe<number>; text?: Maybe<number>; reasoning?: Maybe<number> }
}
export type ModelFinish = { unified: string; raw?: Maybe<string> } | string
export interface ModelGenerateResult {
  content: readonly { type: string; text?: unknown }[]
  finishReason: ModelFinish
  usage: ModelUsage
}
/** The part of the AI SDK's embedding model (specification v3 and v4) that Fovea calls; matched by shape. */
export interface EmbeddingModel {
  readonly specificationVersion: 'v3' | 'v4'
  readonly provider: string
  readonly modelId: string
  readonly maxEmbeddingsPerCall: PromiseLike<number | undefined> | number | undefined
  doEmbed(options: never): PromiseLike<{
    readonly embeddings: readonly (readonly number[])[]
    readonly usage?: Maybe<{ readonly tokens: number }>
  }>
}
/** The part of the AI SDK's reranking model (specification v3 and v4) that Fovea calls; matched by shape. */
export interface RerankingModel {
  readonly specificationVersion: 'v3' | 'v4'
  readonly provider: string
  readonly modelId: string
  doRerank(options: never): PromiseLike<{
    readonly ranking: readonly { readonly index: number; readonly relevanceScore: number }[]
  }>
}
/** Any part of a stream; `text-delta`, `finish` and `error` are read, the rest passed over. */
export type ModelStreamPart = { type: string }

/** What a call is for; a program that stands in for a model answers by this, never by a strategy's name. */
export type Intent = 'answer' | 'extract' | 'judge' | 'summarise' | 'plan' | 'program' | 'rewrite'

export interface ModelCall {
  readonly intent: Intent
  readonly system?: string
  readonly prompt: string
  readonly maxOutputTokens?: number
  readonly temperature?: number
  readonly seed?: number
  readonly json?: Record<string, unknown>
  readonly abortSignal?: AbortSignal
}
export type FinishReason = 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'other'
export interface ModelReply {
  readonly text: string
  readonly finish: FinishReason
  readonly usage: Usage
  /** True when the journal answered and nothing was paid. */
  readonly replayed: boolean
}

/** The one way in which rooms call a language model: journalled, retried, limited, counted, priced. */
export interface ModelPort {
  readonly name: string
  /** Tokens of input and output together, when known. */
  readonly window?: number
  readonly counter: TokenCounter
  /** Throws `model-failed` (after retries), `over-cost`, or the abort reason. An empty reply is not journalled. */
  generate(call: ModelCall): Promise<ModelReply>
  /** Text pieces as they come; the generator's return value is the whole reply. */
  stream(call: ModelCall): AsyncGenerator<string, ModelReply>
  /** US dollars of a call of this size, undefined when the price is unknown. */
  price(inputTokens: number, outputTokens: number): number | undefined
  /** Totals over this port's life. */
  usage(): Usage
}

export interface JournalEntry {
  readonly key: string
  readonly model: string
  readonly intent: Intent | 'embed' | 'rank'
  readonly text: string
  readonly finish: FinishReason
  readonly usage: Usage
  readonly time: number
}
/** Paid replies by the hash of what was asked. `set` has made the entry durable when it resolves. */
export interface Journal {
  get(key: string): Promise<JournalEntry | undefined>
  set(entry: JournalEntry): Promise<void>
  close(): Promise<void>
}
export interface JournalMeta extends LeafMeta {
  readonly durable: boolean
}
export type JournalFactory = (options: { readonly location: string }) => Promise<Journal>

export interface TokenizerMeta extends LeafMeta {
  /** Names of encodings that it counts. */
  readonly encodings: readonly string[]
}
/** The default export of a leaf in `tokenizers/`. Throws `tokenizer-unknown` for an encoding it does not have. */
export type TokenizerFactory = (encoding: string) => Promise<TokenCounter>

export interface ProviderMeta extends LeafMeta {
  /** The part before the slash in `--model provider/name`. */
  readonly prefix: string
  /** npm package that must be installed, an optional peer. */
  readonly peer: string
  /** Environment variables that it reads. */
  readonly environment: readonly string[]
}
/** The default export of a leaf in `providers/`. Throws `provider-missing` with the install command, `key-missing`. */
export type Provider = (
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
) => Promise<LanguageModel>

/** What every embedding and reranking model can be told. */
export interface NeuralOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Most tokens of one text (of a query and a text, for a ranker); what is longer is cut at its end. */
  readonly window?: number
  /** How words are read, for rankers that look at words; as the index reads them. */
  readonly analyzer?: Analyzer
}
export interface NeuralMeta extends LeafMeta {
  /** What may stand before the slash in `prefix/name`. */
  readonly prefixes: readonly string[]
  /** npm packages that must be installed, optional peers: all, or the one that the prefix names. */
  readonly peers: readonly string[]
  /** Environment variables that it reads. */
  readonly environment: readonly string[]
}
export interface EmbedderMeta extends NeuralMeta {
  /** True when it gives the vectors of tokens too. */
  readonly tokens: boolean
}
/** The default export of a leaf in `embedders/`. Throws `provider-missing` with the install command, `key-missing`, `model-unfit`. */
export type EmbedderFactory = (
  name: string,
  options?: NeuralOptions,
) => Promise<Embedder & Partial<Pick<TokenEmbedder, 'embedTokens'>>>

export interface RankerMeta extends NeuralMeta {}
/** The default export of a leaf in `rankers/`. Throws `provider-missing` with the install command, `key-missing`, `model-unfit`. */
export type RankerFactory = (name: string, options?: NeuralOptions) => Promise<Ranker>

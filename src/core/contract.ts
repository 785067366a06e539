/** SHA-256 of a Source's canonical text (UTF-8), as 64 lower-case hexadecimal digits. */
export type SourceId = string

/** Half-open range of UTF-16 offsets into the canonical text of one Source; never splits a surrogate pair. */
export interface Span {
  readonly source: SourceId
  readonly start: number
  readonly end: number
}

/**
 * One unit of a Source's structure. Nodes stand in pre-order, sorted by `start`; a child lies inside its parent.
 * `level` is 1 for the outermost units. `parent` is the index of the enclosing node in the same list.
 */
export interface OutlineNode {
  readonly kind: OutlineKind
  readonly title?: string
  readonly level: number
  readonly start: number
  readonly end: number
  readonly parent?: number
  /** Extra facts of the unit: a turn's `speaker` and `time`, a function's `signature`, a definition's `uses`. */
  readonly detail?: Readonly<Record<string, string | number | boolean | readonly string[]>>
}

/**
 * `section` runs from a heading to the next heading of its level or above. `header` is the row of column names of a
 * table. `atom` must not be cut unless it alone is larger than a passage (a table row, a list item, a code fence).
 */
export type OutlineKind =
  | 'section'
  | 'page'
  | 'slide'
  | 'sheet'
  | 'chapter'
  | 'function'
  | 'class'
  | 'statement'
  | 'definition'
  | 'turn'
  | 'cue'
  | 'message'
  | 'cell'
  | 'table'
  | 'header'
  | 'row'
  | 'atom'
  | 'paragraph'

/** Where a character stands in the original. Every field that the format can know is set; lines and columns from 1. */
export interface Place {
  readonly line?: number
  readonly column?: number
  /** Offset in bytes from the start of the file. */
  readonly byte?: number
  readonly page?: number
  readonly slide?: number
  readonly sheet?: string
  /** Spreadsheet cell such as `B7`, or the number of a notebook's cell as a string. */
  readonly cell?: string
  /** Milliseconds from the start of the recording. */
  readonly time?: number
  /** Number of the message or turn in its file, from 1. */
  readonly message?: number
  /** Name of the part inside a container, such as an EPUB chapter's file. */
  readonly part?: string
}

/**
 * Map from canonical text to the original, written only by `read`. Anchors are sorted by `at`; the place of an offset
 * is that of the last anchor at or before it. When `linear` is set on an anchor, `line`, `column` and `byte` go on from
 * it character by character through the canonical text (the canonical text there IS the original, decoded from
 * `encoding`); without it they are those of the anchor.
 */
export interface Origin {
  readonly encoding?: string
  readonly anchors: readonly Anchor[]
}
export interface Anchor extends Place {
  readonly at: number
  readonly linear?: boolean
}

/** Immutable text with its structure. Text above 64 MiB becomes consecutive parts that share a `uri`. */
export interface Source {
  readonly id: SourceId
  readonly uri: string
  /** Canonical text: no lone surrogates, no NUL, otherwise as the reader made it. */
  readonly text: string
  readonly mediaType: string
  /** Milliseconds since 1970 (UTC) that the content speaks from: a message's date, a file's time of change. */
  readonly time?: number
  readonly title?: string
  /** BCP 47 primary tag such as `en` or `zh`, when known. */
  readonly language?: string
  readonly outline?: readonly OutlineNode[]
  readonly origin?: Origin
  /** Set on parts: number from 0, and the UTF-16 offset of this part in the whole text. */
  readonly part?: { readonly index: number; readonly base: number }
}

/**
 * Text handed on. Without `derived` it IS the slices of its spans, in order; with it, the spans are its evidence.
 * `score` is larger for better and comparable within one list only. `trail` names the steps that made it, first to last.
 */
export interface Passage {
  readonly spans: readonly [Span, ...Span[]]
  readonly derived?: string
  readonly score: number
  readonly trail: readonly string[]
  /** Set where what another passage names led here, and not so much the words that were asked for. */
  readonly reached?: boolean
  /** Set on copies made on purpose (repetition): a copy is outside the law that each character comes in once. */
  readonly copy?: boolean
}

export interface TokenCount {
  readonly count: number
  /** True when the counting tokenizer is the reader's own. */
  readonly exact: boolean
  /** Tokens held back because the count may be short; 0 when exact. */
  readonly margin: number
}

export interface Dropped {
  readonly passage: Passage
  readonly why: DropReason
}
export type DropReason = 'budget' | 'duplicate' | 'irrelevant' | 'compressed' | 'superseded' | 'window'

/** What a reader is given: `tokens.count + tokens.margin <= budget`, counted on the final rendering. */
export interface Pack {
  readonly budget: number
  readonly tokens: TokenCount
  readonly kept: readonly Passage[]
  readonly dropped: readonly Dropped[]
  /** The final rendering that was counted. */
  readonly text: string
  /** For each kept passage, in order, its half-open range in `text`. */
  readonly ranges: readonly (readonly [number, number])[]
}

export interface Citation {
  /** The words cited: a verbatim quote where `verified` is true. */
  readonly text: string
  readonly passage: Passage
  readonly verified: boolean
  /** Half-open range of the sentence in the answer's text that this citation supports. */
  readonly supports?: readonly [number, number]
}

export interface Usage {
  readonly calls: number
  readonly inputTokens: { readonly total: number; readonly cacheRead: number; readonly cacheWrite: number }
  readonly outputTokens: number
  /** US dollars, absent when the price is unknown. */
  readonly cost?: number
  readonly milliseconds: number
}

export interface Answer {
  readonly text: string
  /** `found: false` is the honest "not found": `text` then says so and what was looked at. */
  readonly found: boolean
  readonly citations: readonly Citation[]
  /** Half-open ranges of sentences in `text` that no verified citation supports. */
  readonly unsupported: readonly (readonly [number, number])[]
  readonly pack: Pack
  readonly usage: Usage
  readonly trail: readonly string[]
}

/** How `find`, `fit` and `ask` read what a span covers. Throws `FoveaError` `source-unknown` or `span-outside`. */
export interface Texts {
  slice(span: Span, abortSignal?: AbortSignal): Promise<string>
}

export interface Filter {
  /** Glob patterns over the uri (`*`, `**`, `?`, `{a,b}`); a pattern that starts with `!` excludes. */
  readonly paths?: readonly string[]
  /** Media types, exact or `text/*`. */
  readonly types?: readonly string[]
  /** Milliseconds since 1970, inclusive. */
  readonly after?: number
  /** Milliseconds since 1970, exclusive. */
  readonly before?: number
  readonly sources?: readonly SourceId[]
}

export interface Query {
  readonly text: string
  /** Most passages to return, at least 1. */
  readonly limit: number
  readonly filter?: Filter
  /** What was asked before in the same conversation, oldest first, for retrievers that complete a follow-up. */
  readonly earlier?: readonly string[]
  readonly abortSignal?: AbortSignal
}

/** A query to ranked Passages, best first, at most `limit`, deterministic for one store. */
export interface Retriever {
  readonly name: string
  retrieve(query: Query): Promise<Passage[]>
}

export interface TokenCounter {
  /** Name of the encoding, such as `o200k_base`. */
  readonly name: string
  count(text: string): number
  /** Tokens to hold back beside a count made by this counter: 0 when it is the reader's own tokenizer. */
  margin(count: number): number
}

/** One indexable term of a text: folded, stemmed; a word may give several (an identifier and its parts). */
export interface Term {
  readonly term: string
  /** Half-open UTF-16 range of the word that gave it. */
  readonly start: number
  readonly end: number
  /** Number of the word in the text from 0; terms of one word share it. */
  readonly position: number
}

/** Text to terms, the same for index and query. `name` changes whenever its terms would. */
export interface Analyzer {
  readonly name: string
  /** Calls back once per term in text order; the fast path for indexing. */
  each(text: string, emit: (term: string, position: number, start: number, end: number) => void): void
  terms(text: string): Term[]
  /** True for words that carry no content in their language ("what", "the"); given a term made by this analyzer. */
  isStopTerm(term: string): boolean
  /** Makes a reader that gives the terms of `each` as numbers, for those who read much text. */
  numbered?(): TermReader
}

/** Terms by number. */
export interface TermNumbers {
  /** Numbers given: they run from 0 to `size` - 1. */
  readonly size: number
  numberOf(term: string): number
  termOf(number: number): string
  /** Forgets all terms, and numbers those to come from 0 again. */
  clear(): void
}

/** Text to terms by number: no string is made for a word seen before. */
export interface TermReader extends TermNumbers {
  each(text: string, emit: (number: number, position: number, start: number, end: number) => void): void
}

/** A passage cut from one Source by `split`. */
export interface Chunk {
  readonly start: number
  readonly end: number
  /** Index into the outline of the smallest unit that encloses the chunk. */
  readonly node?: number
  /** Range of the table header that belongs in front of these rows. */
  readonly header?: readonly [number, number]
  /** Words that are searched with the passage and are no part of its text: headings above it, when it was said. */
  readonly context?: string
  readonly tokens: number
}

/** Turns text to one embedding per text, each of `dimensions` numbers. */
export interface Embedder {
  readonly name: string
  readonly dimensions: number
  embed(texts: readonly string[], kind: 'query' | 'passage', abortSignal?: AbortSignal): Promise<Float32Array[]>
}

/**
 * Vectors of the tokens of one text from one pass, in text order: token `i` covers `[starts[i], ends[i])` of the text in
 * UTF-16 units, and its numbers begin at `values[i * dimensions]`.
 */
export interface TokenVectors {
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly values: Float32Array
}

/** Turns a text to one vector per token, each made in sight of the others. */
export interface TokenEmbedder {
  readonly name: string
  readonly dimensions: number
  /** Takes as much of the text from its start as its window holds: the last token's end says how much. */
  embedTokens(text: string, kind: 'query' | 'passage', abortSignal?: AbortSignal): Promise<TokenVectors>
}

/** One text to be ranked, with what is known of it beside its words. */
export interface RankItem {
  readonly text: string
  /** Words that stand above it and are no part of it: titles, headings, who spoke and when. */
  readonly context?: string
  /** What it was found with, larger is better; comparable within one list. */
  readonly score?: number
  /** Number of the passage that it is a piece of; pieces of one passage stand together, in its order. Without it, each item is a passage. */
  readonly passage?: number
}

export interface RankOptions {
  /** Inverse document frequency of a term in the collection, at least 0. Default: from the items themselves. */
  readonly rarity?: (term: string) => number
  readonly abortSignal?: AbortSignal
}

/** Scores of passages for a query, one number per text, larger is better. */
export interface Ranker {
  readonly name: string
  rank(query: string, texts: readonly string[], abortSignal?: AbortSignal): Promise<number[]>
  /** Wide tier, asked in place of `rank` where a ranker has it: one number per item, also when items are pieces of passages. */
  rankItems?(query: string, items: readonly RankItem[], options?: RankOptions): Promise<number[]>
}

/** Tokens of a text that follow each other without gaps, each with how likely a model holds it after all before it. */
export interface TokenScores {
  /** Where each token ends, in UTF-16 units of the text, rising; the last is the text's length. */
  readonly ends: Int32Array
  /** Natural logarithm of each token's probability, at most 0. */
  readonly logProbabilities: Float64Array
}

/** How likely a model holds a text to be, token by token; after `prefix`, where one is given. Deterministic. */
export interface LogProbabilities {
  readonly name: string
  score(text: string, prefix?: string, abortSignal?: AbortSignal): Promise<TokenScores>
}

/** How much of a model's attention each document gets while the answer's first token is made, documents read in this order. */
export interface Attention {
  readonly name: string
  attend(documents: readonly string[], question: string, abortSignal?: AbortSignal): Promise<readonly number[]>
}

/** Ranks a passage and marks what of it to keep, in one pass. */
export interface Pruner {
  readonly name: string
  /** `score`: of the passage, larger is better. `keep`: of each token (they end at `ends`) the probability, 0 to 1, that it bears on the query. */
  prune(
    query: string,
    text: string,
    abortSignal?: AbortSignal,
  ): Promise<{ readonly score: number; readonly ends: Int32Array; readonly keep: Float64Array }>
}

export interface Progress {
  readonly stage: string
  readonly done: number
  readonly total?: number
  readonly unit?: 'files' | 'bytes' | 'passages' | 'tokens' | 'calls'
  readonly message?: string
}

/** Something could not be used; the rest of the work went on. */
export interface Warning {
  readonly code: string
  /** What it is about: a path or a uri. */
  readonly uri: string
  readonly message: string
}

export type Clock = () => number

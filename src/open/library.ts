import type { AskEvent, AskRequest, Strategy } from '../ask/index.ts'
import type { Answer, Filter, Pack, Passage, Place, Pruner, Retriever, Span, TokenCounter } from '../core/index.ts'
import { advance, anchorAt, FoveaError, findPlace, formatCitation, parseCitation } from '../core/index.ts'
import type { ModelPort } from '../model/index.ts'
import type { Searchable, Store, StoredSource, StoreStatus } from '../store/index.ts'
import type { Selection } from './folder.ts'
import type { RefreshOptions, RefreshReport, Survey } from './refresh.ts'
import type { Roots } from './roots.ts'

/** The place of an offset in a stored Source; inside of a sign of two units, that of the sign. */
export async function placeOf(
  store: Searchable,
  source: StoredSource,
  offset: number,
  abortSignal?: AbortSignal,
): Promise<Place> {
  const origin = await store.origin(source)
  const anchor = anchorAt(origin, offset)
  if (!anchor.linear || anchor.at === offset) return advance(anchor, '')
  const upTo = (end: number): Promise<string> =>
    store.texts.slice({ source: source.id, start: anchor.at, end }, abortSignal)
  const passed = await upTo(offset).catch((error: unknown) => {
    abortSignal?.throwIfAborted()
    if (!FoveaError.is(error, 'span-outside') || offset > source.length) throw error
    return upTo(offset - 1)
  })
  return advance(anchor, passed, origin?.encoding)
}

/** What to call a span: `docs/a.md#L3-L9`. */
async function citationOf(
  store: Searchable,
  span: Span,
  name: (uri: string) => string = (uri) => uri,
): Promise<string> {
  const source = await store.source(span)
  if (!source)
    throw new FoveaError('source-unknown', `no source ${span.source} in the index; refresh it`, { detail: { span } })
  const first = await placeOf(store, source, span.start)
  const last = await placeOf(store, source, Math.max(span.start, span.end - 1))
  return formatCitation(name(source.uri), first, last)
}

/**
 * The spans to cite of a passage: from its first character to its last, without the table header before its rows; of one that was
 * written anew, or has parts in several Sources, each by itself.
 */
async function citedSpans(store: Searchable, { spans, derived }: Passage): Promise<readonly Span[]> {
  const [first, ...rest] = spans
  const last = rest.at(-1)
  if (!last) return [first]
  if (derived !== undefined || spans.some(({ source }) => source !== first.source)) return spans
  const header = (await store.enclosing(first)).some((unit) => unit.kind === 'header')
  const begin = header ? rest[0]! : first
  return [{ source: begin.source, start: Math.min(begin.start, last.start), end: Math.max(begin.end, last.end) }]
}

/** Places that a citation names, at most. */
const mostPlaces = 6

/** What to call a passage: its place, or its places parted by `; `. */
export async function citationsOf(
  store: Searchable,
  passage: Passage,
  name?: (uri: string) => string,
): Promise<string> {
  const all = new Set<string>()
  for (const span of await citedSpans(store, passage)) all.add(await citationOf(store, span, name))
  const named = [...all].slice(0, mostPlaces)
  return named.join('; ') + (all.size > named.length ? `; and ${all.size - named.length} more` : '')
}

export interface Shown {
  readonly uri: string
  readonly source: StoredSource
  /** The range that the citation names. */
  readonly span: Span
  readonly text: string
  readonly before: string
  readonly after: string
  readonly firstLine?: number
}

/** The text that a citation names, with up to `context` lines on both sides. Throws `citation-unknown`. */
export async function show(
  store: Searchable,
  citation: string,
  context: number,
  uriOf: (path: string) => string | undefined,
): Promise<Shown> {
  const target = parseCitation(citation)
  const uri = uriOf(target.uri) ?? target.uri
  let known = false
  for await (const source of store.sources()) {
    if (!source.places.includes(uri)) continue
    known = true
    const text = await store.texts.slice({ source: source.id, start: 0, end: source.length })
    const range = target.from
      ? findPlace(await store.origin(source), text, target.from, target.to)
      : ([0, text.length] as const)
    if (!range) continue
    const [start, end] = range
    const place = await placeOf(store, source, start)
    const before = linesBefore(text, start, context)
    return {
      uri,
      source,
      span: { source: source.id, start, end },
      text: text.slice(start, end),
      before: text.slice(before, start),
      after: text.slice(end, linesAfter(text, end, context)),
      ...(place.line === undefined ? {} : { firstLine: place.line }),
    }
  }
  throw new FoveaError(
    'citation-unknown',
    known
      ? `${citation}: the file has no such place; "fovea show ${target.uri}" prints all of it`
      : `${citation}: no such file in the index; run "fovea index" on it first`,
    { detail: { citation } },
  )
}

/** Start of the line that stands `lines` lines above the one that `from` is in. */
function linesBefore(text: string, from: number, lines: number): number {
  if (from === 0) return 0
  let at = text.lastIndexOf('\n', from - 1) + 1
  for (let count = 0; count < lines && at > 0; count++) at = at === 1 ? 0 : text.lastIndexOf('\n', at - 2) + 1
  return at
}

/** End of the line that stands `lines` lines below the one that the character before `from` is in. */
function linesAfter(text: string, from: number, lines: number): number {
  let at = from > 0 && text[from - 1] === '\n' ? from - 1 : text.indexOf('\n', from)
  for (let count = 0; count < lines && at !== -1; count++) at = text.indexOf('\n', at + 1)
  return at === -1 ? text.length : Math.max(at, from)
}

export interface FindOptions {
  /** A leaf of `find/retrievers`, with those it combines in brackets: `hybrid(keyword,turns(keyword))`. Default: the best one measured. */
  readonly retriever?: string
  readonly limit?: number
  readonly filter?: Filter
  readonly abortSignal?: AbortSignal
}

export interface PackOptions extends FindOptions {
  /** Tokens. */
  readonly budget: number
  /** A leaf of `fit/compressors`. Default `evidence`; with an empty query `head`. */
  readonly compressor?: string
  /** A leaf of `fit/orderers`. Default `document`. */
  readonly orderer?: string
  /** What `prune` marks words with, such as `loadPruner` of `fovea/fit` gives; a stand-in without a model serves otherwise. */
  readonly pruner?: Pruner
  /** Counts in place of the library's own. */
  readonly counter?: TokenCounter
  /** Whether each passage stands under its citation. Default true. */
  readonly cited?: boolean
}

export interface AskOptions
  extends FindOptions,
    Omit<PackOptions, 'budget' | 'counter'>,
    Pick<AskRequest, 'limits' | 'options' | 'stopSignal'> {
  /** Tokens of the pack. Default 4,000. */
  readonly budget?: number
  /** A leaf of `ask/strategies`, `auto`, which chooses one, or one of your own. Default `auto` with a model, else `extract`. */
  readonly strategy?: string | Strategy
  readonly model?: ModelPort
}

/** An open index over some places, with everything wired: the result of `open`. */
export interface Library {
  readonly roots: Roots
  readonly selection: Selection
  readonly location: string
  readonly store: Store
  counter(): Promise<TokenCounter>
  /** By name, as in `FindOptions`. */
  retriever(name?: string): Promise<Retriever>
  /** Brings the index up to date with the files. Throws `locked`, `disk-full`, `unwritable`, the abort reason. */
  refresh(options?: RefreshOptions): Promise<RefreshReport>
  /** What `refresh` would do. */
  survey(options?: RefreshOptions): Promise<Survey>
  find(query: string, options?: FindOptions): Promise<Passage[]>
  /** The best evidence for a query, or with an empty query the whole text, within a budget of tokens. */
  pack(query: string, options: PackOptions): Promise<Pack>
  /** The last event, and the generator's value, is the Answer. */
  ask(question: string, options?: AskOptions): AsyncGenerator<AskEvent, Answer>
  cite(passage: Passage): Promise<string>
  /** The text of a citation and `context` lines on both sides; `uriOf` maps the citation's path to a uri of the index. */
  show(citation: string, context?: number, uriOf?: (path: string) => string | undefined): Promise<Shown>
  status(): Promise<StoreStatus>
  close(): Promise<void>
}

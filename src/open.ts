import { join } from 'node:path'
import { type AskParts, strategyOf } from './ask/index.ts'
import {
  type Answer,
  type Embedder,
  FoveaError,
  loadLeaf,
  type Pack,
  type Passage,
  type Retriever,
  type TokenCounter,
} from './core/index.ts'
import { composer, defaultRetriever } from './find/index.ts'
import { citedRenderer, compressors, defaultCompressor, fit, orderers, plainRenderer, takenBy } from './fit/index.ts'
import { tokenCounter } from './model/index.ts'
import {
  type Card,
  cacheFolder,
  cardOf,
  indexFolder,
  prepareIndex,
  type Selection,
  selectionOf,
} from './open/folder.ts'
import { citationsOf, type Library, type PackOptions, show } from './open/library.ts'
import { type Reading, refresh, survey } from './open/refresh.ts'
import { Roots } from './open/roots.ts'
import { analyzers, engines, partsOfStore, type Searchable } from './store/index.ts'

export { cacheFolder, cardOf, knownIndexes, removeIndex, type Selection } from './open/folder.ts'
export type { AskOptions, FindOptions, Library, PackOptions, Shown } from './open/library.ts'
export type { RefreshOptions, RefreshReport, Survey } from './open/refresh.ts'
export { Roots } from './open/roots.ts'

export interface OpenOptions extends Selection {
  /** Folder of the index. Default: a folder of its own, for these places and this selection, below the user's cache folder. */
  readonly index?: string
  /** A leaf of `store/engines`. Default `sqlite`. */
  readonly engine?: string
  /** A leaf of `store/analyzers`. Default `words`. */
  readonly analyzer?: string
  /** With it, passages are embedded as they are written. */
  readonly embedder?: Embedder
  /** Encoding or model whose tokens are counted. Default `o200k_base`. */
  readonly tokenizer?: string
  /** What a person reading citations sees for a uri. Default: the uri. */
  readonly display?: (uri: string, roots: Roots) => string
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** Opens the index of some files and folders, making it where there is none. Throws `path-missing`, `unwritable`, `store-corrupt`, `store-newer`. */
export async function open(paths: string | readonly string[], options: OpenOptions = {}): Promise<Library> {
  const roots = await Roots.of(typeof paths === 'string' ? [paths] : paths)
  const asked = { roots, selection: selectionOf(options) }
  const location = options.index ?? indexFolder(cacheFolder(options.environment ?? process.env), asked)
  // An index in a folder of the user's own keeps its selection until another is asked for.
  const before = options.index && Object.keys(asked.selection).length === 0 ? await cardOf(location) : undefined
  const card = before ? { roots, selection: before.selection } : asked
  await prepareIndex(location, card)
  return wire(card, location, options)
}

/** Opens an index that was made before, without looking at the places it is of. Throws `no-index`. */
export async function reopen(location: string, options: OpenOptions = {}): Promise<Library> {
  const card = await cardOf(location)
  const advice = `make one with "fovea index PATH --index ${location}"`
  if (!card) throw new FoveaError('no-index', `${location} holds no index; ${advice}`, { detail: { location } })
  return wire(card, location, options)
}

async function wire(card: Card, location: string, options: OpenOptions): Promise<Library> {
  const { roots, selection } = card
  const makeAnalyzer = await loadLeaf(analyzers, options.analyzer ?? 'words')
  const analyzer = await makeAnalyzer(selection.languages ? { languages: selection.languages } : {})
  const engine = await loadLeaf(engines, options.engine ?? 'sqlite')
  const store = await engine({
    location: join(location, 'store.sqlite'),
    analyzer,
    ...(options.embedder ? { embedder: options.embedder } : {}),
  })
  const name = (uri: string): string => options.display?.(uri, roots) ?? uri
  let counting: Promise<TokenCounter> | undefined
  const counter = () => (counting ??= tokenCounter(options.tokenizer ?? 'o200k_base'))
  const compose = composer({ store })
  const retriever = (chosen = defaultRetriever): Promise<Retriever> => compose(chosen)
  const cite = (passage: Passage) => citationsOf(store, passage, name)
  const fill = async (found: readonly Passage[], query: string, request: PackOptions): Promise<Pack> => {
    const named = request.compressor ?? (query === '' ? 'head' : defaultCompressor)
    return fit({
      ...(await takenBy(named, store, found)),
      budget: request.budget,
      texts: store.texts,
      analyzer,
      counter: request.counter ?? (await counter()),
      compressor: await loadLeaf(compressors, named),
      orderer: await loadLeaf(orderers, request.orderer ?? 'document'),
      renderer: request.cited === false ? plainRenderer : citedRenderer,
      label: cite,
      ...partsOfStore(store),
      ...(request.pruner ? { pruner: request.pruner } : {}),
      ...(query === '' ? {} : { query }),
      ...(request.abortSignal ? { abortSignal: request.abortSignal } : {}),
    })
  }
  return {
    roots,
    selection,
    location,
    store,
    counter,
    retriever,
    cite,
    refresh: async (refreshing) => refresh(store, card, await reading(), refreshing),
    survey: async (refreshing) => survey(store, card, await reading(), refreshing),
    async find(query, { limit = 10, retriever: chosen, ...rest } = {}) {
      return (await retriever(chosen)).retrieve({ text: query, limit, ...rest })
    },
    async pack(query, request) {
      const { limit = 400, filter, abortSignal } = request
      // A wrong name is told also where all fits and nothing has to choose.
      if (request.compressor) await loadLeaf(compressors, request.compressor)
      const whole = await wholeSources(store, request)
      if (query === '') {
        const { compressor = 'head' } = request
        const needs: readonly string[] = compressors.find(({ meta }) => meta.name === compressor)?.meta.needs ?? []
        if (needs.includes('query'))
          throw new FoveaError('part-missing', `the compressor "${compressor}" needs a query to choose by; give one`)
        return fill(whole.passages, '', { ...request, compressor })
      }
      const everything = whole.all ? await fill(whole.passages, '', { ...request, compressor: 'whole' }) : undefined
      if (everything?.dropped.length === 0) return everything
      const rest = { limit, ...(filter ? { filter } : {}), ...(abortSignal ? { abortSignal } : {}) }
      const found = await (await retriever(request.retriever)).retrieve({ text: query, ...rest })
      return fill(found, query, request)
    },
    async *ask(question, request = {}) {
      const { model, filter, limits, options, stopSignal, abortSignal } = request
      const named = request.strategy ?? (model ? 'auto' : 'extract')
      const strategy = typeof named === 'string' ? await strategyOf(named) : named
      const counting = model?.counter ?? (await counter())
      const parts: AskParts = {
        store,
        texts: store.texts,
        analyzer,
        counter: counting,
        retriever: await retriever(request.retriever),
        label: cite,
        pack: (passages, budget, query, signal) =>
          fill(passages, query, { ...request, budget, counter: counting, ...(signal ? { abortSignal: signal } : {}) }),
        ...(model ? { model } : {}),
      }
      let answer: Answer | undefined
      const asking = strategy(parts, {
        question,
        budget: request.budget ?? 4000,
        limit: request.limit ?? 50,
        ...(filter ? { filter } : {}),
        ...(limits ? { limits } : {}),
        ...(options ? { options } : {}),
        ...(stopSignal ? { stopSignal } : {}),
        ...(abortSignal ? { abortSignal } : {}),
      })
      for await (const event of asking) {
        if (event.type === 'answer') answer = event.answer
        yield event
      }
      if (!answer)
        throw new FoveaError('no-answer', 'the strategy ended without an answer; this is a fault of the strategy')
      return answer
    },
    show: (citation, context = 3, uriOf = () => undefined) => show(store, citation, context, uriOf),
    status: () => store.status(),
    close: () => store.close(),
  }
}

/** Each Source as one passage, in order: enough of them to fill the budget, and whether these are all. */
async function wholeSources(store: Searchable, request: PackOptions): Promise<{ passages: Passage[]; all: boolean }> {
  const passages: Passage[] = []
  let length = 0
  for await (const source of store.sources(request.filter)) {
    // No tokenizer packs more than this many characters of text into a token.
    if (length > request.budget * 16) return { passages, all: false }
    length += source.length
    passages.push({
      spans: [{ source: source.id, start: 0, end: source.length }],
      score: -passages.length,
      trail: ['whole'],
    })
  }
  return { passages, all: true }
}

/** Loads `read` only when files are to be looked at. */
async function reading(): Promise<Reading> {
  const { formatOf, formatVersion, read, walk } = await import('./read/index.ts')
  return {
    walk,
    format: (input, abortSignal) => formatOf(input, abortSignal ? { abortSignal } : {}),
    version: (name) => (name === 'none' ? 0 : formatVersion(name)),
    read: (input, warn, abortSignal) => read(input, { warn, ...(abortSignal ? { abortSignal } : {}) }),
  }
}

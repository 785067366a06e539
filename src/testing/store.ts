import {
  type Analyzer,
  type Chunk,
  type Embedder,
  eachPassageTerm,
  type Filter,
  FoveaError,
  type Passage,
  type Source,
  type Span,
  sameSpan,
  textsOf,
} from '../core/index.ts'
import {
  type EnclosingUnit,
  type KeywordQuery,
  pathMatcher,
  type Searchable,
  type StoredSource,
  typeMatcher,
  type WeightedTerm,
} from '../store/index.ts'

export interface MemorySource {
  readonly source: Source
  readonly chunks: readonly (Pick<Chunk, 'start' | 'end'> & Partial<Chunk>)[]
}

export interface MemoryStoreOptions {
  /** With it, `vector` works: every passage is embedded at once. */
  readonly embedder?: Embedder
  /** Saturation of the term frequency, and weight of the length, in BM25. Default 1.2 and 0.75, as the stores have it. */
  readonly k1?: number
  readonly b?: number
}

interface Entry {
  readonly item: MemorySource
  readonly spans: readonly [Span, ...Span[]]
  /** Positions of each term, rising. */
  readonly terms: ReadonlyMap<string, readonly number[]>
  readonly length: number
  readonly vector?: Float32Array
}

/**
 * A store in memory that looks at every passage for every query: for tests and small things, plain and slow.
 * Gives the same passages in the same order as an engine over the same sources.
 */
export async function memoryStore(
  sources: readonly MemorySource[],
  analyzer: Analyzer,
  { embedder, k1 = 1.2, b = 0.75 }: MemoryStoreOptions = {},
): Promise<Searchable> {
  const entries: Entry[] = []
  const known = new Set<string>()
  for (const item of sources) {
    // The same text at two places is one Source.
    if (known.has(item.source.id)) continue
    known.add(item.source.id)
    for (const chunk of item.chunks) entries.push(entryOf(item, chunk, analyzer))
  }
  if (embedder) {
    const texts = entries.map(({ item, spans }) =>
      spans.map(({ start, end }) => item.source.text.slice(start, end)).join('\n'),
    )
    const vectors = await embedder.embed(texts, 'passage')
    entries.forEach((entry, number) => {
      entries[number] = { ...entry, vector: vectors[number]! }
    })
  }
  const frequency = new Map<string, number>()
  for (const { terms } of entries) for (const term of terms.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1)
  const meanLength = entries.reduce((sum, entry) => sum + entry.length, 0) / Math.max(1, entries.length)
  const texts = textsOf(sources.map(({ source }) => source))

  const ranked = (scores: ReadonlyMap<number, number>, limit: number, trail: string): Passage[] =>
    [...scores]
      .sort(([first, one], [second, two]) => two - one || first - second)
      .slice(0, limit)
      .map(([number, score]) => ({ spans: entries[number]!.spans, score, trail: [trail] }))

  const itemOf = (span: Span): MemorySource | undefined => sources.find(({ source }) => source.id === span.source)
  const stored = ({ source, chunks }: MemorySource): StoredSource => {
    const { text, outline: _outline, origin: _origin, ...rest } = source
    const places = sources.filter((other) => other.source.id === source.id).map((other) => other.source.uri)
    return { ...rest, length: text.length, passages: chunks.length, places: [...new Set(places)] }
  }

  return {
    analyzer,
    texts,
    async keyword(query) {
      query.abortSignal?.throwIfAborted()
      const phrases = (query.phrases ?? []).map((phrase) => analyzer.terms(phrase)).filter((terms) => terms.length > 0)
      const weights = new Map<string, number>()
      for (const { term, weight } of queryTerms(analyzer, query)) weights.set(term, (weights.get(term) ?? 0) + weight)
      const scores = new Map<number, number>()
      const passes = filterOf(query.filter)
      for (const [number, entry] of entries.entries()) {
        if (!passes(entry.item.source)) continue
        let score = 0
        let held = 0
        for (const [term, weight] of weights) {
          const count = entry.terms.get(term)?.length ?? 0
          if (count === 0) continue
          held++
          const many = frequency.get(term)!
          const rarity = Math.log(1 + (entries.length - many + 0.5) / (many + 0.5))
          score += (weight * rarity * count * (k1 + 1)) / (count + k1 * (1 - b + (b * entry.length) / meanLength))
        }
        const enough = query.match === 'all' ? held === weights.size : held > 0 || phrases.length > 0
        const empty = weights.size === 0 && phrases.length === 0
        if (enough && !empty && phrases.every((phrase) => holdsPhrase(entry.terms, phrase))) scores.set(number, score)
      }
      return ranked(scores, query.limit, 'keyword')
    },
    async vector({ vector, limit, filter, abortSignal }) {
      abortSignal?.throwIfAborted()
      const passes = filterOf(filter)
      const scores = new Map<number, number>()
      for (const [number, entry] of entries.entries()) {
        if (!entry.vector)
          throw new FoveaError('no-vectors', 'this store holds no vectors; make it with an embedding model')
        if (passes(entry.item.source)) scores.set(number, cosine(entry.vector, vector))
      }
      return ranked(scores, limit, 'vector')
    },
    async neighbours(passage, before, after) {
      const own = entries.filter(({ spans }) => spans[0].source === passage.spans[0].source)
      const last = passage.spans.at(-1)!
      let from = own.findIndex(({ spans }) => sameSpan(spans.at(-1)!, last))
      let to = from + 1
      if (from === -1) {
        const start = Math.min(...passage.spans.map((span) => span.start))
        const end = Math.max(...passage.spans.map((span) => span.end))
        from = own.filter(({ spans }) => spans.at(-1)!.end <= start).length
        to = own.filter(({ spans }) => spans.at(-1)!.start < end).length
      }
      const around = [...own.slice(Math.max(0, from - before), from), ...own.slice(to, to + after)]
      return around.map(({ spans }) => ({ spans, score: 0, trail: [...passage.trail, 'neighbours'] }))
    },
    async enclosing(span) {
      const units: EnclosingUnit[] = []
      for (const { kind, title, level, start, end } of itemOf(span)?.source.outline ?? [])
        if (start <= span.start && span.end <= end)
          units.push({
            kind,
            ...(title === undefined ? {} : { title }),
            level,
            span: { source: span.source, start, end },
          })
      return units
    },
    async source(span) {
      const item = itemOf(span)
      return item && stored(item)
    },
    async *sources(filter) {
      const passes = filterOf(filter)
      const seen = new Set<string>()
      for (const item of [...sources].sort((first, second) => (first.source.uri < second.source.uri ? -1 : 1))) {
        if (seen.has(item.source.id) || !passes(item.source)) continue
        seen.add(item.source.id)
        yield stored(item)
      }
    },
    outline: async ({ id }) => sources.find(({ source }) => source.id === id)?.source.outline ?? [],
    origin: async ({ id }) => sources.find(({ source }) => source.id === id)?.source.origin,
    statistics: async (terms) => ({
      passages: entries.length,
      meanLength,
      frequency: terms.map((term) => frequency.get(term) ?? 0),
    }),
  }
}

function entryOf(item: MemorySource, chunk: MemorySource['chunks'][number], analyzer: Analyzer): Entry {
  const { id, text } = item.source
  const rows: Span = { source: id, start: chunk.start, end: chunk.end }
  const header = chunk.header && text.slice(...chunk.header)
  const terms = new Map<string, number[]>()
  const positions = new Set<number>()
  const passage = {
    text: text.slice(chunk.start, chunk.end),
    ...(header ? { header } : {}),
    ...(chunk.context ? { context: chunk.context } : {}),
  }
  eachPassageTerm(analyzer, passage, (term, position) => {
    positions.add(position)
    const list = terms.get(term)
    if (list) list.push(position)
    else terms.set(term, [position])
  })
  const spans: [Span, ...Span[]] = chunk.header
    ? [{ source: id, start: chunk.header[0], end: chunk.header[1] }, rows]
    : [rows]
  return { item, spans, terms, length: positions.size }
}

function queryTerms(analyzer: Analyzer, query: KeywordQuery): readonly WeightedTerm[] {
  if (query.terms) return query.terms.filter(({ weight }) => weight > 0)
  const terms = analyzer.terms(query.text)
  const content = terms.filter(({ term }) => !analyzer.isStopTerm(term))
  const chosen = content.length > 0 ? content : terms
  const ranking = chosen.length > 0 ? chosen : (query.phrases ?? []).flatMap((phrase) => analyzer.terms(phrase))
  return ranking.map(({ term }) => ({ term, weight: 1 }))
}

function holdsPhrase(
  terms: ReadonlyMap<string, readonly number[]>,
  phrase: readonly { readonly term: string; readonly position: number }[],
): boolean {
  const places = Map.groupBy(phrase, ({ position }) => position - phrase[0]!.position)
  const starts = places.get(0)!.flatMap(({ term }) => terms.get(term) ?? [])
  return starts.some((start) =>
    [...places].every(([offset, words]) => words.some(({ term }) => terms.get(term)?.includes(start + offset))),
  )
}

function filterOf(filter: Filter = {}): (source: Source) => boolean {
  const path = filter.paths && pathMatcher(filter.paths)
  const type = filter.types && typeMatcher(filter.types)
  const { after, before, sources } = filter
  return ({ id, uri, mediaType, time }) =>
    (!path || path(uri)) &&
    (!type || type(mediaType)) &&
    (after === undefined || (time !== undefined && time >= after)) &&
    (before === undefined || (time !== undefined && time < before)) &&
    (!sources || sources.includes(id))
}

function cosine(first: Float32Array, second: Float32Array): number {
  let dot = 0
  let one = 0
  let two = 0
  for (let at = 0; at < first.length; at++) {
    dot += first[at]! * second[at]!
    one += first[at]! ** 2
    two += second[at]! ** 2
  }
  return one === 0 || two === 0 ? 0 : dot / Math.sqrt(one * two)
}

import type { AskParts } from '../../src/ask/index.ts'
import { type Chunk, type Passage, type Source, type Span, textsOf } from '../../src/core/index.ts'
import { citedRenderer, fit } from '../../src/fit/index.ts'
import gpt from '../../src/model/tokenizers/gpt.ts'
import words from '../../src/store/analyzers/words.ts'
import type { Searchable, StoredSource } from '../../src/store/index.ts'

export const o200k = await gpt('o200k_base')

export interface Item {
  readonly source: Source
  readonly chunks: readonly Pick<Chunk, 'start' | 'end'>[]
}

/** Sources in memory with plain BM25 over their chunks, and everything that a strategy is given. */
export async function shelf(
  items: readonly Item[],
  language = 'en',
): Promise<AskParts & { hide(passage: number): void; readonly spans: readonly Span[] }> {
  const analyzer = await words({ languages: [language] })
  const byId = new Map(items.map((item) => [item.source.id, item]))
  const spans: Span[] = []
  const postings = new Map<string, [passage: number, count: number][]>()
  const lengths: number[] = []
  for (const { source, chunks } of items)
    for (const { start, end } of chunks) {
      const passage = spans.push({ source: source.id, start, end }) - 1
      const counts = new Map<string, number>()
      let length = 0
      analyzer.each(source.text.slice(start, end), (term) => {
        length++
        counts.set(term, (counts.get(term) ?? 0) + 1)
      })
      lengths.push(length)
      for (const [term, count] of counts) {
        const list = postings.get(term)
        if (list) list.push([passage, count])
        else postings.set(term, [[passage, count]])
      }
    }
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length)
  const hidden = new Set<number>()
  const keyword = async ({ text, limit }: { text: string; limit: number }): Promise<Passage[]> => {
    const scores = new Map<number, number>()
    const unique = new Set(analyzer.terms(text).map(({ term }) => term))
    const content = [...unique].filter((term) => !analyzer.isStopTerm(term))
    for (const term of content.length > 0 ? content : unique) {
      const list = postings.get(term) ?? []
      const idf = Math.log(1 + (spans.length - list.length + 0.5) / (list.length + 0.5))
      for (const [passage, count] of list) {
        if (hidden.has(passage)) continue
        const norm = count + 1.2 * (0.25 + (0.75 * lengths[passage]!) / mean)
        scores.set(passage, (scores.get(passage) ?? 0) + (idf * count * 2.2) / norm)
      }
    }
    return [...scores]
      .sort(([a, one], [b, other]) => other - one || a - b)
      .slice(0, limit)
      .map(([passage, score]) => ({ spans: [spans[passage]!], score, trail: ['keyword'] }))
  }
  const texts = textsOf(items.map(({ source }) => source))
  const stored = ({ source, chunks }: Item): StoredSource => {
    const { text, outline: _, origin: __, ...rest } = source
    return { ...rest, length: text.length, passages: chunks.length, places: [source.uri] }
  }
  const store = {
    analyzer,
    texts,
    keyword,
    async enclosing(span: Span) {
      const outline = byId.get(span.source)?.source.outline ?? []
      return outline
        .filter(({ start, end }) => start <= span.start && end >= span.end)
        .map(({ kind, title, level, start, end }) => ({
          kind,
          level,
          span: { source: span.source, start, end },
          ...(title ? { title } : {}),
        }))
    },
    async source(span: Span) {
      const item = byId.get(span.source)
      return item && stored(item)
    },
    async *sources() {
      for (const item of items) yield stored(item)
    },
    outline: async ({ id }: StoredSource) => byId.get(id)?.source.outline ?? [],
    origin: async () => undefined,
    async statistics(terms: readonly string[]) {
      return {
        passages: spans.length,
        meanLength: mean,
        frequency: terms.map((term) => postings.get(term)?.length ?? 0),
      }
    },
  } as unknown as Searchable
  const label = async ({ spans: [span] }: Passage) => {
    const { source } = byId.get(span.source)!
    const line = (at: number) => source.text.slice(0, at).split('\n').length
    return `${source.uri}#L${line(span.start)}-L${line(span.end)}`
  }
  return {
    spans,
    hide: (passage) => void (passage < 0 ? hidden.clear() : hidden.add(passage)),
    store,
    texts,
    analyzer,
    counter: o200k,
    retriever: { name: 'keyword', retrieve: keyword },
    label,
    pack: (passages, budget, query, abortSignal) =>
      fit({
        passages,
        budget,
        query,
        texts,
        counter: o200k,
        analyzer,
        label,
        renderer: citedRenderer,
        ...(abortSignal ? { abortSignal } : {}),
      }),
  }
}

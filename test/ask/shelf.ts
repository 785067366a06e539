import type { AskParts } from '../../src/ask/index.ts'
import { loadLeaf, type Passage, type Span } from '../../src/core/index.ts'
import { retrievers } from '../../src/find/index.ts'
import { citedRenderer, fit } from '../../src/fit/index.ts'
import gpt from '../../src/model/tokenizers/gpt.ts'
import words from '../../src/store/analyzers/words.ts'
import { type MemorySource, memoryStore } from '../../src/testing/index.ts'

export const o200k = await gpt('o200k_base')

export type Item = MemorySource

/** Sources in memory with keyword search, and everything that a strategy is given; one source can be hidden from retrieval. */
export async function shelf(
  items: readonly Item[],
  language = 'en',
): Promise<AskParts & { hide(source?: string): void }> {
  const analyzer = await words({ languages: [language] })
  const store = await memoryStore(items, analyzer)
  const byId = new Map(items.map((item) => [item.source.id, item.source]))
  const keyword = (await loadLeaf(retrievers, 'keyword'))({ store, inner: [] })
  let hidden: string | undefined
  const label = async ({ spans }: Passage) => {
    const [span] = spans
    const source = byId.get(span.source)!
    const line = (at: number) => source.text.slice(0, at).split('\n').length
    return `${source.uri}#L${line(span.start)}-L${line((spans.at(-1) as Span).end)}`
  }
  return {
    hide: (source) => void (hidden = source),
    store,
    texts: store.texts,
    analyzer,
    counter: o200k,
    label,
    retriever: {
      name: 'keyword',
      async retrieve(query) {
        const found = await keyword.retrieve({ ...query, limit: query.limit + 1 })
        return found.filter(({ spans }) => spans[0].source !== hidden).slice(0, query.limit)
      },
    },
    pack: (passages, budget, query, abortSignal) =>
      fit({
        passages,
        budget,
        query,
        texts: store.texts,
        counter: o200k,
        analyzer,
        label,
        renderer: citedRenderer,
        ...(abortSignal ? { abortSignal } : {}),
      }),
  }
}

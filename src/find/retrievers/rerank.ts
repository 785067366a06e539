import { dayOf, type Passage, passageText, type RankItem } from '../../core/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'

export const meta = {
  name: 'rerank',
  summary: 'The best of what another retriever finds, put in the order that a ranker gives them.',
  paper: 'Nogueira and Cho 2019, Passage Re-ranking with BERT, arXiv 1901.04085',
  needs: ['inner', 'ranker'],
} as const satisfies RetrieverMeta

export interface RerankOptions {
  /** Passages to ask the inner retriever for, at least. Default 200. */
  readonly depth: number
}

const make: RetrieverFactory<RerankOptions> = ({ store, inner, ranker }, { depth = 200 } = {}) => {
  /** What a passage knows from its place: the titles of its Source and of the units around it; of a turn, the day. */
  async function contextOf({ spans }: Passage, text: string): Promise<string | undefined> {
    const span = spans.at(-1)!
    const source = await store.source(span)
    const units = await store.enclosing(span)
    const titles = units.flatMap(({ title }) => (title ? [title] : []))
    if (source?.title && !titles.includes(source.title)) titles.unshift(source.title)
    const said = units.at(-1)?.kind === 'turn' || units.at(-1)?.kind === 'message'
    const day = said && source?.time !== undefined ? dayOf(source.time) : undefined
    const missing = [...titles, day].filter((words) => words !== undefined && !text.includes(words))
    return missing.length === 0 ? undefined : missing.join('\n')
  }

  async function rarityOf(query: string): Promise<(term: string) => number> {
    const terms = [...new Set(store.analyzer.terms(query).map(({ term }) => term))]
    const { passages, frequency } = await store.statistics(terms)
    const rarity = new Map(
      terms.map((term, index) => {
        const held = Math.min(passages, frequency[index]!)
        return [term, Math.log(1 + (passages - held + 0.5) / (held + 0.5))]
      }),
    )
    return (term) => rarity.get(term) ?? 0
  }

  return {
    name: meta.name,
    async retrieve(query) {
      const { abortSignal, text, limit } = query
      abortSignal?.throwIfAborted()
      const found = (await inner[0]?.retrieve({ ...query, limit: Math.max(limit, depth) })) ?? []
      if (found.length === 0) return []
      const items: RankItem[] = []
      for (const passage of found) {
        abortSignal?.throwIfAborted()
        const own = await passageText(passage, store.texts, abortSignal)
        const context = ranker!.rankItems ? await contextOf(passage, own) : undefined
        items.push({ text: own, score: passage.score, ...(context === undefined ? {} : { context }) })
      }
      const scores = ranker!.rankItems
        ? await ranker!.rankItems(text, items, {
            rarity: await rarityOf(text),
            ...(abortSignal ? { abortSignal } : {}),
          })
        : await ranker!.rank(
            text,
            items.map((item) => item.text),
            abortSignal,
          )
      return found
        .map((passage, index): Passage => ({ ...passage, score: scores[index]!, trail: [...passage.trail, meta.name] }))
        .sort((first, second) => second.score - first.score)
        .slice(0, limit)
    },
  }
}

export default make

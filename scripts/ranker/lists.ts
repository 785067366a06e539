// Questions of the lab's data sets with the passages that `keyword` finds for them.
import { loadLeaf, passageText, type RankItem, type Span, type TokenCounter } from '../../src/core/index.ts'
import { retriever } from '../../src/find/index.ts'
import { raritiesOf } from '../../src/find/ranking.ts'
import { datasets } from '../../src/measure/catalog.ts'
import type { Corpus, Sample, Shelf } from '../../src/measure/contract.ts'
import { shelfOf } from '../../src/measure/shelf.ts'
import { analyzers, type PortableAnalyzer, type Searchable } from '../../src/store/index.ts'

export interface FoundList {
  readonly sample: Sample
  readonly shelf: Shelf
  readonly store: Searchable
  readonly items: readonly RankItem[]
  /** Number of the unit of each item, where the makers of the data cut units. */
  readonly units: readonly number[]
  /** Numbers of the units that hold the evidence. */
  readonly gold: ReadonlySet<number>
  readonly rarity: (term: string) => number
  /** Number of the unit that a span is, or -1. */
  readonly numberOf: (span: Span) => number
}

export const wordCounter: TokenCounter = {
  name: 'words',
  count: (text) => text.match(/\S+/g)?.length ?? 0,
  margin: () => 0,
}

export const wordsAnalyzer = async (): Promise<PortableAnalyzer> => (await loadLeaf(analyzers, 'words'))()

export async function* foundLists(
  data: string,
  name: string,
  options: {
    readonly cells?: readonly string[]
    readonly samples?: number
    readonly depth: number
    readonly passage?: number
  },
): AsyncGenerator<FoundList> {
  const dataset = await loadLeaf(datasets, name)
  const analyzer = await wordsAnalyzer()
  let known: { corpus: Corpus; shelf: Shelf; store: Searchable; numbers: Map<string, number> } | undefined
  const request = {
    data,
    warn: () => {},
    ...(options.cells ? { cells: options.cells } : {}),
    ...(options.samples === undefined ? {} : { samples: options.samples }),
  }
  for await (const sample of dataset(request as never)) {
    if (options.cells && !options.cells.includes(sample.cell)) continue
    if (known?.corpus !== sample.corpus) {
      const shelf = shelfOf(sample.corpus, analyzer, wordCounter)
      const numbers = new Map(
        (sample.corpus.units ?? []).map(({ source, start, end }, number) => [`${source}:${start}:${end}`, number]),
      )
      known = { corpus: sample.corpus, shelf, store: await shelf.store(options.passage), numbers }
    }
    const { shelf, store, numbers } = known
    const keyword = await retriever('keyword', { store, inner: [] })
    const found = await keyword.retrieve({ text: sample.question, limit: options.depth })
    const items: RankItem[] = []
    const units: number[] = []
    const numberOf = ({ source, start, end }: Span): number => numbers.get(`${source}:${start}:${end}`) ?? -1
    for (const passage of found) {
      items.push({ text: await passageText(passage, store.texts), score: passage.score })
      units.push(numberOf(passage.spans.at(-1)!))
    }
    const gold = new Set(sample.evidence.map(numberOf))
    yield { sample, shelf, store, items, units, gold, numberOf, rarity: await raritiesOf(store, sample.question) }
  }
}

import {
  type Chunk,
  contextOf,
  loadLeaf,
  nodeAt,
  type Source,
  type Span,
  split,
  type TokenCounter,
} from '../core/index.ts'
import { engines, type PortableAnalyzer, type PutSource, type Searchable } from '../store/index.ts'
import { answersIn } from './answers.ts'
import { plainIndex, plainSentences } from './bm25.ts'
import type { Corpus, PlainIndex, Shelf } from './contract.ts'
import { textOf } from './corpus.ts'

/** Tokens of a passage where the makers of the data cut none: what `Library.refresh` takes. */
export const passageTokens = 256

interface Cut {
  readonly puts: readonly PutSource[]
  readonly passages: readonly Span[]
}

/** Makes each thing once, when it is first asked for. */
export function shelfOf(corpus: Corpus, analyzer: PortableAnalyzer, counter: TokenCounter): Shelf {
  const { sources, units } = corpus
  const byId = new Map(sources.map((source) => [source.id, source]))
  const text = ({ source, start, end }: Span): string => byId.get(source)!.text.slice(start, end)
  const cuts = new Map<number, Cut>()
  const stores = new Map<number, Promise<Searchable>>()
  let sentences: readonly Span[] | undefined
  let tokens: number | undefined
  const plain = new Map<string, PlainIndex>()

  function cut(size: number): Cut {
    const known = cuts.get(size)
    if (known) return known
    const made = units && size === passageTokens ? cutByUnits(sources, units) : cutBySplit(sources, size)
    cuts.set(size, made)
    return made
  }
  const sentencesOf = (): readonly Span[] =>
    (sentences ??= sources.flatMap(({ id, text: own }) =>
      plainSentences(own).map(([start, end]): Span => ({ source: id, start, end })),
    ))
  const costs = new WeakMap<Span, number>()
  const cost = (span: Span): number => {
    let known = costs.get(span)
    if (known === undefined) costs.set(span, (known = counter.count(text(span))))
    return known
  }
  const whole = memo(() => textOf(sources))
  const held = memo(() => answersIn(whole()))

  return {
    corpus,
    counter,
    text,
    cost,
    sentences: sentencesOf,
    tokens: () => (tokens ??= counter.count(whole())),
    passages: async (size = passageTokens) => cut(size).passages,
    store(size = passageTokens) {
      const known = stores.get(size)
      if (known) return known
      const made = storeOf(cut(size).puts, analyzer)
      stores.set(size, made)
      return made
    },
    async plain(over) {
      const known = plain.get(over)
      if (known) return known
      const texts =
        over === 'sentences'
          ? sentencesOf().map(text)
          : (units?.map((unit) => unit.plain ?? text(unit)) ?? cut(passageTokens).passages.map(text))
      const made = plainIndex(texts)
      plain.set(over, made)
      return made
    },
    holds: (answers) => held()(answers),
  }
}

function memo<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}

/** Each unit is a passage; turns know their day, as an index that `Library.refresh` makes does. */
function cutByUnits(sources: readonly Source[], units: NonNullable<Corpus['units']>): Cut {
  const bySource = Map.groupBy(units, ({ source }) => source)
  const puts = sources.map((source): PutSource => {
    const chunks = (bySource.get(source.id) ?? []).map(({ start, end }): Chunk => {
      const node = source.outline?.length ? nodeAt(source.outline, start, end) : undefined
      const chunk = { start, end, tokens: 1, ...(node === undefined ? {} : { node }) }
      const context = contextOf(source, chunk)
      return context === undefined ? chunk : { ...chunk, context }
    })
    return { source, chunks }
  })
  return { puts, passages: units }
}

function cutBySplit(sources: readonly Source[], size: number): Cut {
  const puts = sources.map((source): PutSource => {
    const chunks = split(source, { size }).map((chunk): Chunk => {
      const context = contextOf(source, chunk)
      return context === undefined ? chunk : { ...chunk, context }
    })
    return { source, chunks }
  })
  const passages = puts.flatMap(({ source, chunks }) =>
    chunks.map(({ start, end }): Span => ({ source: source.id, start, end })),
  )
  return { puts, passages }
}

async function storeOf(puts: readonly PutSource[], analyzer: PortableAnalyzer): Promise<Searchable> {
  const store = await (await loadLeaf(engines, 'memory'))({ location: '', analyzer })
  const writer = await store.write()
  for (const [index, put] of puts.entries()) {
    const { uri, text, id, time = 0 } = put.source
    // Sources keep their reading order, whatever they are called.
    const name = `${String(index).padStart(8, '0')} ${uri}`
    await writer.put({ uri: name, size: text.length, modified: time, hash: id, format: 'text', formatVersion: 1 }, [
      put,
    ])
  }
  await writer.close()
  return store
}

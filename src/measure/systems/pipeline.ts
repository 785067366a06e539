import { type Analyzer, loadLeaf, type Passage, type Ranker, type Retriever, type Span } from '../../core/index.ts'
import { defaultRetriever } from '../../find/index.ts'
import { compressors, defaultCompressor, fit, orderers, takenBy } from '../../fit/index.ts'
import { partsOfStore, type Searchable } from '../../store/index.ts'
import { heldOutRanker } from '../adapters/held-out.ts'
import type { Options, Stage, SystemFactory, SystemMeta } from '../contract.ts'
import { delivered } from '../corpus.ts'
import { retrieversOf } from '../retrieve.ts'
import { passageTokens } from '../shelf.ts'

export const meta = {
  name: 'pipeline',
  summary: 'A retriever, then a compressor and an orderer into the budget: Fovea as a user has it.',
  options: {
    retriever: defaultRetriever,
    limit: 400,
    compressor: defaultCompressor,
    orderer: 'document',
    passage: passageTokens,
    weights: '',
  },
  answers: false,
} as const satisfies SystemMeta

const spans = (passages: readonly Passage[]): Span[] => passages.flatMap((passage) => passage.spans)

/**
 * `retriever` may combine others: `neighbours(keyword)`, `hybrid(keyword,vector)`. `weights` is a folder of the ranker's weights,
 * each trained without a part of the questions: those of its own part are asked of it. Without one, the weights that ship.
 */
const factory: SystemFactory = async (given: Options) => {
  const options = { ...meta.options, ...given }
  const compressor = await loadLeaf(compressors, String(options.compressor))
  const orderer = await loadLeaf(orderers, String(options.orderer))
  let making:
    | { readonly of: (name: string, store: Searchable) => Promise<Retriever>; readonly ranker?: Ranker }
    | undefined
  const made = async (analyzer: Analyzer): Promise<NonNullable<typeof making>> => {
    if (making) return making
    const ranker = options.weights === '' ? undefined : await heldOutRanker(String(options.weights), analyzer)
    return (making = { of: retrieversOf(ranker), ...(ranker ? { ranker } : {}) })
  }
  return {
    async run(sample, { shelf, budget, abortSignal }) {
      const size = Number(options.passage)
      const store = await shelf.store(size)
      const { of, ranker } = await made(store.analyzer)
      const retriever = await of(String(options.retriever), store)
      const { delivered: some } = sample
      const ranked = await retriever.retrieve({
        text: sample.question,
        limit: Number(options.limit),
        ...(some === undefined ? {} : { filter: { sources: delivered(sample).map(({ id }) => id) } }),
        ...(abortSignal ? { abortSignal } : {}),
      })
      const stages: Stage[] = [
        { name: 'split', left: await shelf.passages(size) },
        { name: 'retrieve', left: spans(ranked) },
      ]
      if (budget === 0) return { ranked, stages }
      const pack = await fit({
        ...(await takenBy(String(options.compressor), store, ranked)),
        budget,
        texts: store.texts,
        counter: shelf.counter,
        analyzer: store.analyzer,
        query: sample.question,
        compressor,
        orderer,
        ...partsOfStore(store),
        ...(ranker ? { ranker } : {}),
        ...(abortSignal ? { abortSignal } : {}),
      })
      const kept = spans(pack.kept)
      const over = pack.dropped.filter(({ why }) => why === 'budget').map(({ passage }) => passage)
      stages.push({ name: 'compress', left: [...kept, ...spans(over)] }, { name: 'pack', left: kept })
      return { ranked, pack, stages }
    },
  }
}
export default factory

import { ask } from '../../ask/index.ts'
import { loadLeaf, type Passage } from '../../core/index.ts'
import { defaultRetriever } from '../../find/index.ts'
import { citedRenderer, compressors, defaultCompressor, fit, orderers, takenBy } from '../../fit/index.ts'
import type { Options, Stage, SystemFactory, SystemMeta } from '../contract.ts'
import { delivered } from '../corpus.ts'
import { retrieversOf } from '../retrieve.ts'
import { passageTokens } from '../shelf.ts'

export const meta = {
  name: 'strategy',
  summary: 'A way of asking by its name, with the reader for a model: question in, cited answer out.',
  options: {
    strategy: 'extract',
    retriever: defaultRetriever,
    limit: 50,
    compressor: defaultCompressor,
    orderer: 'document',
    passage: passageTokens,
  },
  answers: true,
} as const satisfies SystemMeta

/** Without a budget in tokens (`none`), 4,000 are given to the evidence, as the command line does. */
const factory: SystemFactory = async (given: Options) => {
  const options = { ...meta.options, ...given }
  const compressor = await loadLeaf(compressors, String(options.compressor))
  const orderer = await loadLeaf(orderers, String(options.orderer))
  const retrieverOf = retrieversOf()
  return {
    async run(sample, { shelf, budget, reader, abortSignal }) {
      const size = Number(options.passage)
      const store = await shelf.store(size)
      const retriever = await retrieverOf(String(options.retriever), store)
      const signal = abortSignal ? { abortSignal } : {}
      const { delivered: some } = sample
      let ranked: readonly Passage[] = []
      const label = async ({ spans: [{ source, start, end }] }: Passage): Promise<string> =>
        `${(await store.source({ source, start, end }))?.uri ?? source}:${start}-${end}`
      const answer = await ask(
        {
          store,
          texts: store.texts,
          analyzer: store.analyzer,
          counter: shelf.counter,
          retriever: {
            name: retriever.name,
            retrieve: async (query) => (ranked = await retriever.retrieve(query)),
          },
          label,
          pack: async (passages, tokens, query, abort) =>
            fit({
              ...(await takenBy(String(options.compressor), store, passages)),
              budget: tokens,
              texts: store.texts,
              counter: shelf.counter,
              analyzer: store.analyzer,
              query,
              compressor,
              orderer,
              renderer: citedRenderer,
              label,
              ...(abort ? { abortSignal: abort } : {}),
            }),
          ...(reader ? { model: reader } : {}),
        },
        {
          question: sample.question,
          budget: budget === 0 ? 4000 : budget,
          limit: Number(options.limit),
          ...(some === undefined ? {} : { filter: { sources: delivered(sample).map(({ id }) => id) } }),
          ...signal,
        },
        { strategy: String(options.strategy) },
      )
      const spans = (passages: readonly Passage[]) => passages.flatMap((passage) => passage.spans)
      const stages: Stage[] = [
        { name: 'split', left: await shelf.passages(size) },
        { name: 'retrieve', left: spans(ranked) },
        { name: 'pack', left: spans(answer.pack.kept) },
      ]
      return {
        ranked,
        pack: answer.pack,
        said: answer.found ? answer.text : '',
        citations: answer.citations,
        usage: answer.usage,
        stages,
      }
    },
  }
}
export default factory

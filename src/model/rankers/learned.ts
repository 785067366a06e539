import { FoveaError, type Ranker } from '../../core/index.ts'
import type { NeuralOptions, RankerFactory, RankerMeta } from '../contract.ts'
import { decodeForest, type StoredForest, scoreRows } from '../ranking/forest.ts'
import { tellScores } from '../ranking/pieces.ts'
import { passageRows, pieceRows } from '../ranking/rank.ts'

export const meta = {
  name: 'learned',
  summary: 'Small trees of decisions over words, places and lists, trained on four open data sets; see its model card.',
  paper: 'Burges 2010, From RankNet to LambdaRank to LambdaMART',
  prefixes: ['learned'],
  peers: [],
  environment: [],
} as const satisfies RankerMeta

/** The trained forests: one for passages, one for sentences of passages. */
export interface RankerWeights {
  readonly passages: StoredForest
  readonly pieces: StoredForest
}

export interface LearnedOptions {
  /** Default: those of the package. */
  readonly weights?: RankerWeights
}

const shipped = async (): Promise<RankerWeights> =>
  (await import('./learned/weights.json', { with: { type: 'json' } })).default

/** Needs `analyzer`; throws `part-missing` without it. */
const factory: RankerFactory = async (_name, { analyzer, weights }: NeuralOptions & LearnedOptions = {}) => {
  if (!analyzer)
    throw new FoveaError(
      'part-missing',
      `the ranker "${meta.name}" reads words; give the index's analyzer as "analyzer"`,
    )
  const stored = weights ?? (await shipped())
  const [passages, pieces] = [decodeForest(stored.passages), decodeForest(stored.pieces)]
  const ranker: Required<Ranker> = {
    name: meta.name,
    async rank(query, texts, abortSignal) {
      const items = texts.map((text) => ({ text }))
      return ranker.rankItems(query, items, abortSignal ? { abortSignal } : {})
    },
    async rankItems(query, items, options = {}) {
      options.abortSignal?.throwIfAborted()
      if (items.every(({ passage }) => passage === undefined))
        return Array.from(scoreRows(passages, passageRows(query, items, analyzer, options), items.length))
      const rows = pieceRows(query, items, analyzer, options)
      tellScores(rows.pieces, rows.rowOf, scoreRows(passages, rows.passages, rows.count))
      return Array.from(scoreRows(pieces, rows.pieces, items.length))
    },
  }
  return ranker
}

export default factory

import type { Passage } from '../../core/index.ts'
import { unit } from '../../model/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { allowedSources, isAllowed, standing } from '../corpus.ts'
import { passageKey } from '../passages.ts'
import { summaryTree, wordVectors } from '../trees/build.ts'
import { modelSummary, sentenceSummary, type Vectorise } from '../trees/gists.ts'
import { type VectorOptions, VectorSet } from '../vectors.ts'

export const meta = {
  name: 'summary-tree',
  summary:
    'Passages, and summaries of like passages at every level of a tree, ranked together by nearness to the question.',
  paper: 'Sarthi et al. 2024, RAPTOR, arXiv 2401.18059',
  needs: [],
} as const satisfies RetrieverMeta

export interface SummaryTreeOptions extends VectorOptions {
  /** Most children of one summary. Default 6. */
  readonly branching: number
  /** Sentences of a summary made without a model. Default 3. */
  readonly sentences: number
  /** Share of its score that a summary keeps at each level above the passages, 0 to 1. Default 1. */
  readonly level: number
}

/**
 * With a model, summaries are its words with the passages they come from as evidence; without one they are the central sentences, word
 * for word. Without an embedding model nearness is that of rare words. Made anew when the Sources change: a model's replies then come
 * from its journal where they can. The paper clusters embeddings by mixtures of Gaussians; ours joins the nearest, in groups of a
 * given size.
 */
const make: RetrieverFactory<SummaryTreeOptions> = ({ store, embedder, model }, options = {}) => {
  const { branching = 6, sentences = 3, level = 1 } = options
  const words = wordVectors(store)
  const vectorise: Vectorise = embedder
    ? async (texts, abortSignal) => (await embedder.embed(texts, 'passage', abortSignal)).map(unit)
    : words
  const summarise = model ? modelSummary(model, store.texts) : sentenceSummary(store.texts, vectorise, sentences)

  const index = standing(store, async (abortSignal) => {
    const { tree, vectors } = await summaryTree(store, vectorise, summarise, Math.max(2, branching), abortSignal)
    const set = new VectorSet(options)
    for (const vector of vectors) set.add(vector)
    return { tree, set }
  })

  return {
    name: meta.name,
    async retrieve({ text, limit, filter, abortSignal }) {
      abortSignal?.throwIfAborted()
      const { tree, set } = await index(abortSignal)
      const allowed = await allowedSources(store, filter)
      const [query] = embedder ? await embedder.embed([text], 'query', abortSignal) : await words([text])
      if (!query || set.size === 0) return []
      const scores = set.scores(query)
      const seen = new Set<string>()
      return [...scores.keys()]
        .flatMap((number): Passage[] => {
          const { spans, derived, verbatim, level: height } = tree.nodes[number]!
          if ((!verbatim && derived === undefined) || !isAllowed(spans, allowed)) return []
          const score = scores[number]! - Math.abs(scores[number]!) * (1 - level ** height)
          const trail = [meta.name, ...(height > 0 ? [`summary ${height}`] : [])]
          return [{ spans, score, trail, ...(derived === undefined ? {} : { derived }) }]
        })
        .sort((first, second) => second.score - first.score)
        .filter((passage) => !seen.has(passageKey(passage)) && seen.add(passageKey(passage)))
        .slice(0, limit)
    },
  }
}
export default make

import type { Passage } from '../../core/index.ts'
import { unit } from '../../model/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { allowedSources, isAllowed, standing } from '../corpus.ts'
import { keywordTree, summaryTree, wordVectors } from '../trees/build.ts'
import { type DescentOptions, descend, type Judge } from '../trees/descend.ts'
import { modelSummary, type Vectorise } from '../trees/gists.ts'
import { modelJudge, rankerJudge, wordJudge } from '../trees/judges.ts'
import type { Tree } from '../trees/tree.ts'
import { rarities } from '../words.ts'

export const meta = {
  name: 'guided-descent',
  summary:
    'A judge walks a tree over all passages from the top, comparing its scores across calls and going back where a branch disappoints.',
  paper: 'Gupta et al. 2025, LLM-guided Hierarchical Retrieval (LATTICE), arXiv 2510.13217',
  needs: [],
} as const satisfies RetrieverMeta

export interface GuidedDescentOptions extends DescentOptions {
  /** `clusters`: by nearness; `sections`: by the documents' own units; `summaries`: clusters summarised by the model. Default `clusters`. */
  readonly tree: 'clusters' | 'sections' | 'summaries'
  /** Most children of one node. Default 8. */
  readonly branching: number
}

const shown = 40

/**
 * The judge is the model, else the ranker, else the share of the question's words that a node's keywords hold. The trail of a passage
 * names the nodes on the way to it. At most `beam * rounds * depth + 1` calls for a question. As in the paper, calls share nodes so
 * that their scores come to one scale. Ours also goes without a model, and over the documents' own units.
 */
const make: RetrieverFactory<GuidedDescentOptions> = ({ store, embedder, ranker, model }, options = {}) => {
  const { tree: kind = 'clusters', branching = 8 } = options
  const vectorise: Vectorise = embedder
    ? async (texts, abortSignal) => (await embedder.embed(texts, 'passage', abortSignal)).map(unit)
    : wordVectors(store)
  const judge: Judge = model
    ? modelJudge(model)
    : ranker
      ? rankerJudge(ranker)
      : wordJudge(store.analyzer, rarities(store))

  const index = standing(store, async (abortSignal): Promise<Tree> => {
    const most = Math.max(2, branching)
    if (kind === 'summaries' && model)
      return (await summaryTree(store, vectorise, modelSummary(model, store.texts), most, abortSignal)).tree
    return keywordTree(store, kind === 'sections' ? 'sections' : 'clusters', vectorise, most, abortSignal)
  })

  return {
    name: meta.name,
    async retrieve({ text, limit, filter, abortSignal }) {
      abortSignal?.throwIfAborted()
      const tree = within(await index(abortSignal), await allowedSources(store, filter))
      const { found } = await descend(tree, text, judge, options, abortSignal)
      return found.slice(0, limit).map(({ node, path, score }): Passage => {
        const way = path.slice(0, -1).map((step) => tree.nodes[step]!.text.slice(0, shown).toWellFormed())
        return { spans: tree.nodes[node]!.spans, score, trail: [meta.name, ...way] }
      })
    },
  }
}

/** The tree without passages of Sources that are not let through, and without units that are then empty. */
function within(tree: Tree, allowed: ReadonlySet<string> | undefined): Tree {
  if (!allowed) return tree
  const kept = new Set<number>()
  // A node stands after its children.
  for (const [number, { children, spans }] of tree.nodes.entries())
    if (children.length === 0 ? isAllowed(spans, allowed) : children.some((child) => kept.has(child))) kept.add(number)
  const only = (list: readonly number[]): number[] => list.filter((number) => kept.has(number))
  return { nodes: tree.nodes.map((node) => ({ ...node, children: only(node.children) })), roots: only(tree.roots) }
}
export default make

import type { Passage, Span } from '../../core/index.ts'
import type { ModelPort } from '../../model/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { allowedSources, isAllowed, standing } from '../corpus.ts'
import { type ExploreOptions, explore, factText, type Guide } from '../graphs/explore.ts'
import { modelFacts, ruleFacts } from '../graphs/facts.ts'
import { graphOf } from '../graphs/graph.ts'
import { passageKey } from '../passages.ts'
import { rarities } from '../words.ts'

export const meta = {
  name: 'exploration',
  summary:
    'Walks from what a question names along facts of a graph over all passages, going back from dead ends; gives the paths or their passages.',
  paper: 'Sanmartin 2024, KG-RAG, arXiv 2405.12035',
  needs: [],
} as const satisfies RetrieverMeta

export interface ExplorationOptions extends ExploreOptions {
  /** `passages`: those that the facts of the paths stand in; `paths`: each path as the words of its facts, in order. Default `passages`. */
  readonly give: 'passages' | 'paths'
  /** Who makes the graph: `rules`, or the `model` (one call for each passage). Default `rules`. */
  readonly facts: 'rules' | 'model'
}

const instruction = `You follow facts from what a question names to its answer. You see the facts followed so far and facts to go on with.
For each fact to go on with that may lead to the answer write a line: its number, a colon and a score from 0 to 100.
When one of them completes the answer, write a last line: DONE and its number. Write nothing else.`

export const modelGuide =
  (model: ModelPort): Guide =>
  async (query, path, candidates, abortSignal) => {
    const list = candidates.map((text, index) => `[${index + 1}] ${text}`).join('\n')
    const { text } = await model.generate({
      intent: 'plan',
      system: instruction,
      prompt: `Question: ${query}\nSo far:\n${path.join('\n') || '(nothing)'}\nFacts to go on with:\n${list}`,
      maxOutputTokens: 32 + 8 * candidates.length,
      temperature: 0,
      ...(abortSignal ? { abortSignal } : {}),
    })
    const scores = candidates.map(() => 0)
    for (const [, number, score] of text.matchAll(/^\W*(\d+)\W{1,4}(\d+(?:\.\d+)?)/gm))
      if (Number(number) - 1 in scores) scores[Number(number) - 1] = Math.min(100, Number(score)) / 100
    const done = [...text.matchAll(/DONE\W*(\d+)/g)]
      .map(([, number]) => Number(number) - 1)
      .filter((at) => at in scores)
    return { scores, done }
  }

/**
 * The trail of a passage names the facts on the way to it. Without a model, facts are followed by the words they share with the
 * question. The paper has a model make the graph and choose every step; ours makes it by rules unless told otherwise, and each fact
 * keeps its span.
 */
const make: RetrieverFactory<ExplorationOptions> = ({ store, model }, options = {}) => {
  const { give = 'passages', facts = 'rules' } = options
  const extract = facts === 'model' && model ? modelFacts(model) : ruleFacts(store.analyzer)
  const graph = standing(store, (abortSignal) => graphOf(store, extract, abortSignal))
  const rarityOf = rarities(store)

  return {
    name: meta.name,
    async retrieve({ text, limit, filter, abortSignal }) {
      abortSignal?.throwIfAborted()
      const made = await graph(abortSignal)
      const allowed = await allowedSources(store, filter)
      const wanted = store.analyzer
        .terms(text)
        .map(({ term }) => term)
        .filter((term) => !store.analyzer.isStopTerm(term))
      const rarity = await rarityOf(wanted)
      const total = wanted.reduce((sum, term) => sum + rarity.get(term)!, 0) || 1
      const likeness = (fact: string): number => {
        const held = new Set<string>()
        store.analyzer.each(fact, (term) => held.add(term))
        return wanted.reduce((sum, term) => sum + (held.has(term) ? rarity.get(term)! : 0), 0) / total
      }
      // What the path says as a whole counts too, so that a second fact is not held against what the first has said.
      const words: Guide = async (_query, path, candidates) => ({
        scores: candidates.map((fact) => (likeness(fact) + likeness([...path, fact].join(' '))) / 2),
        done: [],
      })
      const { paths } = await explore(made, text, model ? modelGuide(model) : words, likeness, options, abortSignal)
      const found = new Map<string, Passage>()
      // A path that is done stands first, so scores follow the order.
      let score = Infinity
      for (const path of paths) {
        score = Math.min(score, path.score + Number(path.done))
        const spans = unique(path.facts.map((fact) => made.facts[fact]!.span))
        if (!isAllowed(spans, allowed)) continue
        const trail = [meta.name, ...path.facts.map((fact) => factText(made, fact).toWellFormed())]
        if (give === 'paths') {
          const passage: Passage = { spans, score, trail }
          if (!found.has(passageKey(passage))) found.set(passageKey(passage), passage)
          continue
        }
        for (const [at, fact] of path.facts.entries()) {
          const { spans: own } = made.passages[made.facts[fact]!.passage]!
          const passage: Passage = { spans: own, score, trail: trail.slice(0, at + 2) }
          if (!found.has(passageKey(passage))) found.set(passageKey(passage), passage)
        }
      }
      return [...found.values()].slice(0, limit)
    },
  }
}

/** Spans in the order of the path, each once. */
function unique(spans: readonly Span[]): [Span, ...Span[]] {
  const known = new Map(spans.map((span) => [`${span.source} ${span.start} ${span.end}`, span]))
  return [...known.values()] as [Span, ...Span[]]
}
export default make

import { FoveaError, type Passage, passageText } from '../../core/index.ts'
import { type ModelPort, unit } from '../../model/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { allowedSources, isAllowed, passagesOf, standing } from '../corpus.ts'
import { type PastAnswer, propagate, type RecordNode, touches } from '../graphs/records.ts'
import { byScore, passageKey, told } from '../passages.ts'
import { keyPhrases } from '../phrases.ts'
import { wordVectors } from '../trees/build.ts'
import { type Gist, sentenceSummary, type Vectorise } from '../trees/gists.ts'
import { joinSpans, type TreeNode } from '../trees/tree.ts'
import { VectorSet } from '../vectors.ts'

export const meta = {
  name: 'graph-of-records',
  summary:
    'Passages and past answers in one graph: an answer lifts the passages it rests on, and they lift it; past questions can be simulated.',
  paper: 'Zhang, Feng and You 2024, Graph of Records, arXiv 2410.11001',
  needs: ['inner'],
} as const satisfies RetrieverMeta

export interface GraphOfRecordsOptions {
  /** Questions that were asked, with their answers. Default none. */
  readonly past: readonly PastAnswer[]
  /** Questions to simulate beside them, of passages spread over all. Default 24. */
  readonly simulated: number
  /** Passages that a simulated answer rests on. Default 5. */
  readonly depth: number
  /** Share of a score that comes from neighbours, 0 to 1, and how many times it is passed on. Default 0.4 and 2. */
  readonly share: number
  readonly rounds: number
}

const asking = 'Write one short question that the text answers. Write nothing else.'
const answering = `Answer the question from the numbered texts in one to three sentences. After each sentence write the numbers of the texts that it rests on, like [2]. Say nothing that is not in them.`

/**
 * With a model, it asks and answers the simulated questions, and an answer is its words with the passages it names as
 * evidence; without one a question is the key phrases of a passage and an answer the central sentences of what the inner
 * retriever finds. The paper trains a graph network on such records; here scores are passed along the links untrained.
 */
const make: RetrieverFactory<GraphOfRecordsOptions> = (
  { store, inner: [retriever], embedder, model },
  options = {},
) => {
  const { past = [], simulated = 24, depth = 5, share = 0.4, rounds = 2 } = options
  if (!retriever)
    throw new FoveaError('part-missing', 'the retriever "graph-of-records" works on another; give one in "inner"')
  const words = wordVectors(store)
  const vectorise: Vectorise = embedder
    ? async (texts, abortSignal) => (await embedder.embed(texts, 'passage', abortSignal)).map(unit)
    : words
  const sentencesOf = sentenceSummary(store.texts, vectorise)

  const index = standing(store, async (abortSignal) => {
    const nodes: RecordNode[] = []
    for await (const source of store.sources())
      for await (const { spans } of passagesOf(store, source, abortSignal)) {
        const text = await passageText({ spans, score: 0, trail: [] }, store.texts, abortSignal)
        nodes.push({ passage: { spans, trail: [meta.name] }, text, links: [] })
      }
    const count = nodes.length
    const byKey = new Map(nodes.map(({ passage }, number) => [passageKey({ ...passage, score: 0 }), number]))
    const known = new Set<string>()
    const add = (gist: Gist, question: string, rests: readonly number[]): void => {
      const same = `${question}\n${gist.text}`
      if (known.has(same)) return
      known.add(same)
      const { spans, derived } = gist
      const passage = {
        spans,
        trail: [meta.name, question.toWellFormed()],
        ...(derived === undefined ? {} : { derived }),
      }
      const number = nodes.push({ passage, text: same, links: [...rests] }) - 1
      for (const other of rests) nodes[other]!.links.push(number)
    }
    for (const { question, answer, spans } of past) {
      const rests = nodes
        .slice(0, count)
        .flatMap(({ passage }, number) => (touches(passage.spans, spans) ? [number] : []))
      if (rests.length > 0)
        add({ ...(await told(spans, answer, store.texts, abortSignal)), text: answer }, question, rests)
    }
    const asked = Math.min(simulated, count)
    for (let turn = 0; turn < asked; turn++) {
      abortSignal?.throwIfAborted()
      const { text } = nodes[Math.floor(((turn + 0.5) * count) / asked)]!
      const question = model
        ? await say(model, 'plan', asking, text, abortSignal)
        : keyPhrases(text, store.analyzer, { limit: 4 })
            .map((phrase) => phrase.text)
            .join(' ')
      if (question.trim() === '') continue
      const found = await retriever.retrieve({ text: question, limit: depth, ...(abortSignal ? { abortSignal } : {}) })
      const rests = found.flatMap((passage) => byKey.get(passageKey(passage)) ?? [])
      if (rests.length === 0) continue
      const below = rests.map((number): TreeNode => {
        const { passage, text: own } = nodes[number]!
        return { spans: passage.spans, text: own, verbatim: true, children: [], level: 0 }
      })
      if (!model) add(await sentencesOf(below, abortSignal), question, rests)
      else {
        const list = below.map(({ text: own }, at) => `[${at + 1}] ${own}`).join('\n\n')
        const reply = await say(model, 'answer', answering, `Question: ${question}\n\n${list}`, abortSignal)
        const named = new Set([...reply.matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number) - 1))
        const cited = rests.filter((_, at) => named.has(at))
        const derived = reply.replace(/\s*\[\d+\]/g, '').trim()
        const used = cited.length > 0 ? cited : rests
        const spans = joinSpans(used.flatMap((number) => [...nodes[number]!.passage.spans]))
        if (derived !== '')
          add({ ...(await told(spans, derived, store.texts, abortSignal)), text: derived }, question, used)
      }
    }
    const vectors = new VectorSet()
    for (let at = 0; at < nodes.length; at += 64)
      for (const vector of await vectorise(
        nodes.slice(at, at + 64).map(({ text }) => text),
        abortSignal,
      ))
        vectors.add(vector)
    return { nodes, vectors }
  })

  return {
    name: meta.name,
    async retrieve({ text, limit, filter, abortSignal }) {
      abortSignal?.throwIfAborted()
      const { nodes, vectors } = await index(abortSignal)
      const allowed = await allowedSources(store, filter)
      const [query] = embedder ? await embedder.embed([text], 'query', abortSignal) : await words([text])
      if (!query || nodes.length === 0) return []
      const links = nodes.map((node) => node.links)
      const scores = propagate(vectors.scores(query), links, share, rounds)
      const seen = new Set<string>()
      const found = nodes.map(({ passage }, number): Passage => ({ ...passage, score: scores[number]! }))
      return byScore(found.filter(({ spans }) => isAllowed(spans, allowed)))
        .filter((passage) => !seen.has(passageKey(passage)) && seen.add(passageKey(passage)))
        .slice(0, limit)
    },
  }
}

async function say(
  model: ModelPort,
  intent: 'plan' | 'answer',
  system: string,
  prompt: string,
  abortSignal?: AbortSignal,
): Promise<string> {
  const signal = abortSignal ? { abortSignal } : {}
  return (await model.generate({ intent, system, prompt, maxOutputTokens: 200, temperature: 0, ...signal })).text
}
export default make

import { FoveaError, type Passage, type Span, sentences, splitsPair } from '../../core/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { allowedSources, passagesOf, standing } from '../corpus.ts'
import { byScore } from '../passages.ts'
import { keyPhrases, phraseWeights } from '../phrases.ts'
import { poolRanges, type Range, tokensOf, type Weigh } from '../pooling.ts'
import { type VectorOptions, VectorSet } from '../vectors.ts'
import { rarities, termCounts } from '../words.ts'

export const meta = {
  name: 'late',
  summary:
    'Vectors of passages, sentences or documents pooled from one pass over the whole document, so that each is made in sight of the rest.',
  paper: 'Günther et al. 2024, Late Chunking, arXiv 2409.04701',
  needs: ['tokenEmbedder'],
} as const satisfies RetrieverMeta

export interface LateOptions extends VectorOptions {
  /**
   * What a vector stands for. `run`: sentences, and those beside the best that are nearly as near come back with it as one
   * span (Luo et al. 2024, BGE Landmark Embedding, arXiv 2402.11573, without its training). Default `passage`.
   */
  readonly grain: 'passage' | 'sentence' | 'run' | 'document'
  /** Characters seen on each side of a passage, in place of the whole document (Wu et al. 2025, SitEmb, arXiv 2508.01959). */
  readonly around: number
  /** How often the words of a document's key phrases count; 1 is a plain mean (ChuLo, arXiv 2410.11119). Default 1. */
  readonly lift: number
  /** Share of a pass that the next one reads again, where a document is longer than the window. Default 0.25. */
  readonly overlap: number
  /** How near a neighbour must come to the best sentence of its run, between the document's median (0) and the best (1). Default 0.5, set without a real model: measure it with yours. */
  readonly near: number
}

/**
 * The spans stay short whatever was seen around them. Every vector is kept in memory, and made anew when the Sources change. The paper
 * pools a vector for each chunk; ours also for sentences and documents, and gives runs of sentences where they are best.
 */
const make: RetrieverFactory<LateOptions> = ({ store, tokenEmbedder }, options = {}) => {
  const { grain = 'passage', around, lift = 1, overlap = 0.25, near = 0.5 } = options
  if (!tokenEmbedder)
    throw new FoveaError(
      'part-missing',
      'the retriever "late" needs a model with token vectors; give one as "tokenEmbedder"',
    )
  const { dimensions } = tokenEmbedder
  const rarityOf = rarities(store)

  async function pooled(text: string, ranges: readonly Range[], abortSignal?: AbortSignal): Promise<Float32Array[]> {
    let weigh: Weigh | undefined
    if (lift !== 1) {
      const known = await rarityOf(termCounts(store.analyzer, text).keys())
      const rarity = (term: string): number => known.get(term) ?? 0
      weigh = phraseWeights(keyPhrases(text, store.analyzer, { rarity }), lift)
    }
    if (around === undefined)
      return poolRanges(tokensOf(text, tokenEmbedder!, { overlap }, abortSignal), ranges, dimensions, weigh)
    const vectors: Float32Array[] = []
    for (const [start, end] of ranges) {
      let from = Math.max(0, start - around)
      let to = Math.min(text.length, end + around)
      if (splitsPair(text, from)) from++
      if (splitsPair(text, to)) to--
      const window = text.slice(from, to)
      const tokens = tokensOf(window, tokenEmbedder!, { overlap }, abortSignal)
      const own = weigh && ((first: number, last: number) => weigh(first + from, last + from))
      vectors.push(...(await poolRanges(tokens, [[start - from, end - from]], dimensions, own)))
    }
    return vectors
  }

  const index = standing(store, async (abortSignal) => {
    const vectors = new VectorSet(options)
    const items: (readonly [Span, ...Span[]])[] = []
    /** Numbers of the first item of each document, in order. */
    const documents: number[] = []
    for await (const source of store.sources()) {
      abortSignal?.throwIfAborted()
      const whole: Span = { source: source.id, start: 0, end: source.length }
      const text = await store.texts.slice(whole, abortSignal)
      const spans: (readonly [Span, ...Span[]])[] = []
      if (grain === 'document') spans.push([whole])
      else if (grain === 'passage')
        for await (const passage of passagesOf(store, source, abortSignal)) spans.push(passage.spans)
      else for (const [start, end] of sentences(text)) spans.push([{ source: source.id, start, end }])
      documents.push(items.length)
      const ranges = spans.map((list): Range => [list.at(-1)!.start, list.at(-1)!.end])
      for (const [at, vector] of (await pooled(text, ranges, abortSignal)).entries()) {
        vectors.add(vector)
        items.push(spans[at]!)
      }
    }
    return { vectors, items, documents }
  })

  return {
    name: meta.name,
    async retrieve({ text, limit, filter, abortSignal }) {
      abortSignal?.throwIfAborted()
      const { vectors, items, documents } = await index(abortSignal)
      const allowed = await allowedSources(store, filter)
      const query = await queryVector(text, abortSignal)
      const accept = (number: number): boolean => !allowed || allowed.has(items[number]![0].source)
      if (grain !== 'run')
        return vectors.nearest(query, limit, accept).map(({ number, score }) => ({
          spans: items[number]!,
          score,
          trail: [meta.name],
        }))
      const scores = vectors.scores(query)
      const runs: Passage[] = []
      for (const [at, from] of documents.entries()) {
        const to = documents[at + 1] ?? items.length
        if (from < to && accept(from)) runs.push(...runsOf(scores.subarray(from, to), items.slice(from, to)))
      }
      return byScore(runs).slice(0, limit)
    },
  }

  async function queryVector(text: string, abortSignal?: AbortSignal): Promise<Float32Array> {
    const { starts, ends, values } = await tokenEmbedder!.embedTokens(text, 'query', abortSignal)
    const all = async function* () {
      for (let at = 0; at < starts.length; at++)
        yield { start: starts[at]!, end: ends[at]!, vector: values.subarray(at * dimensions, (at + 1) * dimensions) }
    }
    return (await poolRanges(all(), [[0, text.length + 1]], dimensions))[0]!
  }

  /** Each sentence that is best around itself, with the neighbours that come near it. */
  function runsOf(scores: Float64Array, items: readonly (readonly [Span, ...Span[]])[]): Passage[] {
    const middle = scores.toSorted()[scores.length >> 1]!
    const used = new Uint8Array(scores.length)
    const order = [...scores.keys()].sort((first, second) => scores[second]! - scores[first]! || first - second)
    return order.flatMap((best): Passage[] => {
      if (used[best]) return []
      const least = middle + near * (scores[best]! - middle)
      const joins = (at: number): boolean => !used[at] && at in items && scores[best]! > middle && scores[at]! >= least
      let [from, to] = [best, best]
      while (joins(from - 1)) from--
      while (joins(to + 1)) to++
      used.fill(1, from, to + 1)
      const span: Span = { ...items[from]![0], end: items[to]![0].end }
      return [{ spans: [span], score: scores[best]!, trail: [meta.name] }]
    })
  }
}
export default make

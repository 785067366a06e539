import type { Pack, Passage, SourceId } from '../core/index.ts'
import { choose } from './choose.ts'
import type { AskParts } from './contract.ts'
import { type Evidence, weigh } from './evidence.ts'
import { type Support, supportOf } from './found.ts'
import { type Sentence, sentencesOf } from './prose.ts'
import { analyse, type Question } from './question.ts'
import { type Layout, layoutOf } from './units.ts'

export interface Gathered {
  readonly asked: Question
  readonly evidence: readonly Evidence[]
  /** Indexes into `evidence`, best first. */
  readonly chosen: readonly number[]
  readonly support: Support
}

/** What the kept passages of a pack have to say to a question. */
export async function gather(
  parts: Pick<AskParts, 'store' | 'texts' | 'analyzer'>,
  question: string,
  pack: Pack,
  abortSignal?: AbortSignal,
): Promise<Gathered> {
  const asked = await analyse(question, parts.analyzer, parts.store)
  const sentences = await sentencesOf(pack.kept, parts.texts, await layoutsOf(parts, pack.kept), abortSignal)
  const headings = await Promise.all(pack.kept.map((passage) => titlesAbove(parts, passage)))
  const topic = await topicOf(parts, asked, sentences, pack.kept)
  const evidence = weigh(asked, sentences, pack.kept, headings, parts.analyzer, topic)
  const chosen = choose(asked, evidence)
  return { asked, evidence, chosen, support: supportOf(asked, evidence, chosen) }
}

/** How the sources of some passages are laid out. */
async function layoutsOf(
  { store }: Pick<AskParts, 'store'>,
  passages: readonly Passage[],
): Promise<ReadonlyMap<SourceId, Layout>> {
  const layouts = new Map<SourceId, Layout>()
  for (const { spans } of passages)
    for (const span of spans) {
      if (layouts.has(span.source)) continue
      const source = await store.source(span)
      if (source) layouts.set(span.source, layoutOf(source.mediaType, await store.outline(source)))
    }
  return layouts
}

/** The titles above a passage, outermost first. */
async function titlesAbove({ store }: Pick<AskParts, 'store'>, { spans }: Passage): Promise<string> {
  const units = await store.enclosing(spans.at(-1)!)
  const source = await store.source(spans[0])
  return [source?.title ?? '', ...units.map(({ title }) => title ?? '')].join('\n')
}

/** Best passages that say what the topic is, and terms that stand for it. */
const [topicPassages, topicTerms] = [8, 16]

/**
 * Terms that the best passages have in common and the collection has not, with weights that sum to 1: what the text
 * calls the thing that the question asks for in other words (relevance model RM3, UMass at TREC 2004).
 */
async function topicOf(
  { store, analyzer }: Pick<AskParts, 'store' | 'analyzer'>,
  asked: Question,
  sentences: readonly Sentence[],
  passages: readonly Passage[],
): Promise<ReadonlyMap<string, number>> {
  const best = [...passages.keys()].sort((a, b) => passages[b]!.score - passages[a]!.score).slice(0, topicPassages)
  const own = new Set(asked.words.flatMap(({ terms }) => terms))
  const mass = new Map<string, number>()
  for (const passage of best) {
    const counts = new Map<string, number>()
    let length = 0
    for (const sentence of sentences) {
      if (sentence.passage !== passage || sentence.kind === 'code') continue
      analyzer.each(sentence.text, (term) => {
        length++
        if (!own.has(term) && term.length > 2 && !analyzer.isStopTerm(term))
          counts.set(term, (counts.get(term) ?? 0) + 1)
      })
    }
    const weight = Math.max(0, passages[passage]!.score) / Math.max(20, length)
    for (const [term, count] of counts) mass.set(term, (mass.get(term) ?? 0) + weight * count)
  }
  const common = [...mass].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 80)
  const { passages: total, frequency } = await store.statistics(common.map(([term]) => term))
  const weighed = common
    .map(([term, weight], index) => [term, weight * Math.log(1 + total / ((frequency[index] ?? 0) + 0.5))] as const)
    .sort((a, b) => b[1] - a[1])
    .slice(0, topicTerms)
  const sum = weighed.reduce((all, [, weight]) => all + weight, 0) || 1
  return new Map(weighed.map(([term, weight]) => [term, weight / sum]))
}

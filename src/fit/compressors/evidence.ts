import { askedEnd, endNorm, isUnspaced, sharedReader } from '../../core/index.ts'
import { learnedRanker } from '../../model/index.ts'
import type { CompressContext, Compressor, CompressorMeta, Unit } from '../contract.ts'
import { greedy } from '../greedy.ts'
import { saidPassages } from '../turns.ts'

export const meta = {
  name: 'evidence',
  summary:
    'Sentences that bear on the question: those that a small learned ranker picks, and rare words of it covered, not yet said.',
  needs: ['query'],
  uses: ['ranker', 'outline'],
  paper: 'The Use of MMR, Diversity-Based Reranking for Reordering Documents and Producing Summaries, SIGIR 1998',
} as const satisfies CompressorMeta

/** Share of a neighbour's evidence that a sentence takes over: an answer often stands beside the words asked for. */
const adjacency = 0.45
/** Weight of the passage's own score, scaled to the best passage. */
const passageWeight = 1

/** Which query terms each unit holds, as lists of term numbers. */
function occurrences(
  units: readonly Unit[],
  terms: ReadonlyMap<string, number>,
  { analyzer }: CompressContext,
): Int32Array[] {
  const reader = sharedReader(analyzer)
  const numbers = new Map([...terms].map(([term, number]) => [reader.numberOf(term), number]))
  return units.map((unit) => {
    const seen = new Set<number>()
    reader.each(unit.text, (term) => {
      const number = numbers.get(term)
      if (number !== undefined) seen.add(number)
    })
    return Int32Array.from(seen)
  })
}

/** How many units apart a ranker's scores are told: what is `warmth` below the best counts 1/e of it. */
const warmth = 2
/** Weight of what the ranker says, beside the words covered. */
const learnedWeight = 1.5

/** For a turn of a conversation, all of whose sentences stay together: weights of the passage's own score, and of what the ranker says of its best. */
const [saidWeight, saidLearnedWeight] = [2, 0.5]
const none = new Int32Array()

/**
 * Where one of so many of the best passages was reached from another, the evidence lies in several: what is chosen out of a passage
 * takes from the worth of the rest of it.
 */
const chained = { best: 5, again: 0.6 }

function isChained(units: readonly Unit[]): boolean {
  const passages = new Map(units.map((unit) => [unit.passage, unit]))
  const best = [...passages.values()].sort((one, other) => other.passageScore - one.passageScore)
  return best.slice(0, chained.best).some(({ reached }) => reached)
}

/**
 * A question in a script that sets no spaces: a ranker has learned mostly from others and counts less, and pairs of characters stand in any
 * long sentence, so that length counts against one.
 */
const unspaced = { learnedWeight: 0.45, lengthNorm: 0.3 }

/**
 * Sentences by a greedy choice: what a ranker says of each, the rare words of the question that it covers, those beside it and its
 * passage. Without a query, the order of the passages' scores. The paper takes what is like a chosen sentence for less relevant; ours
 * takes a tenth from the worth of words that are covered, scores sentences by a learned ranker where one is given, goes on to other
 * passages sooner where one led to another, and prefers the end of a conversation that the question asks for.
 */
const evidence: Compressor = {
  grain: 'sentence',
  async score(units, context) {
    const { query = '', analyzer, abortSignal } = context
    const terms = new Map<string, number>()
    const asked = analyzer.terms(query)
    for (const { term } of asked) if (!analyzer.isStopTerm(term) && !terms.has(term)) terms.set(term, terms.size)
    if (terms.size === 0) for (const { term } of asked) if (!terms.has(term)) terms.set(term, terms.size)
    const weights = Float64Array.from(terms.keys(), context.rarity)
    const total = weights.reduce((sum, weight) => sum + weight, 0) || 1
    for (let term = 0; term < weights.length; term++) weights[term]! /= total
    const held = occurrences(units, terms, context)
    abortSignal?.throwIfAborted()
    const own = held.map((list) => list.reduce((sum, term) => sum + weights[term]!, 0))
    const learned = terms.size === 0 ? new Float64Array(units.length) : await worthOf(units, context)
    let best = 0
    for (const { passageScore } of units) best = Math.max(best, passageScore)
    const said = await saidPassages(units, context)
    const worths = new Map<number, number>()
    for (const [index, { passage }] of units.entries())
      worths.set(passage, Math.max(worths.get(passage) ?? 0, learned[index]!))
    const isPaired = isUnspaced(query)
    const shared = new Float64Array(units.length)
    const worth = Float64Array.from(units, (unit, index) => {
      const before = units[index - 1]?.passage === unit.passage ? own[index - 1]! : 0
      const after = units[index + 1]?.passage === unit.passage ? own[index + 1]! : 0
      const passage = best > 0 && unit.passageScore > 0 ? unit.passageScore / best : 0
      if (said.has(unit.passage)) {
        held[index] = none
        return saidWeight * passage + saidLearnedWeight * worths.get(unit.passage)!
      }
      if (isPaired) return unspaced.learnedWeight * learned[index]!
      shared[index] = passageWeight * passage + learnedWeight * learned[index]!
      return adjacency * Math.max(before, 0.6 * after)
    })
    const again = isChained(units) ? chained.again : 1
    return greedy(units, { own: worth, shared, again, held, weights, norms: normsOf(units, query, isPaired) })
  },
}

/** What worths are divided by: long units as in BM25, where words are pairs; and what is far from the end of a conversation that is asked for. */
function normsOf(units: readonly Unit[], query: string, isPaired: boolean): Float64Array {
  const norms = new Float64Array(units.length).fill(1)
  const mean = units.reduce((sum, { text }) => sum + text.length / units.length, 0)
  if (isPaired)
    for (const [index, { text }] of units.entries()) norms[index] = 1 + unspaced.lengthNorm * (text.length / mean - 1)
  const end = askedEnd(query)
  if (end) for (const index of norms.keys()) norms[index]! *= endNorm(end, (index + 0.5) / norms.length)
  return norms
}

/** What a ranker says of each unit, 1 for the best. */
async function worthOf(
  units: readonly Unit[],
  { query = '', analyzer, ranker: given, rarity, abortSignal }: CompressContext,
): Promise<Float64Array> {
  const ranker = given ?? (await learnedRanker(analyzer))
  const items = units.map(({ text, passage, passageScore: score }) => ({ text, passage, score }))
  const scores = ranker.rankItems
    ? await ranker.rankItems(query, items, { rarity, ...(abortSignal ? { abortSignal } : {}) })
    : await ranker.rank(
        query,
        items.map(({ text }) => text),
        abortSignal,
      )
  const best = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY)
  return Float64Array.from(scores, (score) => Math.exp((score - best) / warmth))
}

export default evidence

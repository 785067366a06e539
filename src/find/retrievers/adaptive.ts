import { endsAsQuestion, type Passage } from '../../core/index.ts'
import { quotedPhrases } from '../analysis.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { byScore, passageKey } from '../passages.ts'
import { passageReader } from '../reading.ts'
import { addBridges, usualBridge } from '../steps/bridges.ts'
import { askedOfCode, usualCode } from '../steps/code.ts'
import { addEnds } from '../steps/ends.ts'
import { addFeedback, usualFeedback } from '../steps/feedback.ts'
import { addProximity, usualProximity } from '../steps/proximity.ts'
import { addRanking, usualRanking } from '../steps/ranker.ts'
import { addTimes, usualTimes } from '../steps/times.ts'
import { addTurns, usualTurns } from '../steps/turns.ts'
import { usualWeighting, weighTerms } from '../terms.ts'

export const meta = {
  name: 'adaptive',
  summary:
    'Keyword search made better step by step with no language model: words that stand together, neighbouring turns of a chat, terms of the best passages, names that lead on; then a small ranker has its say.',
  paper:
    'Robertson and Zaragoza 2009; Metzler and Croft 2005; Lavrenko and Croft 2001; Gutiérrez et al. 2024, arXiv 2405.14831',
  needs: [],
  uses: ['ranker'],
} as const satisfies RetrieverMeta

export interface AdaptiveOptions {
  /** Passages that the steps work on, the best ones; what is wanted beyond them follows as `keyword` has it. Default 200. */
  readonly depth: number
  /** Where what is found is code. */
  readonly code: Partial<typeof usualCode> | false
  readonly proximity: Partial<typeof usualProximity> | false
  readonly turns: Partial<typeof usualTurns> | false
  readonly times: Partial<typeof usualTimes> | false
  readonly feedback: Partial<typeof usualFeedback> | false
  readonly bridge: Partial<typeof usualBridge> | false
  /** Where a ranker is given. */
  readonly ranking: Partial<typeof usualRanking> | false
  /** Whether the end of a conversation that a question asks for comes first. Default true. */
  readonly ends: boolean
}

/** What the phrase in quotation marks of a question adds, as a share of the best score. */
const phraseInQuestion = 0.5

/**
 * One setting for all: each step does nothing where what it works on is not there. The papers are those of its steps. Ours builds no
 * graph and asks no model: names and rare words of what is found lead on, and a small learned ranker has the last word but for the end of
 * a conversation, where a question asks for one.
 */
const make: RetrieverFactory<AdaptiveOptions> = ({ store, ranker }, options = {}) => {
  const reader = passageReader(store)
  const {
    depth = 200,
    code = {},
    proximity = {},
    turns = {},
    times = {},
    feedback = {},
    bridge = {},
    ranking = {},
  } = options
  const { ends = true } = options
  return {
    name: meta.name,
    async retrieve(query) {
      query.abortSignal?.throwIfAborted()
      let asked = await weighTerms(store, query, usualWeighting)
      if (asked.terms.length === 0) return []
      let found = await store.keyword({ ...query, terms: asked.terms, limit: depth })
      const inCode = code ? await askedOfCode(store, reader, asked, found, { ...usualCode, ...code }) : undefined
      if (inCode) {
        asked = inCode
        found = await store.keyword({ ...query, terms: asked.terms, limit: depth })
      }
      const isAll = found.length < depth
      if (proximity) found = await addProximity(store, reader, asked, found, { ...usualProximity, ...proximity })
      if (turns) found = await addTurns(store, reader, asked, found, { ...usualTurns, ...turns })
      if (times) found = await addTimes(store, reader, asked, found, { ...usualTimes, ...times })
      if (feedback) found = await addFeedback(store, reader, asked, found, { ...usualFeedback, ...feedback })
      if (bridge) found = await addBridges(store, reader, asked, found, { ...usualBridge, ...bridge })
      if (ranking && ranker)
        found = await addRanking(store, reader, ranker, asked, found, { ...usualRanking, ...ranking })
      if (ends) found = await addEnds(store, asked, found)
      const ranked = await phrasesFirst(found)
      if (!isAll && ranked.length < query.limit) ranked.push(...(await beyond(ranked)))
      return ranked.slice(0, query.limit).map((passage) => ({ ...passage, trail: [...passage.trail, meta.name] }))

      /** What keyword search finds besides, so that what comes first is the same however many are wanted. */
      async function beyond(list: readonly Passage[]): Promise<Passage[]> {
        const known = new Set(list.map(passageKey))
        const least = list.at(-1)?.score ?? Number.POSITIVE_INFINITY
        const more = await store.keyword({ ...query, terms: asked.terms, limit: query.limit })
        return more
          .filter((passage) => !known.has(passageKey(passage)))
          .map((passage) => ({ ...passage, score: Math.min(passage.score, least) }))
      }

      /** Passages that hold the quoted phrases stand above all others; in a question they are but lifted, since it asks for more than them. */
      async function phrasesFirst(list: Passage[]): Promise<Passage[]> {
        const phrases = quotedPhrases(query.text).filter((phrase) => store.analyzer.terms(phrase).length > 0)
        if (phrases.length === 0 || list.length === 0) return list
        const isAsked = endsAsQuestion(query.text)
        const lift = list[0]!.score * (isAsked ? phraseInQuestion : 1)
        const limit = Math.max(depth, query.limit)
        const exact = await store.keyword({ ...query, terms: asked.terms, phrases, limit })
        const known = new Map(list.map((passage) => [passageKey(passage), passage]))
        const lifted = exact.map((passage): Passage => {
          const better = known.get(passageKey(passage)) ?? passage
          return { ...better, score: better.score + lift, trail: [...better.trail, 'phrase'] }
        })
        const held = new Set(exact.map(passageKey))
        const rest = list.filter((passage) => !held.has(passageKey(passage)))
        return isAsked ? byScore([...lifted, ...rest]) : [...byScore(lifted), ...rest]
      }
    },
  }
}

export default make

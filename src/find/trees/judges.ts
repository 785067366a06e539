import type { Analyzer, Ranker } from '../../core/index.ts'
import type { ModelPort } from '../../model/index.ts'
import type { Judge } from './descend.ts'

const instruction = `You look for what answers a question. For each numbered text say how likely it is that the answer stands in it or in what it is about: a whole number from 0 to 100.
Reply with one line for each text, its number, a colon and the score, and nothing else.`
/** Most characters of one text in a prompt. */
const longest = 800

/** A model as a judge: one call for all texts; a text that it passes over gets 0. */
export const modelJudge =
  (model: ModelPort): Judge =>
  async (query, texts, abortSignal) => {
    const list = texts.map((text, index) => `[${index + 1}] ${text.slice(0, longest).replace(/\s+/g, ' ')}`).join('\n')
    const { text } = await model.generate({
      intent: 'judge',
      system: instruction,
      prompt: `Question: ${query}\n\n${list}`,
      maxOutputTokens: 16 + 8 * texts.length,
      temperature: 0,
      ...(abortSignal ? { abortSignal } : {}),
    })
    const scores = texts.map(() => 0)
    for (const [, number, score] of text.matchAll(/^\W*(\d+)\W{1,4}(\d+(?:\.\d+)?)/gm))
      if (Number(number) - 1 in scores) scores[Number(number) - 1] = Math.min(100, Number(score)) / 100
    return scores
  }

export const rankerJudge =
  (ranker: Ranker): Judge =>
  (query, texts, abortSignal) =>
    ranker.rank(query, texts, abortSignal)

/** Without a model: the share of the question's words, by their rarity, that a text holds. */
export const wordJudge =
  (analyzer: Analyzer, rarityOf: (terms: Iterable<string>) => Promise<ReadonlyMap<string, number>>): Judge =>
  async (query, texts) => {
    const wanted = [...new Set(analyzer.terms(query).map(({ term }) => term))].filter(
      (term) => !analyzer.isStopTerm(term),
    )
    const rarity = await rarityOf(wanted)
    const total = wanted.reduce((sum, term) => sum + rarity.get(term)!, 0) || 1
    return texts.map((text) => {
      const held = new Set<string>()
      analyzer.each(text, (term) => held.add(term))
      return wanted.reduce((sum, term) => sum + (held.has(term) ? rarity.get(term)! : 0), 0) / total
    })
  }

import type { Evidence } from './evidence.ts'
import type { Question } from './question.ts'

/**
 * Strength below which the evidence is called too weak and the answer "not found": chosen by `bench/answers.ts` as the
 * value that best parts questions with their passage in the collection from the same questions without it, over five
 * languages and two kinds of text. Scripts without spaces give pairs of characters as words, of which fewer recur.
 */
export const threshold = 0.5
export const thresholdUnspaced = 0.3

export const thresholdOf = (question: Question): number => (question.unspaced ? thresholdUnspaced : threshold)

/** All from 0 to 1: shares of the weight of the question's words, where a rare word weighs more than a common one. */
export interface Support {
  /** In the best chosen sentence alone. */
  readonly alone: number
  /** In the best chosen sentence with the headings above it and its two neighbours. */
  readonly sentence: number
  /** In the best passage that a chosen sentence stands in, with the turns around it where the text is talk. */
  readonly passage: number
}

/** What speaks for the collection holding an answer at all. */
export function supportOf(question: Question, evidence: readonly Evidence[], chosen: readonly number[]): Support {
  const byPassage = new Map<number, Set<number>>()
  for (const { sentence, words } of evidence) {
    const all = byPassage.get(sentence.passage) ?? new Set<number>()
    for (const word of words) all.add(word)
    byPassage.set(sentence.passage, all)
  }
  const share = (words: Iterable<number>) => {
    let sum = 0
    for (const word of words) sum += question.words[word]!.weight
    return question.total === 0 ? 0 : sum / question.total
  }
  const picked = chosen.map((index) => evidence[index]!)
  return {
    alone: Math.max(0, ...picked.map(({ own }) => own)),
    sentence: Math.max(0, ...picked.map(({ near }) => near)),
    passage: Math.max(
      0,
      ...picked.map(({ sentence, talk = [] }) => share(new Set([...byPassage.get(sentence.passage)!, ...talk]))),
    ),
  }
}

/** One number from 0 to 1 for all of it. */
export const strength = ({ alone, sentence, passage }: Support): number => 0.2 * alone + 0.4 * sentence + 0.4 * passage

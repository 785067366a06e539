import type { Evidence } from './evidence.ts'
import type { Question } from './question.ts'

/** Evidence below it is called "not found"; `bench/answers.ts` measures what it costs and saves. */
export const threshold = 0.5

export interface Support {
  /** Share of the question's word weight in the best sentence, with its headings and neighbours. */
  readonly sentence: number
  /** The same in the best passage. */
  readonly passage: number
  /** 1 where a chosen sentence holds what is asked for (a name, a date, a number), or nothing of the kind is asked. */
  readonly fits: number
}

/** What speaks for an answer being there at all, from the evidence of the chosen sentences and of their passages. */
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
    sentence: Math.max(0, ...picked.map(({ near }) => near)),
    passage: Math.max(0, ...picked.map(({ sentence }) => share(byPassage.get(sentence.passage)!))),
    fits:
      ['any', 'manner', 'definition', 'reason'].includes(question.kind) || picked.some(({ fits }) => fits > 0) ? 1 : 0,
  }
}

/** One number from 0 to 1 for all of it. */
export const strength = ({ sentence, passage, fits }: Support): number => 0.45 * sentence + 0.45 * passage + 0.1 * fits

import { bareWords, common, harmonic } from './words.ts'

export interface Medoid {
  readonly index: number
  readonly answer: string
  /** Its mean likeness to the other answers, 0 to 1; 1 where there is no other. */
  readonly agreement: number
}

/** Words that two answers share, as F1; two without words are the same. */
function likeness(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return one.length === other.length ? 1 : 0
  const shared = common(one, other)
  return harmonic(shared / one.length, shared / other.length)
}

/**
 * The answer that is most like all others, the first of equals: what to believe of several readings in other orders. Throws
 * `RangeError` on no answers. Dsouza et al. 2024, SWiM, arXiv 2407.03651, which likens answers by embeddings; here by words.
 */
export function medoid(answers: readonly string[]): Medoid {
  if (answers.length === 0) throw new RangeError('a medoid is one of some answers, and there are none')
  const words = answers.map(bareWords)
  let best: Medoid | undefined
  for (const [index, own] of words.entries()) {
    let sum = 0
    for (const [other, theirs] of words.entries()) if (other !== index) sum += likeness(own, theirs)
    const agreement = words.length === 1 ? 1 : sum / (words.length - 1)
    if (!best || agreement > best.agreement + 1e-12) best = { index, answer: answers[index]!, agreement }
  }
  return best!
}

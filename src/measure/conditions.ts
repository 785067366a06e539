import { bare } from './words.ts'

/** An answer that holds where its conditions hold; written as a line `answer | condition ; condition`. */
export interface ConditionalAnswer {
  readonly answer: string
  readonly conditions: readonly string[]
}

const plain = (text: string): string =>
  text
    .replace(/<[^>]+>/g, ' ')
    .replace(/[|;]/g, ',')
    .replace(/\s+/g, ' ')
    .trim()

export const conditionalLine = ({ answer, conditions }: ConditionalAnswer): string =>
  [plain(answer), ...(conditions.length > 0 ? [conditions.map(plain).join(' ; ')] : [])].join(' | ')

const nothing =
  /^\W*(?:the (?:text|page|document) does not say|(?:it is |this is )?(?:not answerable|unanswerable)|no answer|not enough information)\W*$/i

/** What a reader says, a line for each answer. A line that says that there is no answer is none. */
export function conditionalAnswers(said: string): ConditionalAnswer[] {
  return said
    .split('\n')
    .map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim())
    .filter((line) => line !== '' && !nothing.test(line))
    .map((line) => {
      const [answer = '', ...rest] = line.split('|')
      return {
        answer: answer.trim(),
        conditions: rest
          .join('|')
          .split(';')
          .map((condition) => condition.trim())
          .filter((condition) => condition !== ''),
      }
    })
}

/** F1 of two sets of conditions, compared without tags, case and signs; one when both are empty. */
export function conditionsShared(said: readonly string[], wanted: readonly string[]): number {
  const fold = (list: readonly string[]): Set<string> => new Set(list.map((condition) => bare(plain(condition))))
  const [heard, asked] = [fold(said), fold(wanted)]
  if (heard.size === 0 || asked.size === 0) return heard.size === asked.size ? 1 : 0
  return (2 * [...heard].filter((condition) => asked.has(condition)).length) / (heard.size + asked.size)
}

/**
 * The paper's score of a list of answers: the best way to match them one to one, each pair worth its likeness times the
 * F1 of its conditions, over the number of answers wanted. Answers beyond that number cost a factor of e to the power of
 * one less said over wanted, also here where conditions count (the published script spares those two figures).
 */
export function conditionalScore(
  said: readonly ConditionalAnswer[],
  wanted: readonly ConditionalAnswer[],
  alike: (said: string, wanted: string) => number,
): number {
  if (wanted.length === 0) return said.length === 0 ? 1 : 0
  // Best sum for each set of wanted answers that are matched already.
  let best = new Map<number, number>([[0, 0]])
  for (const one of said) {
    const next = new Map(best)
    for (const [index, other] of wanted.entries()) {
      const worth = alike(one.answer, other.answer) * conditionsShared(one.conditions, other.conditions)
      if (worth === 0) continue
      for (const [matched, sum] of best) {
        const together = matched | (1 << index)
        if (together !== matched && sum + worth > (next.get(together) ?? -1)) next.set(together, sum + worth)
      }
    }
    best = next
  }
  const surplus = Math.exp(1 - Math.max(1, said.length / wanted.length))
  return (Math.max(...best.values()) / wanted.length) * surplus
}

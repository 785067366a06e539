import type { Judge, Outcome } from './contract.ts'

/** The share of the sub-questions that the text handed on answers; undefined where there are none. */
export async function coverageOf({ text, questions }: Outcome, judge: Judge | undefined): Promise<number | undefined> {
  if (!judge || text === undefined || !questions?.length) return undefined
  let answered = 0
  for (const { question, answers } of questions) {
    const { score } = await judge.judge({ kind: 'sub-question', text, question, ...(answers ? { answers } : {}) })
    if (score >= 0.5) answered++
  }
  return answered / questions.length
}

import type { Judge, Outcome } from './contract.ts'

/** Whether the text can answer: by the tags `answerable` or `unanswerable`, else by whether the sample has an answer. */
export function isAnswerable({ answers, tags }: Outcome): boolean | undefined {
  if (typeof tags?.answerable === 'boolean') return tags.answerable
  if (typeof tags?.unanswerable === 'boolean') return !tags.unanswerable
  return answers === undefined ? undefined : answers.length > 0
}

/**
 * Whether what was said is what was due: a refusal where the text cannot answer; else no refusal, and what was said must bear
 * every answer out. 0 or 1; undefined where this cannot be asked.
 */
export async function compliance(outcome: Outcome, judge: Judge | undefined): Promise<number | undefined> {
  const answerable = isAnswerable(outcome)
  const { said, question, answers = [] } = outcome
  if (!judge || answerable === undefined || said === undefined || question === undefined) return undefined
  const { score } = await judge.judge({ kind: 'compliance', question, said, answerable })
  if (score < 0.5) return 0
  if (!answerable) return 1
  for (const forms of answers) {
    let borne = false
    for (const claim of forms) borne ||= (await judge.judge({ kind: 'entailment', text: said, claim })).score >= 0.5
    if (!borne) return 0
  }
  return 1
}

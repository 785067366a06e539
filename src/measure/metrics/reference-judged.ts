import type { Judge, Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'reference-judged',
  summary: 'Whether a judge finds that what was said agrees with the reference answer.',
  paper: 'Zou et al. 2024, DocBench, arXiv 2407.10701',
  needs: ['judge'],
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

/** Each answer is asked about by itself, in its first form. */
const metric: Metric = ({ said, question = '', answers }, { judge } = {}) =>
  said === undefined || !judge || !answers?.length ? undefined : agreement(said, question, answers, judge)

async function agreement(
  said: string,
  question: string,
  answers: readonly (readonly string[])[],
  judge: Judge,
): Promise<number> {
  let sum = 0
  for (const [form] of answers)
    sum += (await judge.judge({ kind: 'rubric', question, said, criterion: `It agrees with this answer: ${form}` }))
      .score
  return sum / answers.length
}

export default metric

import type { Metric, MetricMeta } from '../contract.ts'
import { degenerationOf } from '../degenerate.ts'

export const meta = {
  name: 'degenerate',
  summary: 'One when the output is no attempt at an answer: empty, the same again and again, or a copy of the prompt.',
  paper: 'Gupta et al. 2024, Systematic Evaluation of Long-Context LLMs on Financial Concepts, arXiv 2412.15386',
  atDepth: false,
  of: 'answer',
  lower: true,
} as const satisfies MetricMeta

const metric: Metric = ({ said, question, text }) => {
  if (said === undefined) return undefined
  const around = { ...(question === undefined ? {} : { question }), ...(text === undefined ? {} : { text }) }
  return degenerationOf(said, around) ? 1 : 0
}

export default metric

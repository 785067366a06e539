import { choiceOf, namedByLetter, namedByText } from '../choice.ts'
import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'choice-accuracy',
  summary: 'One when the choice that was named, by its letter or by its text, is the right one and no other is named.',
  paper: 'An et al. 2023, L-Eval, arXiv 2307.11088; Xu et al. 2024, DetectiveQA, arXiv 2409.02465',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

/** Each group of answers is one right choice, as its text or its letter; letters count before texts. */
const metric: Metric = ({ said, answers, choices }) => {
  if (said === undefined || !answers?.length || !choices?.length) return undefined
  const right = new Set(answers.flatMap((forms) => choiceOf(forms, choices) ?? []))
  if (right.size === 0) return undefined
  const named = namedByLetter(said, choices.length) ?? namedByText(said, choices)
  return named.size === right.size && [...named].every((number) => right.has(number)) ? 1 : 0
}

export default metric

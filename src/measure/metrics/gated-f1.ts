import type { Metric, MetricMeta } from '../contract.ts'
import { gatedF1 } from '../gated.ts'

export const meta = {
  name: 'gated-f1',
  summary:
    'Words shared with the nearest form of the answer, nothing where too few of its keywords (the tag "keywords") were said.',
  paper: 'Yuan et al. 2024, LV-Eval, arXiv 2402.05136',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

/** With several groups of answers, their first forms in a row are the form. */
const metric: Metric = ({ said, answers, tags }) => {
  if (said === undefined || !answers?.length) return undefined
  const forms = answers.length === 1 ? answers[0]! : [answers.map(([first]) => first).join(' ')]
  return gatedF1(said, forms, tags?.keywords === undefined ? undefined : String(tags.keywords))
}

export default metric

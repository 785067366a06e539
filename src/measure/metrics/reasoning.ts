import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'reasoning',
  summary:
    'The share of the annotated steps of reasoning, one a line in the tag `reasoning`, that what was said holds.',
  paper: 'Xu et al. 2024, DetectiveQA, arXiv 2409.02465',
  atDepth: false,
  of: 'answer',
  needs: ['judge'],
} as const satisfies MetricMeta

const metric: Metric = async ({ said, tags }, { judge } = {}) => {
  const steps = String(tags?.reasoning ?? '')
    .split('\n')
    .map((line) => line.replace(/^\s*(?:[-*•]|\(?\d{1,2}[.):、])\s*/, '').trim())
    .filter((step) => step !== '')
  if (!judge || said === undefined || steps.length === 0) return undefined
  let held = 0
  for (const step of steps) if ((await judge.judge({ kind: 'reasoning', said, step })).score >= 0.5) held++
  return held / steps.length
}

export default metric

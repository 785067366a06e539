import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'reasoning-judged',
  summary: 'Whether a judge finds the reasoning of the annotators, the tag `reasoning`, in what was said.',
  paper: 'Yu et al. 2025, PRELUDE, arXiv 2508.09848',
  needs: ['judge'],
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

const metric: Metric = ({ said, tags }, { judge } = {}) => {
  const step = tags?.reasoning
  if (said === undefined || !judge || typeof step !== 'string' || step === '') return undefined
  return judge.judge({ kind: 'reasoning', said, step }).then((verdict) => verdict.score)
}

export default metric

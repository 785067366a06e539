import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'mrecall',
  summary: 'One when all gold units stand among the first k, or nothing else does where there are more than k.',
  paper: 'Min et al. 2021, Joint Passage Ranking, arXiv 2104.08445; Lee et al. 2024, LOFT, arXiv 2406.13121',
  atDepth: true,
  of: 'ranking',
} as const satisfies MetricMeta

const metric: Metric = ({ ranked, gold }, { depth = Number.POSITIVE_INFINITY } = {}) => {
  if (!ranked || !gold?.length) return undefined
  const wanted = new Set(gold)
  const first = new Set(ranked.slice(0, depth))
  const found = [...wanted].filter((unit) => first.has(unit)).length
  return found === Math.min(depth, wanted.size) ? 1 : 0
}

export default metric

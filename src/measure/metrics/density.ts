import type { Metric, MetricMeta } from '../contract.ts'
import { coverageOf } from '../covered.ts'
import { lengthOf } from '../ranges.ts'

export const meta = {
  name: 'density',
  summary: 'Coverage of the sub-questions by length, over that of the bare evidence, which covers them all.',
  paper: 'Ju et al. 2025, CRUX, arXiv 2506.20051',
  atDepth: false,
  of: 'selection',
  needs: ['judge'],
} as const satisfies MetricMeta

/**
 * Lengths are in characters, whose number per token the text and its evidence share, and the root that the paper takes is left
 * out. At most 1: marked evidence may be longer than what it takes to answer.
 */
const metric: Metric = async (outcome, { judge } = {}) => {
  const { text, wanted } = outcome
  if (text === undefined || !wanted?.length) return undefined
  const coverage = await coverageOf(outcome, judge)
  if (coverage === undefined) return undefined
  return text.length === 0 ? 0 : Math.min(1, (coverage * lengthOf(wanted)) / text.length)
}

export default metric

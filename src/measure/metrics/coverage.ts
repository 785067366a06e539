import type { Metric, MetricMeta } from '../contract.ts'
import { coverageOf } from '../covered.ts'

export const meta = {
  name: 'coverage',
  summary: 'The share of the sub-questions that the text handed on answers.',
  paper: 'Ju et al. 2025, CRUX, arXiv 2506.20051',
  atDepth: false,
  of: 'selection',
  needs: ['judge'],
} as const satisfies MetricMeta

/** A sub-question counts from half of the judge's score on: of the paper's marks from 0 to 5, from 3 on. */
const metric: Metric = (outcome, { judge } = {}) => coverageOf(outcome, judge)

export default metric

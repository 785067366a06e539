import type { Metric, MetricMeta } from '../contract.ts'
import { lengthOf, sharedLength } from '../ranges.ts'

export const meta = {
  name: 'intersection-over-union',
  summary:
    'Characters both handed on and gold, over those that are either: what is left out and what is too much count.',
  paper: 'Smith and Troynikov 2024, Evaluating Chunking Strategies for Retrieval',
  atDepth: false,
  of: 'selection',
} as const satisfies MetricMeta

const metric: Metric = ({ kept, wanted }) => {
  if (!kept || !wanted?.length) return undefined
  const shared = sharedLength(kept, wanted)
  const either = lengthOf(kept) + lengthOf(wanted) - shared
  return either === 0 ? undefined : shared / either
}

export default metric

import type { Metric, MetricMeta } from '../contract.ts'
import { united } from '../ranges.ts'

export const meta = {
  name: 'information-coverage',
  summary: 'The share of the whole text, in stretches of 500 characters, that holds evidence: how much must be read.',
  paper: 'Lee et al. 2024, ETHIC, arXiv 2410.16848',
  atDepth: false,
  of: 'selection',
} as const satisfies MetricMeta

const stretch = 500

/**
 * Of the sample, whatever was handed on. The paper asks a model about each chunk of 512 tokens; ours counts the marked
 * evidence, and finer stretches, so that one needle is little in a short text too.
 */
const metric: Metric = ({ wanted, characters }) => {
  if (!wanted?.length || !characters || characters <= 0) return undefined
  const count = Math.ceil(characters / stretch)
  let held = 0
  let next = 0
  for (const [start, end] of united(wanted)) {
    const first = Math.max(next, Math.floor(start / stretch))
    const last = Math.min(count - 1, Math.floor((end - 1) / stretch))
    held += Math.max(0, last - first + 1)
    next = Math.max(next, last + 1)
  }
  return held / count
}

export default metric

import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'characters-kept',
  summary: 'The share of the gold characters that the ranges handed on hold.',
  paper: 'Smith and Troynikov 2024, Evaluating Chunking Strategies for Retrieval',
  atDepth: false,
  of: 'selection',
} as const satisfies MetricMeta

type Ranges = readonly (readonly [number, number])[]

/** The same characters as ranges that do not meet, in order. */
function united(ranges: Ranges): [number, number][] {
  const out: [number, number][] = []
  for (const [start, end] of [...ranges].sort((first, second) => first[0] - second[0])) {
    const last = out.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else out.push([start, end])
  }
  return out
}

const metric: Metric = ({ kept, wanted }) => {
  if (!kept || !wanted?.length) return undefined
  const held = united(kept)
  let total = 0
  let found = 0
  for (const [start, end] of united(wanted)) {
    total += end - start
    for (const range of held) found += Math.max(0, Math.min(end, range[1]) - Math.max(start, range[0]))
  }
  return total === 0 ? undefined : found / total
}

export default metric

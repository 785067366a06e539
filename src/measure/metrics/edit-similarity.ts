import type { Metric, MetricMeta } from '../contract.ts'
import { fenced } from '../items.ts'

export const meta = {
  name: 'edit-similarity',
  summary: 'One less the edits from what was said to the nearest form of the answer, over the longer of the two.',
  paper: 'Levenshtein 1966, Binary codes capable of correcting deletions, insertions and reversals',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

function edits(one: string, other: string): number {
  let before = Uint32Array.from({ length: other.length + 1 }, (_, at) => at)
  let row = new Uint32Array(other.length + 1)
  for (let at = 1; at <= one.length; at++) {
    row[0] = at
    for (let to = 1; to <= other.length; to++) {
      const changed = before[to - 1]! + (one[at - 1] === other[to - 1] ? 0 : 1)
      row[to] = Math.min(changed, before[to]! + 1, row[to - 1]! + 1)
    }
    ;[before, row] = [row, before]
  }
  return before[other.length]!
}

/** Where a fence of code was said, what stands in it counts. */
const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.length) return undefined
  const heard = fenced(said).trim()
  const near = (form: string): number => {
    const longer = Math.max(heard.length, form.trim().length)
    return longer === 0 ? 1 : 1 - edits(heard, form.trim()) / longer
  }
  return answers.reduce((sum, forms) => sum + Math.max(...forms.map(near)), 0) / answers.length
}

export default metric

import type { TokenCounter } from '../core/index.ts'
import type { Claim } from './allocate.ts'

/** UTF-16 units per token, from a sample of the texts. */
export function charactersPerToken(texts: readonly string[], counter: TokenCounter): number {
  let sample = ''
  const step = Math.max(1, Math.floor(texts.length / 16))
  for (let at = 0; at < texts.length && sample.length < 8000; at += step) sample += texts[at]!.slice(0, 500)
  return sample === '' ? 4 : sample.length / Math.max(1, counter.count(sample))
}

/** Units by group: where each group's own stand, and how long they are together. */
export interface Group {
  readonly members: number[]
  size: number
}

/** Groups of consecutive or scattered units by a number each. */
export function groupsOf(sizes: readonly number[], groupOf: (unit: number) => number): Group[] {
  const groups = new Map<number, Group>()
  sizes.forEach((size, unit) => {
    const key = groupOf(unit)
    let group = groups.get(key)
    if (!group) groups.set(key, (group = { members: [], size: 0 }))
    group.members.push(unit)
    group.size += size
  })
  return [...groups.values()]
}

/**
 * Scores that spend one budget over groups: `allocate` gives each group a part (in the unit of `sizes`), its best units by
 * `within` fill that part and come before all units that found no place; among the former the more relevant group leads.
 */
export function scoreByShares(
  sizes: readonly number[],
  groups: readonly Group[],
  relevance: ArrayLike<number>,
  within: ArrayLike<number>,
  allocate: (claims: readonly Claim[]) => ArrayLike<number>,
): Float64Array {
  const scores = new Float64Array(sizes.length)
  const most = groups.reduce((high, _, index) => Math.max(high, relevance[index]!), 0) || 1
  const shares = allocate(groups.map(({ size }, index) => ({ relevance: Math.max(0, relevance[index]!), size })))
  groups.forEach(({ members }, index) => {
    const share = shares[index]!
    const worth = Math.max(0, relevance[index]!) / most
    let spent = 0
    for (const unit of members.toSorted((a, b) => within[b]! - within[a]! || a - b)) {
      spent += sizes[unit]!
      const place = 1 / (1 + spent)
      scores[unit] = spent <= share ? 2 + worth + 1e-3 * place : worth * 0.5 + 0.5 * Math.min(1, (share + 1) / spent)
    }
  })
  return scores
}

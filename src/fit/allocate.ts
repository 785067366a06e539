/** What asks for a part of a budget. */
export interface Claim {
  /** How much it bears on the question, at least 0; only the ratio between claims counts. */
  readonly relevance: number
  /** Most that it can use, in the budget's unit. */
  readonly size: number
}

export interface AllocateOptions {
  /** What each claim gets before relevance counts, as far as the budget goes. Default 0. */
  readonly floor?: number
}

/** Halvings until the level is known to far less than one unit of any budget. */
const halvings = 200

/** The amounts whose sum is `budget`, for amounts that rise with a level from 0 to `high`. */
function meet(budget: number, high: number, at: (level: number) => number[]): number[] {
  let low = 0
  let over = high
  for (let step = 0; step < halvings; step++) {
    const middle = low + (over - low) / 2
    if (middle === low || middle === over) break
    if (sum(at(middle)) <= budget) low = middle
    else over = middle
  }
  const [under, above] = [at(low), at(over)]
  const [least, most] = [sum(under), sum(above)]
  if (most <= least) return under
  const part = Math.min(1, Math.max(0, (budget - least) / (most - least)))
  return under.map((amount, index) => Math.min(above[index]!, amount + (above[index]! - amount) * part))
}

const sum = (values: Iterable<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total
}

/** Relevance against the strongest; the weakest that count at all are taken for a billionth of it. */
const weightOf = (relevance: number, strongest: number): number =>
  strongest <= 0 ? 1 : relevance <= 0 ? 0 : Math.max(1e-9, relevance / strongest)

/** What each claim gets of its floor: all of it, or equal parts where the budget is smaller; small claims leave theirs to the others. */
function floors(sizes: readonly number[], budget: number, floor: number): number[] {
  const asked = sizes.map((size) => Math.min(size, floor))
  if (sum(asked) <= budget) return asked
  return meet(budget, floor, (height) => asked.map((most) => Math.min(most, height)))
}

/**
 * Water filling: each claim gets in proportion to its relevance, none more than its size, and what a small claim cannot use
 * rises to the others. Sums to the lesser of the budget and all that relevant claims can use.
 */
export function waterFill(claims: readonly Claim[], budget: number, { floor = 0 }: AllocateOptions = {}): Float64Array {
  const sizes = claims.map(({ size }) => Math.max(0, size))
  const base = floors(sizes, Math.max(0, budget), floor)
  const strongest = claims.reduce((most, { relevance }) => Math.max(most, relevance), 0)
  const weights = claims.map(({ relevance }) => weightOf(relevance, strongest))
  const at = (level: number) =>
    weights.map((weight, index) => Math.min(sizes[index]!, Math.max(base[index]!, level * weight)))
  const least = weights.reduce((low, weight) => (weight > 0 ? Math.min(low, weight) : low), 1)
  const high = (sizes.reduce((most, size) => Math.max(most, size), 0) + 1) / least
  const everything = at(high)
  if (sum(everything) <= budget) return Float64Array.from(everything)
  return Float64Array.from(meet(budget, high, at))
}

/**
 * Dual slope: the share of each claim that is kept falls from the mean share in one straight line for those that bear more
 * on the question than the mean, and in another for those that bear less; the best keeps all of it where the budget allows.
 * Perception Compressor, arXiv 2409.19272, whose slopes are set by hand; here the lines are moved until the budget is met.
 */
export function dualSlope(claims: readonly Claim[], budget: number, { floor = 0 }: AllocateOptions = {}): Float64Array {
  const sizes = claims.map(({ size }) => Math.max(0, size))
  const base = floors(sizes, Math.max(0, budget), floor)
  const relevance = claims.map((claim) => Math.max(0, claim.relevance))
  const mean = sum(relevance) / Math.max(1, claims.length)
  const above = relevance.reduce((most, value) => Math.max(most, value - mean), 0) || 1
  const below = relevance.reduce((most, value) => Math.max(most, mean - value), 0) || 1
  // From -1 for the least to 1 for the most relevant, 0 at the mean.
  const place = relevance.map((value) => (value >= mean ? (value - mean) / above : (value - mean) / below))
  const at = (level: number) =>
    place.map((slope, index) =>
      Math.min(sizes[index]!, Math.max(base[index]!, sizes[index]! * Math.min(1, Math.max(0, level + slope - 1)))),
    )
  const everything = at(3)
  if (sum(everything) <= budget) return Float64Array.from(everything)
  return Float64Array.from(meet(budget, 3, at))
}

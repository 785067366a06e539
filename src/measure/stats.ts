import { seededRandom } from './random.ts'

/** A mean with the interval that holds the true one in 95 of 100 such samples. */
export interface Estimate {
  readonly mean: number
  readonly low: number
  readonly high: number
  readonly count: number
}

const z = 1.959964

export const mean = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += values[at]!
  return values.length === 0 ? Number.NaN : sum / values.length
}

/** Of a share: Wilson's score interval, sound for few samples and for shares near 0 or 1. Wilson 1927. */
export function wilson(successes: number, count: number): Estimate {
  if (count === 0) return { mean: Number.NaN, low: Number.NaN, high: Number.NaN, count }
  const share = successes / count
  const spread = z * z
  const centre = (share + spread / (2 * count)) / (1 + spread / count)
  const half = (z * Math.sqrt((share * (1 - share)) / count + spread / (4 * count * count))) / (1 + spread / count)
  return { mean: share, low: Math.max(0, centre - half), high: Math.min(1, centre + half), count }
}

const rounds = 1000
/** From so many values on, means are as good as normal. */
const many = 2000

/** Of any mean: the percentile bootstrap. Efron 1979. Above 2,000 values the normal interval, which then is the same. */
export function bootstrap(values: ArrayLike<number>, seed = 1): Estimate {
  const count = values.length
  const middle = mean(values)
  if (count < 2) return { mean: middle, low: middle, high: middle, count }
  if (count > many) {
    let squares = 0
    for (let at = 0; at < count; at++) squares += (values[at]! - middle) ** 2
    const half = z * Math.sqrt(squares / (count - 1) / count)
    return { mean: middle, low: middle - half, high: middle + half, count }
  }
  const means = resampled(values, seed)
  return { mean: middle, low: means[Math.floor(rounds * 0.025)]!, high: means[Math.ceil(rounds * 0.975) - 1]!, count }
}

/** Means of samples drawn with replacement, sorted. */
function resampled(values: ArrayLike<number>, seed: number): Float64Array {
  const random = seededRandom(seed)
  const { length } = values
  const means = new Float64Array(rounds)
  for (let round = 0; round < rounds; round++) {
    let sum = 0
    for (let draw = 0; draw < length; draw++) sum += values[Math.floor(random() * length)]!
    means[round] = sum / length
  }
  return means.sort()
}

/** Wilson's where every value is 0 or 1, else the bootstrap. */
export function estimate(values: ArrayLike<number>, seed = 1): Estimate {
  let ones = 0
  for (let at = 0; at < values.length; at++) {
    if (values[at] !== 0 && values[at] !== 1) return bootstrap(values, seed)
    ones += values[at]!
  }
  return wilson(ones, values.length)
}

export interface Paired extends Estimate {
  /** Two-sided, by flipping signs at random: the share of flips with a mean difference at least as large. */
  readonly p: number
}

/**
 * Differences of two systems on the same samples: bootstrap interval and permutation test (Fisher 1935). Above 2,000 samples the
 * normal distribution takes the place of both, which then is the same.
 */
export function paired(one: ArrayLike<number>, other: ArrayLike<number>, seed = 1): Paired {
  if (one.length !== other.length) throw new RangeError('paired values come in equal numbers')
  const differences = Float64Array.from({ length: one.length }, (_, at) => one[at]! - other[at]!)
  const interval = bootstrap(differences, seed)
  if (differences.length > many) {
    let squares = 0
    for (const difference of differences) squares += difference ** 2
    const deviation = Math.sqrt(squares) / differences.length
    return { ...interval, p: deviation === 0 ? 1 : Math.max(1e-9, normalTails(interval.mean / deviation)) }
  }
  const random = seededRandom(seed + 1)
  const least = Math.abs(interval.mean) - 1e-12
  let extreme = 0
  for (let round = 0; round < rounds; round++) {
    let sum = 0
    let signs = 0
    for (let at = 0; at < differences.length; at++) {
      // One number from 0 up to 1 holds 32 signs.
      signs = (at & 31) === 0 ? Math.floor(random() * 4_294_967_296) | 0 : signs >> 1
      sum += signs & 1 ? differences[at]! : -differences[at]!
    }
    if (Math.abs(sum / differences.length) >= least) extreme++
  }
  return { ...interval, p: (extreme + 1) / (rounds + 1) }
}

/** Rank correlation from -1 to 1, ties sharing their mean rank. Spearman 1904. */
export function spearman(one: readonly number[], other: readonly number[]): number {
  const ranks = (values: readonly number[]): number[] => {
    const order = values.map((_, at) => at).sort((a, b) => values[a]! - values[b]!)
    const found: number[] = []
    for (let from = 0; from < order.length; ) {
      let to = from
      while (to < order.length && values[order[to]!] === values[order[from]!]) to++
      for (let at = from; at < to; at++) found[order[at]!] = (from + to - 1) / 2
      from = to
    }
    return found
  }
  return pearson(ranks(one), ranks(other))
}

export function pearson(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [mean(one), mean(other)]
  let [both, left, right] = [0, 0, 0]
  for (let at = 0; at < one.length; at++) {
    const [x, y] = [one[at]! - a, other[at]! - b]
    both += x * y
    left += x * x
    right += y * y
  }
  return left === 0 || right === 0 ? 0 : both / Math.sqrt(left * right)
}

/** Agreement of two orders from -1 to 1, ties taken into account (tau-b). Kendall 1945. */
export function kendall(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length) throw new RangeError('paired values come in equal numbers')
  let [agree, tiedOne, tiedOther, pairs] = [0, 0, 0, 0]
  for (let first = 0; first < one.length; first++)
    for (let second = first + 1; second < one.length; second++) {
      const [a, b] = [Math.sign(one[first]! - one[second]!), Math.sign(other[first]! - other[second]!)]
      agree += a * b
      if (a === 0) tiedOne++
      if (b === 0) tiedOther++
      pairs++
    }
  const free = Math.sqrt((pairs - tiedOne) * (pairs - tiedOther))
  return free === 0 ? 0 : agree / free
}

/** P values of several comparisons, raised so that in 95 of 100 such tables none is below 0.05 by chance. Holm 1979. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, at) => at).sort((a, b) => ps[a]! - ps[b]! || a - b)
  const raised: number[] = new Array(ps.length)
  let least = 0
  for (const [rank, at] of order.entries()) {
    least = Math.max(least, Math.min(1, ps[at]! * (ps.length - rank)))
    raised[at] = least
  }
  return raised
}

/** Share of the normal distribution that is farther from its middle than `distance` deviations, on both sides. */
export function normalTails(distance: number): number {
  // Abramowitz and Stegun 1964, formula 7.1.26: right to 2e-7.
  const x = Math.abs(distance) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const sum = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  return Math.min(1, sum * Math.exp(-x * x))
}

import { seededRandom } from '../random.ts'
import { bootstrap, type Estimate, mean, wilson } from '../stats.ts'

/** Intervals of very many lists: the same as those of `stats.ts`, but what is drawn for a count is drawn once. */
export interface Estimates {
  /** As `estimate`; a single value that is no share says nothing of how far others lie from it, so its interval is 0 to 1. */
  of(values: readonly number[]): Estimate
  /** As `bootstrap`: of differences, which no share can be. */
  differences(values: readonly number[]): Estimate
}

const rounds = 1000
/** Above this `bootstrap` draws nothing. */
const most = 2000
/** Numbers that are kept: 64 MB. */
const room = 32_000_000

export function estimates(seed = 1): Estimates {
  const known = new Map<number, Uint16Array>()
  let held = 0
  const drawsOf = (count: number): Uint16Array => {
    const found = known.get(count)
    if (found) return found
    if (held > room) {
      known.clear()
      held = 0
    }
    const random = seededRandom(seed)
    const draws = Uint16Array.from({ length: rounds * count }, () => Math.floor(random() * count))
    known.set(count, draws)
    held += draws.length
    return draws
  }
  const differences = (values: readonly number[]): Estimate => {
    const count = values.length
    if (count < 2 || count > most) return bootstrap(values, seed)
    const draws = drawsOf(count)
    const means = new Float64Array(rounds)
    const fast = Float64Array.from(values)
    for (let round = 0, at = 0; round < rounds; round++) {
      let sum = 0
      for (const end = at + count; at < end; at++) sum += fast[draws[at]!]!
      means[round] = sum / count
    }
    means.sort()
    return { mean: mean(values), low: means[rounds * 0.025]!, high: means[rounds * 0.975 - 1]!, count }
  }
  return {
    differences,
    of(values) {
      let ones = 0
      let binary = true
      for (const value of values) {
        ones += value
        if (value !== 0 && value !== 1) {
          binary = false
          break
        }
      }
      if (binary) return wilson(ones, values.length)
      if (values.length === 1 && values[0]! > 0 && values[0]! < 1)
        return { mean: values[0]!, low: 0, high: 1, count: 1 }
      return differences(values)
    },
  }
}

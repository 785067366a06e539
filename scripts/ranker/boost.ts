// Gradient boosting of oblivious trees with a listwise loss: the softmax over each question's list against its gold.
import { seededRandom } from '../../src/core/index.ts'
import { type Grown, noSplit } from '../../src/model/ranking/forest.ts'

/** Rows of all questions, one after another: those of one question are a list. */
export interface TrainingSet {
  readonly features: number
  /** Row by row. */
  readonly matrix: Float32Array
  /** How good each row is, from 0. */
  readonly gains: Float32Array
  /** Where each list begins; the last entry is the number of rows. */
  readonly lists: Int32Array
  /** How much each list counts. */
  readonly weights: Float32Array
}
export interface BoostOptions {
  readonly trees: number
  readonly depth: number
  readonly rate: number
  /** Added to the sum of second derivatives of a leaf. */
  readonly ridge: number
  /** Share of the features and of the lists that a tree sees. */
  readonly featureShare: number
  readonly listShare: number
  readonly bins: number
  readonly seed: number
  /** Features that the score is a weighted sum of before the trees; default none. */
  readonly sloping?: readonly number[]
  /** 1 for features that may only raise a score, -1 for those that may only lower it. */
  readonly direction?: Int8Array
}

/** Borders at the quantiles of a sample of the values. */
function bordersOf(values: Float32Array, bins: number): Float32Array {
  const step = Math.max(1, Math.floor(values.length / 20_000))
  const sample = new Float32Array(Math.ceil(values.length / step))
  for (let at = 0; at < sample.length; at++) sample[at] = values[at * step]!
  sample.sort()
  const borders: number[] = []
  for (let bin = 1; bin < bins; bin++) {
    const at = Math.floor((bin * sample.length) / bins)
    const [low, high] = [sample[Math.max(0, at - 1)]!, sample[at]!]
    const border = Math.fround((low + high) / 2)
    if (sample[0]! <= border && border < sample[sample.length - 1]! && border !== borders.at(-1)) borders.push(border)
  }
  return Float32Array.from(new Set(borders)).sort()
}

export function boost(set: TrainingSet, options: BoostOptions): Grown {
  const { features, matrix, gains, lists, weights } = set
  const { depth, bins, ridge, rate } = options
  const rows = gains.length
  const random = seededRandom(options.seed)
  const borders: Float32Array[] = []
  const binned: Uint8Array[] = []
  for (let feature = 0; feature < features; feature++) {
    const column = new Float32Array(rows)
    for (let row = 0; row < rows; row++) column[row] = matrix[row * features + feature]!
    const own = bordersOf(column, bins)
    borders.push(own)
    binned.push(
      Uint8Array.from(column, (value) => {
        let [low, high] = [0, own.length]
        while (low < high) {
          const middle = (low + high) >>> 1
          if (value > own[middle]!) low = middle + 1
          else high = middle
        }
        return low
      }),
    )
  }
  const direction = options.direction ?? new Int8Array(features)
  const slopes = slopesOf(set, options.sloping ?? [], direction)
  const scores = new Float64Array(rows)
  for (let row = 0; row < rows; row++)
    for (const feature of options.sloping ?? []) scores[row]! += slopes[feature]! * matrix[row * features + feature]!
  const gradient = new Float64Array(rows)
  const curvature = new Float64Array(rows)
  const leafOf = new Uint8Array(rows)
  const trees: { splits: [number, number][]; leaves: Float64Array }[] = []
  const chosen = new Int32Array(rows)
  for (let tree = 0; tree < options.trees; tree++) {
    derive(set, scores, gradient, curvature)
    let size = 0
    for (let list = 0; list + 1 < lists.length; list++) {
      if (weights[list] === 0 || random() >= options.listShare) continue
      for (let row = lists[list]!; row < lists[list + 1]!; row++) chosen[size++] = row
    }
    const seen: number[] = []
    for (let feature = 0; feature < features; feature++)
      if (borders[feature]!.length > 0 && random() < options.featureShare) seen.push(feature)
    const own = chosen.subarray(0, size)
    leafOf.fill(0)
    const splits: [number, number][] = []
    for (let level = 0; level < depth; level++) {
      const split = bestSplit(own, seen, {
        binned,
        borders,
        gradient,
        curvature,
        leafOf,
        leaves: 1 << level,
        bins,
        ridge,
        direction,
      })
      if (!split) break
      splits.push(split)
      const column = binned[split[0]]!
      for (let row = 0; row < rows; row++) if (column[row]! > split[1]) leafOf[row]! |= 1 << level
    }
    const leaves = new Float64Array(1 << depth)
    const [sums, curves] = [new Float64Array(1 << depth), new Float64Array(1 << depth)]
    for (const row of own) {
      sums[leafOf[row]!]! += gradient[row]!
      curves[leafOf[row]!]! += curvature[row]!
    }
    for (let leaf = 0; leaf < leaves.length; leaf++) leaves[leaf] = (rate * sums[leaf]!) / (curves[leaf]! + ridge)
    order(leaves, curves, splits, direction)
    for (let row = 0; row < rows; row++) scores[row]! += leaves[leafOf[row]!]!
    while (splits.length < depth) splits.push([0, noSplit])
    trees.push({ splits, leaves })
  }
  return { features, depth, borders, slopes, trees }
}

/** Makes leaves on both sides of a split that has a direction agree with it, by their mean where they do not. */
function order(
  leaves: Float64Array,
  curves: Float64Array,
  splits: readonly [number, number][],
  direction: Int8Array,
): void {
  for (let round = 0; round < 8; round++) {
    let changed = false
    for (const [level, [feature, border]] of splits.entries()) {
      const way = direction[feature]!
      if (way === 0 || border === noSplit) continue
      for (let leaf = 0; leaf < leaves.length; leaf++) {
        const other = leaf | (1 << level)
        if (other === leaf || way * (leaves[other]! - leaves[leaf]!) >= 0) continue
        const [one, two] = [curves[leaf]! + 1e-6, curves[other]! + 1e-6]
        leaves[leaf] = leaves[other] = (leaves[leaf]! * one + leaves[other]! * two) / (one + two)
        changed = true
      }
    }
    if (!changed) return
  }
}

/** Slopes of some features that make the gold likeliest, none against its direction (Adam, all lists at once). */
function slopesOf(set: TrainingSet, sloping: readonly number[], direction: Int8Array): Float32Array {
  const { features, matrix, gains } = set
  const slopes = new Float32Array(features)
  const rows = gains.length
  const own = new Float64Array(sloping.length)
  const [first, second] = [new Float64Array(own.length), new Float64Array(own.length)]
  const [scores, gradient, curvature] = [new Float64Array(rows), new Float64Array(rows), new Float64Array(rows)]
  const total = set.weights.reduce((sum, weight) => sum + weight, 0) || 1
  for (let step = 1; own.length > 0 && step <= 120; step++) {
    for (let row = 0; row < rows; row++) {
      let sum = 0
      for (let at = 0; at < own.length; at++) sum += own[at]! * matrix[row * features + sloping[at]!]!
      scores[row] = sum
    }
    derive(set, scores, gradient, curvature)
    for (let at = 0; at < own.length; at++) {
      let sum = 0
      for (let row = 0; row < rows; row++) sum += gradient[row]! * matrix[row * features + sloping[at]!]!
      const slope = sum / total - 0.001 * own[at]!
      first[at] = 0.9 * first[at]! + 0.1 * slope
      second[at] = 0.99 * second[at]! + 0.01 * slope * slope
      own[at]! += (0.15 * (first[at]! / (1 - 0.9 ** step))) / (Math.sqrt(second[at]! / (1 - 0.99 ** step)) + 1e-8)
      if (direction[sloping[at]!]! * own[at]! < 0) own[at] = 0
    }
  }
  for (const [at, feature] of sloping.entries()) slopes[feature] = own[at]!
  return slopes
}

/** What would raise each row's score, and how sharply the loss bends. */
function derive(
  { gains, lists, weights }: TrainingSet,
  scores: Float64Array,
  gradient: Float64Array,
  curvature: Float64Array,
): void {
  for (let list = 0; list + 1 < lists.length; list++) {
    const [from, to] = [lists[list]!, lists[list + 1]!]
    let [most, all, gold] = [Number.NEGATIVE_INFINITY, 0, 0]
    for (let row = from; row < to; row++) most = Math.max(most, scores[row]!)
    for (let row = from; row < to; row++) {
      all += Math.exp(scores[row]! - most)
      gold += gains[row]!
    }
    for (let row = from; row < to; row++) {
      const share = Math.exp(scores[row]! - most) / all
      const wanted = gold > 0 ? gains[row]! / gold : share
      gradient[row] = weights[list]! * (wanted - share)
      curvature[row] = weights[list]! * share * (1 - share)
    }
  }
}

interface Level {
  readonly binned: readonly Uint8Array[]
  readonly borders: readonly Float32Array[]
  readonly gradient: Float64Array
  readonly curvature: Float64Array
  readonly leafOf: Uint8Array
  readonly leaves: number
  readonly bins: number
  readonly ridge: number
  readonly direction: Int8Array
}

function bestSplit(rows: Int32Array, features: readonly number[], level: Level): [number, number] | undefined {
  const { binned, borders, gradient, curvature, leafOf, leaves, bins, ridge, direction } = level
  const sums = new Float64Array(leaves * bins)
  const curves = new Float64Array(leaves * bins)
  const slots = new Int32Array(rows.length)
  const [ownGradient, ownCurvature] = [new Float64Array(rows.length), new Float64Array(rows.length)]
  for (let at = 0; at < rows.length; at++) {
    slots[at] = leafOf[rows[at]!]! * bins
    ownGradient[at] = gradient[rows[at]!]!
    ownCurvature[at] = curvature[rows[at]!]!
  }
  let best: [number, number] | undefined
  let most = 1e-9
  for (const feature of features) {
    const column = binned[feature]!
    sums.fill(0)
    curves.fill(0)
    for (let at = 0; at < rows.length; at++) {
      const slot = slots[at]! + column[rows[at]!]!
      sums[slot]! += ownGradient[at]!
      curves[slot]! += ownCurvature[at]!
    }
    const count = borders[feature]!.length
    const worth = new Float64Array(count)
    for (let leaf = 0; leaf < leaves; leaf++) {
      const from = leaf * bins
      let [allSum, allCurve] = [0, 0]
      for (let bin = 0; bin <= count; bin++) {
        allSum += sums[from + bin]!
        allCurve += curves[from + bin]!
      }
      const whole = (allSum * allSum) / (allCurve + ridge)
      let [sum, curve] = [0, 0]
      for (let border = 0; border < count; border++) {
        sum += sums[from + border]!
        curve += curves[from + border]!
        const right = allSum - sum
        const way = direction[feature]!
        if (way !== 0 && way * (right / (allCurve - curve + ridge) - sum / (curve + ridge)) < 0) continue
        worth[border]! += (sum * sum) / (curve + ridge) + (right * right) / (allCurve - curve + ridge) - whole
      }
    }
    for (let border = 0; border < count; border++)
      if (worth[border]! > most) {
        most = worth[border]!
        best = [feature, border]
      }
  }
  return best
}

/** How the tokens of one question are spent: passages in each round, worked examples in each prompt, and rounds. */
export interface Allocation {
  readonly documents: number
  readonly shots: number
  readonly rounds: number
}
export interface Measurement extends Allocation {
  /** 0 to 1. */
  readonly score: number
}
export interface Allocator {
  /** The score that is expected of an allocation, 0 to 1. */
  expect(allocation: Allocation): number
  /** Of the allocations that cost at most so many tokens the one that should score best; of equals the cheaper. Undefined where none fits. */
  choose(
    tokens: number,
    candidates: Iterable<Allocation>,
    costOf: (allocation: Allocation) => number,
  ): Allocation | undefined
}

/** Scores are kept off 0 and 1, where the logit has no value. */
const edge = 0.02
/** Pulls the weights to 0 where measurements are too few or too alike to say. */
const ridge = 1e-3

/**
 * A model of score by allocation, fitted by least squares: the logit of the score is linear in the logarithms of documents, shots and
 * rounds (each plus one). Yue et al. 2024, Inference Scaling for Long-Context Retrieval Augmented Generation, arXiv 2410.04343; theirs
 * also weights each term by how informative documents and shots are for a task: here one fit is for one task.
 */
export function fitAllocator(measurements: readonly Measurement[]): Allocator {
  const size = 4
  const matrix = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => (row === column && row > 0 ? ridge : 0)),
  )
  const target = new Array<number>(size).fill(0)
  for (const measured of measurements) {
    const row = featuresOf(measured)
    const score = Math.min(1 - edge, Math.max(edge, measured.score))
    for (let a = 0; a < size; a++) {
      target[a]! += row[a]! * Math.log(score / (1 - score))
      for (let b = 0; b < size; b++) matrix[a]![b]! += row[a]! * row[b]!
    }
  }
  const weights = solve(matrix, target)
  const expect = (allocation: Allocation): number => {
    const logit = featuresOf(allocation).reduce((sum, value, index) => sum + value * weights[index]!, 0)
    return 1 / (1 + Math.exp(-logit))
  }
  return {
    expect,
    choose(tokens, candidates, costOf) {
      let best: { readonly allocation: Allocation; readonly score: number; readonly cost: number } | undefined
      for (const allocation of candidates) {
        const cost = costOf(allocation)
        if (!(cost <= tokens)) continue
        const score = expect(allocation)
        if (!best || score > best.score || (score === best.score && cost < best.cost))
          best = { allocation, score, cost }
      }
      return best?.allocation
    },
  }
}

const featuresOf = ({ documents, shots, rounds }: Allocation): number[] => [
  1,
  Math.log1p(documents),
  Math.log1p(shots),
  Math.log1p(rounds),
]

/** Gaussian elimination with pivoting; a column that says nothing has weight 0. */
function solve(matrix: readonly (readonly number[])[], target: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, target[index]!])
  const size = rows.length
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row
    ;[rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!]
    const lead = rows[column]![column]!
    if (Math.abs(lead) < 1e-12) continue
    for (let row = 0; row < size; row++) {
      if (row === column) continue
      const factor = rows[row]![column]! / lead
      for (let cell = column; cell <= size; cell++) rows[row]![cell]! -= factor * rows[column]![cell]!
    }
  }
  return rows.map((row, index) => (Math.abs(row[index]!) < 1e-12 ? 0 : row[size]! / row[index]!))
}

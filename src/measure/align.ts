/** Length of the longest sequence of elements that both lists hold in the same order. */
export function commonInOrder<Value>(one: readonly Value[], other: readonly Value[]): number {
  const [long, short] = one.length < other.length ? [other, one] : [one, other]
  let before = new Uint32Array(short.length + 1)
  let row = new Uint32Array(short.length + 1)
  for (const value of long) {
    for (let at = 1; at <= short.length; at++)
      row[at] = value === short[at - 1] ? before[at - 1]! + 1 : Math.max(before[at]!, row[at - 1]!)
    ;[before, row] = [row, before]
  }
  return before[short.length]!
}

/**
 * Letters that are the same over the length of the best global alignment (a match counts one, mismatches and gaps
 * nothing); of alignments with as many matches the shortest is taken, where the published scorer takes the first that
 * its library yields.
 */
export function identityRatio(one: string, other: string): number {
  if (one === '' || other === '') return one === other ? 1 : 0
  // Matches weigh more than any length.
  const weight = one.length + other.length + 1
  let before = Float64Array.from({ length: other.length + 1 }, (_, at) => -at)
  for (let at = 1; at <= one.length; at++) {
    const row = new Float64Array(other.length + 1)
    row[0] = -at
    for (let to = 1; to <= other.length; to++) {
      const same = one[at - 1] === other[to - 1] ? weight : 0
      row[to] = Math.max(before[to - 1]! + same, before[to]!, row[to - 1]!) - 1
    }
    before = row
  }
  const score = before[other.length]!
  const matches = Math.ceil(score / weight)
  return matches / (matches * weight - score)
}

/** Values of both lists as small numbers, the same for the same value; values of `other` alone are -1. */
function numbered(one: readonly unknown[], other: readonly unknown[]): [Int32Array, Int32Array, number] {
  const numbers = new Map<unknown, number>()
  const left = Int32Array.from(one, (value) => {
    const known = numbers.get(value)
    if (known !== undefined) return known
    numbers.set(value, numbers.size)
    return numbers.size - 1
  })
  return [left, Int32Array.from(other, (value) => numbers.get(value) ?? -1), numbers.size]
}

/** For each number the places at which it stands, as bits in words of 32; the last row is of no place. */
function placesOf(values: Int32Array, kinds: number, words: number): Uint32Array {
  const places = new Uint32Array((kinds + 1) * words)
  for (let at = 0; at < values.length; at++) places[values[at]! * words + (at >>> 5)]! |= 1 << (at & 31)
  return places
}

/**
 * Length of the longest list that stands in both with gaps, 32 places at a time. Hyyrö 2004, Bit-Parallel LCS-length
 * Computation Revisited.
 */
export function commonSubsequence(one: readonly unknown[], other: readonly unknown[]): number {
  if (one.length === 0 || other.length === 0) return 0
  const [left, right, kinds] = numbered(one, other)
  const words = (left.length + 31) >>> 5
  const places = placesOf(left, kinds, words)
  const rows = new Uint32Array(words).fill(0xffff_ffff)
  for (const value of right) {
    if (value === -1) continue
    let carry = 0
    for (let word = 0, from = value * words; word < words; word++, from++) {
      const row = rows[word]!
      const met = row & places[from]!
      const sum = row + (met >>> 0) + carry
      carry = sum > 0xffff_ffff ? 1 : 0
      rows[word] = sum | (row & ~met)
    }
  }
  let length = 0
  for (let at = 0; at < left.length; at++) if (((rows[at >>> 5]! >>> (at & 31)) & 1) === 0) length++
  return length
}

/**
 * Fewest insertions, deletions and replacements that turn one list into the other, 32 places at a time. Myers 1999, A Fast
 * Bit-Vector Algorithm for Approximate String Matching; Hyyrö 2003 for the distance of wholes.
 */
export function editDistance(one: readonly unknown[], other: readonly unknown[]): number {
  if (one.length === 0 || other.length === 0) return Math.max(one.length, other.length)
  const [left, right, kinds] = numbered(one, other)
  const words = (left.length + 31) >>> 5
  const places = placesOf(left, kinds, words)
  const up = new Uint32Array(words).fill(0xffff_ffff)
  const down = new Uint32Array(words)
  const last = 1 << ((left.length - 1) & 31)
  let distance = left.length
  for (const value of right) {
    // What comes in from above the first block: each column begins one higher than the one before.
    let upIn = 1
    let downIn = 0
    const row = (value === -1 ? kinds : value) * words
    for (let word = 0; word < words; word++) {
      const [rise, fall] = [up[word]!, down[word]!]
      const found = places[row + word]!
      const vertical = found | fall
      const met = found | downIn
      const zero = ((((met & rise) + rise) ^ rise) | met) >>> 0
      let higher = (fall | ~(zero | rise)) >>> 0
      let lower = (rise & zero) >>> 0
      if (word === words - 1) {
        if (higher & last) distance++
        else if (lower & last) distance--
      }
      const [upOut, downOut] = [higher >>> 31, lower >>> 31]
      higher = ((higher << 1) | upIn) >>> 0
      lower = ((lower << 1) | downIn) >>> 0
      up[word] = lower | ~(vertical | higher)
      down[word] = higher & vertical
      upIn = upOut
      downIn = downOut
    }
  }
  return distance
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

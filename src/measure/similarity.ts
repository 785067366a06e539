/** Where the elements of a string stand, without the frequent ones of a long string. */
function positionsOf(text: readonly string[]): Map<string, number[]> {
  const positions = new Map<string, number[]>()
  for (const [at, sign] of text.entries()) {
    const known = positions.get(sign)
    if (known) known.push(at)
    else positions.set(sign, [at])
  }
  if (text.length >= 200) {
    const most = Math.floor(text.length / 100) + 1
    for (const [sign, places] of positions) if (places.length > most) positions.delete(sign)
  }
  return positions
}

/**
 * Likeness of two texts from 0 to 1: twice the characters in matching blocks over all characters, by the longest block and
 * then what stands before and behind it (Ratcliff and Obershelp 1988). As Python's `difflib.SequenceMatcher(None, said,
 * wanted).ratio()` has it, which published scores use: in a wanted text of 200 characters or more, those that make up more
 * than a hundredth of it begin no block.
 */
export function similarity(said: string, wanted: string): number {
  const [one, other] = [[...said], [...wanted]]
  if (one.length + other.length === 0) return 1
  const positions = positionsOf(other)
  let shared = 0
  const waiting: [number, number, number, number][] = [[0, one.length, 0, other.length]]
  while (waiting.length > 0) {
    const [low, high, otherLow, otherHigh] = waiting.pop()!
    const [at, otherAt, length] = longestBlock(one, other, positions, low, high, otherLow, otherHigh)
    if (length === 0) continue
    shared += length
    if (low < at && otherLow < otherAt) waiting.push([low, at, otherLow, otherAt])
    if (at + length < high && otherAt + length < otherHigh)
      waiting.push([at + length, high, otherAt + length, otherHigh])
  }
  return (2 * shared) / (one.length + other.length)
}

/** The earliest longest run that both have within these bounds. */
function longestBlock(
  one: readonly string[],
  other: readonly string[],
  positions: ReadonlyMap<string, readonly number[]>,
  low: number,
  high: number,
  otherLow: number,
  otherHigh: number,
): [at: number, otherAt: number, length: number] {
  let [best, otherBest, length] = [low, otherLow, 0]
  let lengths = new Map<number, number>()
  for (let at = low; at < high; at++) {
    const longer = new Map<number, number>()
    for (const otherAt of positions.get(one[at]!) ?? []) {
      if (otherAt < otherLow) continue
      if (otherAt >= otherHigh) break
      const run = (lengths.get(otherAt - 1) ?? 0) + 1
      longer.set(otherAt, run)
      if (run > length) [best, otherBest, length] = [at - run + 1, otherAt - run + 1, run]
    }
    lengths = longer
  }
  while (best > low && otherBest > otherLow && one[best - 1] === other[otherBest - 1]) {
    best--
    otherBest--
    length++
  }
  while (best + length < high && otherBest + length < otherHigh && one[best + length] === other[otherBest + length])
    length++
  return [best, otherBest, length]
}

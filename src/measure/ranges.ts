export type Ranges = readonly (readonly [start: number, end: number])[]

/** The same characters as ranges that do not meet, in order. */
export function united(ranges: Ranges): [number, number][] {
  const out: [number, number][] = []
  for (const [start, end] of [...ranges].sort((first, second) => first[0] - second[0])) {
    if (end <= start) continue
    const last = out.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else out.push([start, end])
  }
  return out
}

/** Characters that the ranges hold, each counted once. */
export const lengthOf = (ranges: Ranges): number => united(ranges).reduce((sum, [start, end]) => sum + end - start, 0)

/** Characters that both hold. */
export function sharedLength(one: Ranges, other: Ranges): number {
  const [left, right] = [united(one), united(other)]
  let shared = 0
  for (let first = 0, second = 0; first < left.length && second < right.length; ) {
    const [a, b] = [left[first]!, right[second]!]
    shared += Math.max(0, Math.min(a[1], b[1]) - Math.max(a[0], b[0]))
    if (a[1] < b[1]) first++
    else second++
  }
  return shared
}

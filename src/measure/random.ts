export { hashOf, seededRandom, shuffled } from '../core/index.ts'

/** Some of the values, none twice, in the order in which they were drawn. */
export function drawn<Value>(values: readonly Value[], count: number, random: () => number): Value[] {
  const left = [...values]
  const taken: Value[] = []
  while (taken.length < count && left.length > 0) {
    const at = Math.floor(random() * left.length)
    taken.push(left[at]!)
    left[at] = left.at(-1)!
    left.pop()
  }
  return taken
}

export const pick = <Value>(values: readonly Value[], random: () => number): Value =>
  values[Math.floor(random() * values.length)]!

/** A whole number from `low` to `high`, both included. */
export const integer = (low: number, high: number, random: () => number): number =>
  low + Math.floor(random() * (high - low + 1))

/** A random identifier in the shape of a UUID. */
export function randomId(random: () => number): string {
  let digits = ''
  for (let at = 0; at < 32; at++) digits += Math.floor(random() * 16).toString(16)
  return [8, 12, 16, 20, 32].map((end, index, ends) => digits.slice(ends[index - 1] ?? 0, end)).join('-')
}

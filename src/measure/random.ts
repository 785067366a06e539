/** Numbers from 0 up to 1 that the seed decides (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A seed for a name (FNV-1a). */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

/** Another order of the same values, each as likely (Fisher and Yates). */
export function shuffled<Value>(values: readonly Value[], random: () => number): Value[] {
  const order = [...values]
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[order[at], order[other]] = [order[other]!, order[at]!]
  }
  return order
}

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

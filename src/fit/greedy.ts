import type { Unit } from './contract.ts'

/** What a term counts once a chosen unit holds it. */
const covered = 0.9

export interface Worths {
  /** What each unit is worth, and of that what its passage gives, which counts `again` as much after each choice out of that passage. */
  readonly own: Float64Array
  readonly shared: Float64Array
  readonly again: number
  /** The question's terms that each unit holds, and what these weigh. */
  readonly held: readonly Int32Array[]
  readonly weights: Float64Array
  /** What worths are divided by. */
  readonly norms: Float64Array
}

/** Units in the order of a greedy choice by coverage; the first gets the largest score. */
export function greedy(units: readonly Unit[], { own, shared, again, held, weights, norms }: Worths): Float64Array {
  const faded = weights.slice()
  const shares = new Map<number, number>()
  const gain = (unit: number) => {
    let sum = own[unit]! + shared[unit]! * (shares.get(units[unit]!.passage) ?? 1)
    for (const term of held[unit]!) sum += faded[term]!
    return sum / norms[unit]!
  }
  const heap = Array.from(units, (_, unit) => ({ unit, gain: gain(unit) })).sort(
    (a, b) => b.gain - a.gain || a.unit - b.unit,
  )
  const scores = new Float64Array(units.length)
  const better = (a: { unit: number; gain: number }, b: { unit: number; gain: number }) =>
    a.gain > b.gain || (a.gain === b.gain && a.unit < b.unit)
  const sink = () => {
    for (let at = 0; ; ) {
      let best = at
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && better(heap[child]!, heap[best]!)) best = child
      if (best === at) return
      ;[heap[at], heap[best]] = [heap[best]!, heap[at]!]
      at = best
    }
  }
  for (let rank = units.length; heap.length > 0; ) {
    const top = heap[0]!
    // Gains only fall, so a top that is still current is the true best (lazy greedy).
    const current = gain(top.unit)
    if (current < top.gain) {
      top.gain = current
      sink()
      continue
    }
    scores[top.unit] = rank--
    const { passage } = units[top.unit]!
    shares.set(passage, again * (shares.get(passage) ?? 1))
    for (const term of held[top.unit]!) faded[term] = covered * weights[term]!
    const last = heap.pop()!
    if (heap.length > 0) {
      heap[0] = last
      sink()
    }
  }
  return scores
}

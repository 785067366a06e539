import type { PostingList } from './list.ts'

/** Lists of which a passage must be in one. */
export type Slot = readonly PostingList[]

/** Terms at fixed distances; several may stand for one another at a place. */
export class Phrase {
  readonly #places: readonly { readonly slot: Slot; readonly offset: number }[]

  constructor(places: readonly { readonly slot: Slot; readonly offset: number }[]) {
    // The rarest place first: it leaves the fewest starts to check.
    const size = (slot: Slot): number => slot.reduce((sum, list) => sum + list.frequency, 0)
    this.#places = [...places].sort((a, b) => size(a.slot) - size(b.slot))
  }

  /** Whether the words stand in the passage. Passages must rise from call to call. */
  standsIn(local: number): boolean {
    let starts: number[] | undefined
    for (const { slot, offset } of this.#places) {
      const found: number[] = []
      for (const list of slot) if (list.next(local) === local) list.positions(found)
      if (slot.length > 1) found.sort((a, b) => a - b)
      starts = starts === undefined ? found.map((position) => position - offset) : common(starts, found, offset)
      if (starts.length === 0) return false
    }
    return true
  }
}

/** The starts for which `start + offset` is among the sorted positions. */
const common = (starts: readonly number[], positions: readonly number[], offset: number): number[] => {
  const kept: number[] = []
  let at = 0
  for (const start of starts) {
    while (at < positions.length && positions[at]! < start + offset) at++
    if (positions[at] === start + offset) kept.push(start)
  }
  return kept
}

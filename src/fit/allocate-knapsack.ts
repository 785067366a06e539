/** What may be put into a knapsack, whole or not at all. */
export interface Item {
  /** At least 0. */
  readonly value: number
  /** At least 0, in the budget's unit. */
  readonly size: number
}

/** Steps of the exact method: items times capacity. */
const mostSteps = 4_000_000

/**
 * Indices, rising, of the items that together are worth most within the budget. Exact where items times budget (in whole
 * units) are at most four million; beyond it sizes are rounded up to coarser units, so that the budget is still kept, and
 * the best by value per size is taken where that is worth more.
 */
export function knapsack(items: readonly Item[], budget: number): number[] {
  const usable = [...items.keys()].filter((index) => items[index]!.size <= budget && items[index]!.value > 0)
  const free = usable.filter((index) => items[index]!.size <= 0)
  const paid = usable.filter((index) => items[index]!.size > 0)
  const all = paid.reduce((total, index) => total + items[index]!.size, 0)
  if (all <= budget) return usable
  const unit = Math.max(1, (paid.length * budget) / mostSteps)
  const capacity = Math.floor(budget / unit)
  const exact = dynamic(
    paid.map((index) => ({ value: items[index]!.value, size: Math.ceil(items[index]!.size / unit) })),
    capacity,
  ).map((at) => paid[at]!)
  const rough = greedy(items, paid, budget)
  const worth = (list: readonly number[]) => list.reduce((total, index) => total + items[index]!.value, 0)
  return [...free, ...(worth(rough) > worth(exact) ? rough : exact)].sort((a, b) => a - b)
}

function dynamic(items: readonly Item[], capacity: number): number[] {
  const best = new Float64Array(capacity + 1)
  const taken = items.map(() => new Uint8Array(capacity + 1))
  items.forEach(({ value, size }, index) => {
    const row = taken[index]!
    for (let room = capacity; room >= size; room--) {
      const larger = best[room - size]! + value
      if (larger > best[room]!) {
        best[room] = larger
        row[room] = 1
      }
    }
  })
  const chosen: number[] = []
  let room = capacity
  for (let index = items.length - 1; index >= 0; index--)
    if (taken[index]![room]) {
      chosen.push(index)
      room -= items[index]!.size
    }
  return chosen.reverse()
}

function greedy(items: readonly Item[], among: readonly number[], budget: number): number[] {
  const density = (index: number) => items[index]!.value / items[index]!.size
  let room = budget
  const chosen: number[] = []
  for (const index of among.toSorted((a, b) => density(b) - density(a) || a - b))
    if (items[index]!.size <= room) {
      chosen.push(index)
      room -= items[index]!.size
    }
  return chosen
}

import type { TermNumbers } from './contract.ts'

const mostWords = 1 << 17
const mostUnits = 1 << 21
const firstSlots = 1 << 13
/** Value, hash, start in the pool and length of an entry, side by side. */
const fields = 4

/** A string that keeps no longer one alive, as a slice does. */
const owned = (text: string): string => (text.length < 13 ? text : ` ${text}`.slice(1))

/** Numbers terms from 0 on, in the order in which they first come. */
export function termNumbers(): TermNumbers {
  const numbers = new Map<string, number>()
  const terms: string[] = []
  return {
    get size() {
      return terms.length
    },
    numberOf(term) {
      const known = numbers.get(term)
      if (known !== undefined) return known
      const own = owned(term)
      numbers.set(own, terms.length)
      return terms.push(own) - 1
    },
    termOf: (number) => terms[number]!,
    clear() {
      numbers.clear()
      terms.length = 0
    },
  }
}

/** Remembers the numbers that runs of text give. */
export interface WordCache {
  /**
   * The number that the run from `start` gives, or the complement (`~`) of an index into `lists` when it gives none or
   * several, valid until the next call. `units` are the run's own, `hash` is any function of them.
   */
  find(text: string, start: number, units: Uint16Array, length: number, hash: number): number
  readonly lists: readonly (readonly number[])[]
  clear(): void
}

/**
 * Finds runs by their hash and units, so that no string is made for one seen before. Bounded: when it is full it starts
 * again empty.
 */
export function wordCache(make: (run: string) => readonly number[]): WordCache {
  let table = new Int32Array(fields * firstSlots)
  let mask = firstSlots - 1
  let pool = new Uint16Array(1 << 14)
  let used = 0
  let words = 0
  const none: readonly number[] = []
  const lists: (readonly number[])[] = [none]

  const slotOf = (hash: number): number => (hash ^ (hash >>> 15)) & mask

  function clear(): void {
    table.fill(0)
    used = 0
    words = 0
    lists.length = 1
  }

  /** `value` is a number above 0, or one below it for a list: 0 marks a free slot. */
  function place(value: number, hash: number, start: number, length: number): void {
    let slot = slotOf(hash)
    while (table[slot * fields] !== 0) slot = (slot + 1) & mask
    const at = slot * fields
    table[at] = value
    table[at + 1] = hash
    table[at + 2] = start
    table[at + 3] = length
  }

  function grow(): void {
    const old = table
    table = new Int32Array(old.length * 2)
    mask = mask * 2 + 1
    for (let at = 0; at < old.length; at += fields)
      if (old[at] !== 0) place(old[at]!, old[at + 1]!, old[at + 2]!, old[at + 3]!)
  }

  function add(text: string, start: number, units: Uint16Array, length: number, hash: number): number {
    const numbers = make(text.slice(start, start + length))
    if (words >= mostWords || used + length > mostUnits) clear()
    while (used + length > pool.length) {
      const larger = new Uint16Array(pool.length * 2)
      larger.set(pool)
      pool = larger
    }
    const found = numbers.length === 1 ? numbers[0]! : numbers.length === 0 ? ~0 : ~(lists.push(numbers) - 1)
    place(found >= 0 ? found + 1 : found, hash, used, length)
    for (let unit = 0; unit < length; unit++) pool[used++] = units[unit]!
    if (++words * 2 > mask) grow()
    return found
  }

  return {
    lists,
    clear,
    find(text, start, units, length, hash) {
      for (let slot = slotOf(hash); ; slot = (slot + 1) & mask) {
        const at = slot * fields
        const value = table[at]!
        if (value === 0) return add(text, start, units, length, hash)
        if (table[at + 1] !== hash || table[at + 3] !== length) continue
        const from = table[at + 2]!
        let unit = 0
        while (unit < length && pool[from + unit] === units[unit]) unit++
        if (unit === length) return value > 0 ? value - 1 : value
      }
    },
  }
}

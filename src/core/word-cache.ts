const mostWords = 1 << 18
const mostUnits = 1 << 22
/** Slot, hash, start in the pool and length of an entry, side by side. */
const fields = 4

/**
 * Remembers what a run of text gives, found by its hash and units so that no string is made for a run seen before.
 * Bounded: when it is full it starts again empty.
 */
export function wordCache(
  make: (run: string) => readonly string[],
): (text: string, start: number, end: number, hash: number) => readonly string[] {
  let table = new Int32Array(fields << 13)
  let mask = (1 << 13) - 1
  let pool = new Uint16Array(1 << 14)
  let used = 0
  let values: (readonly string[])[] = []

  const slotOf = (hash: number): number => (hash ^ (hash >>> 15)) & mask

  function place(entry: number, hash: number, start: number, length: number): void {
    let slot = slotOf(hash)
    while (table[slot * fields] !== 0) slot = (slot + 1) & mask
    const at = slot * fields
    table[at] = entry
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

  function add(text: string, start: number, end: number, hash: number): readonly string[] {
    const value = make(text.slice(start, end))
    if (values.length >= mostWords || used + end - start > mostUnits) {
      table.fill(0)
      used = 0
      values = []
    }
    while (used + end - start > pool.length) {
      const larger = new Uint16Array(pool.length * 2)
      larger.set(pool)
      pool = larger
    }
    place(values.push(value), hash, used, end - start)
    for (let at = start; at < end; at++) pool[used++] = text.charCodeAt(at)
    if (values.length * 2 > mask) grow()
    return value
  }

  return (text, start, end, hash) => {
    const length = end - start
    for (let slot = slotOf(hash); ; slot = (slot + 1) & mask) {
      const at = slot * fields
      const entry = table[at]!
      if (entry === 0) return add(text, start, end, hash)
      if (table[at + 1] !== hash || table[at + 3] !== length) continue
      const from = table[at + 2]!
      let unit = 0
      while (unit < length && pool[from + unit] === text.charCodeAt(start + unit)) unit++
      if (unit === length) return values[entry - 1]!
    }
  }
}

const mostWords = 1 << 18
const mostUnits = 1 << 22

/**
 * Remembers what a run of text gives, found by its hash and units so that no string is made for a run seen before.
 * Bounded: when it is full it starts again empty.
 */
export function wordCache(
  make: (run: string) => readonly string[],
): (text: string, start: number, end: number, hash: number) => readonly string[] {
  let slots = new Int32Array(1 << 13)
  let pool = new Uint16Array(1 << 14)
  let used = 0
  let hashes: number[] = []
  let starts: number[] = []
  let values: (readonly string[])[] = []

  const slotOf = (hash: number): number => (hash ^ (hash >>> 15)) & (slots.length - 1)

  function grow(): void {
    slots = new Int32Array(slots.length * 2)
    for (let entry = 0; entry < values.length; entry++) {
      let slot = slotOf(hashes[entry]!)
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = entry + 1
    }
  }

  return (text, start, end, hash) => {
    const length = end - start
    let slot = slotOf(hash)
    for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
      const from = starts[entry - 1]!
      if (hashes[entry - 1] === hash && (starts[entry] ?? used) - from === length) {
        let at = 0
        while (at < length && pool[from + at] === text.charCodeAt(start + at)) at++
        if (at === length) return values[entry - 1]!
      }
      slot = (slot + 1) & (slots.length - 1)
    }
    const value = make(text.slice(start, end))
    if (values.length >= mostWords || used + length > mostUnits) {
      slots = new Int32Array(1 << 13)
      used = 0
      hashes = []
      starts = []
      values = []
      slot = slotOf(hash)
    }
    while (used + length > pool.length) {
      const larger = new Uint16Array(pool.length * 2)
      larger.set(pool)
      pool = larger
    }
    hashes.push(hash)
    starts.push(used)
    for (let at = start; at < end; at++) pool[used++] = text.charCodeAt(at)
    values.push(value)
    slots[slot] = values.length
    if (values.length * 2 > slots.length) grow()
    return value
  }
}

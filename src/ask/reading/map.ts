/**
 * Does a task for each item, at most `concurrency` at a time, and gives the results in the order of the items as soon as each is its
 * turn. Items are drawn one by one, never more than twice `concurrency` ahead of what was taken, so that memory does not grow with their
 * number. What a task throws ends the map after the tasks in flight have ended.
 */
export async function* mapOrdered<Item, Value>(
  items: AsyncIterable<Item> | Iterable<Item>,
  task: (item: Item, index: number) => Promise<Value>,
  concurrency: number,
): AsyncGenerator<Value, void, void> {
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  const flying: Promise<{ readonly value: Value } | { readonly error: unknown }>[] = []
  let index = 0
  let drained = false
  const running = new Set<Promise<unknown>>()
  const begin = async (): Promise<void> => {
    while (!drained && flying.length < 2 * concurrency) {
      while (running.size >= concurrency) {
        if (flying.length > 0 && !running.has(flying[0]!)) return
        await Promise.race(running)
      }
      const next = await source.next()
      if (next.done) {
        drained = true
        return
      }
      const own = task(next.value, index++).then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      )
      running.add(own)
      void own.then(() => running.delete(own))
      flying.push(own)
    }
  }
  try {
    for (;;) {
      await begin()
      const first = flying.shift()
      if (!first) return
      const settled = await first
      if ('error' in settled) throw settled.error
      yield settled.value
    }
  } finally {
    await Promise.all(flying)
    await source.return?.()
  }
}

/** Items in order as groups that have together at most so much size, and at most `most` items; an item of more is a group by itself. */
export async function* grouped<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  sizeOf: (item: Item) => number,
  room: number,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<Item[], void, void> {
  let group: Item[] = []
  let used = 0
  for await (const item of items) {
    const own = sizeOf(item)
    if (group.length > 0 && (used + own > room || group.length >= most)) {
      yield group
      group = []
      used = 0
    }
    group.push(item)
    used += own
  }
  if (group.length > 0) yield group
}

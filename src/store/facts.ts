import type { OutlineNode, SourceId } from '../core/index.ts'
import type { Searchable, StoredSource } from './contract.ts'

/** What a store knows of a source by its id alone: its structure, and the time that it speaks from. Each is asked for once. */
export function partsOfStore(store: Searchable): {
  outline(source: SourceId): Promise<readonly OutlineNode[]>
  time(source: SourceId): Promise<number | undefined>
} {
  const stored = new Map<SourceId, Promise<StoredSource | undefined>>()
  const outlines = new Map<SourceId, Promise<readonly OutlineNode[]>>()
  const find = (source: SourceId) => {
    let found = stored.get(source)
    if (!found) stored.set(source, (found = store.source({ source, start: 0, end: 0 })))
    return found
  }
  return {
    outline(source) {
      let found = outlines.get(source)
      if (!found) outlines.set(source, (found = find(source).then((known) => (known ? store.outline(known) : []))))
      return found
    },
    time: async (source) => (await find(source))?.time,
  }
}

import type { OutlineNode } from '../../../core/index.ts'

/** A key with its value, an item of a list, or a document. */
export interface Entry {
  readonly name: string
  readonly start: number
  end: number
  readonly children: Entry[]
  /** Set on items of lists. */
  readonly item?: boolean
}

/** Entries shorter than this are not divided. */
const smallest = 600

const titleOf = (path: string, { name, item }: Entry): string =>
  path === '' ? name : item ? `${path}${name}` : `${path}.${name}`

/** The outline of a tree of entries: the outermost ones, and those within entries that are long. */
export function outlineOf(entries: readonly Entry[], deepest: number): OutlineNode[] {
  const nodes: OutlineNode[] = []
  const pending = entries.map((entry) => ({ entry, path: '', level: 1, parent: -1 })).reverse()
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { entry, path, level, parent } = next
    const title = titleOf(path, entry)
    const divided = entry.children.length > 0 && level < deepest && entry.end - entry.start > smallest
    nodes.push({
      kind: entry.children.length > 0 ? 'section' : entry.item ? 'atom' : 'definition',
      title: title.slice(0, 300),
      level,
      start: entry.start,
      end: entry.end,
      ...(parent === -1 ? {} : { parent }),
    })
    const index = nodes.length - 1
    if (divided)
      for (const child of entry.children.toReversed())
        pending.push({ entry: child, path: title.slice(0, 300), level: level + 1, parent: index })
  }
  return nodes
}

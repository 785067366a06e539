import type { SyntaxNode } from '../../adapters/tree-sitter.ts'

export interface Statement {
  start: number
  end: number
}

/** Containers shorter than this are not cut, so that their statements are not told apart. */
const longUnit = 1000
/** Statements shorter than this are as good as a line. */
const shortest = 80
const deepest = 12

/**
 * The statements of a long container that span lines, and those within statements that are long themselves. Units are
 * left out: they have a node of their own.
 */
export function findStatements(
  text: string,
  container: SyntaxNode,
  blocks: ReadonlySet<string>,
  ids: ReadonlySet<number>,
  out: Statement[],
): void {
  const pending: { readonly node: SyntaxNode; readonly depth: number; readonly block: boolean }[] = [
    { node: container, depth: 0, block: container.parent === null },
  ]
  for (let at = pending.pop(); at; at = pending.pop()) {
    const { node, depth, block } = at
    if (node.endIndex - node.startIndex < longUnit || depth > deepest * 4) continue
    for (const child of node.namedChildren) {
      const start = child.startIndex
      const end = child.endIndex
      if (end - start < shortest || ids.has(child.id)) continue
      const inside = blocks.has(child.type)
      if (block && !inside && !child.isExtra && text.slice(start, end).includes('\n')) out.push({ start, end })
      if (end - start >= longUnit) pending.push({ node: child, depth: depth + 1, block: inside })
    }
  }
}

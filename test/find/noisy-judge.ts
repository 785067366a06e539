// A judge of stated noise over a tree of stated shape: programs that stand in for a model and a corpus.
import type { Judge } from '../../src/find/trees/descend.ts'
import { evenRanges, type Tree, type TreeNode } from '../../src/find/trees/tree.ts'

export const seeded = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let value = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
  return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
}

/** A tree of numbered leaves; each node's text is its own number. */
export function balancedTree(leaves: number, branching: number): Tree {
  const node = (children: number[], level: number, number: number): TreeNode => ({
    spans: [{ source: 's', start: number, end: number + 1 }],
    text: String(number),
    children,
    level,
  })
  const nodes: TreeNode[] = Array.from({ length: leaves }, (_, number) => node([], 0, number))
  let level = nodes.map((_, number) => number)
  for (let height = 1; level.length > branching; height++)
    level = evenRanges(level.length, branching).map(
      ([from, to]) => nodes.push(node(level.slice(from, to), height, nodes.length)) - 1,
    )
  return { nodes, roots: level }
}

/**
 * Scores a node 0.8 where the wanted leaf is at or below it, and others from 0.2 to 0.6 by a fixed draw. Each call adds one
 * offset of normal noise (`ofCall`) to all its scores, and each score one of its own (`ofScore`).
 */
export function noisyJudge(tree: Tree, target: number, ofCall: number, ofScore: number, next: () => number): Judge {
  const above = new Set([target])
  for (const [number, { children }] of tree.nodes.entries())
    if (children.some((child) => above.has(child))) above.add(number)
  const normal = (): number => Math.sqrt(-2 * Math.log(next() + 1e-12)) * Math.cos(2 * Math.PI * next())
  return async (_query, texts) => {
    const offset = ofCall * normal()
    return texts.map((text) => {
      const number = Number(text)
      const own = above.has(number) ? 0.8 : 0.2 + 0.4 * seeded(number * 31 + target)()
      return own + offset + ofScore * normal()
    })
  }
}

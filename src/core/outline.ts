import type { OutlineKind, OutlineNode } from './contract.ts'
import { splitsPair } from './spans.ts'

/** Index of the first node that begins at `start` or later. */
function firstFrom(outline: readonly OutlineNode[], start: number): number {
  let low = 0
  let high = outline.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (outline[middle]!.start < start) low = middle + 1
    else high = middle
  }
  return low
}

/** The nodes that begin from `start` to before `end`, by binary search. */
export const nodesFrom = (outline: readonly OutlineNode[], start: number, end: number): readonly OutlineNode[] =>
  outline.slice(firstFrom(outline, start), firstFrom(outline, end))

/**
 * Index of the smallest unit of a well-nested `outline` that encloses `start` to `end`, or undefined: binary search for
 * the last unit that begins by `start`, then its parents.
 */
export function nodeAt(outline: readonly OutlineNode[], start: number, end: number): number | undefined {
  let index: number | undefined = firstFrom(outline, start + 1) - 1
  while (index !== undefined && index >= 0) {
    const node: OutlineNode = outline[index]!
    if (node.end >= end && node.start <= start) return index
    index = node.parent !== undefined && node.parent < index ? node.parent : undefined
  }
  return undefined
}

/** Index of the nearest unit around `node` whose kind is among `kinds` (of any kind without it), or undefined. */
export function parentOf(
  outline: readonly OutlineNode[],
  node: number,
  kinds?: readonly OutlineKind[],
): number | undefined {
  let below = node
  for (let index = outline[node]?.parent; index !== undefined && index < below; index = outline[index]!.parent) {
    if (!kinds || kinds.includes(outline[index]!.kind)) return index
    below = index
  }
  return undefined
}

/** The outline made ready for a walk: sorted, clamped to the text and to one another, without pages. */
export interface Tree {
  /** Nodes by their place in the tree; `next` is the first place after a node and all that it holds. */
  readonly nodes: readonly OutlineNode[]
  readonly starts: Float64Array
  readonly ends: Float64Array
  readonly next: Int32Array
  /** Tokens of each node with all that it holds. */
  readonly tokens: Float64Array
  /** 1 where a turn or message lies inside. */
  readonly talks: Uint8Array
}

export const isTurn = (kind: OutlineKind): boolean => kind === 'turn' || kind === 'message'

/** Indices of the outline's units in pre-order; units without an extent are left out. */
export function preOrder(outline: readonly OutlineNode[]): number[] {
  const order: number[] = []
  let sorted = true
  for (const [index, { start, end }] of outline.entries()) {
    if (!(start < end)) continue
    sorted &&= order.length === 0 || outline[order.at(-1)!]!.start <= start
    order.push(index)
  }
  return sorted
    ? order
    : order.sort((a, b) => outline[a]!.start - outline[b]!.start || outline[b]!.end - outline[a]!.end)
}

export function buildTree(
  text: string,
  outline: readonly OutlineNode[],
  measure: (start: number, end: number) => number,
): Tree {
  const nodes = preOrder(outline)
    .map((index) => outline[index]!)
    .filter((node) => node.kind !== 'page')
  const starts = new Float64Array(nodes.length)
  const ends = new Float64Array(nodes.length)
  const next = new Int32Array(nodes.length)
  const tokens = new Float64Array(nodes.length)
  const talks = new Uint8Array(nodes.length)
  const open: number[] = []
  const whole = (at: number): number => {
    const offset = Math.trunc(Math.min(Math.max(0, at), text.length))
    return splitsPair(text, offset) ? offset + 1 : offset
  }
  let cursor = 0
  let sum = 0
  const advance = (to: number): void => {
    if (to > cursor) {
      sum += measure(cursor, to)
      cursor = to
    }
  }
  const close = (at: number, upTo: number): void => {
    while (open.length > 0 && ends[open.at(-1)!]! <= at) {
      const last = open.pop()!
      advance(ends[last]!)
      tokens[last] = sum - tokens[last]!
      next[last] = upTo
    }
  }
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index]!
    const start = whole(node.start)
    close(start, index)
    const parent = open.at(-1)
    starts[index] = start
    ends[index] = Math.max(start, Math.min(whole(node.end), parent === undefined ? text.length : ends[parent]!))
    if (starts[index] === ends[index]) {
      next[index] = index + 1
      continue
    }
    advance(start)
    tokens[index] = sum
    if (isTurn(node.kind)) for (let at = open.length - 1; at >= 0 && talks[open[at]!] === 0; at--) talks[open[at]!] = 1
    open.push(index)
  }
  close(Number.POSITIVE_INFINITY, nodes.length)
  return { nodes, starts, ends, next, tokens, talks }
}

import { depthOf, type Tree } from './tree.ts'

/** How much each of some texts has to do with a query, larger for more; scores of one call are comparable, of two only roughly. */
export type Judge = (query: string, texts: readonly string[], abortSignal?: AbortSignal) => Promise<readonly number[]>

export interface DescentOptions {
  /** Nodes opened at once. Default 3. */
  readonly beam: number
  /** Rounds of opening for each level of the tree; what is more than 1 is left for going back. Default 2. */
  readonly rounds: number
  /** Share of a node's worth that comes from its parent's, 0 to 1. Default 0.5. */
  readonly memory: number
  /** Takes out what one call's scores are too high or too low as a whole. Default true. */
  readonly calibrate: boolean
  /** Nodes judged before that are judged again beside others, to compare calls by. Default 3. */
  readonly anchors: number
}
export interface Arrival {
  /** The passage's node, and all nodes from a root to it. */
  readonly node: number
  readonly path: readonly number[]
  readonly score: number
}
export interface Descent {
  /** Best first. */
  readonly found: readonly Arrival[]
  readonly calls: number
  /** Nodes in the order in which they were opened. */
  readonly opened: readonly number[]
}

/** What each call's scores are off by, at most pulled so far towards nothing. */
const pull = 0.5
const sweeps = 25

interface Slate {
  readonly nodes: readonly number[]
  readonly scores: readonly number[]
}

/**
 * One score for each node from calls that each have an offset of their own: the least squares of score = node + offset,
 * found by turns, with offsets pulled towards nothing.
 */
export function calibrated(slates: readonly Slate[]): Map<number, number> {
  const seen = new Map<number, [slate: number, score: number][]>()
  for (const [slate, { nodes, scores }] of slates.entries())
    for (const [at, node] of nodes.entries()) {
      const list = seen.get(node) ?? []
      list.push([slate, scores[at]!])
      seen.set(node, list)
    }
  const offsets = new Float64Array(slates.length)
  const values = new Map<number, number>()
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (const [node, list] of seen)
      values.set(node, list.reduce((sum, [slate, score]) => sum + score - offsets[slate]!, 0) / list.length)
    for (const [slate, { nodes, scores }] of slates.entries())
      offsets[slate] = nodes.reduce((sum, node, at) => sum + scores[at]! - values.get(node)!, 0) / (nodes.length + pull)
  }
  return values
}

function raw(slates: readonly Slate[]): Map<number, number> {
  const values = new Map<number, number>()
  for (const { nodes, scores } of slates)
    for (const [at, node] of nodes.entries()) if (!values.has(node)) values.set(node, scores[at]!)
  return values
}

/**
 * From the roots to the passages that a judge finds best, best first: each round opens the best closed nodes anywhere in
 * the tree, so that a branch that disappoints is left for another (after Gupta et al. 2025, LLM-guided Hierarchical
 * Retrieval, arXiv 2510.13217; offsets of calls are fitted here by least squares with the same anchors). Makes at most
 * 1 + beam * rounds * depth calls.
 */
export async function descend(
  tree: Tree,
  query: string,
  judge: Judge,
  options: Partial<DescentOptions> = {},
  abortSignal?: AbortSignal,
): Promise<Descent> {
  const { beam = 3, rounds = 2, memory = 0.5, calibrate = true, anchors = 3 } = options
  const { nodes, roots } = tree
  const parents = new Map<number, number>()
  const slates: Slate[] = []
  const opened: number[] = []
  const worth = new Map<number, number>()

  function weigh(): void {
    const values = calibrate ? calibrated(slates) : raw(slates)
    worth.clear()
    const walk = (list: readonly number[], parent: number | undefined): void => {
      for (const node of list) {
        const own = values.get(node)
        if (own === undefined) continue
        worth.set(node, parent === undefined ? own : memory * parent + (1 - memory) * own)
        walk(nodes[node]!.children, worth.get(node))
      }
    }
    walk(roots, undefined)
  }
  const best = (list: Iterable<number>): number[] =>
    [...list].sort((first, second) => worth.get(second)! - worth.get(first)! || first - second)

  async function look(children: readonly number[], beside: readonly number[]): Promise<Slate> {
    const asked = [...children, ...beside]
    const scores = await judge(
      query,
      asked.map((node) => nodes[node]!.text),
      abortSignal,
    )
    return { nodes: asked, scores: asked.map((_, at) => scores[at] ?? 0) }
  }

  if (roots.length === 0) return { found: [], calls: 0, opened }
  slates.push(await look(roots, []))
  weigh()
  for (let round = 0; round < rounds * depthOf(tree); round++) {
    abortSignal?.throwIfAborted()
    const known = [...worth.keys()]
    const closed = known.filter((node) => nodes[node]!.children.length > 0 && !opened.includes(node))
    const next = best(closed).slice(0, beam)
    if (next.length === 0) break
    const ranked = calibrate ? best(known) : []
    const made = await Promise.all(
      next.map((node) => {
        const { children } = nodes[node]!
        // Passages are compared with passages, and units above them with their like.
        const low = nodes[children[0]!]!.children.length === 0
        const alike = ranked.filter(
          (other) => low === (nodes[other]!.children.length === 0) && !children.includes(other),
        )
        const rest = ranked.filter((other) => !alike.includes(other) && !children.includes(other))
        return look(children, [...alike, ...rest].slice(0, anchors))
      }),
    )
    for (const [at, node] of next.entries()) {
      opened.push(node)
      for (const child of nodes[node]!.children) parents.set(child, node)
      slates.push(made[at]!)
    }
    weigh()
  }
  const found = best([...worth.keys()].filter((node) => nodes[node]!.children.length === 0)).map((node): Arrival => {
    const path = [node]
    for (let up = parents.get(node); up !== undefined; up = parents.get(up)) path.unshift(up)
    return { node, path, score: worth.get(node)! }
  })
  return { found, calls: slates.length, opened }
}

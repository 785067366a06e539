import { passageText, type Span } from '../../core/index.ts'
import type { Searchable } from '../../store/index.ts'
import { passagesOf } from '../corpus.ts'
import { rarities, termCounts, wordVector } from '../words.ts'
import type { Summarise, Vectorise } from './gists.ts'
import { groupsOf } from './groups.ts'
import { evenRanges, joinSpans, type Tree, type TreeNode } from './tree.ts'

/** Summaries under way at once. */
const atOnce = 4
const keywords = 24
/** Terms that a node keeps to choose its keywords from. */
const keptTerms = 400

/** Vectors of words, for where there is no embedding model. */
export function wordVectors(store: Searchable, dimensions = 256): Vectorise {
  const rarityOf = rarities(store)
  return async (texts) => {
    const counts = texts.map((text) => termCounts(store.analyzer, text))
    const rarity = await rarityOf(counts.flatMap((count) => [...count.keys()]))
    return counts.map((count) => wordVector(count, rarity, dimensions))
  }
}

async function leavesOf(store: Searchable, abortSignal?: AbortSignal): Promise<TreeNode[]> {
  const leaves: TreeNode[] = []
  for await (const source of store.sources())
    for await (const passage of passagesOf(store, source, abortSignal)) {
      const text = await passageText(passage, store.texts, abortSignal)
      leaves.push({ spans: passage.spans, text, verbatim: true, children: [], level: 0 })
    }
  return leaves
}

async function inTurn<Item, Value>(items: readonly Item[], work: (item: Item) => Promise<Value>): Promise<Value[]> {
  const made: Value[] = []
  for (let at = 0; at < items.length; at += atOnce)
    made.push(...(await Promise.all(items.slice(at, at + atOnce).map(work))))
  return made
}

/**
 * Bottom up over all passages: those near each other are grouped and summarised, the summaries again, until one level has
 * no more than `branching` (after Sarthi et al. 2024, RAPTOR, arXiv 2401.18059; groups here do not overlap and come from
 * halving, not from a Gaussian mixture). Returns the vector of every node too.
 */
export async function summaryTree(
  store: Searchable,
  vectorise: Vectorise,
  summarise: Summarise,
  branching: number,
  abortSignal?: AbortSignal,
): Promise<{ tree: Tree; vectors: Float32Array[] }> {
  const nodes = await leavesOf(store, abortSignal)
  const vectors: Float32Array[] = []
  for (let at = 0; at < nodes.length; at += 64)
    vectors.push(
      ...(await vectorise(
        nodes.slice(at, at + 64).map(({ text }) => text),
        abortSignal,
      )),
    )
  let level = nodes.map((_, number) => number)
  for (let height = 1; level.length > branching; height++) {
    abortSignal?.throwIfAborted()
    const groups = groupsOf(
      level.map((number) => vectors[number]!),
      branching,
    ).map((group) => group.map((member) => level[member]!))
    const gists = await inTurn(groups, (group) =>
      summarise(
        group.map((member) => nodes[member]!),
        abortSignal,
      ),
    )
    level = gists.map((gist, at) => nodes.push({ ...gist, children: groups[at]!, level: height }) - 1)
    vectors.push(
      ...(await vectorise(
        gists.map(({ text }) => text),
        abortSignal,
      )),
    )
  }
  return { tree: { nodes, roots: level }, vectors }
}

interface Keyworded extends TreeNode {
  readonly counts: ReadonlyMap<string, number>
}

/**
 * A tree whose nodes say what is below them by titles and keywords, without a model. `clusters`: bottom up, by nearness;
 * `sections`: top down, by the documents' own units. No node has more than `branching` children.
 */
export async function keywordTree(
  store: Searchable,
  by: 'clusters' | 'sections',
  vectorise: Vectorise,
  branching: number,
  abortSignal?: AbortSignal,
): Promise<Tree> {
  const rarityOf = rarities(store)
  const nodes: Keyworded[] = (await leavesOf(store, abortSignal)).map((leaf) => ({
    ...leaf,
    counts: termCounts(store.analyzer, leaf.text),
  }))
  const above = async (members: readonly number[], title: string): Promise<number> => {
    const rarity = await rarityOf(members.flatMap((member) => [...nodes[member]!.counts.keys()]))
    const counts = new Map<string, number>()
    for (const member of members)
      for (const [term, count] of nodes[member]!.counts) counts.set(term, (counts.get(term) ?? 0) + count)
    const worth = ([term, count]: readonly [string, number]): number => (1 + Math.log(count)) * (rarity.get(term) ?? 0)
    const best = [...counts].sort((first, second) => worth(second) - worth(first) || (first[0] < second[0] ? -1 : 1))
    const words = best.slice(0, keywords).map(([term]) => term)
    return (
      nodes.push({
        spans: joinSpans(members.flatMap((member) => [...nodes[member]!.spans])),
        text: [title, words.join(', ')].filter((part) => part !== '').join(': '),
        children: members,
        level: 1 + Math.max(...members.map((member) => nodes[member]!.level)),
        counts: new Map(best.slice(0, keptTerms)),
      }) - 1
    )
  }
  /** Puts layers over consecutive nodes until no more than `most` are left. */
  const layered = async (given: readonly number[], most: number, title: string): Promise<number[]> => {
    let members = [...given]
    while (members.length > most) {
      const next: number[] = []
      for (const [from, to] of evenRanges(members.length, branching))
        next.push(to - from === 1 ? members[from]! : await above(members.slice(from, to), title))
      members = next
    }
    return members
  }

  if (by === 'clusters') {
    let level = nodes.map((_, number) => number)
    while (level.length > branching) {
      abortSignal?.throwIfAborted()
      const vectors: Float32Array[] = []
      for (let at = 0; at < level.length; at += 64)
        vectors.push(
          ...(await vectorise(
            level.slice(at, at + 64).map((number) => nodes[number]!.text),
            abortSignal,
          )),
        )
      const next: number[] = []
      for (const group of groupsOf(vectors, branching))
        next.push(
          group.length === 1
            ? level[group[0]!]!
            : await above(
                group.map((member) => level[member]!),
                '',
              ),
        )
      level = next
    }
    return { nodes, roots: level }
  }

  const documents: number[] = []
  let first = 0
  for await (const source of store.sources()) {
    abortSignal?.throwIfAborted()
    const members = Array.from({ length: source.passages }, (_, at) => first + at)
    first += source.passages
    const units = (await store.outline(source)).filter(({ kind }) => kind === 'section' || kind === 'chapter')
    const inside = (number: number, unit: { start: number; end: number }): boolean => {
      const span: Span = nodes[number]!.spans.at(-1)!
      return unit.start <= span.start && span.start < unit.end
    }
    let current = members
    // Deepest units first, so that a unit gathers what the units inside it have gathered.
    for (const unit of [...units].sort((a, b) => b.level - a.level || a.start - b.start)) {
      const own = current.filter((number) => inside(number, unit))
      if (own.length < 2) continue
      const node = await above(await layered(own, branching, unit.title ?? ''), unit.title ?? '')
      const at = current.indexOf(own[0]!)
      current = [...current.slice(0, at), node, ...current.slice(at).filter((number) => !own.includes(number))]
    }
    const top = await layered(current, branching, '')
    const title = source.title ?? source.uri.slice(source.uri.lastIndexOf('/') + 1)
    if (top.length > 0) documents.push(top.length === 1 ? top[0]! : await above(top, title))
  }
  return { nodes, roots: await layered(documents, branching, '') }
}

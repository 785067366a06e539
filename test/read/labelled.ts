import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A heading as a person labelled it: level from 1, words. */
export type Label = readonly [level: number, title: string]

export interface LabelledPdf {
  readonly name: string
  readonly bytes: Uint8Array
  readonly generator: string
  readonly headings: readonly Label[]
}

const folder = join(import.meta.dirname, '../golden/pdf')

/** The PDFs whose headings were labelled by hand, by name. */
export function labelledPdfs(): LabelledPdf[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.labels.json'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -'.labels.json'.length)
      const { generator, headings } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
        generator: string
        headings: Label[]
      }
      return { name, bytes: new Uint8Array(readFileSync(join(folder, `${name}.pdf`))), generator, headings }
    })
}

const fold = (title: string): string => title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')

/** F1 of the headings found, whatever their level. */
export function headingF1(found: readonly Label[], wanted: readonly Label[]): number {
  const left = new Map<string, number>()
  for (const [, title] of wanted) left.set(fold(title), (left.get(fold(title)) ?? 0) + 1)
  let right = 0
  for (const [, title] of found) {
    const count = left.get(fold(title)) ?? 0
    if (count > 0) right++
    left.set(fold(title), count - 1)
  }
  return found.length + wanted.length === 0 ? 1 : (2 * right) / (found.length + wanted.length)
}

interface Tree {
  /** In post-order, the root last. */
  readonly labels: string[]
  /** For each node the first leaf below it. */
  readonly leftmost: number[]
}

function treeOf(headings: readonly Label[]): Tree {
  interface Node {
    label: string
    level: number
    children: Node[]
  }
  const root: Node = { label: '', level: 0, children: [] }
  const open = [root]
  for (const [level, title] of headings) {
    while (open.length > 1 && open.at(-1)!.level >= level) open.pop()
    const node = { label: fold(title), level, children: [] }
    open.at(-1)!.children.push(node)
    open.push(node)
  }
  const tree: Tree = { labels: [], leftmost: [] }
  const visit = (node: Node): number => {
    let first = -1
    for (const child of node.children) {
      const leaf = visit(child)
      if (first === -1) first = leaf
    }
    tree.labels.push(node.label)
    tree.leftmost.push(first === -1 ? tree.labels.length - 1 : first)
    return tree.leftmost.at(-1)!
  }
  visit(root)
  return tree
}

/** Edit distance of two trees with unit costs (Zhang and Shasha, 1989). */
function treeDistance(one: Tree, two: Tree): number {
  const keyroots = ({ leftmost }: Tree): number[] => [...new Map(leftmost.map((leaf, node) => [leaf, node])).values()]
  const distance = one.labels.map(() => new Array<number>(two.labels.length).fill(0))
  for (const i of keyroots(one).sort((a, b) => a - b))
    for (const j of keyroots(two).sort((a, b) => a - b)) {
      const [li, lj] = [one.leftmost[i]!, two.leftmost[j]!]
      const table = Array.from({ length: i - li + 2 }, () => new Array<number>(j - lj + 2).fill(0))
      for (let x = 1; x < table.length; x++) table[x]![0] = x
      for (let y = 1; y < table[0]!.length; y++) table[0]![y] = y
      for (let x = 1; x < table.length; x++)
        for (let y = 1; y < table[0]!.length; y++) {
          const [a, b] = [li + x - 1, lj + y - 1]
          const removed = Math.min(table[x - 1]![y]! + 1, table[x]![y - 1]! + 1)
          if (one.leftmost[a] === li && two.leftmost[b] === lj) {
            table[x]![y] = Math.min(removed, table[x - 1]![y - 1]! + (one.labels[a] === two.labels[b] ? 0 : 1))
            distance[a]![b] = table[x]![y]!
          } else {
            const before = table[one.leftmost[a]! - li]![two.leftmost[b]! - lj]!
            table[x]![y] = Math.min(removed, before + distance[a]![b]!)
          }
        }
    }
  return distance.at(-1)!.at(-1)!
}

/** 1 less the tree edit distance over the nodes of the larger tree; 1 when the trees are equal. */
export function treeAccuracy(found: readonly Label[], wanted: readonly Label[]): number {
  const most = Math.max(found.length, wanted.length)
  return most === 0 ? 1 : Math.max(0, 1 - treeDistance(treeOf(found), treeOf(wanted)) / most)
}

import type { Analyzer, Pack } from '../../core/index.ts'
import { renderAll } from '../../fit/index.ts'
import { numberedRenderer } from '../numbered.ts'
import type { Run } from './run.ts'

export interface Vote {
  /** Which of the texts lies nearest to all. */
  readonly index: number
  /** Mean similarity of that one to the others, 0 to 1; 1 for a single text. */
  readonly agreement: number
}

/** Share of common terms of two texts (twice the common over all, 0 to 1). */
export function similarity(one: readonly string[], other: readonly string[]): number {
  if (one.length + other.length === 0) return 1
  const left = new Map<string, number>()
  for (const term of one) left.set(term, (left.get(term) ?? 0) + 1)
  let common = 0
  for (const term of other) {
    const count = left.get(term) ?? 0
    if (count > 0) common++
    left.set(term, count - 1)
  }
  return (2 * common) / (one.length + other.length)
}

/** The medoid of texts: the one that is most like all others, the first where several are. Throws a RangeError without texts. */
export function medoid(texts: readonly string[], analyzer: Analyzer): Vote {
  if (texts.length === 0) throw new RangeError('there is no medoid of no texts')
  const terms = texts.map((text) => analyzer.terms(text).map(({ term }) => term))
  const near = terms.map((own, index) => {
    let sum = 0
    for (const [other, others] of terms.entries()) if (other !== index) sum += similarity(own, others)
    return texts.length === 1 ? 1 : sum / (texts.length - 1)
  })
  const agreement = Math.max(...near)
  return { index: near.indexOf(agreement), agreement }
}

/** Orders of so many things, all different where there are enough, the first as they stand; each thing leads about as often as any other. */
export function ordersOf(length: number, most: number): number[][] {
  const all = Array.from({ length }, (_, index) => index)
  const orders: number[][] = []
  const known = new Set<string>()
  const turns = Math.max(1, Math.ceil(most / 2))
  for (let turn = 0; turn < 2 * Math.max(length, turns) && orders.length < most; turn++) {
    const shift = Math.floor(((turn >> 1) * length) / turns) % Math.max(1, length)
    const turned = [...all.slice(shift), ...all.slice(0, shift)]
    const order = turn % 2 === 0 ? turned : turned.reverse()
    if (!known.has(order.join())) orders.push(order)
    known.add(order.join())
  }
  return orders.length === 0 ? [all] : orders
}

/** A numbered pack with its passages in another order, numbered and counted anew. */
export async function reordered({ parts }: Run, pack: Pack, order: readonly number[]): Promise<Pack> {
  const kept = order.map((index) => pack.kept[index]!)
  const items = await Promise.all(
    order.map(async (index) => ({
      passage: pack.kept[index]!,
      text: pack.text.slice(...pack.ranges[index]!),
      label: await parts.label(pack.kept[index]!),
    })),
  )
  const { text, ranges } = renderAll(numberedRenderer, items)
  const count = parts.counter.count(text)
  return { ...pack, kept, text, ranges, tokens: { ...pack.tokens, count, margin: parts.counter.margin(count) } }
}

import type { Analyzer, Passage } from '../../core/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { passageTexts } from '../passages.ts'

export const meta = {
  name: 'distinct',
  summary: 'Leaves out passages that say nearly the same words as a better one.',
  paper: 'Broder 1997, On the Resemblance and Containment of Documents',
  needs: ['inner'],
} as const satisfies RetrieverMeta

export interface DistinctOptions {
  /** Share of runs of three words in common, of all that the two have, from which they are the same. Default 0.8. */
  readonly resemblance: number
  /** Most passages to ask the inner retriever for, for each that is wanted. Default 4. */
  readonly depth: number
}

const run = 3

/** The runs of three terms in a text; of a shorter text, all its terms as one. */
export function shingles(analyzer: Analyzer, text: string): Set<string> {
  const words: string[] = []
  let last = -1
  analyzer.each(text, (term, position) => {
    if (position !== last) words.push(term)
    last = position
  })
  const found = new Set<string>()
  if (words.length > 0 && words.length < run) found.add(words.join(' '))
  for (let at = 0; at + run <= words.length; at++) found.add(words.slice(at, at + run).join(' '))
  return found
}

/** Numbers of the texts that resemble no earlier one that was kept. */
function keep(sets: readonly Set<string>[], resemblance: number): number[] {
  const holders = new Map<string, number[]>()
  const kept: number[] = []
  for (const [number, set] of sets.entries()) {
    const common = new Map<number, number>()
    for (const shingle of set)
      for (const other of holders.get(shingle) ?? []) common.set(other, (common.get(other) ?? 0) + 1)
    const same = [...common].some(([other, both]) => both / (set.size + sets[other]!.size - both) >= resemblance)
    if (same) continue
    kept.push(number)
    for (const shingle of set) {
      const list = holders.get(shingle)
      if (list) list.push(number)
      else holders.set(shingle, [number])
    }
  }
  return kept
}

/**
 * Leaves out passages that nearly repeat a better one. The paper estimates resemblance from sketches; ours counts it, over what was
 * found.
 */
const make: RetrieverFactory<DistinctOptions> = ({ store, inner }, { resemblance = 0.8, depth = 4 } = {}) => ({
  name: meta.name,
  async retrieve(query) {
    query.abortSignal?.throwIfAborted()
    for (let share = 1; ; share *= 2) {
      const limit = query.limit * Math.min(share, depth)
      const found: Passage[] = (await inner[0]?.retrieve({ ...query, limit })) ?? []
      const texts = await passageTexts(found, store.texts, query.abortSignal)
      const kept = keep(
        texts.map((text) => shingles(store.analyzer, text)),
        resemblance,
      )
      if (kept.length >= query.limit || found.length < limit || share >= depth)
        return kept
          .slice(0, query.limit)
          .map((number) => ({ ...found[number]!, trail: [...found[number]!.trail, meta.name] }))
    }
  },
})

export default make

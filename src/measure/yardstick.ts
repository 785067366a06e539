import type { System } from './contract.ts'
import { greedy, passageOf, present } from './pick.ts'

/** Plain BM25 over passages or sentences as a system; texts that share no word with the question are never taken. */
export const plainBm25 = (over: 'passages' | 'sentences', name: string): System => ({
  async run(sample, { shelf, budget }) {
    const all = over === 'passages' ? await shelf.passages() : shelf.sentences()
    const { order, scores } = (await shelf.plain(over)).rank(sample.question)
    const there = sample.delivered === undefined ? undefined : new Set(present(sample, all))
    const usable = there ? order.filter((number) => there.has(all[number]!)) : order
    const ranked =
      over === 'passages'
        ? { ranked: usable.slice(0, 1000).map((number) => passageOf(all[number]!, scores[number]!, name)) }
        : {}
    if (budget === 0) return ranked
    const taken = usable.filter((number) => scores[number]! > 0)
    return { ...ranked, pack: greedy(all, taken, budget, shelf, name) }
  },
})

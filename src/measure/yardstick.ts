import type { System } from './contract.ts'
import { greedy, passageOf, present } from './pick.ts'

/** Plain BM25 over passages or sentences as a system; texts that share no word with the question are not found. */
export const plainBm25 = (over: 'passages' | 'sentences', name: string): System => ({
  async run(sample, { shelf, budget }) {
    const all = over === 'passages' ? await shelf.passages() : shelf.sentences()
    const { order, scores } = (await shelf.plain(over)).rank(sample.question)
    const there = sample.delivered === undefined ? undefined : new Set(present(sample, all))
    const found = order.filter((number) => scores[number]! > 0 && (!there || there.has(all[number]!)))
    const ranked =
      over === 'passages'
        ? { ranked: found.slice(0, 1000).map((number) => passageOf(all[number]!, scores[number]!, name)) }
        : {}
    if (budget === 0) return ranked
    return { ...ranked, pack: greedy(all, found, budget, shelf, name) }
  },
})

// What peers are given: the units of a sample's corpus as texts, and an index that is built once for each corpus.
import type { Passage, Span } from '../../src/core/index.ts'
import type { Corpus, System } from '../../src/measure/index.ts'

/** Ranks texts by their numbers for a question, best first, with scores. */
export type Rank = (question: string, limit: number) => Promise<readonly (readonly [number: number, score: number])[]>

export function peer(name: string, build: (texts: readonly string[]) => Promise<Rank>): System {
  const built = new WeakMap<Corpus, Promise<Rank>>()
  return {
    async run(sample, { shelf }) {
      const { corpus, question, delivered } = sample
      const units: readonly Span[] = corpus.units ?? (await shelf.passages())
      const texts = new Map(corpus.sources.map(({ id, text }) => [id, text]))
      let rank = built.get(corpus)
      if (!rank) {
        rank = build(units.map(({ source, start, end }) => texts.get(source)!.slice(start, end)))
        built.set(corpus, rank)
      }
      const there =
        delivered === undefined ? undefined : new Set(corpus.sources.slice(0, delivered).map(({ id }) => id))
      const found = await (await rank)(question, there ? units.length : 400)
      const ranked = found
        .filter(([number]) => !there || there.has(units[number]!.source))
        .slice(0, 400)
        .map(([number, score]): Passage => ({ spans: [units[number]!], score, trail: [name] }))
      return { ranked }
    },
  }
}

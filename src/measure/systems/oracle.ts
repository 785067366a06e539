import { overlap } from '../../core/index.ts'
import type { SystemFactory, SystemMeta } from '../contract.ts'
import { greedy, present } from '../pick.ts'

export const meta = {
  name: 'oracle',
  summary: 'The sentences that hold the evidence, and no others: the ceiling of any method that chooses text.',
  options: {},
  answers: false,
} as const satisfies SystemMeta

/** Ranks first the passages that hold evidence. Where evidence is a whole passage, its sentences come in reading order. */
const factory: SystemFactory = async () => ({
  async run(sample, { shelf, budget }) {
    const bySource = Map.groupBy(sample.evidence, ({ source }) => source)
    const holds = (span: { source: string; start: number; end: number }): boolean =>
      bySource.get(span.source)?.some((piece) => overlap(piece, span) > 0) ?? false
    const passages = present(sample, await shelf.passages())
    const ranked = passages.filter(holds).map((span) => ({ spans: [span] as const, score: 1, trail: [meta.name] }))
    if (budget === 0) return { ranked }
    const sentences = present(sample, shelf.sentences())
    const gold = sentences.flatMap((span, number) => (holds(span) ? [number] : []))
    return { ranked, pack: greedy(sentences, gold, budget, shelf, meta.name) }
  },
})
export default factory

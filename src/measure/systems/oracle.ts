import { overlap, type Span } from '../../core/index.ts'
import { answerTest } from '../answers.ts'
import type { SystemFactory, SystemMeta } from '../contract.ts'
import { greedy, passageOf, present } from '../pick.ts'

export const meta = {
  name: 'oracle',
  summary: 'The sentences that hold the evidence, and no others: the ceiling of any method that chooses text.',
  options: {},
  answers: false,
} as const satisfies SystemMeta

/**
 * Ranks first the passages that hold evidence. Into a budget go first the sentences of the evidence that hold an answer,
 * then its others; where no evidence is marked, every sentence that holds an answer.
 */
const factory: SystemFactory = async () => ({
  async run(sample, { shelf, budget }) {
    const bySource = Map.groupBy(sample.evidence, ({ source }) => source)
    const holds = (span: Span): boolean => bySource.get(span.source)?.some((piece) => overlap(piece, span) > 0) ?? false
    const passages = present(sample, await shelf.passages())
    const ranked = passages.filter(holds).map((span) => passageOf(span, 1, meta.name))
    if (budget === 0) return { ranked }
    const sentences = present(sample, shelf.sentences())
    const tells = answerTest(sample.answers.flat())
    const answering: number[] = []
    const others: number[] = []
    for (const [number, span] of sentences.entries()) {
      if (sample.evidence.length > 0 && !holds(span)) continue
      if (tells(shelf.text(span))) answering.push(number)
      else if (sample.evidence.length > 0) others.push(number)
    }
    return { ranked, pack: greedy(sentences, [...answering, ...others], budget, shelf, meta.name) }
  },
})
export default factory

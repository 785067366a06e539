import type { Span } from '../core/index.ts'
import type { Outcome, Output, Sample, Shelf } from './contract.ts'
import { between, rangesOf } from './corpus.ts'
import { SpanIndex } from './span-index.ts'

const key = ({ source, start, end }: Span): string => `${source} ${start} ${end}`

/** Numbers of the passages that hold some of the evidence. */
export function goldOf(passages: readonly Span[], evidence: readonly Span[]): number[] {
  const index = new SpanIndex(passages)
  const gold = new Set<number>()
  for (const piece of evidence) for (const { number } of index.overlapping(piece)) gold.add(number)
  return [...gold].sort((one, other) => one - other)
}

/**
 * What metrics look at. Ranked passages are given by their numbers among the shelf's passages; one that is none of them
 * (a widened one) stands for all that it covers; one that was not found has no rank.
 */
export async function outcomeOf(sample: Sample, output: Output, shelf: Shelf): Promise<Outcome> {
  const { corpus, evidence, answers, question, questions, choices, tags } = sample
  const { ranked, pack, said, citations, usage } = output
  const kept = pack?.kept.flatMap((passage) => (passage.copy ? [] : passage.spans))
  let numbers: number[] | undefined
  let gold: number[] | undefined
  if (ranked && evidence.length > 0) {
    const passages = await shelf.passages()
    const byPlace = new Map(passages.map((span, number) => [key(span), number]))
    gold = goldOf(passages, evidence)
    const list = new Set<number>()
    for (const { spans } of ranked) {
      const number = byPlace.get(key(spans.at(-1)!))
      if (number !== undefined) list.add(number)
      else for (const covered of goldOf(passages, spans)) list.add(covered)
    }
    numbers = [...list]
  }
  return {
    question,
    answers,
    tags,
    inContext: () => answers.length > 0 && answers.every((forms) => shelf.holds(forms)),
    characters: corpus.sources.reduce((sum, { text }) => sum + text.length + between.length, -between.length),
    ...(choices ? { choices } : {}),
    ...(questions ? { questions } : {}),
    ...(numbers && gold ? { ranked: numbers, gold } : {}),
    ...(kept ? { kept: rangesOf(corpus, kept) } : {}),
    ...(evidence.length > 0 ? { wanted: rangesOf(corpus, evidence) } : {}),
    ...(pack ? { text: pack.text, tokens: { pack: pack.tokens.count, whole: shelf.tokens() } } : {}),
    ...(said === undefined ? {} : { said }),
    ...(citations ? { citations } : {}),
    ...(usage ? { usage } : {}),
  }
}

import { type Analyzer, loadLeaf } from '../../core/index.ts'
import { analyzers } from '../../store/index.ts'
import { holdsAnswer } from '../answers.ts'
import type { JudgeFactory, JudgeRequest } from '../contract.ts'
import { inDigits, numeralsIn, sameNumber } from '../numbers.ts'
import { answersQuestion } from './program/answering.ts'
import { contentOf, type Fact, factsOf, refusedBy, shareOf } from './program/claims.ts'
import { isRefusal } from './program/refusal.ts'

export const meta = {
  name: 'program',
  summary:
    'Judges by words and numbers alone, without a model: what is not said in nearly the same words it does not find.',
} as const

/** Share of a claim's content words that must stand in up to three sentences that follow each other. */
const least = { entailment: 0.85, reasoning: 0.75 }
/** What a criterion says of an answer, and not of the matter. */
const about =
  /\b(?:mention|state|say|include|note|explain|describe|identif(?:y|ies)|list|provide|give|point out|correctly|clearly)s?\b|\b(?:the )?(?:response|answer|reply)s?\b/gi

/**
 * Entailment and steps of reasoning: content words, all names and all numbers must stand there, and neither side may deny what
 * the other says. A sub-question counts as answered where one of its answers stands in the text, or else where sentences speak
 * of what it speaks of and hold a thing of the kind that it asks for. A criterion is met by the share of its content words. It
 * cannot tell who did what to whom, and knows no synonyms but a few of direction. It agrees with 45 of 48 of our own labels by
 * which it was made and with 44 of 48 that were held out, and with people on whether 2,400 answers of real models are refusals
 * in 2,242 cases, of which 1,524 of 1,650 are from models by which nothing was tuned (`node --test test/measure/metrics.test.ts`).
 */
const factory: JudgeFactory = () => {
  let loaded: Promise<Analyzer> | undefined
  let last: { readonly text: string; readonly facts: readonly Fact[] } | undefined
  const factsFor = (text: string, analyzer: Analyzer): readonly Fact[] => {
    if (last?.text !== text) last = { text, facts: factsOf(text, analyzer) }
    return last.facts
  }
  return {
    name: meta.name,
    origin: 'computed',
    async judge(request, abortSignal) {
      abortSignal?.throwIfAborted()
      const analyzer = await (loaded ??= loadLeaf(analyzers, 'words').then((make) => make()))
      return verdict(request, analyzer, (text) => factsFor(text, analyzer))
    },
  }
}
export default factory

const yes = (is: boolean, why?: string): { score: number; why?: string } => ({
  score: is ? 1 : 0,
  ...(why === undefined ? {} : { why }),
})

function verdict(request: JudgeRequest, analyzer: Analyzer, facts: (text: string) => readonly Fact[]) {
  switch (request.kind) {
    case 'entailment': {
      const why = refusedBy(facts(request.text), request.claim, analyzer, least.entailment)
      return yes(why === undefined, why)
    }
    case 'reasoning': {
      const why = refusedBy(facts(request.said), request.step, analyzer, least.reasoning)
      return yes(why === undefined, why)
    }
    case 'sub-question': {
      const { text, question, answers } = request
      return yes(answers?.length ? holdsAnswer(text, answers) : answersQuestion(facts(text), question, analyzer))
    }
    case 'compliance': {
      const { said, question, answerable } = request
      if (!/[\p{L}\p{N}]/u.test(said)) return yes(!answerable, 'nothing was said')
      const refused = isRefusal(said, question)
      return yes(refused !== answerable, refused ? 'a refusal' : 'an answer')
    }
    case 'rubric': {
      const matter = request.criterion.replace(about, ' ')
      const numbers = numeralsIn(inDigits(request.said))
      const missing = numeralsIn(inDigits(matter)).some((number) => !numbers.some((other) => sameNumber(other, number)))
      if (missing) return yes(false, 'a number differs')
      const wanted = contentOf(matter, analyzer)
      return { score: wanted.size === 0 ? 0 : shareOf(contentOf(request.said, analyzer), wanted) }
    }
  }
}

import type { Analyzer } from '../../../core/index.ts'
import { inDigits, numeralsIn } from '../../numbers.ts'
import { allTerms, contentOf, type Fact, has, shareOf, windows } from './claims.ts'

/** Share of a question's content words that must stand in the sentences that are to answer it. */
const least = 0.75

const times =
  /\b(?:1\d{3}|20\d{2})\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|noon|midnight|dawn|dusk|today|yesterday|century|o'clock)\b|\b\d{1,2}:\d{2}\b|\b\d{1,2}\s*[ap]\.?m\b|\d\s*[年月日点]/i
const reasons =
  /\b(?:because|due to|since|as a result|owing to|thanks to|so that|in order to|caused by|on account of|therefore|led to|reason)\b|因为|由于|所以/i
const places =
  /\b(?:in|at|near|on|inside|outside|under|behind|beside|from|to|into|between|above|below)\s+(?:the\s+|a\s+|an\s+)?([\p{L}\p{M}]+)/giu

const names = (text: string): string[] => [...text.matchAll(/\p{Lu}[\p{L}\p{M}]+/gu)].map(([name]) => name)
const inside = (text: string): string[] =>
  [...text.matchAll(/(?<=[\p{L}\p{N},] )\p{Lu}[\p{L}\p{M}]+/gu)].map(([name]) => name)

/** Whether a text holds something of the kind that is asked for and that the question has not. */
function holdsKind(text: string, question: string, fresh: readonly string[]): boolean {
  const known = new Set(names(question).map((name) => name.toLowerCase()))
  const isNew = (name: string): boolean => !known.has(name.toLowerCase())
  if (/^\W*(?:who|whom|whose)\b|\bwho\b/i.test(question))
    return inside(text).some(isNew) || /^\W*\p{Lu}[\p{L}\p{M}]+ \p{Lu}/u.test(text)
  if (/^\W*when\b|\b(?:which|what) (?:year|date|day|month|time)\b|什么时候|何时|哪一?年/i.test(question))
    return times.test(text)
  if (/\bhow (?:many|much|long|far|old|tall|high|large|big|often|deep|fast|heavy)\b|多少|几/i.test(question))
    return numeralsIn(inDigits(text)).some(
      ({ values }) => !numeralsIn(question).some((own) => own.values[0] === values[0]),
    )
  if (/^\W*why\b|为什么|为何/i.test(question)) return reasons.test(text)
  if (/^\W*where\b|哪里|哪儿|何处/i.test(question))
    return (
      inside(text).some(isNew) ||
      [...text.matchAll(places)].some(([, word]) => !question.toLowerCase().includes(word!.toLowerCase()))
    )
  if (/^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b|吗/i.test(question)) return true
  return fresh.length >= 2
}

/** Whether some sentences that follow each other speak of all that a question speaks of and hold what it asks for. */
export function answersQuestion(facts: readonly Fact[], question: string, analyzer: Analyzer): boolean {
  const wanted = contentOf(question, analyzer)
  if (wanted.size === 0) return false
  for (const window of windows(facts, 2)) {
    const terms = allTerms(window)
    if (shareOf(terms, wanted) < least) continue
    const fresh = [...terms].filter((term) => !has(wanted, term))
    if (holdsKind(window.map(({ text }) => text).join(' '), question, fresh)) return true
  }
  return false
}

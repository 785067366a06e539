import type { Compressor, CompressorMeta } from '../contract.ts'
import { bm25, scaled, termsOf } from '../lexical.ts'
import { groupsOf } from '../shares.ts'
import { meanSurprise } from '../surprise.ts'

export const meta = {
  name: 'sufficient',
  summary: 'Sentences by how much they prove of an answer, until the question is covered; the rest goes.',
  needs: ['query'],
  uses: ['logprobs'],
  adaptive: true,
  paper: 'ECoRAG: Evidentiality-guided Compression for Long Context RAG, arXiv 2506.05167',
} as const satisfies CompressorMeta

/** How often each word of the question that the text has must be covered before it is enough. */
const coverings = 3
/** Sentences, at least, before it can be enough. */
const leastSentences = 4

/** Forms that answer a question word; each is evidence beside the words of the question. */
const forms: readonly (readonly [question: RegExp, answer: RegExp])[] = [
  [
    /\b(when|what (year|date|day|time)|which year)\b/i,
    /\b(\d{4}|\d{1,2}[:.]\d\d|january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b/i,
  ],
  [
    /\b(how (many|much|long|old|far|high|large|often)|what (number|share|percentage|amount))\b/i,
    /\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million)\b/i,
  ],
  [/\b(who|whose|whom)\b/i, /\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+/u],
  [/\b(where|what (city|country|place|town))\b/i, /\b(in|at|near|from) \p{Lu}/u],
  [/\bwhy\b/i, /\b(because|since|due to|caused?|reason|so that|therefore)\b/i],
]

/**
 * Evidentiality of each sentence: words of the question, a form that answers it, and the passage around; with
 * log-probabilities, how much likelier the sentence makes the question. Jeong and others 2025 train a scorer on which sentences
 * led to right answers; ours is a stand-in without training. Sentences after the first that cover the question are refused.
 */
const sufficient: Compressor = {
  grain: 'sentence',
  async score(units, context) {
    const { query = '', analyzer, logProbabilities, rarity, abortSignal } = context
    const texts = units.map(({ text }) => text)
    const lexical = scaled(bm25(texts, query, context))
    const wanted = forms.filter(([question]) => question.test(query)).map(([, answer]) => answer)
    const passages = groupsOf(
      texts.map(({ length }) => length),
      (unit) => units[unit]!.passage,
    )
    const around = new Float64Array(units.length)
    for (const { members } of passages) {
      const best = members.reduce((most, unit) => Math.max(most, lexical[unit]!), 0)
      for (const unit of members) around[unit] = best
    }
    const evidentiality = lexical.map(
      (own, unit) =>
        own + 0.4 * around[unit]! + (wanted.some((form) => form.test(texts[unit]!)) ? 0.3 * (0.2 + around[unit]!) : 0),
    )
    if (logProbabilities && query !== '') {
      const alone = await meanSurprise(query, '', logProbabilities, abortSignal)
      const gains: number[] = []
      for (const text of texts) gains.push(alone - (await meanSurprise(query, text, logProbabilities, abortSignal)))
      for (const [unit, gain] of scaled(gains).entries()) evidentiality[unit]! += gain
    }
    const left = new Map<string, number>()
    for (const term of termsOf(query, analyzer)) if (rarity(term) > 0) left.set(term, coverings)
    const held = new Map<string, number>()
    const termsIn = texts.map((text) => {
      const own = new Set<string>()
      analyzer.each(text, (term) => {
        if (left.has(term)) own.add(term)
      })
      for (const term of own) held.set(term, (held.get(term) ?? 0) + 1)
      return own
    })
    for (const term of [...left.keys()]) {
      const most = Math.min(coverings, held.get(term) ?? 0)
      if (most > 0) left.set(term, most)
      else left.delete(term)
    }
    if (left.size === 0) return evidentiality
    const scores = new Float64Array(units.length).fill(Number.NEGATIVE_INFINITY)
    const order = [...texts.keys()].sort((a, b) => evidentiality[b]! - evidentiality[a]! || a - b)
    for (const [taken, unit] of order.entries()) {
      if (left.size === 0 && taken >= leastSentences) break
      scores[unit] = evidentiality[unit]!
      for (const term of termsIn[unit]!) {
        const more = (left.get(term) ?? 0) - 1
        if (more > 0) left.set(term, more)
        else left.delete(term)
      }
    }
    return scores
  },
}
export default sufficient

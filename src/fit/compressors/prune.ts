import type { Pruner } from '../../core/index.ts'
import type { CompressContext, Compressor, CompressorMeta } from '../contract.ts'
import { termsOf } from '../lexical.ts'
import { groupsOf } from '../shares.ts'
import { cutSentences } from '../units.ts'

export const meta = {
  name: 'prune',
  summary:
    'One pass ranks each passage and marks what of it bears on the question; passages that do not, go altogether.',
  needs: ['query'],
  uses: ['pruner'],
  adaptive: true,
  paper: 'Provence: Efficient and Robust Context Pruning for Retrieval-Augmented Generation, arXiv 2501.16214',
} as const satisfies CompressorMeta

/** Mean probability of a sentence's tokens from which it is kept. */
const threshold = 0.5
/** Share of the question's weight at which the stand-in calls a sentence as likely to bear on it as not. */
const even = 0.1

/**
 * Stands in for a trained pruner: the rarity of the question's words that a sentence covers, with a share of its neighbours',
 * against those that the whole question has; the score is that of the best sentence and the passage's coverage.
 */
function lexicalPruner(query: string, { analyzer, rarity }: CompressContext): Pruner {
  const weights = new Map([...termsOf(query, analyzer)].map((term) => [term, rarity(term)]))
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0) || 1
  const covered = (text: string) => {
    const seen = new Set<string>()
    analyzer.each(text, (term) => {
      if (weights.has(term)) seen.add(term)
    })
    let sum = 0
    for (const term of seen) sum += weights.get(term)!
    return sum / total
  }
  return {
    name: 'lexical',
    async prune(_query, text) {
      const parts = cutSentences({ span: { source: '', start: 0, end: text.length }, text })
      const own = parts.map((part) => covered(part.text))
      const whole = covered(text)
      const keep = own.map((value, at) => {
        const beside = Math.max(own[at - 1] ?? 0, own[at + 1] ?? 0)
        const bearing = value + 0.5 * beside * whole
        return bearing / (bearing + even)
      })
      return {
        score: whole + Math.max(0, ...own),
        ends: Int32Array.from(parts, ({ span }) => span.end),
        keep: Float64Array.from(keep),
      }
    },
  }
}

/** Chirkova and others 2025: sentences whose tokens are mostly marked are kept, and passages are ranked by the same pass. */
const prune: Compressor = {
  grain: 'sentence',
  reranks: true,
  async score(units, context) {
    const { query = '', abortSignal } = context
    const scores = new Float64Array(units.length).fill(Number.NEGATIVE_INFINITY)
    if (query === '') return scores.map((_, unit) => -unit)
    const pruner = context.pruner ?? lexicalPruner(query, context)
    const sizes = units.map(({ text }) => text.length)
    for (const { members } of groupsOf(sizes, (unit) => units[unit]!.passage)) {
      abortSignal?.throwIfAborted()
      const text = members.map((unit) => units[unit]!.text).join('')
      const { score, ends, keep } = await pruner.prune(query, text, abortSignal)
      let token = 0
      let end = 0
      for (const unit of members) {
        end += sizes[unit]!
        let [sum, count] = [0, 0]
        for (; token < ends.length && (ends[token]! <= end || count === 0); token++) {
          sum += keep[token]!
          count++
        }
        if (count > 0 && sum / count >= threshold) scores[unit] = score + sum / count / 1000
      }
    }
    return scores
  },
}
export default prune

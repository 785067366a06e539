import { FoveaError, type Passage, seededRandom, shuffled } from '../../core/index.ts'
import type { Orderer, OrdererMeta } from '../contract.ts'

export const meta = {
  name: 'medoid',
  summary: 'Of several seeded permutations the one whose answer is most like the answers of the others.',
  needs: ['query', 'model'],
  paper:
    'Evaluating Language Model Context Windows: A "Working Memory" Test and Inference-time Correction, arXiv 2407.03651',
} as const satisfies OrdererMeta

/** Seeded permutations of `count` numbers. */
export function permutations(count: number, many: number, seed: number): number[][] {
  const random = seededRandom(seed)
  const given = Array.from({ length: count }, (_, index) => index)
  return Array.from({ length: many }, () => shuffled(given, random))
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu))

/** Words that two answers share, as F1. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (one.size + other.size === 0) return 1
  let shared = 0
  for (const word of one) if (other.has(word)) shared++
  return (2 * shared) / (one.size + other.size)
}

/**
 * Asks the model once per permutation (Dsouza and others 2024, who liken answers by embeddings; here by words) and keeps the
 * order that gave the medoid answer, the first of equals. Throws `part-missing`.
 */
export const medoidOf = (many = 5, seed = 1): Orderer => ({
  costly: true,
  async order(passages, { model, query = '', textOf, abortSignal }) {
    if (!model) throw new FoveaError('part-missing', 'the orderer "medoid" needs a model; give one as "model"')
    const orders = permutations(passages.length, many, seed).map((order) =>
      order.map((index): Passage => passages[index]!),
    )
    const answers: Set<string>[] = []
    for (const order of orders) {
      const { text } = await model.generate({
        intent: 'answer',
        prompt: `${order.map(textOf).join('\n\n')}\n\nQuestion: ${query}\nAnswer:`,
        ...(abortSignal ? { abortSignal } : {}),
      })
      answers.push(wordsOf(text))
    }
    const agreement = answers.map((own) => answers.reduce((sum, other) => sum + likeness(own, other), 0))
    const best = agreement.reduce((top, value, index) => (value > agreement[top]! + 1e-12 ? index : top), 0)
    return orders[best] ?? [...passages]
  },
})

export default medoidOf()

import type { Passage } from '../../core/index.ts'
import type { Orderer, OrdererMeta } from '../contract.ts'

export const meta = {
  name: 'stable',
  summary:
    'What is required first, then what the reader was given before in that order, then the new: caches stay warm.',
  paper: 'FlashBack: Efficient Retrieval-Augmented Language Modeling for Long Context Inference, arXiv 2405.04065',
} as const satisfies OrdererMeta

const keyOf = ({ spans, derived }: Passage): string => JSON.stringify([spans, derived])

/**
 * Retrieved text is appended behind a prompt that does not change; new passages come best first. `sharedPrefix` reports what it saves.
 * The paper tunes a model to read text that is appended; ours keeps the order that caches of prompts need.
 */
const stable: Orderer = {
  order(passages, { isRequired, previous = [] }) {
    const before = new Map(previous.map((passage, place) => [keyOf(passage), place]))
    const group = (passage: Passage) => (isRequired(passage) ? 0 : before.has(keyOf(passage)) ? 1 : 2)
    return passages.toSorted((a, b) => {
      const [one, other] = [group(a), group(b)]
      if (one !== other) return one - other
      if (one === 1) return before.get(keyOf(a))! - before.get(keyOf(b))!
      return one === 0 ? 0 : b.score - a.score
    })
  },
}
export default stable

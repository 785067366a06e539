import type { LeafMeta } from '../../core/index.ts'
import type { Orderer } from '../contract.ts'

export const meta = {
  name: 'relevance',
  summary: 'Best passage first.',
} as const satisfies LeafMeta

/** Passages by falling score; equal scores keep the order given. */
const relevance: Orderer = {
  order: (passages) => passages.toSorted((a, b) => b.score - a.score),
}
export default relevance

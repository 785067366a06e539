import type { Orderer, OrdererMeta } from '../contract.ts'

export const meta = {
  name: 'reverse',
  summary: 'Best passage last, next to the question.',
} as const satisfies OrdererMeta

/** Passages by rising score; equal scores keep the order given. */
const reverse: Orderer = {
  order: (passages) => passages.toSorted((a, b) => a.score - b.score),
}
export default reverse

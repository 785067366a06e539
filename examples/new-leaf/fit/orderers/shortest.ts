import type { LeafMeta, Passage } from '../../core/index.ts'
import type { Orderer } from '../contract.ts'

export const meta = {
  name: 'shortest',
  summary: 'The shortest passages first.',
} as const satisfies LeafMeta

const length = ({ spans }: Passage): number => spans.reduce((sum, { start, end }) => sum + end - start, 0)

const shortest: Orderer = {
  order: (passages) => passages.toSorted((a, b) => length(a) - length(b)),
}
export default shortest

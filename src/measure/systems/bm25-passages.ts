import type { SystemFactory, SystemMeta } from '../contract.ts'
import { plainBm25 } from '../yardstick.ts'

export const meta = {
  name: 'bm25-passages',
  summary: 'Whole passages by plain BM25, the best that fit, in reading order.',
  paper: 'Robertson and Zaragoza 2009, The Probabilistic Relevance Framework',
  options: {},
  answers: false,
} as const satisfies SystemMeta

const factory: SystemFactory = async () => plainBm25('passages', meta.name)
export default factory

import type { SystemFactory, SystemMeta } from '../contract.ts'
import { plainBm25 } from '../yardstick.ts'

export const meta = {
  name: 'bm25-sentences',
  summary: 'Whole sentences by plain BM25, the best that fit, in reading order.',
  paper: 'Robertson and Zaragoza 2009, The Probabilistic Relevance Framework',
  options: {},
  answers: false,
} as const satisfies SystemMeta

const factory: SystemFactory = async () => plainBm25('sentences', meta.name)
export default factory

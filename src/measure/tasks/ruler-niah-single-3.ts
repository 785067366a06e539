import type { TaskMeta } from '../contract.ts'
import { niah } from '../generators/niah.ts'

export const meta = {
  name: 'ruler-niah-single-3',
  summary: 'Essays, words to identifiers.',
  paper: 'Hsieh et al. 2024, RULER, arXiv 2404.06654',
  options: {},
  metrics: ['references-said'],
  diffusion: 'low',
  scope: 'low',
} as const satisfies TaskMeta

export default niah(meta.name, {
  haystack: 'essay',
  keys: 'words',
  values: 'uuids',
  numberOfKeys: 1,
  valuesPerKey: 1,
  queries: 1,
})

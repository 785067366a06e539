import type { TaskMeta } from '../contract.ts'
import { niah } from '../generators/niah.ts'

export const meta = {
  name: 'ruler-niah-multivalue',
  summary: 'Essays, four values of one key.',
  paper: 'Hsieh et al. 2024, RULER, arXiv 2404.06654',
  options: {},
  metrics: ['references-said'],
  diffusion: 'low',
  scope: 'high',
} as const satisfies TaskMeta

export default niah(meta.name, {
  haystack: 'essay',
  keys: 'words',
  values: 'numbers',
  numberOfKeys: 1,
  valuesPerKey: 4,
  queries: 1,
})

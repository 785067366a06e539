import type { TaskMeta } from '../contract.ts'
import { niah } from '../generators/niah.ts'

export const meta = {
  name: 'ruler-niah-multikey-2',
  summary: 'A text of nothing but needles, one of them asked for.',
  paper: 'Hsieh et al. 2024, RULER, arXiv 2404.06654',
  options: {},
  metrics: ['references-said'],
  diffusion: 'high',
  scope: 'low',
} as const satisfies TaskMeta

export default niah(meta.name, {
  haystack: 'needle',
  keys: 'words',
  values: 'numbers',
  numberOfKeys: 1,
  valuesPerKey: 1,
  queries: 1,
})

import type { TaskMeta } from '../contract.ts'
import { niah } from '../generators/niah.ts'

export const meta = {
  name: 'ruler-niah-multiquery',
  summary: 'Essays, four keys asked for at once.',
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
  numberOfKeys: 4,
  valuesPerKey: 1,
  queries: 4,
})

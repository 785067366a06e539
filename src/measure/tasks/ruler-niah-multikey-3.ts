import type { TaskMeta } from '../contract.ts'
import { niah } from '../generators/niah.ts'

export const meta = {
  name: 'ruler-niah-multikey-3',
  summary: 'The same with identifiers for keys and values.',
  paper: 'Hsieh et al. 2024, RULER, arXiv 2404.06654',
  options: {},
  metrics: ['references-said'],
  diffusion: 'high',
  scope: 'low',
} as const satisfies TaskMeta

export default niah(meta.name, {
  haystack: 'needle',
  keys: 'uuids',
  values: 'uuids',
  numberOfKeys: 1,
  valuesPerKey: 1,
  queries: 1,
})

import type { TaskMeta } from '../contract.ts'
import { longins, longinsOptions } from '../generators/longins.ts'

export const meta = {
  name: 'longins-list',
  summary: 'Many answered questions of one task, told with each; which were answered wrongly?',
  paper: 'Gavin et al. 2024, LongIns, arXiv 2406.17588',
  options: longinsOptions,
  metrics: ['f1'],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

export default longins(meta, 'LIST')

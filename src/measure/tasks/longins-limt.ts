import type { TaskMeta } from '../contract.ts'
import { longins, longinsOptions } from '../generators/longins.ts'

export const meta = {
  name: 'longins-limt',
  summary: 'Many answered questions of many tasks, each told with its question; which were answered wrongly?',
  paper: 'Gavin et al. 2024, LongIns, arXiv 2406.17588',
  options: { wrong: longinsOptions.wrong },
  metrics: ['f1'],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

export default longins(meta, 'LIMT')

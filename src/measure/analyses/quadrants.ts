import type { Analysis, Level } from '../contract.ts'
import { grouped, rounded, scored, taskOf } from '../scores.ts'
import { mean } from '../stats.ts'

export const meta = {
  name: 'quadrants',
  summary:
    'Scores of systems by how hard what a task needs is to find (diffusion) and how much of it there is (scope).',
  paper: 'Goldman et al. 2024, Is It Really Long Context if All You Need Is Retrieval?, arXiv 2407.00402',
} as const

const levels: readonly Level[] = ['low', 'high']

/** Each task counts the same, whatever its samples; undefined without what the catalog says of tasks. */
const analysis: Analysis = (results, known) => {
  if (!known) return undefined
  const metas = new Map(known.tasks.map((task) => [task.name, task]))
  const rows = grouped(scored(results, known), 'system', 'budget', 'reader').flatMap(({ labels, rows: own }) =>
    levels.flatMap((diffusion) =>
      levels.flatMap((scope) => {
        const inside = own.filter(({ result }) => {
          const task = metas.get(taskOf(result.task))
          return task?.diffusion === diffusion && task.scope === scope
        })
        const tasks = grouped(inside, 'task').map((task) => mean(task.rows.map(({ value }) => value)))
        return tasks.length === 0
          ? []
          : [[...labels, diffusion, scope, rounded(mean(tasks)), tasks.length, inside.length]]
      }),
    ),
  )
  if (rows.length === 0) return undefined
  return {
    title: 'Diffusion by scope',
    columns: ['system', 'budget', 'reader', 'diffusion', 'scope', 'score', 'tasks', 'samples'],
    rows,
    note: 'Means over tasks, each by its own main score.',
  }
}

export default analysis

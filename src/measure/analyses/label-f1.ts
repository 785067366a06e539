import type { LeafMeta } from '../../core/index.ts'
import type { Analysis, Result } from '../contract.ts'

export const meta = {
  name: 'label-f1',
  summary: 'Accuracy and macro F1 where one of two labels was to be chosen: samples with the tag `label`.',
  paper: 'Yu et al. 2025, PRELUDE, arXiv 2508.09848',
} as const satisfies LeafMeta

/** F1 of one label; whoever did not choose the right one of two is taken to have chosen the other. */
function labelF1(rows: readonly Result[], label: string): number {
  const right = (row: Result): boolean => row.scores['choice-accuracy'] === 1
  const hits = rows.filter((row) => row.tags.label === label && right(row)).length
  const misses = rows.filter((row) => row.tags.label === label && !right(row)).length
  const alarms = rows.filter((row) => row.tags.label !== label && !right(row)).length
  return hits === 0 ? 0 : (2 * hits) / (2 * hits + misses + alarms)
}

const analysis: Analysis = (results) => {
  const labelled = results.filter(({ tags, scores }) => 'label' in tags && 'choice-accuracy' in scores)
  const groups = Map.groupBy(labelled, (row) => [row.task, row.system, row.budget, row.reader].join('\u0000'))
  const rows = [...groups.values()].flatMap((group) => {
    const labels = [...new Set(group.map(({ tags }) => String(tags.label)))].sort()
    if (labels.length !== 2) return []
    const { task, system, budget, reader } = group[0]!
    const accuracy = group.reduce((sum, { scores }) => sum + scores['choice-accuracy']!, 0) / group.length
    const each = labels.map((label) => labelF1(group, label))
    return [[task, system, budget, reader, group.length, accuracy, (each[0]! + each[1]!) / 2]]
  })
  if (rows.length === 0) return undefined
  return {
    title: 'Accuracy and macro F1 over two labels',
    columns: ['task', 'system', 'budget', 'reader', 'samples', 'accuracy', 'macro F1'],
    rows,
    note: 'An answer that names no label counts as the wrong one.',
  }
}

export default analysis

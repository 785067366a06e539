import { loadLeaf } from '../core/index.ts'
import { analyses, datasets, metrics, tasks } from './catalog.ts'
import type { Catalogued, Result, Table } from './contract.ts'

/** What the catalog says of tasks, data sets and metrics. */
export const catalogued = (): Catalogued => ({
  tasks: tasks.map(({ meta }) => meta),
  datasets: datasets.map(({ meta }) => meta),
  metrics: metrics.map(({ meta }) => meta),
})

/** The tables that results give: of all analyses, or of some by name. Throws `leaf-unknown`, naming those that there are. */
export async function analyse(
  results: readonly Result[],
  names: readonly string[] = analyses.map(({ meta }) => meta.name),
): Promise<{ readonly name: string; readonly table: Table }[]> {
  const known = catalogued()
  const made: { readonly name: string; readonly table: Table }[] = []
  for (const name of names) {
    const table = (await loadLeaf(analyses, name))(results, known)
    if (table) made.push({ name, table })
  }
  return made
}

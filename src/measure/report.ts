import { loadLeaf } from '../core/index.ts'
import type { ResultStore } from './adapters/results.ts'
import { analyses, datasets, metrics, reports, tasks } from './catalog.ts'
import type { ReportInput } from './contract.ts'

/** Writes one kind of report, with all that the catalogs know. Throws `leaf-unknown`. */
export async function* reportOf(name: string, input: ReportInput): AsyncGenerator<string, void, void> {
  const write = await loadLeaf(reports, name)
  yield* write({ catalogs: { tasks, datasets, metrics, analyses }, ...input })
}

/** What a store of results holds of one run, or of all, for a report. */
export const reportInput = (
  store: Pick<ResultStore, 'results' | 'views' | 'runs'>,
  title: string,
  run?: string,
): ReportInput => ({
  title,
  results: () => store.results(run),
  views: () => store.views(run),
  runs: store.runs().filter(({ name }) => run === undefined || name === run),
})

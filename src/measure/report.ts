import { loadLeaf } from '../core/index.ts'
import type { ResultStore } from './adapters/results.ts'
import { analyse, catalogued } from './analyse.ts'
import { reports } from './catalog.ts'
import type { ReportInput } from './contract.ts'

/** Writes one kind of report, with what the catalog says and with all analyses. Throws `leaf-unknown`. */
export async function* report(name: string, input: ReportInput): AsyncGenerator<string, void, void> {
  const write = await loadLeaf(reports, name)
  yield* write({ known: catalogued(), analyse, ...input })
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

import { allRows, readJson } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { items, present, tagsOf, unitCorpus } from '../items.ts'

export const meta = {
  name: 'findver',
  summary:
    'Claims on long financial filings of text and tables, entailed or refuted; the evidence is numbered paragraphs.',
  paper: 'Zhao et al. 2024, FinDVer, arXiv 2411.05764',
  folder: 'findver',
  licence: 'the repository states none; filings of the SEC are public',
  metrics: ['choice-accuracy', 'recall', 'all-gold'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Row {
  readonly example_id: string
  readonly subset: string
  readonly split?: string
  readonly statement: string
  readonly explanation?: string | readonly string[]
  readonly entailment_label?: boolean
  readonly relevant_context: readonly number[]
  readonly report: string
}
interface Report {
  readonly report_type?: string
  readonly context: readonly { readonly id: number; readonly context: string; readonly type: 'table' | 'paragraph' }[]
}
/** Names of the subsets in the paper and in the files. */
const subsets: Readonly<Record<string, string>> = {
  'fdv-ie': 'ie',
  'fdv-math': 'numeric',
  'fdv-know': 'knowledge',
  math: 'numeric',
  know: 'knowledge',
}

/**
 * From github.com/yilunzhao/FinDVer: `data/testmini.json` and `data/test.json`, with the folder `financial_reports`
 * beside `data`. Claims whose label is withheld are left out. Claims of one filing follow each other.
 */
const dataset: Dataset = items(async function* (request, wants) {
  for (const path of await present(request, [`${meta.folder}/data/testmini.json`, `${meta.folder}/data/test.json`])) {
    const rows = (await allRows<Row>(request, path)).filter(({ entailment_label: label }) => typeof label === 'boolean')
    const cellOf = ({ subset }: Row): string => `FinDVer, ${subsets[subset.toLowerCase()] ?? subset.toLowerCase()}`
    for (const [name, claims] of Map.groupBy(rows, ({ report }) => report)) {
      if (!claims.some((row) => wants(cellOf(row)))) continue
      const file = `${meta.folder}/financial_reports/${name.endsWith('.json') ? name : `${name}.json`}`
      const report = await readJson<Report>(request, file)
      const { spans, ...corpus } = await unitCorpus(
        `${path} ${name}`,
        report.context.map(({ context: text, type: kind }) => ({ text, kind })),
        '\n\n',
      )
      const numbers = new Map(report.context.map(({ id }, index) => [id, index]))
      for (const row of claims) {
        const entries = [...new Set(row.relevant_context)].map((id) => numbers.get(id) ?? -1)
        const found = entries.filter((entry) => spans[entry])
        const kinds = new Set(found.map((entry) => report.context[entry]!.type))
        const label = row.entailment_label ? 'entailed' : 'refuted'
        yield {
          id: row.example_id,
          cell: cellOf(row),
          corpus,
          instruction: 'Below is a financial filing. Decide whether it bears out the claim that follows.',
          question: `Claim: ${row.statement}`,
          cue: 'The claim is',
          choices: ['entailed', 'refuted'],
          answers: [[label]],
          evidence: found.map((entry) => spans[entry]!),
          ...(found.length === entries.length ? {} : { unresolved: entries.length - found.length }),
          tags: tagsOf({
            subset: row.subset,
            label,
            split: row.split,
            report: row.report,
            form: report.report_type,
            evidence: kinds.size === 2 ? 'both' : [...kinds][0],
            reasoning: [row.explanation ?? []].flat().join('\n') || undefined,
          }),
        }
      }
    }
  }
})

export default dataset

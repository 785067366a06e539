import { readJson } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { pool, pools } from '../corpus.ts'

export const meta = {
  name: 'conditionalqa',
  summary: 'Questions on British policy whose evidence is snippets of pages, asked with and without the scenario.',
  paper: 'Sun, Cohen and Salakhutdinov 2021, ConditionalQA, arXiv 2110.06884',
  folder: 'conditionalqa',
  licence: 'BSD 2-Clause; text under the Open Government Licence 3.0',
  metrics: ['recall', 'all-gold'],
  tested: 'published',
} as const satisfies DatasetMeta

interface Row {
  readonly url: string
  readonly scenario: string
  readonly question: string
  readonly evidences: readonly string[]
}

const dataset: Dataset = pools(async function* (request) {
  const rows = await readJson<Row[]>(request, `${meta.folder}/train.json`)
  const numbers = new Map<string, number>()
  const units: string[] = []
  for (const { url, evidences } of rows)
    for (const evidence of evidences) {
      const key = `${url}|${evidence}`
      if (numbers.has(key)) continue
      numbers.set(key, units.length)
      units.push(evidence.replace(/<[^>]+>/g, ' '))
    }
  const ask = (text: (row: Row) => string) =>
    rows.map((row) => ({
      text: text(row),
      gold: [...new Set(row.evidences.map((evidence) => numbers.get(`${row.url}|${evidence}`)!))],
    }))
  yield pool(
    'ConditionalQA, question',
    units,
    ask((row) => row.question),
  )
  yield pool(
    'ConditionalQA, scenario',
    units,
    ask((row) => `${row.scenario} ${row.question}`),
  )
})

export default dataset

import { readJson } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { type PoolQuestion, pools } from '../corpus.ts'

export const meta = {
  name: 'cosqa',
  summary: 'Web queries for Python functions: one right function each among 6,267.',
  paper: 'Huang et al. 2021, CoSQA, arXiv 2105.13239',
  folder: 'cosqa',
  licence: 'MIT; queries from Bing',
  metrics: ['recall', 'mrr'],
  tested: 'published',
} as const satisfies DatasetMeta

interface Row {
  readonly doc: string
  readonly retrieval_idx: number
}

const splitIdentifiers = (code: string): string => code.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ')

const dataset: Dataset = pools(async function* (request) {
  const numbers = await readJson<Record<string, number>>(request, `${meta.folder}/code_idx_map.txt`)
  const functions: string[] = []
  for (const [code, number] of Object.entries(numbers)) functions[number] = code
  const units = functions.map((text) => ({ text, plain: splitIdentifiers(text) }))
  for (const part of ['test', 'dev']) {
    const rows = await readJson<Row[]>(request, `${meta.folder}/cosqa-retrieval-${part}-500.json`)
    const questions: PoolQuestion[] = rows.map((row) => ({ text: row.doc, gold: [row.retrieval_idx] }))
    yield { cell: `CoSQA, ${part}`, documents: [{ name: 'functions', units }], questions }
  }
})

export default dataset

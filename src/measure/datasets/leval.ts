import { allRows } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { pools } from '../corpus.ts'

export const meta = {
  name: 'leval',
  summary: 'Long documents of many kinds with questions and short answers: read it by answer kept.',
  paper: 'An et al. 2023, L-Eval, arXiv 2307.11088',
  folder: 'leval',
  licence: 'GPL-3.0; each part has its own terms',
  metrics: ['answer-kept'],
  tested: 'published',
} as const satisfies DatasetMeta

interface Row {
  readonly input: string
  readonly instructions: readonly string[]
  readonly outputs: readonly string[]
}
const parts = ['natural_question', 'legal_contract_qa', 'scientific_qa', 'multidoc_qa', 'financial_qa']

const dataset: Dataset = pools(async function* (request) {
  for (const part of parts) {
    const rows = await allRows<Row>(request, `${meta.folder}/${part}.jsonl`)
    for (const [number, { input, instructions, outputs }] of rows.entries())
      yield {
        cell: `L-Eval, ${part}`,
        documents: [{ name: `${part} ${number}`, units: [{ text: input }] }],
        uncut: true,
        questions: instructions.map((text, index) => ({ text, answers: [outputs[index]!] })),
      }
  }
})

export default dataset

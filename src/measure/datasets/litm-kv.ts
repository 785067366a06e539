import { readRows } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { pool, pools } from '../corpus.ts'

export const meta = {
  name: 'litm-kv',
  summary: 'Random keys and values: the record of one key among 75 or 140.',
  paper: 'Liu et al. 2023, Lost in the Middle, arXiv 2307.03172',
  folder: 'lost-in-the-middle',
  licence: 'MIT',
  metrics: ['recall'],
  tested: 'published',
} as const satisfies DatasetMeta

interface Row {
  readonly key: string
  readonly value: string
  readonly ordered_kv_records: readonly (readonly [key: string, value: string])[]
}

const dataset: Dataset = pools(async function* (request) {
  for (const size of [75, 140])
    for await (const row of readRows<Row>(request, `${meta.folder}/kv-retrieval-${size}_keys.jsonl`)) {
      const records = row.ordered_kv_records
      const gold = records.findIndex(([key]) => key === row.key)
      yield pool(
        `key-value, ${size}`,
        records.map(([key, value]) => `${key}: ${value}`),
        [{ text: row.key, gold: [gold], answers: [row.value] }],
      )
    }
})

export default dataset

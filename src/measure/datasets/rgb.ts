import { readRows } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { pool, pools } from '../corpus.ts'

export const meta = {
  name: 'rgb',
  summary: 'Questions on news with passages that answer and passages that only look alike, English and Chinese.',
  paper: 'Chen et al. 2023, Benchmarking Large Language Models in Retrieval-Augmented Generation, arXiv 2309.01431',
  folder: 'rgb',
  licence: 'CC BY-NC-SA 4.0',
  metrics: ['hit', 'answer-kept'],
  tested: 'published',
} as const satisfies DatasetMeta

type Nested = string | readonly Nested[]
interface Row {
  readonly query: string
  readonly answer: Nested
  readonly positive: Nested
  readonly negative: Nested
}

const flat = (nested: Nested): string[] => (typeof nested === 'string' ? [nested] : nested.flatMap(flat))

/** Any positive passage answers: read it by hit@k. */
const dataset: Dataset = pools(async function* (request) {
  for (const name of ['en_fact', 'zh_fact', 'zh_refine'])
    for await (const { query, answer, positive, negative } of readRows<Row>(request, `${meta.folder}/${name}.jsonl`)) {
      const right = flat(positive)
      if (right.length === 0) continue
      const gold = right.map((_, number) => number)
      yield pool(
        `RGB, ${name}`,
        [...right, ...flat(negative)],
        [{ text: query, gold, answers: flat(answer).map(String) }],
      )
    }
})

export default dataset

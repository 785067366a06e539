import { readRows } from '../adapters/files.ts'
import { type Tree, treeOf } from '../adapters/trees.ts'
import type { Dataset, DatasetMeta, DatasetRequest } from '../contract.ts'
import { cite, type Made, plain, type Row, rag, recall, rerank } from '../generators/helmet.ts'
import { type Item, published } from '../published.ts'

export const meta = {
  name: 'helmet',
  summary:
    'Seven categories in one form: recall, retrieved passages, ranking, citing, long questions, summaries, many examples.',
  paper: 'Yen et al. 2024, HELMET, arXiv 2410.02694',
  folder: 'helmet',
  licence: 'MIT; each set has its own terms',
  metrics: ['reference-said', 'references-said', 'exact-match', 'rouge-l', 'recall', 'hit'],
  tested: 'shape',
} as const satisfies DatasetMeta

const categories = {
  recall: /^(json_kv|ruler)\/(?:([\w-]+)\/)?[^/]+$/,
  rag: /^kilt\/(nq|triviaqa|hotpotqa|popqa)[-_][^/]+$/,
  rerank: /^(msmarco)\/[^/]+$/,
  cite: /^alce\/(asqa|qampari)_[^/]+$/,
  longqa: /^longqa\/([\w-]+?)(?:_\d+)?\.\w+$/,
  summ: /^summ\/([\w-]+?)(?:_\d+)?\.\w+$/,
  icl: /^icl\/([\w-]+?)(?:_\d+)?\.\w+$/,
} as const
type Category = keyof typeof categories
const makers = { recall, rag, rerank, cite, longqa: plain, summ: plain, icl: plain }

/** Files with few passages, or of the training split, hold the examples of the published prompts. */
const ofExamples = /-train-|_k(?:3|10)_/

async function* itemsOf({ at, files }: Tree, request: DatasetRequest): AsyncGenerator<Item> {
  const most = Number(request.options?.documents ?? 700)
  for (const [path] of files) {
    const inside = path.replace(/^(?:helmet\/|data\/)+/, '')
    const found = (Object.entries(categories) as [Category, RegExp][])
      .map(([category, pattern]) => ({ category, match: pattern.exec(inside) }))
      .find(({ match }) => match)
    if (!found || ofExamples.test(inside)) continue
    const { category } = found
    const name = found.match![2] ?? found.match![1]!
    const cell = `HELMET, ${category} ${name}`
    if (request.cells && !request.cells.includes(cell)) continue
    const [, size] = /_k?(\d+)(?:_dep\d+)?\.\w+$/.exec(inside) ?? []
    let number = 0
    for await (const row of readRows<Row>(at, path)) {
      const id = `${inside.replace(/\.\w+$/, '')} ${number}`
      number++
      const sample = async (): Promise<Made> => {
        const made = await makers[category](row, { id, name, category, most })
        const tags = { ...made.tags, category, set: name, ...(size === undefined ? {} : { size: Number(size) }) }
        return { ...made, tags }
      }
      yield { cell, id, sample }
    }
  }
}

/**
 * One cell for each set of a category. Unpack the published `data.tar.gz` into the folder: `json_kv`, `ruler`, `kilt`,
 * `msmarco` and `alce` are read as they are. Its script takes long questions, summaries and many examples from other sets:
 * save its samples as lines of `context`, `question`, `answer` (and `demo`, `options`) under `longqa/NAME.jsonl`,
 * `summ/NAME.jsonl` and `icl/NAME.jsonl`. Option `documents` is the number of passages to cite from (700, theirs at 128k). The
 * examples of theirs that stand in files of their own are not shown to readers.
 */
const dataset: Dataset = published(async function* (request) {
  const tree = await treeOf(request, {
    folder: meta.folder,
    pattern: /^(?:data\/)?(?:json_kv|ruler|kilt|msmarco|alce|longqa|summ|icl)\/(?:[\w-]+\/)?[^/]+\.jsonl?$/,
    example: 'kilt/nq-dev-multikilt_1000_k1000_dep6.jsonl',
    url: 'https://huggingface.co/datasets/princeton-nlp/HELMET',
  })
  yield* itemsOf(tree, request)
})

export default dataset

import type { Source, Span } from '../../core/index.ts'
import { allRows } from '../adapters/files.ts'
import type { Corpus, Dataset, DatasetMeta } from '../contract.ts'
import { items, tagsOf, textSource } from '../items.ts'

export const meta = {
  name: 'locov1',
  summary: 'Twelve sets of long documents to be found, as whole documents and as passages of them.',
  paper: 'Saad-Falcon et al. 2024, LoCoV1, arXiv 2402.07440',
  folder: 'locov1',
  licence: 'the card states none; each part has its own terms',
  metrics: ['ndcg', 'recall'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Document {
  readonly dataset: string
  readonly pid: string
  readonly passage: string
}
interface Query {
  readonly dataset: string
  readonly qid: string
  readonly query: string
  readonly answer_pids: readonly string[]
}

/**
 * From huggingface.co/datasets/hazyresearch/LoCoV1-Documents and LoCoV1-Queries: the Parquet file of each, saved as
 * `documents.parquet` and `queries.parquet` (`.jsonl` will do). Each set makes two cells that ask the same: in `whole` a
 * unit is a document, in `chunks` the lab's splitter cuts, and all passages of a right document are gold. Right
 * documents that are not there are counted as unresolved; documents of the same text are one.
 */
const dataset: Dataset = items(async function* (request, wants) {
  const names = (part: string): [string, string] => [`${meta.folder}/${part}.parquet`, `${meta.folder}/${part}.jsonl`]
  const documents = Map.groupBy(await allRows<Document>(request, ...names('documents')), (row) => row.dataset)
  const queries = Map.groupBy(await allRows<Query>(request, ...names('queries')), (row) => row.dataset)
  for (const [set, asked] of queries) {
    const cells = ['whole', 'chunks'].map((way) => `LoCoV1 ${set}, ${way}`)
    if (!cells.some(wants)) continue
    const sources = new Map<string, Source>()
    const byPid = new Map<string, Source>()
    for (const { pid, passage } of documents.get(set) ?? []) {
      request.abortSignal?.throwIfAborted()
      if (passage.trim() === '') continue
      const source = await textSource(`${set}/${pid}.txt`, passage)
      if (!sources.has(source.id)) sources.set(source.id, source)
      byPid.set(pid, sources.get(source.id)!)
    }
    const all = [...sources.values()]
    const wholeOf = ({ id, text }: Source): Span => ({ source: id, start: 0, end: text.length })
    for (const cell of cells) {
      const units = cell.endsWith('whole') ? { units: all.map(wholeOf) } : {}
      const corpus: Corpus = { id: cell, sources: all, ...units }
      for (const { qid, query, answer_pids: pids } of asked) {
        if (!wants(cell)) break
        const right = new Set(pids.flatMap((pid) => byPid.get(pid) ?? []))
        const unresolved = pids.filter((pid) => !byPid.has(pid)).length
        yield {
          id: `${cell} ${qid}`,
          cell,
          corpus,
          question: query,
          answers: [],
          evidence: [...right].map(wholeOf),
          ...(unresolved === 0 ? {} : { unresolved }),
          tags: tagsOf({ set, documents: all.length, right: pids.length }),
        }
      }
    }
  }
})

export default dataset

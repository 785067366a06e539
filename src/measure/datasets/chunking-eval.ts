import papaparse from 'papaparse'
import { readText } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { type PoolQuestion, pools } from '../corpus.ts'

export const meta = {
  name: 'chunking-eval',
  summary: 'Five corpora with questions whose evidence is exact ranges of characters.',
  paper: 'Smith and Troynikov 2024, Evaluating Chunking Strategies for Retrieval',
  folder: 'chunking-eval',
  licence: 'MIT',
  metrics: ['characters-kept'],
  tested: 'published',
} as const satisfies DatasetMeta

/** One document per corpus, to be cut as you like; the evidence is ranges of it. */
const dataset: Dataset = pools(async function* (request) {
  const csv = await readText(request, `${meta.folder}/questions_df.csv`)
  const rows = papaparse.parse<[question: string, references: string, corpus: string]>(csv, {
    skipEmptyLines: true,
  }).data
  const byCorpus = Map.groupBy(rows.slice(1), ([, , corpus]) => corpus)
  for (const [corpus, asked] of byCorpus) {
    const text = await readText(request, `${meta.folder}/corpora/${corpus}.md`)
    const questions: PoolQuestion[] = asked.map(([question, references]) => ({
      text: question,
      ranges: (JSON.parse(references) as { start_index: number; end_index: number }[]).map(
        (reference) => [reference.start_index, reference.end_index] as const,
      ),
    }))
    yield { cell: `chunking-eval, ${corpus}`, documents: [{ name: corpus, units: [{ text }] }], questions, uncut: true }
  }
})

export default dataset

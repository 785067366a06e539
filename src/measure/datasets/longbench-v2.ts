import { readItems } from '../adapters/lists.ts'
import { treeOf } from '../adapters/trees.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { published, tagsOf, textSource } from '../published.ts'

export const meta = {
  name: 'longbench-v2',
  summary:
    'Hard questions with four choices on texts of 8 thousand to 2 million words, by domain, difficulty and length.',
  paper: 'Bai et al. 2024, LongBench v2, arXiv 2412.15204',
  folder: 'longbench-v2',
  licence: 'Apache-2.0; texts have their own terms',
  metrics: ['choice-accuracy'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Row {
  readonly _id: string
  readonly question: string
  readonly choice_A: string
  readonly choice_B: string
  readonly choice_C: string
  readonly choice_D: string
  readonly answer: string
  readonly context: string
}
const texts = ['_id', 'question', 'choice_A', 'choice_B', 'choice_C', 'choice_D', 'answer', 'context']

/** Put `data.json` of the published repository into the folder; it is read item by item. The tag `gold` is the right letter. */
const dataset: Dataset = published(async function* (request) {
  const { at, files } = await treeOf(request, {
    folder: meta.folder,
    pattern: /^(?:data\/)?(?:data|train|longbench[-_]?v2)\.(?:json|jsonl|parquet)(?:\.gz)?$/i,
    example: 'data.json',
    url: 'https://huggingface.co/datasets/THUDM/LongBench-v2',
  })
  for (const [path] of files)
    for await (const row of readItems<Row>(at, path)) {
      const { _id: id, question, answer, context } = row
      const choices = [row.choice_A, row.choice_B, row.choice_C, row.choice_D]
      const right = choices['ABCD'.indexOf(answer)]
      if (right === undefined || !context) {
        request.warn?.({ path, message: `${id}: no context, or "${answer}" is no choice; the item is left out` })
        continue
      }
      yield {
        cell: 'LongBench v2',
        id,
        sample: async () => ({
          corpus: { id, sources: [await textSource(`longbench-v2 ${id}`, context)] },
          instruction: 'Read the text and choose the right answer to the question.',
          question,
          choices,
          cue: 'Answer with one letter.',
          answers: [[right]],
          evidence: [],
          tags: { ...tagsOf(row, texts), gold: answer },
        }),
      }
    }
})

export default dataset

import { allRows } from '../adapters/files.ts'
import { treeOf } from '../adapters/trees.ts'
import type { Corpus, Dataset, DatasetMeta } from '../contract.ts'
import { letterOf, once, published, readable, tagsOf } from '../published.ts'

export const meta = {
  name: 'quality',
  summary:
    'Questions with four choices on stories and articles of some 5 thousand words; half could not be answered at a glance.',
  paper: 'Pang et al. 2021, QuALITY, arXiv 2112.08608',
  folder: 'quality',
  licence: 'CC BY 4.0; articles have their own terms',
  metrics: ['choice-accuracy'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Question {
  readonly question: string
  readonly question_unique_id?: string
  readonly options: readonly string[]
  readonly gold_label?: number
  readonly difficult?: number
  readonly validation?: readonly { readonly untimed_eval2_context?: number }[]
}
interface Row {
  readonly article_id: string
  readonly set_unique_id: string
  readonly title?: string
  readonly article: string
  readonly questions: readonly Question[]
}

/** How much of the text a question needs, 1 (a sentence or two) to 4 (most of it): the mean of those who answered it. */
function contextNeeded({ validation = [] }: Question): number | undefined {
  const votes = validation.map((vote) => Number(vote.untimed_eval2_context)).filter((vote) => vote > 0)
  return votes.length === 0 ? undefined : votes.reduce((sum, vote) => sum + vote, 0) / votes.length
}

/**
 * One cell for each split. Unpack `QuALITY.v1.0.1.zip` into the folder; the pages are read as they show, and where a split is
 * there both as pages and stripped of HTML, as pages. The test split is published without answers and is left out. The two
 * sets of questions on an article follow each other. The tag `difficult` marks the hard subset, `context` what it needs.
 */
const dataset: Dataset = published(async function* (request) {
  const { at, files } = await treeOf(request, {
    folder: meta.folder,
    pattern: /^(?:[\w.]+\/)?(?:QuALITY\.v[\d.]+\.)?(htmlstripped\.)?(train|dev|test)(?:\.jsonl)?(?:\.gz)?$/,
    example: 'QuALITY.v1.0.1.dev',
    url: 'https://github.com/nyu-mll/quality/tree/main/data',
  })
  const pages = files.filter(([, stripped]) => !stripped)
  const chosen = files.filter(([, stripped, split]) => !stripped || !pages.some((page) => page[2] === split))
  for (const [path, , split = ''] of chosen) {
    const cell = `QuALITY, ${split}`
    if (request.cells && !request.cells.includes(cell)) continue
    const byArticle = Map.groupBy(await allRows<Row>(at, path), ({ article_id: id }) => id)
    let silent = 0
    for (const [article, rows] of byArticle) {
      const corpus = once(async (): Promise<Corpus> => {
        const { article: page, title } = rows[0]!
        return {
          id: `quality ${article}`,
          sources: [await readable(`quality ${article}`, page, title ? { title } : {})],
        }
      })
      for (const row of rows)
        for (const [number, asked] of row.questions.entries()) {
          const { question, options, gold_label: label, difficult } = asked
          const right = options[Number(label) - 1]
          if (right === undefined) {
            silent++
            continue
          }
          const context = contextNeeded(asked)
          yield {
            cell,
            id: asked.question_unique_id ?? `${row.set_unique_id} ${number}`,
            sample: async () => ({
              corpus: await corpus(),
              instruction: 'Read the text and choose the best answer to the question.',
              question,
              choices: options,
              cue: 'Answer with one letter.',
              answers: [[right]],
              evidence: [],
              tags: {
                ...tagsOf(row, ['article', 'questions']),
                ...tagsOf(asked, ['question', 'question_unique_id', 'options', 'gold_label', 'difficult']),
                difficult: difficult === 1,
                gold: letterOf(Number(label) - 1),
                ...(context === undefined ? {} : { context }),
              },
            }),
          }
        }
    }
    if (silent > 0)
      request.warn?.({ path, message: `${silent} questions are published without their answer; they are left out` })
  }
})

export default dataset

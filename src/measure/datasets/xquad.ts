import { readJson } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { type PoolQuestion, pool, pools } from '../corpus.ts'

export const meta = {
  name: 'xquad',
  summary: 'The same questions on paragraphs of Wikipedia in English, Chinese, Russian, Spanish and German.',
  paper: 'Artetxe, Ruder and Yogatama 2019, XQuAD, arXiv 1910.11856',
  folder: 'xquad',
  licence: 'CC BY-SA 4.0',
  metrics: ['recall', 'answer-kept'],
  tested: 'published',
} as const satisfies DatasetMeta

interface Xquad {
  readonly data: readonly {
    readonly paragraphs: readonly {
      readonly context: string
      readonly qas: readonly { readonly question: string; readonly answers: readonly { readonly text: string }[] }[]
    }[]
  }[]
}

const dataset: Dataset = pools(async function* (request) {
  for (const language of ['en', 'zh', 'ru', 'es', 'de']) {
    const { data: articles } = await readJson<Xquad>(request, `${meta.folder}/xquad.${language}.json`)
    const paragraphs = articles.flatMap((article) => article.paragraphs)
    const questions: PoolQuestion[] = paragraphs.flatMap(({ qas }, number) =>
      qas.map(({ question, answers }) => ({
        text: question,
        gold: [number],
        answers: answers.map(({ text }) => text),
      })),
    )
    yield pool(
      `XQuAD, ${language}`,
      paragraphs.map(({ context }) => context),
      questions,
    )
  }
})

export default dataset

import { readJson } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { type PoolQuestion, pool, pools } from '../corpus.ts'

export const meta = {
  name: 'hipporag',
  summary: 'Multi-hop questions of HotpotQA and MuSiQue over pools of paragraphs; MuSiQue also over its own twenty.',
  paper: 'Gutiérrez et al. 2024, HippoRAG, arXiv 2405.14831',
  folder: 'hipporag',
  licence: 'MIT; HotpotQA CC BY-SA 4.0, MuSiQue CC BY 4.0',
  metrics: ['recall', 'all-gold', 'answer-kept'],
  tested: 'published',
} as const satisfies DatasetMeta

interface Hotpot {
  readonly question: string
  readonly answer: string
  readonly supporting_facts: readonly (readonly [title: string, sentence: number])[]
}
interface Musique {
  readonly question: string
  readonly answer: string
  readonly answer_aliases: readonly string[]
  readonly paragraphs: readonly {
    readonly title: string
    readonly paragraph_text: string
    readonly is_supporting: boolean
  }[]
}

const unique = (numbers: readonly (number | undefined)[]): number[] => [
  ...new Set(numbers.filter((number) => number !== undefined)),
]

const dataset: Dataset = pools(async function* (request) {
  const read = <Value>(name: string) => readJson<Value>(request, `${meta.folder}/${name}.json`)
  const pages = Object.entries(await read<Record<string, string | string[]>>('hotpotqa_train_corpus'))
  const byTitle = new Map(pages.map(([title], number) => [title, number]))
  const hotpot: PoolQuestion[] = (await read<Hotpot[]>('hotpotqa_train')).map((row) => ({
    text: row.question,
    answers: [row.answer],
    gold: unique(row.supporting_facts.map(([title]) => byTitle.get(title))),
  }))
  yield pool(
    'HotpotQA-100',
    pages.map(([title, text]) => `${title} ${[text].flat().join(' ')}`),
    hotpot,
  )
  const corpus = await read<{ title: string; text: string }[]>('musique_train_corpus')
  const byText = new Map(corpus.map(({ title, text }, number) => [`${title}|${text}`, number]))
  const rows = await read<Musique[]>('musique_train')
  const musique: PoolQuestion[] = rows.map(({ question, answer, answer_aliases: aliases, paragraphs }) => ({
    text: question,
    answers: [answer, ...aliases],
    gold: unique(
      paragraphs
        .filter((paragraph) => paragraph.is_supporting)
        .map(({ title, paragraph_text: text }) => byText.get(`${title}|${text}`)),
    ),
  }))
  yield pool(
    'MuSiQue-100',
    corpus.map(({ title, text }) => `${title} ${text}`),
    musique,
  )
  for (const [number, { paragraphs }] of rows.entries()) {
    const gold = paragraphs.flatMap((paragraph, unit) => (paragraph.is_supporting ? [unit] : []))
    const units = paragraphs.map(({ title, paragraph_text: text }) => `${title} ${text}`)
    yield pool('MuSiQue-100, own 20', units, [{ ...musique[number]!, gold }])
  }
})

export default dataset

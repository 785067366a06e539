import { readJson } from '../adapters/files.ts'
import type { TaskMeta } from '../contract.ts'
import { drawing } from '../generators/draw.ts'
import { depths } from '../generators/needles.ts'
import { asker } from '../generators/paragraphs.ts'
import { drawn } from '../random.ts'

export const meta = {
  name: 'ruler-qa-2',
  summary: 'A question that takes two paragraphs of Wikipedia, among others.',
  paper: 'Hsieh et al. 2024, RULER, arXiv 2404.06654',
  options: {},
  metrics: ['reference-said'],
  diffusion: 'high',
  scope: 'low',
  needs: ['data'],
} as const satisfies TaskMeta

interface Hotpot {
  readonly question: string
  readonly answer: string
  readonly supporting_facts: readonly (readonly [title: string, sentence: number])[]
}

/**
 * RULER takes HotpotQA's development set; here it is the hundred questions of HippoRAG over their pool of paragraphs.
 * Other paragraphs that hold the answer are left out, and so are questions for a yes or a no, which stand in anything said.
 */
export default drawing(meta.name, async (request) => {
  const { data, abortSignal } = request
  const files = { data: data ?? '', ...(abortSignal ? { abortSignal } : {}) }
  const read = <Value>(name: string) => readJson<Value>(files, `hipporag/${name}.json`)
  const pages = Object.entries(await read<Record<string, string | readonly string[]>>('hotpotqa_train_corpus'))
  const byTitle = new Map(pages.map(([title], number) => [title, number]))
  const rows = await read<Hotpot[]>('hotpotqa_train')
  const questions = rows.flatMap(({ question, answer, supporting_facts: facts }) => {
    const gold = [...new Set(facts.map(([title]) => byTitle.get(title)))].filter((number) => number !== undefined)
    return gold.length === 2 && !/^(yes|no)$/i.test(answer) ? [{ question, answers: [answer], gold }] : []
  })
  const documents = pages.map(([title, text]) => `${title}\n${[text].flat().join('')}`)
  return asker(
    meta.name,
    request,
    { documents, questions },
    {
      label: (place) => `Document ${place + 1}:\n`,
      depths: ({ random }, gold) =>
        request.depth === undefined ? drawn(depths, gold, random) : Array<number>(gold).fill(request.depth),
    },
  )
})

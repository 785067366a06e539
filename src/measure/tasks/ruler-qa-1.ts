import { readJson } from '../adapters/files.ts'
import type { TaskMeta } from '../contract.ts'
import { drawing } from '../generators/draw.ts'
import { depths } from '../generators/needles.ts'
import { asker } from '../generators/paragraphs.ts'
import { drawn } from '../random.ts'

export const meta = {
  name: 'ruler-qa-1',
  summary: 'A question on one paragraph of Wikipedia among others.',
  paper: 'Hsieh et al. 2024, RULER, arXiv 2404.06654',
  options: {},
  metrics: ['reference-said'],
  diffusion: 'low',
  scope: 'low',
  needs: ['data'],
} as const satisfies TaskMeta

interface Xquad {
  readonly data: readonly {
    readonly paragraphs: readonly {
      readonly context: string
      readonly qas: readonly { readonly question: string; readonly answers: readonly { readonly text: string }[] }[]
    }[]
  }[]
}

/**
 * RULER takes SQuAD; here it is the English of XQuAD, which is a part of SQuAD's development set. Unlike RULER we leave out
 * other paragraphs that hold the answer.
 */
export default drawing(meta.name, async (request) => {
  const { data, abortSignal } = request
  const files = { data: data ?? '', ...(abortSignal ? { abortSignal } : {}) }
  const { data: articles } = await readJson<Xquad>(files, 'xquad/xquad.en.json')
  const paragraphs = articles.flatMap((article) => article.paragraphs)
  const questions = paragraphs.flatMap(({ qas }, number) =>
    qas.map(({ question, answers }) => ({
      question,
      answers: [...new Set(answers.map(({ text }) => text))],
      gold: [number],
    })),
  )
  return asker(
    meta.name,
    request,
    { documents: paragraphs.map(({ context }) => context), questions },
    {
      label: (place) => `Document ${place + 1}:\n`,
      depths: ({ random }) => (request.depth === undefined ? drawn(depths, 1, random) : [request.depth]),
    },
  )
})

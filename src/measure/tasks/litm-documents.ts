import { allRows } from '../adapters/files.ts'
import { plainIndex } from '../bm25.ts'
import type { TaskMeta } from '../contract.ts'
import { drawing } from '../generators/draw.ts'
import { asker } from '../generators/paragraphs.ts'

export const meta = {
  name: 'litm-documents',
  summary: 'A question on one passage of Wikipedia among passages that are like it, at every position.',
  paper: 'Liu et al. 2023, Lost in the Middle, arXiv 2307.03172',
  options: {},
  metrics: ['reference-said'],
  diffusion: 'low',
  scope: 'low',
  needs: ['data'],
} as const satisfies TaskMeta

interface Row {
  readonly question: string
  readonly answers: readonly string[]
  readonly ctxs: readonly [{ readonly title: string; readonly text: string }]
}

/**
 * The paper's distractors come from all of Wikipedia by a dense retriever; ours are the best by plain BM25 of the gold
 * passages of the other questions that hold no answer, the best first. A length decides how many there are.
 */
export default drawing(meta.name, async (request) => {
  const { data, abortSignal } = request
  const files = { data: data ?? '', ...(abortSignal ? { abortSignal } : {}) }
  const rows = await allRows<Row>(files, 'lost-in-the-middle/nq-open-oracle.jsonl')
  const numbers = new Map<string, number>()
  const questions = rows.map(({ question, answers, ctxs: [{ title, text }] }) => {
    const passage = `(Title: ${title}) ${text}`
    if (!numbers.has(passage)) numbers.set(passage, numbers.size)
    return { question, answers, gold: [numbers.get(passage)!] }
  })
  const documents = [...numbers.keys()]
  const index = plainIndex(documents)
  return asker(
    meta.name,
    request,
    { documents, questions },
    {
      label: (place) => `Document [${place + 1}] `,
      depths: ({ depth }) => [depth],
      order: (question) => index.rank(question).order,
    },
  )
})

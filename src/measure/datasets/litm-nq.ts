import { allRows } from '../adapters/files.ts'
import { answerTest } from '../answers.ts'
import { plainIndex } from '../bm25.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { pool, pools } from '../corpus.ts'
import { seededRandom } from '../random.ts'

export const meta = {
  name: 'litm-nq',
  summary: 'Natural Questions with one gold passage each: among all gold passages, and among 19 mined distractors.',
  paper: 'Liu et al. 2023, Lost in the Middle, arXiv 2307.03172',
  folder: 'lost-in-the-middle',
  licence: 'MIT; passages of Wikipedia CC BY-SA 3.0',
  metrics: ['recall', 'answer-kept'],
  tested: 'published',
} as const satisfies DatasetMeta

interface Row {
  readonly question: string
  readonly answers: string[]
  readonly ctxs: [{ readonly title: string; readonly text: string }]
}
const mined = 1000

/** The mined distractors are the best by plain BM25 that hold no answer; the gold stands at a seeded random place. */
const dataset: Dataset = pools(async function* (request) {
  const rows = await allRows<Row>(request, `${meta.folder}/nq-open-oracle.jsonl`)
  const numbers = new Map<string, number>()
  const questions = rows.map(({ question, answers, ctxs: [{ title, text }] }) => {
    const unit = `${title}\n${text}`
    if (!numbers.has(unit)) numbers.set(unit, numbers.size)
    return { text: question, gold: [numbers.get(unit)!], answers }
  })
  const units = [...numbers.keys()]
  yield pool('NQ, pool', units, questions)
  const index = plainIndex(units)
  const random = seededRandom(3)
  for (const { text, gold, answers = [] } of questions.slice(0, mined)) {
    request.abortSignal?.throwIfAborted()
    const holds = answerTest(answers)
    const chosen: number[] = []
    for (const number of index.rank(text).order) {
      if (chosen.length === 19) break
      if (number !== gold[0] && !holds(units[number]!)) chosen.push(number)
    }
    const place = Math.floor(random() * 20)
    chosen.splice(place, 0, gold[0]!)
    const passages = chosen.map((number) => units[number]!)
    yield pool('NQ, 20 passages', passages, [{ text, gold: [chosen.indexOf(gold[0]!)], answers }])
  }
})

export default dataset

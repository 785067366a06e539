import type { TaskMeta } from '../contract.ts'
import { DocumentPlacer } from '../generators/documents.ts'
import { invented } from '../generators/facts.ts'
import { aroundOf, series, wholeOption, wordOption } from '../generators/series.ts'
import { comesTo, makeSum, type NumericFact, saysFact, writeSum } from '../generators/sums.ts'
import { hashOf, integer, seededRandom } from '../random.ts'

export const meta = {
  name: 'scattered-math',
  summary: 'Numbers scattered over documents, to be added, taken away, multiplied and divided.',
  paper: 'Wang et al. 2024, MathHay, arXiv 2410.04698',
  options: { steps: 2, documents: 'many', distractors: 8 },
  metrics: ['number-match'],
  diffusion: 'high',
  scope: 'low',
} as const satisfies TaskMeta

/**
 * `steps` is the number of operations, one less than the facts that they need; `documents` says whether these stand in `one`
 * document or each in another (`many`); `distractors` give the same number of the same company for another year. MathHay's
 * four tasks are a single step or several over one document or several; its questions were written by a model, ours by a
 * program, which also says what they come to.
 */
export default series(
  meta,
  (request) => new DocumentPlacer(request),
  async ({ request, kit, id, random, depth }) => {
    const steps = wholeOption(request.options, 'steps', 1, 12)
    const documents = wordOption(request.options, 'documents', ['one', 'many'])
    const distractors = wholeOption(request.options, 'distractors', 0, 200)
    const sum = makeSum(steps, random)
    const { facts } = sum
    const order = facts.length
    const scattered = facts.map((fact, index) => ({
      text: saysFact(fact, random),
      document: documents === 'one' ? Math.min(depth, 0.999) : (index + 0.25 + 0.5 * random()) / order,
      within: random(),
    }))
    const lures = Array.from({ length: distractors }, () => {
      const like = integer(0, facts.length - 1, random)
      const fact = facts[like]!
      const { measure } = fact
      // Some year up to 2023, but not its own.
      const past = integer(1960, 2022, random)
      const year = past < fact.year ? past : past + 1
      const other: NumericFact = { ...fact, year, value: integer(measure.low, measure.high, random) }
      return { like, other, text: saysFact(other, random), document: random(), within: random() }
    })
    const ask = {
      instruction: 'Reports are given below. Some of them hold numbers that are needed to answer.',
      question: sum.question,
      cue: 'Give the number alone, behind "Answer:".',
    }
    const named = seededRandom(hashOf(`${id} titles`))
    const titles: string[] = []
    const title = (number: number): string => {
      while (titles.length <= number) titles.push(`Report ${titles.length + 1}, ${invented.town(named)}`)
      return titles[number]!
    }
    const from = Math.floor(random() * request.haystack.sentences.length)
    const made = await kit.place(id, [...scattered, ...lures], aroundOf(ask), from, title)
    const gold = writeSum(sum, comesTo(sum, (index) => facts[index]!.value)!)
    return {
      id,
      cell: `${steps === 1 ? 'single' : 'multi'}-step, ${documents === 'one' ? 'single' : 'multi'}-document`,
      corpus: made.corpus,
      ...ask,
      answers: [[gold]],
      evidence: made.spans.slice(0, order),
      distractors: lures.map(({ like, other }, index) => {
        const says = comesTo(sum, (at) => (at === like ? other.value : facts[at]!.value))!
        return { span: made.spans[order + index]!, says: writeSum(sum, says) }
      }),
      tags: {
        length: request.length,
        ...(documents === 'one' ? { depth } : {}),
        steps,
        documents: new Set(made.documents.slice(0, order)).size,
        distractors,
        diffusion: documents === 'one' ? 'low' : 'high',
        scope: steps < 4 ? 'low' : 'high',
      },
      tokens: made.tokens,
      solve(seen) {
        const value = comesTo(sum, (index) => (seen[index] ? facts[index]!.value : undefined))
        return value === undefined ? 'The text does not say.' : writeSum(sum, value)
      },
    }
  },
)

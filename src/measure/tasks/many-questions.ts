import type { TaskMeta } from '../contract.ts'
import { inGroups } from '../generators/groups.ts'
import { checkPacked, listed, type PackedQuestion, packing, reply } from '../generators/packing.ts'
import { fact, house, problem, quiz } from '../generators/questions.ts'
import { distinct } from '../generators/words.ts'

export const meta = {
  name: 'many-questions',
  summary: 'Many questions in one prompt, all to be answered in order in one long reply, scored by their place in it.',
  paper: 'Liu et al. 2024, LongGenBench: Long-context Generation Benchmark, arXiv 2410.04199',
  options: { questions: 30, kind: 'mixed' },
  metrics: [],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

const kinds = ['arithmetic', 'choice', 'facts'] as const

/**
 * `kind` is mixed (in turns), arithmetic, choice or facts; the facts are hidden in the text. Questions are our own, where
 * the paper takes those of three public sets; those pack by the dataset `packed-questions`.
 */
export default inGroups(meta.name, async ({ request, weaver, random, id }) => {
  const { length, options } = request
  const count = Number(options.questions)
  const houses = distinct(count, () => house(random))
  const statements: string[] = []
  const needs: number[][] = []
  const questions = houses.map((name, index): PackedQuestion => {
    const kind = options.kind === 'mixed' ? kinds[index % kinds.length]! : options.kind
    needs.push([])
    if (kind === 'arithmetic') return problem(random)
    if (kind === 'choice') return quiz(random)
    const { statement, question } = fact(name, random)
    needs.at(-1)!.push(statements.push(statement) - 1)
    return question
  })
  const asked = { instruction: packing(count), question: listed(questions), cue: 'Answer 1:' }
  const blocks = statements.map((text) => ({ text, depth: random() }))
  const { corpus, spans, tokens } = await weaver.text(id, blocks, [asked], random)
  return [
    {
      id,
      cell: meta.name,
      corpus,
      ...asked,
      answers: questions.map(({ answers }) => answers),
      evidence: spans,
      needs,
      tags: { length, questions: count, kind: options.kind! },
      tokens: tokens[0]!,
      solve: (seen) => reply(questions, (index) => needs[index]!.every((at) => seen[at])),
      check: (said) => checkPacked(questions, said),
    },
  ]
})

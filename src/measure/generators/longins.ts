import type { Task, TaskMeta } from '../contract.ts'
import { pick } from '../random.ts'
import { setF1 } from '../rows.ts'
import { examTasks } from './exam.ts'
import { ItemPlacer } from './items.ts'
import { aroundOf, numberOption, series, wordOption } from './series.ts'

export const longinsOptions = { task: 'any', wrong: 0.2 } as const
export type LonginsSetting = 'GIST' | 'LIST' | 'LIMT'

/** Numbers that stand in square brackets; where there are no brackets, all whole numbers. */
export function numbersListed(said: string): number[] {
  const lists = said.match(/\[[^\]]*\]/g)
  return [...(lists ? lists.join(' ') : said).matchAll(/\d+/g)].map(([digits]) => Number(digits))
}

/**
 * LongIns: answered questions by number, a share `wrong` of which was answered wrongly; say which. The instruction stands
 * once before all (GIST), with each question (LIST), or each question has another task with its own (LIMT). Gavin et al.
 * 2024, arXiv 2406.17588; its questions are of an instruction corpus, ours of eighteen programs, one of which the option
 * `task` names.
 */
export const longins = (meta: TaskMeta, setting: LonginsSetting): Task =>
  series(
    meta,
    (request) => new ItemPlacer(request),
    async ({ request, kit, id, random }) => {
      const share = numberOption(request.options, 'wrong', 0.001, 1)
      const names = ['any', ...examTasks.map(({ name }) => name)]
      const name = setting === 'LIMT' ? 'any' : wordOption(request.options, 'task', names)
      const task = name === 'any' ? pick(examTasks, random) : examTasks.find((one) => one.name === name)!
      const all = setting === 'GIST' ? ` The task is the same throughout: ${task.instruction}` : ''
      const ask = {
        instruction: `Below are questions with answers that someone gave, each with its number.${all} Check each of them.`,
        question: 'Which questions were answered wrongly?',
        cue: 'List their numbers, and no others, in square brackets, as in [2, 7].',
      }
      // None of the text counts where all is right: one of the first two is wrong in any case.
      const sure = random() < 0.5 ? 0 : 1
      const wrong: boolean[] = []
      const placed = await kit.place(id, {
        around: aroundOf(ask),
        keys: [],
        item(number) {
          const own = setting === 'LIMT' ? pick(examTasks, random) : task
          const { question, ...answers } = own.make(random)
          wrong[number] = number === sure || random() < share
          // One sentence, so that no part of it passes for the whole.
          const told = setting === 'GIST' ? question : `${own.instruction.slice(0, -1)}: ${question}`
          return `${told}; answer: ${wrong[number] ? answers.wrong : answers.right}`
        },
        label: (place) => `[${place + 1}]`,
        rest: (words) => `(${words})`,
      })
      const asked = placed.items.flatMap((span, index) =>
        wrong[index] ? [{ span, number: placed.itemPlaces[index]! + 1 }] : [],
      )
      const listed = (numbers: readonly { readonly number: number }[]): string =>
        `[${numbers.map(({ number }) => number).join(', ')}]`
      return {
        id,
        cell: setting === 'LIMT' ? setting : `${setting} ${task.name}`,
        corpus: placed.corpus,
        ...ask,
        answers: asked.map(({ number }) => [String(number)]),
        evidence: asked.map(({ span }) => span),
        needs: asked.map((_, index) => [index]),
        tags: {
          length: request.length,
          setting,
          ...(setting === 'LIMT' ? {} : { task: task.name }),
          questions: placed.items.length,
          wrong: asked.length,
          diffusion: meta.diffusion,
          scope: meta.scope,
        },
        tokens: placed.tokens,
        solve: (seen) => listed(asked.filter((_, index) => seen[index])),
        check: (said) => ({
          f1: setF1(
            numbersListed(said),
            asked.map(({ number }) => number),
          ),
        }),
      }
    },
  )

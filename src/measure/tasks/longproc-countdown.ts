import type { TaskMeta } from '../contract.ts'
import { inGroups } from '../generators/groups.ts'
import { countdown, scoreCountdown } from '../generators/longproc/countdown.ts'
import { outputTokens } from '../generators/longproc/steps.ts'
import { distinct, names } from '../generators/words.ts'
import { integer, pick } from '../random.ts'

export const meta = {
  name: 'longproc-countdown',
  summary: 'A search for the operations that make a target of four numbers, written out with every step back.',
  paper: 'Ye et al. 2025, LongProc, arXiv 2501.05414',
  options: { output: '0.5k', others: 8 },
  metrics: [],
  diffusion: 'low',
  scope: 'low',
} as const satisfies TaskMeta

const rules = `Search in this way. Begin with the line "Start with [a, b, c, d], target: t." Take two numbers in the order in which they stand, first with second, first with third, and so on, and write "Take (a, b), left: [c, d]." With the larger number first try +, -, * and / in turn, each in a line such as "Try 9 + 4 = 13: keep it, now [13, 7, 2]." The result stands before the numbers that are left, and the search goes on with them. Drop a result that is no whole number or is 2000 or more, and write "drop it". When two numbers are left there is no "Take" line: try the four operations, drop what is not the target, and end with "the target is found." Then write the three equations, one a line, between <Solution> and </Solution>.`

/** `output` is 0.5k, 2k or 8k, or a number: tokens of the search. The game stands in the text beside those of `others` players. */
export default inGroups(meta.name, async ({ request, weaver, random, id }) => {
  const { length, options, counter } = request
  const { numbers, target, text } = countdown(outputTokens(options.output), counter, random)
  const [player, ...others] = distinct(1 + Number(options.others), () => pick(names, random))
  const line = (who: string, held: readonly number[], wanted: number): string =>
    `${who} drew the numbers ${held.join(', ')} and has to reach ${wanted}.`
  const lines = [
    line(player!, numbers, target),
    ...others.map((who) =>
      line(
        who,
        numbers.map(() => integer(2, 50, random)),
        integer(10, 99, random),
      ),
    ),
  ]
  const asked = {
    instruction: 'The text below says which numbers the players of a game drew.',
    question: `Solve the game of ${player}: each of the four numbers is used once. ${rules}`,
  }
  const depth = request.depth ?? random()
  const blocks = lines.map((text, at) => ({ text, depth: at === 0 ? depth : random() }))
  const { corpus, spans, tokens } = await weaver.text(id, blocks, [asked], random)
  return [
    {
      id,
      cell: meta.name,
      corpus,
      ...asked,
      answers: [[text.split('\n').at(-2)!]],
      evidence: spans.slice(0, 1),
      distractors: spans.slice(1).map((span) => ({ span })),
      tags: { length, depth, output: options.output!, steps: text.split('\n').length, tokens: counter.count(text) },
      tokens: tokens[0]!,
      solve: ([seen]) => (seen ? text : 'The text does not say.'),
      check: (said) => scoreCountdown(numbers, target, said),
    },
  ]
})

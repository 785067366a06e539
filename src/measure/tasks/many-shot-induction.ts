import type { TaskMeta } from '../contract.ts'
import { functions, type InducedFunction, inputOf, type Value, writeValue } from '../generators/functions.ts'
import { ItemPlacer } from '../generators/items.ts'
import { aroundOf, numberOption, series, wholeOption, wordOption } from '../generators/series.ts'
import { pick } from '../random.ts'

export const meta = {
  name: 'many-shot-induction',
  summary:
    'Examples of an unknown function, from a few to thousands, some of them wrong if asked for; what does it give next?',
  paper: 'Yan et al. 2025, MIR-Bench, arXiv 2502.09933',
  options: { shots: 0, wrong: 0, function: 'any' },
  metrics: ['exact-match'],
  diffusion: 'low',
  scope: 'high',
} as const satisfies TaskMeta

const mostShots = 2048
/** Examples at the start that are right whatever share is wrong. */
const fewestRight = 4

interface Shot {
  readonly input: Value
  readonly output: string
  readonly right: boolean
}

/** Without spaces and quotation marks, behind the last `Output:`. */
const folded = (said: string): string =>
  (said.split(/output:/i).at(-1) ?? '')
    .trim()
    .split('\n')[0]!
    .replace(/["'`\s.]/g, '')

/**
 * The function of the bank that agrees with most examples, as a reader would find it that knows no others; of several, one
 * that is not the right one. Undefined without examples.
 */
function induced(shots: readonly Shot[], right: InducedFunction): InducedFunction | undefined {
  const bank = functions.filter(({ kind }) => kind === right.kind)
  const agree = (one: InducedFunction): number =>
    shots.filter(({ input, output }) => writeValue(one.apply(input)) === output).length
  const scores = bank.map(agree)
  const most = Math.max(0, ...scores)
  if (most === 0) return undefined
  const best = bank.filter((_, index) => scores[index] === most)
  return best.find((one) => one !== right) ?? right
}

/**
 * `shots` is the number of examples, 4 to 2048, behind prose that fills the length; 0 takes as many as fit, up to 2048, of
 * inputs that grow so that these fill it. `wrong` is the share whose output is that of another input. `function` names one of
 * the bank, which is ours. Evidence are all right examples: a few of them are enough, and a reader that saw some of them says
 * what the likeliest function of the bank gives.
 */
export default series(
  meta,
  (request) => new ItemPlacer(request),
  async ({ request, kit, id, random }) => {
    const { options, haystack, length, counter } = request
    const count = wholeOption(options, 'shots', 0, mostShots)
    const share = numberOption(options, 'wrong', 0, 0.9)
    const named = wordOption(options, 'function', ['any', ...functions.map(({ name }) => name)])
    const target = named === 'any' ? pick(functions, random) : functions.find(({ name }) => name === named)!
    const write = (input: Value, output: string): string => `Input: ${writeValue(input)}\nOutput: ${output}`
    let size = 1
    if (count === 0) {
      const first = inputOf(target.kind, 1, random)
      const tokens = counter.count(`${write(first, writeValue(target.apply(first)))}\n\n`)
      size = Math.max(1, (1.4 * length) / (mostShots * tokens))
    }
    const query = inputOf(target.kind, size, random)
    const asked = writeValue(query)
    const gold = writeValue(target.apply(query))
    const ask = {
      instruction:
        'Some inputs are given below with what an unknown function makes of them. Find the function. A few of the outputs may be wrong, and other text may stand around the examples.',
      question: `Input: ${asked}\nWhat does the function make of this input?`,
      cue: 'Output:',
    }
    const shots: Shot[] = []
    const next = (): string => {
      let input = inputOf(target.kind, size, random)
      while (writeValue(input) === asked) input = inputOf(target.kind, size, random)
      const output = writeValue(target.apply(input))
      const right = shots.length < fewestRight || random() >= share
      let shown = output
      while (!right && shown === output) shown = writeValue(target.apply(inputOf(target.kind, size, random)))
      shots.push({ input, output: shown, right })
      return write(input, shown)
    }
    const from = Math.floor(random() * haystack.sentences.length)
    const prose = (number: number): string => haystack.sentences[(from + number) % haystack.sentences.length]!
    const placed = await kit.place(id, {
      around: aroundOf(ask),
      separator: '\n\n',
      keys: Array.from({ length: count }, () => ({ text: next(), depth: 1 })),
      item: (number) => (count > 0 || number >= mostShots ? prose(number) : next()),
    })
    const spans = count > 0 ? placed.keys : placed.items.slice(0, mostShots)
    const told = shots.slice(0, spans.length)
    const right = spans.filter((_, index) => told[index]!.right)
    return {
      id,
      cell: target.kind,
      corpus: placed.corpus,
      ...ask,
      answers: [[gold]],
      evidence: right,
      distractors: spans.flatMap((span, index) => (told[index]!.right ? [] : [{ span }])),
      tags: {
        length,
        shots: spans.length,
        wrong: share,
        function: target.name,
        kind: target.kind,
        diffusion: meta.diffusion,
        scope: spans.length < 5 ? 'low' : 'high',
      },
      tokens: placed.tokens,
      solve(seen) {
        const known = told.filter((shot) => shot.right).filter((_, index) => seen[index])
        const found = induced(known, target)
        return found ? writeValue(found.apply(query)) : 'The examples do not tell.'
      },
      check: (said) => ({ 'exact-match': folded(said) === folded(gold) ? 1 : 0 }),
    }
  },
)

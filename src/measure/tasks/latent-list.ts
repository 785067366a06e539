import type { TaskMeta } from '../contract.ts'
import { fillers, idleCell } from '../generators/idle.ts'
import { ItemPlacer } from '../generators/items.ts'
import { makeProgram, printed, seenBy, views, writeList, writeOperation, writeView } from '../generators/operations.ts'
import { aroundOf, series, wholeOption, wordOption } from '../generators/series.ts'
import { drawn, integer, pick } from '../random.ts'

export const meta = {
  name: 'latent-list',
  summary:
    'A long session of list operations, few of which change the list; what does it hold, or come to, in the end?',
  paper: 'Vodrahalli et al. 2024, Michelangelo, arXiv 2409.12640',
  options: { operations: 5, view: 'any', filler: 'mixed' },
  metrics: ['exact-match'],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

const names = ['numbers', 'values', 'items', 'scores', 'xs', 'queue', 'marks', 'parts']
const packed = (text: string): string => text.replace(/\s+/g, '')

/** The last list or number that was said. */
const lastSaid = (said: string): string => said.match(/\[[^[\]]*\]|-?\d+(?:\.\d+)?/g)?.at(-1) ?? ''

/** Share of the places of a list that hold what they should, over the longer of both lists. */
function placesRight(said: string, gold: string): number {
  const [one, other] = [said, gold].map((text) => text.replace(/[[\]]/g, '').split(',').filter(Boolean))
  const right = other!.filter((value, at) => one![at] === value).length
  return right / Math.max(one!.length, other!.length, 1)
}

/**
 * `operations` is the number of steps that count (the paper's 1, 5 and 20), each of which changes what is asked for; `view`
 * is what is asked for, `filler` what stands between. Scored by the last list or number said; the share of right places is
 * beside it. The paper scores numbers by how near they come; here they are right or wrong.
 */
export default series(
  meta,
  (request) => new ItemPlacer(request),
  async ({ request, kit, id, random, depth }) => {
    const count = wholeOption(request.options, 'operations', 1, 60)
    const kind = wordOption(request.options, 'view', ['any', ...views])
    const filler = wordOption(request.options, 'filler', fillers)
    const program = makeProgram(kind === 'any' ? pick(views, random) : kind, count, random)
    const [name, aside] = drawn(names, 2, random) as [string, string]
    const shown = writeView(program.view, name)
    const ask = {
      instruction: `Below are the cells of a Python session, without what they showed. Keep track of the list ${name}.`,
      question: `What does ${shown} show when it is run after the last cell?`,
      cue: 'Say the value alone, as Python prints it.',
    }
    const start = Array.from({ length: 5 }, () => integer(10, 99, random))
    const where = Array.from({ length: count }, () => (request.depth === undefined ? random() : depth)).sort(
      (one, other) => one - other,
    )
    const changes: (((list: readonly number[]) => number[]) | undefined)[] = []
    const placed = await kit.place(id, {
      around: aroundOf(ask),
      keys: [
        { text: `${name} = ${writeList(program.start)}`, depth: 0 },
        { text: `${aside} = ${writeList(start)}`, depth: 0 },
        ...program.operations.map((operation, index) => ({
          text: writeOperation(operation, name),
          depth: where[index]!,
        })),
      ],
      item(number) {
        const [cell, change] = idleCell(filler, name, aside, random)
        changes[number] = change
        return cell
      },
      label: (place) => `In [${place + 1}]:`,
      rest: (words) => `# ${words}`,
    })
    const solve = (seen: readonly boolean[]): string => printed(program, seen)
    const [first, second, ...steps] = placed.keys
    const gold = solve([true, ...steps.map(() => true)])
    const others = changes.slice(0, placed.items.length).reduce((list, change) => change?.(list) ?? list, start)
    const lure = seenBy(program.view, others)
    return {
      id,
      cell: program.view.kind,
      corpus: placed.corpus,
      ...ask,
      answers: [[gold]],
      evidence: [first!, ...steps],
      distractors: lure === gold ? [] : [{ span: second!, says: lure }],
      tags: {
        length: request.length,
        depth: where[0]!,
        operations: count,
        view: program.view.kind,
        filler,
        diffusion: meta.diffusion,
        scope: count < 4 ? 'low' : 'high',
      },
      tokens: placed.tokens,
      solve,
      check(said) {
        const heard = packed(lastSaid(said))
        return { 'exact-match': heard === packed(gold) ? 1 : 0, places: placesRight(heard, packed(gold)) }
      },
    }
  },
)

import type { TaskMeta } from '../contract.ts'
import { inGroups } from '../generators/groups.ts'
import { connectionLine, network, routeText, scoreRoute, stepLine } from '../generators/longproc/path.ts'
import { outputTokens } from '../generators/longproc/steps.ts'

export const meta = {
  name: 'longproc-path',
  summary: 'The one route through a network of one-way connections, written out step by step.',
  paper: 'Ye et al. 2025, LongProc, arXiv 2501.05414',
  options: { output: '0.5k' },
  metrics: [],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

/** Tokens of a step of the route, and of a connection in the text. */
const [stepTokens, lineTokens] = [9.7, 21]

/** `output` is 0.5k, 2k or 8k, or a number: tokens of the route. Other connections and prose fill the text. */
export default inGroups(meta.name, async ({ request, weaver, random, id }) => {
  const { length, options, counter } = request
  const wanted = outputTokens(options.output)
  const steps = Math.max(2, Math.floor(wanted / stepTokens))
  const beside = Math.max(0, Math.min(steps, Math.floor((length - 400) / lineTokens - steps)))
  const { route, others, order } = network(steps, beside, random)
  const [start, end] = [route[0]!.from, route.at(-1)!.to]
  const asked = {
    instruction:
      'The text below names connections between cities. From each city there is one way out, and no way back.',
    question: `Write the route from ${start} to ${end}: one step a line, in order, each in the form "A to B by train.", all between <Route> and </Route>.`,
  }
  const all = [...route, ...others]
  const depths = order.map((_, at) => (at + 0.5) / all.length)
  const blocks = all.map((connection, at) => ({ text: connectionLine(connection), depth: depths[order[at]!]! }))
  const { corpus, spans, tokens } = await weaver.text(id, blocks, [asked], random)
  const gold = route.map(stepLine)
  return [
    {
      id,
      cell: meta.name,
      corpus,
      ...asked,
      answers: gold.map((line) => [line]),
      evidence: spans.slice(0, steps),
      needs: gold.map((_, at) => [at]),
      distractors: spans.slice(steps).map((span) => ({ span })),
      tags: { length, output: options.output!, steps, tokens: counter.count(routeText(gold)) },
      tokens: tokens[0]!,
      // A reader that lost a connection can go no further.
      solve: (seen) => routeText(gold.slice(0, seen.includes(false) ? seen.indexOf(false) : gold.length)),
      check: (said) => scoreRoute(gold, said),
    },
  ]
})

import type { TaskMeta } from '../contract.ts'
import { inGroups } from '../generators/groups.ts'
import { linesOf, outputTokens } from '../generators/longproc/steps.ts'
import { scoreTrace, story } from '../generators/longproc/tom.ts'
import { evenly } from '../generators/weave.ts'

export const meta = {
  name: 'longproc-tom',
  summary: 'Where somebody is, where a thing lies and where they believe it to be, after each step of a story.',
  paper: 'Ye et al. 2025, LongProc, arXiv 2501.05414',
  options: { output: '0.5k' },
  metrics: [],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

const stepTokens = 30

/** `output` is 0.5k, 2k or 8k, or a number: tokens of the trace. The steps stand in order between prose. */
export default inGroups(meta.name, async ({ request, weaver, random, id }) => {
  const { length, options, counter } = request
  const { lines, agent, thing, trace } = story(
    Math.max(2, Math.floor(outputTokens(options.output) / stepTokens) - 1),
    random,
  )
  const gold = linesOf(trace)
  const asked = {
    instruction:
      'The steps of a story stand in the text below, in order. Who is in the room where a thing lies sees it and knows where it lies; who is not there goes on believing what they saw last.',
    question: `Follow ${agent} and the ${thing}. For each step write one line in exactly this form: "Step 0: ${agent} in kitchen; ${thing} on kitchen's shelf; sees it: yes; believes: kitchen's shelf". Write "no room" for who is in none and "nothing" for who has not seen it yet. End with the line "Final answer: " and where ${agent} believes the ${thing} to be.`,
  }
  const depths = evenly(lines.length)
  const blocks = lines.map((text, at) => ({ text, depth: depths[at]! }))
  const { corpus, spans, tokens } = await weaver.text(id, blocks, [asked], random)
  return [
    {
      id,
      cell: meta.name,
      corpus,
      ...asked,
      answers: gold.slice(0, lines.length).map((line) => [line]),
      evidence: spans,
      needs: lines.map((_, at) => [at]),
      tags: { length, output: options.output!, steps: lines.length, tokens: counter.count(trace) },
      tokens: tokens[0]!,
      solve: (seen) => (seen.includes(false) ? gold.slice(0, seen.indexOf(false)).join('\n') : trace),
      check: (said) => scoreTrace(trace, said),
    },
  ]
})

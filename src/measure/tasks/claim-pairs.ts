import type { Sample, Task, TaskMeta } from '../contract.ts'
import { checkClaim, chronicle, claimPairs, claimQuestion, type Scope, scopes } from '../generators/claims.ts'
import { Weaver } from '../generators/weave.ts'
import { hashOf, seededRandom } from '../random.ts'

export const meta = {
  name: 'claim-pairs',
  summary:
    'Pairs of a true and a false claim about a story that differ in one thing; a pair counts when both are judged right.',
  paper: 'Karpinska et al. 2024, NoCha, arXiv 2406.16264',
  options: { scope: 'all' },
  metrics: ['exact-match'],
  diffusion: 'high',
  scope: 'low',
} as const satisfies TaskMeta

/**
 * `scope` is all, sentence, passage or global: how much of the story a claim rests on. The story is made by rules, where the
 * paper has novels and claims that readers wrote; those are read by the dataset of this name. The analysis `pairs` joins pairs.
 */
const task: Task = async function* (request) {
  const { seed, length, options } = request
  const weaver = new Weaver({ ...request, haystack: chronicle(seed) })
  const wanted = scopes.filter((scope) => options.scope === 'all' || scope === (options.scope as Scope))
  let made = 0
  for (let number = 0; made < request.samples; number++) {
    request.abortSignal?.throwIfAborted()
    const random = seededRandom(hashOf(`${meta.name} ${seed} ${length} ${number}`))
    const id = `${meta.name}-${length}-${seed}-${number}`
    const pairs = claimPairs(wanted, random)
    const claims = pairs.flatMap((pair, of) => [true, false].map((truth) => ({ of, truth, text: pair[`${truth}`] })))
    const asked = claims.map(({ text }) => ({
      instruction: 'Read the story below. You will be asked about a claim.',
      question: claimQuestion(text),
    }))
    const blocks = pairs.flatMap((pair) => pair.blocks)
    const { corpus, spans, tokens } = await weaver.text(id, blocks, asked, random)
    for (const [index, { of, truth }] of claims.entries()) {
      if (made++ === request.samples) return
      const pair = pairs[of]!
      const first = pairs.slice(0, of).reduce((sum, { blocks }) => sum + blocks.length, 0)
      const own = spans.slice(first, first + pair.blocks.length)
      const sample: Sample = {
        id: `${id}-${pair.scope}-${truth}`,
        cell: meta.name,
        corpus,
        ...asked[index]!,
        answers: [[truth ? 'True' : 'False']],
        evidence: own.filter((_, at) => !pair.lures.includes(at)),
        distractors: pair.lures.map((at) => ({ span: own[at]!, says: truth ? 'False' : 'True' })),
        tags: { length, pair: `${number}-${pair.scope}`, truth, scope: pair.scope },
        tokens: tokens[index]!,
        check: checkClaim(truth),
      }
      yield sample
    }
  }
}
export default task

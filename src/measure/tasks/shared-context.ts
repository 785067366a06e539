import { makeSource } from '../../core/index.ts'
import type { Sample, TaskMeta } from '../contract.ts'
import { delivered, promptOf, textOf } from '../corpus.ts'
import { inGroups } from '../generators/groups.ts'
import { sharedWorld } from '../generators/shared.ts'

export const meta = {
  name: 'shared-context',
  summary: 'Several requests over one long context, each for itself or as turns that build on each other.',
  paper: 'Li et al. 2024, SCBench, arXiv 2412.10319',
  options: { mode: 'multi-request' },
  metrics: ['references-said'],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

/**
 * `mode` multi-request: each request names all that it is about. `multi-turn`: later ones point to earlier answers; the turns
 * so far, with the right answers, follow the context as Sources of their own, so that a prompt begins as the one before did.
 * The length asked for is then that of the first turn; `tokens` says what each has.
 */
export default inGroups(meta.name, async ({ request, weaver, random, id }) => {
  const { length, options, counter } = request
  const turns = options.mode === 'multi-turn'
  const { blocks, requests } = sharedWorld(random)
  const asked = requests.map(({ alone, inTurn }) => ({
    instruction: 'Keys, notes and variables stand in the text below, each in a line of its own, between other text.',
    question: turns ? `User: ${inTurn}` : alone,
    ...(turns ? { cue: 'Assistant:' } : {}),
  }))
  const woven = await weaver.text(id, blocks, turns ? asked.slice(0, 1) : asked, random)
  const history = turns
    ? await Promise.all(
        requests.slice(0, -1).map(({ answers }, turn) =>
          makeSource({
            uri: `${id}/turn-${turn + 1}.txt`,
            text: `${asked[turn]!.question}\nAssistant: ${answers.join(', ')}`,
            mediaType: 'text/plain',
          }),
        ),
      )
    : []
  const corpus = turns ? { ...woven.corpus, sources: [...woven.corpus.sources, ...history] } : woven.corpus
  return requests.map(({ kind, answers, evidence, needs, solve }, turn): Sample => {
    const sample: Sample = {
      id: `${id}-${turn}`,
      cell: meta.name,
      corpus,
      ...asked[turn]!,
      answers: answers.map((answer) => [answer]),
      evidence: evidence.map((at) => woven.spans[at]!),
      needs,
      ...(turns ? { delivered: 1 + turn } : {}),
      tags: { length, kind, turn, mode: String(options.mode) },
      ...(solve ? { solve } : {}),
    }
    const count = turns && turn > 0 ? counter.count(promptOf(sample, textOf(delivered(sample)))) : woven.tokens[turn]!
    return { ...sample, tokens: count }
  })
})

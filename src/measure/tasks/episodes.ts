import { makeSource, type Span } from '../../core/index.ts'
import type { Sample, TaskMeta } from '../contract.ts'

import { life } from '../generators/episodes.ts'
import { inGroups } from '../generators/groups.ts'

export const meta = {
  name: 'episodes',
  summary: 'Two people meet in a chain of episodes; in the last one what was said in earlier ones counts.',
  paper: 'Goel and Zhu 2025, Lifelong-Sotopia, arXiv 2506.12666',
  options: { episodes: 6 },
  metrics: ['references-said'],
  diffusion: 'high',
  scope: 'low',
} as const satisfies TaskMeta

const week = 7 * 24 * 60 * 60 * 1000

/**
 * Each episode is a Source with its time. Tag `history` says whether a question hangs on an episode before the last, `back`
 * on how many before. The paper has a model judge goals and believability of talk; here rules score one line of it.
 */
export default inGroups(meta.name, async ({ request, weaver, random, id }) => {
  const { length, options } = request
  const count = Math.max(3, Number(options.episodes))
  const { blocks, heads, questions } = life(count, random)
  const asked = questions.map(({ question }) => ({
    instruction:
      'Below are episodes from the life of two people, in order. What is said later replaces what was said before.',
    question,
  }))
  const woven = await weaver.text(id, blocks, asked, random)
  const text = woven.corpus.sources[0]!.text
  const cuts = heads.map((head) => woven.spans[head]!.start)
  // The line break between two episodes becomes the gap between two Sources.
  const sources = await Promise.all(
    cuts.map((start, episode) =>
      makeSource({
        uri: `${id}/episode-${episode + 1}.txt`,
        text: text.slice(start, cuts[episode + 1]).trimEnd(),
        mediaType: 'text/plain',
        time: Date.UTC(2024, 0, 8) + episode * week,
      }),
    ),
  )
  const spanOf = (block: number): Span => {
    const { start, end } = woven.spans[block]!
    const episode = cuts.findLastIndex((cut) => cut <= start)
    return { source: sources[episode]!.id, start: start - cuts[episode]!, end: end - cuts[episode]! }
  }
  return questions.map(
    ({ kind, episodes, answers, evidence, lures, needs, check }, number): Sample => ({
      id: `${id}-${kind}`,
      cell: meta.name,
      corpus: { id, sources },
      ...asked[number]!,
      answers,
      evidence: evidence.map(spanOf),
      needs,
      distractors: lures.map(([block, says]) => ({ span: spanOf(block), says })),
      tags: {
        length,
        kind,
        history: episodes.some((episode) => episode < count - 1),
        back: count - 1 - Math.min(...episodes),
      },
      tokens: woven.tokens[number]!,
      check,
    }),
  )
})

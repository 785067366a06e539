import type { TaskMeta } from '../contract.ts'
import { NeedlePlacer } from '../generators/needles.ts'
import { aroundOf, series, tooShort, wordOption } from '../generators/series.ts'
import { candidates, readStories, saysOnly } from '../generators/stories.ts'
import { hashOf, seededRandom, shuffled } from '../random.ts'

export const meta = {
  name: 'babilong',
  summary: 'The facts of a small story, hidden in order in a long text, and a question that rests on some of them.',
  paper: 'Kuratov et al. 2024, BABILong, arXiv 2406.10149',
  options: { task: 'qa1' },
  metrics: ['reference-said'],
  diffusion: 'high',
  scope: 'low',
  needs: ['data'],
} as const satisfies TaskMeta

/** Share of the prompt that a story may take at most. */
const mostFacts = 0.7

/**
 * `task` is one of bAbI's, `qa1` to `qa20`. Facts stand between sentences of the haystack at random, in their order; facts of
 * the story that the answer does not rest on are distractors, in tasks of places with the place that they would lead to. The
 * check is BABILong's: the answer and no other candidate in the first sentence. The wording of the prompt is ours, and
 * without its examples. Throws `data-missing`, and `length-too-short` where no story fits.
 */
export default series(
  meta,
  async (request) => {
    const task = wordOption(request.options, 'task', Object.keys(candidates))
    const { data = '', abortSignal, counter, length } = request
    const stories = await readStories({ data, ...(abortSignal ? { abortSignal } : {}) }, task)
    const known = new Map<string, number>()
    const count = (fact: string): number => {
      const tokens = known.get(fact) ?? counter.count(` ${fact}`)
      known.set(fact, tokens)
      return tokens
    }
    const costs = stories.map(({ facts }) => facts.reduce((sum, fact) => sum + count(fact), 0))
    const short = stories.filter((_, index) => costs[index]! < mostFacts * (length - 100))
    if (short.length === 0) throw tooShort(length, Math.ceil(Math.min(...costs) / mostFacts) + 101)
    return {
      task,
      stories: shuffled(short, seededRandom(hashOf(`${meta.name} ${request.seed}`))),
      placer: new NeedlePlacer(request),
    }
  },
  async ({ request, kit: { task, stories, placer }, index, id, random }) => {
    const story = stories[index % stories.length]!
    const labels = candidates[task]!
    const ask = {
      instruction:
        'Facts about some people, animals or things are hidden in the text below. They happen in the order in which they stand; the rest of the text has nothing to do with them. Answer from those facts alone.',
      question: story.question,
      cue: `Answer with ${task === 'qa8' ? 'words from this list' : 'one of these'} and nothing else: ${labels.join('; ')}.`,
    }
    const where = story.facts.map(() => random()).sort((one, other) => one - other)
    const needles = story.facts.map((text, at) => ({ text, depth: request.depth ?? where[at]! }))
    const from = Math.floor(random() * request.haystack.sentences.length)
    const hidden = await placer.hide(id, needles, aroundOf(ask), from)
    const told = new Set(story.support)
    const places = ['qa1', 'qa2', 'qa3'].includes(task)
    return {
      id,
      cell: task,
      corpus: hidden.corpus,
      ...ask,
      answers: [[story.answer]],
      evidence: story.support.map((fact) => hidden.spans[fact]!),
      distractors: hidden.spans.flatMap((span, fact) => {
        if (told.has(fact)) return []
        const named = places && labels.find((label) => story.facts[fact]!.includes(label))
        return [{ span, ...(named && named !== story.answer ? { says: named } : {}) }]
      }),
      tags: {
        length: request.length,
        depth: needles[story.support.at(-1) ?? 0]!.depth,
        task,
        facts: story.facts.length,
        support: story.support.length,
        diffusion: meta.diffusion,
        scope: meta.scope,
      },
      tokens: hidden.tokens,
      check: (said) => ({ 'only-answer-said': saysOnly(said, story, labels) ? 1 : 0 }),
    }
  },
)

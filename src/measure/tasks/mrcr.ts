import type { TaskMeta } from '../contract.ts'
import { ItemPlacer } from '../generators/items.ts'
import { formats, ordinals, requestFor, topics, turnOf, written } from '../generators/requests.ts'
import { aroundOf, series, wholeOption } from '../generators/series.ts'
import { distinct } from '../generators/words.ts'
import { integer, pick } from '../random.ts'
import { similarity } from '../similarity.ts'
import { mean } from '../stats.ts'

export const meta = {
  name: 'mrcr',
  summary:
    'A long conversation in which the same was asked for several times; one of the replies must be repeated word for word.',
  paper: 'Vodrahalli et al. 2024, Michelangelo, arXiv 2409.12640',
  options: { needles: 4 },
  metrics: ['similarity'],
  diffusion: 'high',
  scope: 'low',
} as const satisfies TaskMeta

const unknown = 'There is no such reply.'
const signs = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/**
 * `needles` is how often the key request is made (2, 4 and 8 in OpenAI's version of the task, whose prefix this one has).
 * Scored by the likeness of what follows the prefix, 0 without it; beside it stand the floor, the mean likeness of the other
 * replies to the same request, and the likeness above that floor. To tell which reply is the second, the first must be seen:
 * both are evidence.
 */
export default series(
  meta,
  (request) => new ItemPlacer(request),
  async ({ request, kit, id, random }) => {
    const needles = wholeOption(request.options, 'needles', 2, ordinals.length)
    const format = pick(formats, random)
    const topic = pick(topics, random)
    const replies = distinct(needles, () => written(format, topic, random))
    const asked = integer(0, needles - 1, random)
    const prefix = Array.from({ length: 10 }, () => pick([...signs], random)).join('')
    const ask = {
      instruction:
        'Below is a conversation between a user and an assistant. Read all of it: one of the replies will be asked for.',
      question: `Begin with "${prefix}" and go on, word for word, with the ${ordinals[asked]} ${format.name} about ${topic} that the assistant wrote.`,
      cue: 'Say nothing else.',
    }
    const where = replies.map(() => random()).sort((one, other) => one - other)
    const placed = await kit.place(id, {
      around: aroundOf(ask),
      separator: '\n\n',
      keys: replies.map((reply, index) => ({
        text: turnOf(requestFor(format, topic), reply),
        depth: request.depth === undefined ? where[index]! : request.depth,
      })),
      item() {
        for (;;) {
          const [other, about] = [pick(formats, random), pick(topics, random)]
          if (other !== format || about !== topic)
            return turnOf(requestFor(other, about), written(other, about, random))
        }
      },
      rest: (words) => `System: ${words}`,
    })
    const gold = replies[asked]!
    const floor = mean(replies.flatMap((reply, index) => (index === asked ? [] : [similarity(reply, gold)])))
    return {
      id,
      cell: meta.name,
      corpus: placed.corpus,
      ...ask,
      answers: [[`${prefix} ${gold}`]],
      evidence: placed.keys.slice(0, asked + 1),
      distractors: placed.keys.flatMap((span, index) =>
        index === asked ? [] : [{ span, says: `${prefix} ${replies[index]}` }],
      ),
      tags: {
        length: request.length,
        depth: request.depth ?? where[asked]!,
        needles,
        ordinal: asked + 1,
        format: format.name,
        diffusion: meta.diffusion,
        scope: meta.scope,
      },
      tokens: placed.tokens,
      // What it did not see it does not count.
      solve(seen) {
        const known = replies.filter((_, index) => index > asked || seen[index])
        return known[asked] === undefined ? unknown : `${prefix} ${known[asked]}`
      },
      check(said) {
        const heard = said.trim()
        const likeness = heard.startsWith(prefix) ? similarity(heard.slice(prefix.length).trim(), gold) : 0
        return { similarity: likeness, floor, 'above-floor': Math.max(0, (likeness - floor) / (1 - floor)) }
      },
    }
  },
)

import type { Haystack, TaskMeta } from '../contract.ts'
import { associations } from '../generators/associations.ts'
import { around, chosen, drawing } from '../generators/draw.ts'
import { NeedlePlacer } from '../generators/needles.ts'
import { names } from '../generators/words.ts'
import { hashOf, pick, seededRandom, shuffled } from '../random.ts'

export const meta = {
  name: 'nolima',
  summary: 'One needle in prose that shares no word with its question: one step or two of association lead to it.',
  paper: 'Modarressi et al. 2025, NoLiMa, arXiv 2502.05167',
  options: { hops: 'all', order: 'all', lure: false },
  metrics: ['references-said'],
  diffusion: 'high',
  scope: 'low',
} as const satisfies TaskMeta

/** Names that the prose does not have, not even within a word. */
function unused({ sentences }: Haystack): readonly string[] {
  const words = new Set(sentences.flatMap((sentence) => sentence.toLowerCase().split(/[^\p{L}]+/u)))
  const all = [...words].join(' ')
  const left = names.filter((name) => !all.includes(name.toLowerCase()))
  return left.length > 0 ? left : names
}

/**
 * The pairs are ours. `hops` 1 or 2 says how far the question is from the needle; 0 asks in the needle's own words, for
 * comparison. `order` is `first` or `last`: where the name stands. With `lure` a sentence without a name has the question's word.
 */
export default drawing(meta.name, (request) => {
  const { options, haystack, seed } = request
  const placer = new NeedlePlacer(request)
  const bank = shuffled(associations, seededRandom(hashOf(`${meta.name} ${seed}`)))
  const free = unused(haystack)
  return async ({ id, index, random, depth }) => {
    const hops = chosen(options, 'hops', [1, 2, 0] as const, index + Math.floor(index / bank.length), 2)
    const order = chosen(options, 'order', ['first', 'last'] as const, Math.floor(index / 2))
    const { needle, inverted, question, one, two } = bank[index % bank.length]!
    const name = pick(free, random)
    const target = hops === 2 ? two : one
    const asked =
      hops === 0 ? needle.replace('{name}', 'Which character').replace(/\.$/, '?') : question.replace('{it}', target)
    const frame = {
      instruction:
        'The text below may tell something about a character. It may take some general knowledge to see what follows.',
      question: asked,
      cue: 'The character is',
    }
    const needles = [
      { text: (order === 'first' ? needle : inverted).replace('{name}', name), depth },
      ...(options.lure === true && hops > 0
        ? [{ text: `Somebody at the next table had a good deal to say about ${target}.`, depth: random() }]
        : []),
    ]
    const offset = Math.floor(random() * haystack.sentences.length)
    const { corpus, spans, tokens } = await placer.hide(id, needles, around(frame), offset)
    return {
      ...frame,
      id,
      cell: `${meta.name}, ${hops} hops`,
      corpus,
      answers: [[name]],
      evidence: spans.slice(0, 1),
      distractors: spans.slice(1).map((span) => ({ span })),
      tags: { length: request.length, depth, hops, order },
      tokens,
    }
  }
})

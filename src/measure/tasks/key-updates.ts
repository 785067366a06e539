import { FoveaError, makeSource, type Span } from '../../core/index.ts'
import type { TaskMeta } from '../contract.ts'
import { around, drawing, wholeNumber } from '../generators/draw.ts'
import { costsOf } from '../generators/haystack.ts'
import { unsaid } from '../generators/saying.ts'
import { vocabulary } from '../generators/vocabulary.ts'
import { objects, places } from '../generators/words.ts'
import { Lengths } from '../length.ts'
import { drawn, hashOf, seededRandom, shuffled } from '../random.ts'

export const meta = {
  name: 'key-updates',
  summary: 'Values of keys, each changed again and again: the last value counts and the earlier ones interfere.',
  paper: 'Wang and Sun 2025, Unable to Forget, arXiv 2506.08184',
  options: { keys: 46, updates: 0, asked: 1 },
  metrics: ['references-said'],
  diffusion: 'low',
  scope: 'low',
} as const satisfies TaskMeta

/** Words of which none ends another, so that a line of one key is never part of a line of another. */
const keyWords = [...new Set([...objects, ...places])].filter(
  (word, _, all) => !all.some((other) => other !== word && (other.endsWith(word) || word.endsWith(other))),
)

/**
 * All keys are updated equally often, in no order: as often as the length holds, or `updates` times, and prose fills what is
 * left, before the updates (the share of it that the depth says, where one is asked for; the paper has no prose). The paper
 * asks for all keys at once; `asked` says for how many.
 */
export default drawing(meta.name, (request) => {
  const { options, length, counter, haystack, seed } = request
  const count = Math.min(wholeNumber(options, 'keys', 1), keyWords.length)
  const wanted = wholeNumber(options, 'updates', 0)
  const asks = Math.min(count, wholeNumber(options, 'asked', 1))
  const words = vocabulary(Math.max(800, Math.ceil(length / count)), seededRandom(hashOf(`${meta.name} ${seed}`)))
  const costs = words.map((word) => counter.count(` ${word}\n`))
  const keyCosts = new Map(keyWords.map((word) => [word, counter.count(`${word}:`)]))
  const sentenceCosts = costsOf(haystack, counter)
  const lengths = new Lengths()
  return async ({ id, random }) => {
    const keys = drawn(keyWords, count, random)
    const asked = keys.slice(0, asks)
    const frame = {
      instruction:
        'Keys are given values below, one to a line, and later lines replace earlier ones. Only the last value of a key counts.',
      question: `What is the last value of ${asked.map((key) => `"${key}"`).join(', ')}?`,
      cue: asks === 1 ? 'The last value is' : `The ${asks} last values are`,
    }
    const room = length - counter.count(around(frame))
    // Each key goes through all words in an order of its own, so that it has no value twice.
    const walks = keys.map(() => shuffled([...words.keys()], random))
    let [used, updates] = [0, 0]
    for (; wanted === 0 || updates < wanted; updates++) {
      const cost = keys.reduce((sum, key, at) => sum + keyCosts.get(key)! + costs[walks[at]![updates]!]!, 0)
      if (used + cost > room) break
      used += cost
    }
    if (updates === 0 || updates < wanted)
      throw new FoveaError(
        'spec-invalid',
        `${count} keys cannot be updated ${Math.max(1, wanted)} times in ${length} tokens; ask for fewer or for a greater length`,
      )
    const next = new Map(keys.map((key) => [key, 0]))
    const lines = shuffled(
      keys.flatMap((key) => Array<string>(updates).fill(key)),
      random,
    ).map((key) => {
      const turn = next.get(key)!
      next.set(key, turn + 1)
      return { key, turn, value: words[walks[keys.indexOf(key)]![turn]!]! }
    })
    const stream = lines.map(({ key, value }) => `${key}: ${value}`).join('\n')
    const offset = Math.floor(random() * haystack.sentences.length)
    const at = (number: number): number => (offset + number) % haystack.sentences.length
    const { made, tokens } = lengths.fit({
      length,
      counter,
      fixed: length - room + used,
      piece: (number) => ` ${haystack.sentences[at(number)]}`,
      cost: (number) => sentenceCosts[at(number)]!,
      compose(pieces, tail) {
        const prose = Array.from({ length: pieces }, (_, number) => haystack.sentences[at(number)]!)
        if (tail.trim() !== '') prose.push(tail.trim())
        const split = Math.round((request.depth ?? 1) * prose.length)
        const [before, after] = [prose.slice(0, split).join(' '), prose.slice(split).join(' ')]
        const text = [before, stream, after].filter((part) => part !== '').join('\n')
        return { made: { text, start: before === '' ? 0 : before.length + 1 }, prompt: () => `${around(frame)}${text}` }
      },
    })
    const source = await makeSource({ uri: `${id}.txt`, text: made.text, mediaType: 'text/plain' })
    let from = made.start
    const spans = lines.map(({ key, value }): Span => {
      const start = from
      from += key.length + value.length + 3
      return { source: source.id, start, end: from - 1 }
    })
    const last = asked.map((key) => lines.findLastIndex((line) => line.key === key))
    const ago = (key: string, turns: number): string => words[walks[keys.indexOf(key)]![updates - turns]!]!
    return {
      ...frame,
      id,
      cell: meta.name,
      corpus: { id, sources: [source] },
      answers: asked.map((key) => [ago(key, 1)]),
      evidence: last.map((line) => spans[line]!),
      needs: asked.map((_, at) => [at]),
      distractors: lines.flatMap(({ key, turn, value }, line) =>
        asked.includes(key) && turn < updates - 1 ? [{ span: spans[line]!, says: value }] : [],
      ),
      // Who has not seen the last value takes the one before it.
      solve: (seen) => asked.map((key, at) => (seen[at] ? ago(key, 1) : updates > 1 ? ago(key, 2) : unsaid)).join(', '),
      tags: { length, keys: count, updates, asked: asks, depth: spans[last[0]!]!.start / made.text.length },
      tokens,
    }
  }
})

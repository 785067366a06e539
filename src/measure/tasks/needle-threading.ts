import { estimateTokens } from '../../core/index.ts'
import type { TaskMeta } from '../contract.ts'
import { around, chosen, drawing, wholeNumber } from '../generators/draw.ts'
import { Entries, jsonObject, ListPlacer, pairText } from '../generators/listing.ts'
import { branchingThread, directions, followed, type Threads, threadsOf } from '../generators/threads.ts'
import { distinct } from '../generators/words.ts'
import { hashOf, integer, randomId, seededRandom } from '../random.ts'

export const meta = {
  name: 'needle-threading',
  summary: 'Threads of keys whose values are keys again, through a JSON object of random pairs.',
  paper: 'Roberts, Han and Albanie 2024, Needle Threading, arXiv 2411.05000',
  options: { kind: 'all', threads: 3, hops: 5, branches: 3, direction: 'all' },
  metrics: ['references-said'],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

const kinds = ['thread', 'threads', 'branching', 'needle', 'needles', 'conditional'] as const
const mark = '*'

/** A key with the mark in place of one of its characters. */
const marked = (id: string, random: () => number): string => {
  const at = integer(0, 7, random)
  return id.slice(0, at) + mark + id.slice(at + 1)
}
const listed = (keys: readonly string[]): string => keys.map((key) => `"${key}"`).join(', ')

const questions: Readonly<Record<(typeof kinds)[number], (keys: readonly string[]) => string>> = {
  needle: (keys) => `What is the value of the key ${listed(keys)}?`,
  needles: (keys) => `What are the values of the keys ${listed(keys)}?`,
  conditional: () => `What are the values of all keys that contain the character "${mark}"?`,
  thread: (keys) =>
    `Look up the key ${listed(keys)}. Its value may be a key itself: look that up too, and go on until a value is no key. Which value is that?`,
  threads: (keys) =>
    `Look up each of the keys ${listed(keys)}. A value may be a key itself: look that up too, and go on until a value is no key. Which values do you end at?`,
  branching: (keys) =>
    `Look up the key ${listed(keys)}. A value, or each of several in brackets, may be a key itself: look it up too. Follow every way until a value is no key. Which value stands at the end of the longest way?`,
}

/**
 * The paper's tasks with a length in tokens of any tokenizer. As token counts of random characters differ from tokenizer
 * to tokenizer, `normalised` tags a count that does not hang on one, and `characters` the length of the text.
 */
export default drawing(meta.name, (request) => {
  const { options } = request
  const [threads, hops, branches] = [
    wholeNumber(options, 'threads', 1),
    wholeNumber(options, 'hops', 1),
    wholeNumber(options, 'branches', 2),
  ]
  const random = seededRandom(hashOf(`${meta.name} ${request.seed}`))
  const make = (): readonly [key: string, value: string] => [randomId(random), randomId(random)]
  const others = new Entries(make, (pair) => pairText(...pair), request.counter, jsonObject.glue)
  const placer = new ListPlacer(request)

  function needles(count: number, key: (random: () => number) => string, random: () => number): Threads {
    const starts = distinct(count, () => key(random))
    const links = starts.map((key) => ({ key, values: [randomId(random)] }))
    return { links, starts, ends: links.map(({ values }) => values[0]!) }
  }
  return async ({ id, index, random, depth }) => {
    const kind = chosen(options, 'kind', kinds, index)
    const threaded = kind === 'thread' || kind === 'threads' || kind === 'branching'
    const direction = chosen(options, 'direction', directions, Math.floor(index / kinds.length))
    const count = kind === 'thread' || kind === 'branching' || kind === 'needle' ? 1 : threads
    const { links, starts, ends } =
      kind === 'branching'
        ? branchingThread({ hops, branches, direction }, random)
        : threaded
          ? threadsOf({ count, hops, direction }, random)
          : needles(count, kind === 'conditional' ? (draw) => marked(randomId(draw), draw) : randomId, random)
    const frame = {
      instruction: 'Below is a JSON object of keys and values. Your task is to look up values in it.',
      question: questions[kind](starts),
      cue: ends.length === 1 ? 'The value is' : `The ${ends.length} values are`,
    }
    const alone = kind === 'needle' || request.depth !== undefined
    const where = links.map(() => (alone ? depth : random())).sort((one, other) => one - other)
    const items = links.map(({ key, values }, at) => ({
      text: pairText(key, values.length === 1 ? values[0]! : values),
      depth: where[at]!,
    }))
    const offset = integer(0, Math.ceil(request.length / 50), random)
    const { corpus, source, spans, tokens, entries } = await placer.place({
      ...jsonObject,
      name: id,
      around: around(frame),
      items,
      others: others.walk(offset),
    })
    return {
      ...frame,
      id,
      cell: `${meta.name}, ${kind}`,
      corpus,
      answers: ends.map((end) => [end]),
      evidence: spans.filter((_, at) => !links[at]!.side),
      distractors: links.flatMap(({ side, values }, at) => (side ? [{ span: spans[at]!, says: values[0]! }] : [])),
      // What is not seen ends a way.
      solve(seen) {
        const known = links.filter(({ side }) => !side).filter((_, at) => seen[at])
        return starts.map((start) => followed(start, known)).join(', ')
      },
      tags: {
        length: request.length,
        kind,
        threads: count,
        hops: threaded ? hops : 1,
        direction: threaded ? direction : 'none',
        depth: where[0]!,
        pairs: entries,
        characters: source.text.length,
        normalised: estimateTokens(source.text),
      },
      tokens,
    }
  }
})

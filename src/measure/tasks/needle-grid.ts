import type { TaskMeta } from '../contract.ts'
import { around, chosen, drawing } from '../generators/draw.ts'
import { NeedlePlacer } from '../generators/needles.ts'
import { objects, places, wordPair } from '../generators/words.ts'
import { integer, pick, randomId } from '../random.ts'

export const meta = {
  name: 'needle-grid',
  summary: 'One needle in prose by length and depth.',
  paper: 'Kamradt 2023, Needle In A Haystack, github.com/gkamradt/LLMTest_NeedleInAHaystack',
  options: { needle: 'fact' },
  metrics: ['references-said'],
  diffusion: 'low',
  scope: 'low',
} as const satisfies TaskMeta

const kinds = ['fact', 'number', 'word', 'identifier'] as const
const doings = ['feed the swans', 'fly a kite', 'row to the island', 'listen to the organ', 'read on the steps']

interface Made {
  readonly text: string
  readonly question: string
  readonly cue: string
  readonly answer: string
}

const secret = (kind: string, value: string, random: () => number): Made => {
  const owner = wordPair(random)
  return {
    text: `The secret ${kind} of ${owner} is ${value}.`,
    question: `What is the secret ${kind} of ${owner}?`,
    cue: `The secret ${kind} of ${owner} is`,
    answer: value,
  }
}
const needles: Readonly<Record<(typeof kinds)[number], (random: () => number) => Made>> = {
  fact(random) {
    const town = wordPair(random)
      .split('-')
      .map((word) => word[0]!.toUpperCase() + word.slice(1))
      .join(' ')
    const thing = pick(objects, random)
    const article = /^[aeiou]/.test(thing) ? 'an' : 'a'
    const answer = `${pick(doings, random)} at the ${pick(places, random)} with ${article} ${thing}`
    return {
      text: `The best thing to do in ${town} on a free day is to ${answer}.`,
      question: `What is the best thing to do in ${town} on a free day?`,
      cue: `The best thing to do in ${town} is to`,
      answer,
    }
  },
  number: (random) => secret('number', String(integer(1_000_000, 9_999_999, random)), random),
  word: (random) => secret('word', wordPair(random), random),
  identifier: (random) => secret('identifier', randomId(random), random),
}

/** The test of needle and haystack by length and depth, with needles of four kinds in our wording. */
export default drawing(meta.name, (request) => {
  const placer = new NeedlePlacer(request)
  return async ({ id, index, random, depth }) => {
    const needle = chosen(request.options, 'needle', kinds, index)
    const { text, question, cue, answer } = needles[needle](random)
    const frame = { instruction: 'One fact in the text below is asked for after it.', question, cue }
    const offset = Math.floor(random() * request.haystack.sentences.length)
    const { corpus, spans, tokens } = await placer.hide(id, [{ text, depth }], around(frame), offset)
    return {
      ...frame,
      id,
      cell: meta.name,
      corpus,
      answers: [[answer]],
      evidence: spans,
      tags: { length: request.length, depth, needle },
      tokens,
    }
  }
})

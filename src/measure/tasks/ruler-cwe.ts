import type { TaskMeta } from '../contract.ts'
import { counted } from '../generators/counted.ts'
import { around, drawing, wholeNumber } from '../generators/draw.ts'
import { vocabulary } from '../generators/vocabulary.ts'
import { Lengths } from '../length.ts'
import { hashOf, seededRandom, shuffled } from '../random.ts'

export const meta = {
  name: 'ruler-cwe',
  summary: 'The ten words that come most often in a numbered list.',
  paper: 'Hsieh et al. 2024, RULER, arXiv 2404.06654',
  options: { words: 10, common: 30, uncommon: 3 },
  metrics: ['references-said'],
  diffusion: 'low',
  scope: 'high',
} as const satisfies TaskMeta

/**
 * RULER's common words extraction: a length decides how many uncommon words there are. Below 4,096 tokens RULER repeats
 * common words 6 times and the others once, and so do we. The words are ours, put together of two where more are needed
 * than there are, and the worked example that RULER puts first is left out.
 */
export default drawing(meta.name, (request) => {
  const { options, length, counter } = request
  const number = wholeNumber(options, 'words', 1)
  const [often, seldom] = [wholeNumber(options, 'common', 2), wholeNumber(options, 'uncommon', 1)]
  const [common, uncommon] = length < 4096 ? [Math.min(6, often), Math.min(1, seldom)] : [often, seldom]
  const pool = vocabulary(
    number + Math.ceil(length / (3 * uncommon)),
    seededRandom(hashOf(`${meta.name} ${request.seed}`)),
  )
  const lengths = new Lengths()
  const wordCosts = new Map<string, number>()
  const numberCosts: number[] = []
  const costOf = (word: string): number => {
    const known = wordCosts.get(word)
    if (known !== undefined) return known
    const cost = counter.count(` ${word}`)
    wordCosts.set(word, cost)
    return cost
  }
  const numbersCost = (from: number, to: number): number => {
    let sum = 0
    for (let at = from; at < to; at++) sum += numberCosts[at] ??= counter.count(` ${at + 1}.`)
    return sum
  }
  return async ({ id, random }) => {
    const words = shuffled(pool, random)
    const asked = words.slice(0, number)
    const frame = {
      instruction: 'Below is a numbered list of words, some of which come more often than others. Keep count of them.',
      question: `Which ${number} words come most often in the list above?`,
      cue: `The ${number} words that come most often are:`,
    }
    const before = number * common
    const { made: text, tokens } = lengths.fit({
      // Groups are whole, so that a prompt ends above its length as often as below.
      length: length + 3 * uncommon,
      counter,
      fixed:
        counter.count(around(frame)) +
        numbersCost(0, before) +
        asked.reduce((sum, word) => sum + common * costOf(word), 0),
      wholeOnly: true,
      piece: (at) => words[number + at],
      cost: (at) =>
        uncommon * costOf(words[number + at]!) + numbersCost(before + at * uncommon, before + (at + 1) * uncommon),
      compose(pieces) {
        const list = [
          ...asked.flatMap((word) => Array<string>(common).fill(word)),
          ...words.slice(number, number + pieces).flatMap((word) => Array<string>(uncommon).fill(word)),
        ]
        const text = shuffled(list, random)
          .map((word, at) => `${at + 1}. ${word}`)
          .join(' ')
        return { made: text, prompt: () => `${around(frame)}${text}` }
      },
    })
    const { source, evidence, solve } = await counted(id, text, words, number)
    return {
      ...frame,
      id,
      cell: meta.name,
      corpus: { id, sources: [source] },
      answers: asked.map((word) => [word]),
      evidence,
      solve,
      tags: { length, common, uncommon, words: number },
      tokens,
    }
  }
})

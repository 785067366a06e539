import type { TokenCounter } from '../../core/index.ts'
import { sentences } from '../../core/index.ts'
import type { Haystack } from '../contract.ts'

/** The sentences that RULER repeats as noise say nothing; these are of that kind, in our own words. */
export const noise: Haystack = {
  name: 'noise',
  sentences: [
    'The leaves are green.',
    'The water is clear.',
    'The day is bright.',
    'On it goes.',
    'Out and home once more.',
  ],
}

/** Prose to hide things in: its sentences with single spaces, those of fewer than four words left out. */
export function haystackOf(name: string, texts: Iterable<string>): Haystack {
  const found: string[] = []
  for (const text of texts)
    for (const [start, end] of sentences(text)) {
      const sentence = text.slice(start, end).replace(/\s+/g, ' ').trim()
      if (sentence.split(' ').length > 3 && sentence.length < 1200) found.push(sentence)
    }
  return { name, sentences: found.length > 0 ? found : noise.sentences }
}

const counted = new WeakMap<readonly string[], Map<string, Float64Array>>()

/** Tokens of each sentence of a haystack with the space before it: counted once per tokenizer. */
export function costsOf({ sentences: list }: Haystack, counter: TokenCounter): Float64Array {
  const known = counted.get(list) ?? new Map<string, Float64Array>()
  counted.set(list, known)
  let costs = known.get(counter.name)
  if (!costs) {
    costs = Float64Array.from(list, (sentence) => counter.count(` ${sentence}`))
    known.set(counter.name, costs)
  }
  return costs
}

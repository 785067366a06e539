import type { Distractor, TaskMeta } from '../contract.ts'
import { around, chosen, drawing, wholeNumber } from '../generators/draw.ts'
import { Entries, ListPlacer } from '../generators/listing.ts'
import { distinct } from '../generators/words.ts'
import { hashOf, integer, pick, seededRandom, shuffled } from '../random.ts'

export const meta = {
  name: 'artificial-needles',
  summary: 'One key among numbered dictionaries of whole numbers: its value, and the dictionary that it is in.',
  paper: 'Xiong et al. 2024, From Artificial Needles to Real Haystacks, arXiv 2406.19292',
  options: { variant: 'all', subkeys: 3, template: true },
  metrics: ['references-said'],
  diffusion: 'low',
  scope: 'low',
} as const satisfies TaskMeta

interface Pair {
  /** One number, or the subkeys of a key. */
  readonly key: readonly number[]
  readonly value: number
}
const keyText = (key: readonly number[]): string => (key.length === 1 ? String(key[0]) : `(${key.join(', ')})`)
const dictionaryText = (pairs: readonly Pair[]): string =>
  `{${pairs.map(({ key, value }) => `${keyText(key)}: ${value}`).join(', ')}}`
const holds = (pairs: readonly Pair[], wanted: readonly number[]): boolean =>
  pairs.some(({ key }) => wanted.every((number) => key.includes(number)))

/** Ends a dictionary that is cut anywhere; a key that has lost its value gets a short one. */
function closed(beginning: string): string {
  const kept = beginning.replace(/[^\d)]+$/, '')
  if (!/\d/.test(kept)) return ''
  const whole = kept.lastIndexOf('(') > kept.lastIndexOf(')') ? `${kept})` : kept
  return /: \d+$/.test(whole) ? `${whole}}` : `${whole}: 7}`
}

/**
 * Numbers have four digits, and more where a length takes so many that they would be used up. In the variant with
 * subkeys three other keys share all subkeys but one with the key that is asked for, by its subkeys in another order.
 * The template of the answer stands in the question; it was made for fine-tuning.
 */
export default drawing(meta.name, (request) => {
  const { options, length, counter } = request
  const digits = Math.max(4, Math.ceil(Math.log10(length * 2)))
  const number = (random: () => number): number => integer(10 ** (digits - 1), 10 ** digits - 1, random)
  const subkeys = wholeNumber(options, 'subkeys', 2)
  const pairOf = (size: number, random: () => number): Pair => ({
    key: distinct(size, () => number(random)),
    value: number(random),
  })
  const othersOf = (size: number) => {
    const random = seededRandom(hashOf(`${meta.name} ${request.seed} ${size}`))
    const make = (): Pair[] => Array.from({ length: integer(3, 5, random) }, () => pairOf(size, random))
    return new Entries(make, dictionaryText, counter, '\n')
  }
  const [single, several] = [othersOf(1), othersOf(subkeys)]
  const placer = new ListPlacer(request)
  const severalPlacer = new ListPlacer(request)
  return async ({ id, index, random, depth }) => {
    const simple = chosen(options, 'variant', ['simple', 'multi-subkey'] as const, index) === 'simple'
    const size = simple ? 1 : subkeys
    const gold = pairOf(size, random)
    const lures = simple
      ? []
      : Array.from({ length: 3 }, () => {
          const missing = pick(gold.key, random)
          const shared = gold.key.filter((subkey) => subkey !== missing)
          return { key: shuffled([...shared, fresh(gold.key)], random), value: number(random) }
        })
    function fresh(not: readonly number[]): number {
      for (;;) {
        const made = number(random)
        if (!not.includes(made)) return made
      }
    }
    const withOthers = (pair: Pair): readonly Pair[] => {
      const beside = Array.from({ length: integer(2, 4, random) }, () => pairOf(size, random))
      return shuffled([pair, ...beside.filter((other) => !holds([other], gold.key))], random)
    }
    const asked = shuffled(gold.key, random)
    const name = simple ? `the key ${asked[0]}` : `the key that is made of ${asked.join(', ')} in some order`
    const form = `The value of key ${simple ? asked[0] : '<key>'} is <value> and it is in Dictionary [<number>].`
    const frame = {
      instruction: 'Below is a list of numbered dictionaries; all keys and values are whole numbers.',
      question: `What is the value of ${name}, and in which dictionary is it?${options.template === true ? ` Answer in this form: ${form}` : ''}`,
      cue: 'Answer:',
    }
    const items = [gold, ...lures].map((pair, at) => ({
      text: dictionaryText(withOthers(pair)),
      depth: at === 0 ? depth : random(),
    }))
    const { corpus, spans, tokens, places, entries } = await (simple ? placer : severalPlacer).place({
      name: id,
      around: around(frame),
      items,
      others: (simple ? single : several).walk(
        integer(0, Math.ceil(length / 30), random),
        (pairs) => !holds(pairs, gold.key),
      ),
      glue: '\n',
      label: (place) => `Dictionary [${place + 1}] `,
      cut: closed,
    })
    const dictionary = (at: number): string => `Dictionary [${places[at]! + 1}]`
    return {
      ...frame,
      id,
      cell: `${meta.name}, ${simple ? 'simple' : 'multi-subkey'}`,
      corpus,
      answers: [
        ...(simple ? [] : [[keyText(gold.key), gold.key.join(', ')]]),
        [String(gold.value)],
        [dictionary(0), `[${places[0]! + 1}]`],
      ],
      evidence: spans.slice(0, 1),
      distractors: lures.map(
        ({ key, value }, at): Distractor => ({
          span: spans[at + 1]!,
          says: `The value of key ${keyText(key)} is ${value} and it is in ${dictionary(at + 1)}.`,
        }),
      ),
      tags: { length, depth, variant: simple ? 'simple' : 'multi-subkey', position: places[0]!, dictionaries: entries },
      tokens,
    }
  }
})

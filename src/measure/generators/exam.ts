import { drawn, integer, pick, shuffled } from '../random.ts'
import { nouns } from './words.ts'

export interface ExamItem {
  readonly question: string
  readonly right: string
  /** An answer that is not right. */
  readonly wrong: string
}
/** A task that has one right answer for each of endless questions. */
export interface ExamTask {
  readonly name: string
  readonly instruction: string
  make(random: () => number): ExamItem
}

const off = (value: number, random: () => number): string => {
  const by = integer(1, 9, random)
  return String(random() < 0.5 ? value + by : value - by)
}
const number = (low: number, high: number) => (random: () => number) => integer(low, high, random)
const two = number(12, 98)

/** Questions whose answers stand in a table; a wrong answer is another's. */
const looked = (name: string, instruction: string, pairs: string): ExamTask => {
  const table = pairs.split(', ').map((pair) => pair.split(':') as [string, string])
  return {
    name,
    instruction,
    make(random) {
      const [question, right] = pick(table, random)
      const others = table.map(([, answer]) => answer).filter((answer) => answer !== right)
      return { question, right, wrong: pick(others, random) }
    },
  }
}
/** Questions that are answered by yes or no. */
const judged = (
  name: string,
  instruction: string,
  make: (random: () => number) => readonly [string, boolean],
): ExamTask => ({
  name,
  instruction,
  make(random) {
    const [question, holds] = make(random)
    return { question, right: holds ? 'yes' : 'no', wrong: holds ? 'no' : 'yes' }
  },
})
const computed = (
  name: string,
  instruction: string,
  make: (random: () => number) => readonly [question: string, right: number],
): ExamTask => ({
  name,
  instruction,
  make(random) {
    const [question, right] = make(random)
    return { question, right: String(right), wrong: off(right, random) }
  },
})

const roman = (value: number): string => {
  const signs = [
    [100, 'C'],
    [90, 'XC'],
    [50, 'L'],
    [40, 'XL'],
    [10, 'X'],
    [9, 'IX'],
    [5, 'V'],
    [4, 'IV'],
    [1, 'I'],
  ] as const
  let left = value
  let text = ''
  for (const [size, sign] of signs) for (; left >= size; left -= size) text += sign
  return text
}
const reversed = (word: string): string => [...word].reverse().join('')
/** The same letters with two neighbours swapped that differ. */
function swapped(word: string, random: () => number): string {
  const places = [...word].flatMap((letter, at) => (at > 0 && word[at - 1] !== letter ? [at] : []))
  const at = pick(places, random)
  return `${word.slice(0, at - 1)}${word[at]}${word[at - 1]}${word.slice(at + 1)}`
}
const varied = nouns.filter((noun) => new Set(noun).size > 3)

export const examTasks: readonly ExamTask[] = [
  computed('addition', 'Add the two numbers.', (random) => {
    const [one, other] = [two(random), two(random)]
    return [`${one} and ${other}`, one + other]
  }),
  computed('subtraction', 'Take the second number from the first.', (random) => {
    const [one, other] = [integer(50, 199, random), integer(10, 49, random)]
    return [`${one} and ${other}`, one - other]
  }),
  computed('product', 'Multiply the two numbers.', (random) => {
    const [one, other] = [integer(3, 19, random), integer(3, 12, random)]
    return [`${one} and ${other}`, one * other]
  }),
  computed('letters', 'Say how many letters the word has.', (random) => {
    const word = pick(nouns, random)
    return [word, word.length]
  }),
  computed('next', 'Go on with the row of numbers.', (random) => {
    const [from, step] = [integer(1, 40, random), integer(2, 12, random)]
    return [`${[0, 1, 2, 3].map((at) => from + at * step).join(', ')}`, from + 4 * step]
  }),
  computed('minutes', 'Say how many minutes that is.', (random) => {
    const [hours, more] = [integer(1, 9, random), integer(1, 59, random)]
    return [`${hours} hours and ${more} minutes`, hours * 60 + more]
  }),
  judged('parity', 'Say whether the number is even.', (random) => {
    const value = integer(100, 9999, random)
    return [String(value), value % 2 === 0]
  }),
  judged('larger', 'Say whether the first number is larger than the second.', (random) => {
    const [one, other] = drawn(
      Array.from({ length: 90 }, (_, at) => at * 11 + 13),
      2,
      random,
    ) as [number, number]
    return [`${one} and ${other}`, one > other]
  }),
  judged('divisible', 'Say whether the number can be divided by three.', (random) => {
    const value = integer(30, 999, random)
    return [String(value), value % 3 === 0]
  }),
  judged('contains', 'Say whether the word holds the letter e.', (random) => {
    const word = pick(nouns, random)
    return [word, word.includes('e')]
  }),
  {
    name: 'sorting',
    instruction: 'Sort the numbers from small to large.',
    make(random) {
      const values = drawn(
        Array.from({ length: 90 }, (_, at) => at + 10),
        4,
        random,
      )
      const sorted = values.toSorted((one, other) => one - other)
      const wrong = sorted.toSpliced(1, 2, sorted[2]!, sorted[1]!)
      return { question: values.join(', '), right: sorted.join(', '), wrong: wrong.join(', ') }
    },
  },
  {
    name: 'reversing',
    instruction: 'Spell the word backwards.',
    make(random) {
      const word = pick(varied, random)
      return { question: word, right: reversed(word), wrong: swapped(reversed(word), random) }
    },
  },
  {
    name: 'roman',
    instruction: 'Write the number in Roman numerals.',
    make(random) {
      const value = integer(4, 180, random)
      return { question: String(value), right: roman(value), wrong: roman(value + integer(1, 9, random)) }
    },
  },
  {
    name: 'alphabet',
    instruction: 'Say which of the words comes first in the alphabet.',
    make(random) {
      const words = drawn(nouns, 3, random)
      const [first, ...others] = words.toSorted()
      return { question: shuffled(words, random).join(', '), right: first!, wrong: pick(others, random) }
    },
  },
  looked(
    'capitals',
    'Name the capital of the country.',
    'France:Paris, Italy:Rome, Spain:Madrid, Portugal:Lisbon, Austria:Vienna, Poland:Warsaw, Greece:Athens, Norway:Oslo, Sweden:Stockholm, Finland:Helsinki, Denmark:Copenhagen, Ireland:Dublin, Hungary:Budapest, Japan:Tokyo, Egypt:Cairo, Kenya:Nairobi, Peru:Lima, Chile:Santiago, Cuba:Havana, Canada:Ottawa, India:New Delhi, Thailand:Bangkok, Vietnam:Hanoi, Iran:Tehran, Iraq:Baghdad, Nepal:Kathmandu, Ghana:Accra, Senegal:Dakar, Australia:Canberra, Argentina:Buenos Aires',
  ),
  looked(
    'opposites',
    'Give the opposite of the word.',
    'hot:cold, tall:short, early:late, empty:full, heavy:light, open:closed, rich:poor, young:old, wet:dry, loud:quiet, wide:narrow, sharp:blunt, deep:shallow, brave:cowardly, sweet:bitter, rough:smooth, near:far, clean:dirty, safe:dangerous',
  ),
  looked(
    'synonyms',
    'Give a word that means the same.',
    'begin:start, rapid:quick, large:big, tiny:small, happy:glad, angry:furious, smart:clever, silent:quiet, odd:strange, gift:present, error:mistake, answer:reply, ill:sick, jump:leap, shut:close, rock:stone, sea:ocean, road:street, woods:forest, cash:money',
  ),
  looked(
    'plurals',
    'Give the plural of the word.',
    'child:children, foot:feet, mouse:mice, goose:geese, tooth:teeth, man:men, leaf:leaves, knife:knives, wolf:wolves, city:cities, box:boxes, baby:babies, ox:oxen, potato:potatoes, shelf:shelves, wife:wives, hero:heroes, bus:buses, half:halves, crisis:crises',
  ),
]

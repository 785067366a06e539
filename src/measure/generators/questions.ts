import { drawn, integer, pick, shuffled } from '../random.ts'
import type { PackedQuestion } from './packing.ts'
import { names, nouns, wordPair } from './words.ts'

type Maker = (random: () => number) => PackedQuestion

const number = (text: string, value: number): PackedQuestion => ({ text, kind: 'number', answers: [String(value)] })

const goods = ['apples', 'candles', 'stamps', 'buttons', 'pencils', 'tiles', 'eggs', 'bricks', 'marbles', 'tickets']
const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** Word problems of two to four steps in whole numbers. */
const problems: readonly Maker[] = [
  (random) => {
    const [boxes, each, gone] = [integer(3, 12, random), integer(4, 15, random), integer(2, 11, random)]
    const [who, what] = [pick(names, random), pick(goods, random)]
    return number(
      `${who} buys ${boxes} boxes of ${each} ${what} and gives ${gone} away. How many ${what} does ${who} have left?`,
      boxes * each - gone,
    )
  },
  (random) => {
    const [price, count, fee, paid] = [integer(3, 19, random), integer(2, 9, random), integer(2, 8, random), 200]
    return number(
      `A ticket costs ${price} coins and posting an order costs ${fee} coins, whatever its size. ${pick(names, random)} orders ${count} tickets and pays with ${paid} coins. How many coins come back?`,
      paid - price * count - fee,
    )
  },
  (random) => {
    const [first, more, weeks] = [integer(5, 30, random), integer(2, 9, random), integer(3, 6, random)]
    const total = Array.from({ length: weeks }, (_, week) => first + week * more).reduce((sum, value) => sum + value, 0)
    return number(
      `${pick(names, random)} walks ${first} miles in the first week and ${more} miles more in each week than in the one before. How many miles are that in the first ${weeks} weeks together?`,
      total,
    )
  },
  (random) => {
    const [rows, seats, taken] = [integer(4, 14, random), integer(6, 20, random), integer(3, 20, random)]
    return number(
      `A hall has ${rows} rows of ${seats} seats. Half of the guests who could sit there come, rounded down, and then ${taken} more. How many guests are in the hall?`,
      Math.floor((rows * seats) / 2) + taken,
    )
  },
  (random) => {
    const [one, other, hours] = [integer(3, 20, random), integer(21, 40, random), integer(2, 6, random)]
    return number(
      `One pump lifts ${one} barrels an hour, another ${other}. How many barrels more does the second lift in ${hours} hours?`,
      (other - one) * hours,
    )
  },
]

const choose = (text: string, right: string, wrong: readonly string[], random: () => number): PackedQuestion => {
  const choices = shuffled([right, ...wrong], random)
  return { text, choices, kind: 'choice', answers: [String.fromCharCode(65 + choices.indexOf(right))] }
}

/** Questions with four choices that need no knowledge. */
const quizzes: readonly Maker[] = [
  (random) => {
    const words = drawn(nouns, 4, random)
    const [first, ...others] = words.toSorted()
    return choose('Which of these words stands first in a dictionary?', first!, others, random)
  },
  (random) => {
    const [start, after] = [integer(0, 6, random), integer(8, 40, random)]
    const right = days[(start + after) % 7]!
    const others = days.filter((day) => day !== right)
    return choose(
      `If today is ${days[start]}, which day is it in ${after} days?`,
      right,
      drawn(others, 3, random),
      random,
    )
  },
  (random) => {
    const [first, step] = [integer(2, 30, random), integer(3, 12, random)]
    const next = first + 4 * step
    const shown = [0, 1, 2, 3].map((at) => first + at * step).join(', ')
    const wrong = [next - 1, next + 1, next + step].map(String)
    return choose(`Which number comes next in the row ${shown}?`, String(next), wrong, random)
  },
  (random) => {
    const word = pick(
      nouns.filter(({ length }) => length > 4 && length < 9),
      random,
    )
    const turned = [...word].reverse().join('')
    const wrong = new Set<string>()
    for (let at = 0; wrong.size < 3; at++) {
      const letters = [...turned]
      const [one, other] = [at % letters.length, (at + 1 + Math.floor(at / letters.length)) % letters.length]
      ;[letters[one], letters[other]] = [letters[other]!, letters[one]!]
      if (letters.join('') !== turned) wrong.add(letters.join(''))
      if (at > 60) wrong.add(`${turned}${'aeiou'[wrong.size]}`)
    }
    return choose(`Which of these is "${word}" read backwards?`, turned, [...wrong], random)
  },
]

export const problem: Maker = (random) => pick(problems, random)(random)
export const quiz: Maker = (random) => pick(quizzes, random)(random)

const offices = ['keeper', 'founder', 'treasurer', 'baker', 'gardener', 'printer', 'ferryman', 'clockmaker']

/** A question whose answer stands in a sentence to be planted; `house` is a name that no other one has. */
export function fact(house: string, random: () => number): { statement: string; question: PackedQuestion } {
  const [office, who] = [pick(offices, random), pick(names, random)]
  if (random() < 0.5) {
    const year = integer(1700, 1990, random)
    return {
      statement: `The house called ${house} was built in the year ${year}.`,
      question: number(`In which year was the house called ${house} built, by the text?`, year),
    }
  }
  return {
    statement: `The ${office} of the house called ${house} is ${who}.`,
    question: {
      text: `Who is the ${office} of the house called ${house}, by the text?`,
      kind: 'words',
      answers: [who],
    },
  }
}

export const house = (random: () => number): string => wordPair(random)

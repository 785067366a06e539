import { withCommas } from '../numbers.ts'
import { integer, pick } from '../random.ts'
import { invented } from './facts.ts'
import { adjectives, nouns } from './words.ts'

/** A number that someone reached in some year. */
export interface NumericFact {
  readonly who: string
  readonly year: number
  readonly measure: Measure
  readonly value: number
}
export interface Measure {
  readonly low: number
  readonly high: number
  /** The fact in words, by number of the wording. */
  readonly says: readonly ((who: string, year: number, value: string) => string)[]
  /** What the number is of. */
  readonly asks: (who: string, year: number) => string
}

const upper = (word: string): string => word[0]!.toUpperCase() + word.slice(1)
const business = ['Foundry', 'Shipping', 'Mills', 'Glassworks', 'Orchards', 'Press', 'Quarries', 'Ropeworks']
export const company = (random: () => number): string =>
  `${pick([invented.town, () => upper(pick([...adjectives, ...nouns], random))], random)(random)} ${pick(business, random)}`

const many: readonly Measure[] = [
  {
    low: 240,
    high: 9800,
    says: [
      (who, year, value) => `In ${year} ${who} shipped ${value} crates.`,
      (who, year, value) => `The crates shipped by ${who} came to ${value} in ${year}.`,
    ],
    asks: (who, year) => `the number of crates shipped by ${who} in ${year}`,
  },
  {
    low: 120,
    high: 7400,
    says: [
      (who, year, value) => `${who} counted ${value} visitors over the year ${year}.`,
      (who, year, value) => `In ${year} as many as ${value} visitors came to ${who}.`,
    ],
    asks: (who, year) => `the number of visitors to ${who} in ${year}`,
  },
  {
    low: 300,
    high: 8800,
    says: [
      (who, year, value) => `${who} used ${value} tons of coal in ${year}.`,
      (who, year, value) => `Coal burnt by ${who} in ${year}: ${value} tons.`,
    ],
    asks: (who, year) => `the tons of coal used by ${who} in ${year}`,
  },
  {
    low: 150,
    high: 5600,
    says: [
      (who, year, value) => `The staff of ${who} stood at ${value} people in ${year}.`,
      (who, year, value) => `${who} employed ${value} people in ${year}.`,
    ],
    asks: (who, year) => `the number of people employed by ${who} in ${year}`,
  },
]
const few: Measure = {
  low: 2,
  high: 12,
  says: [
    (who, year, value) => `In ${year} ${who} ran ${value} depots.`,
    (who, year, value) => `The depots of ${who} were ${value} in number in ${year}.`,
  ],
  asks: (who, year) => `the number of depots of ${who} in ${year}`,
}

export const saysFact = ({ who, year, measure, value }: NumericFact, random: () => number): string =>
  pick(measure.says, random)(who, year, withCommas(value))

const steps = ['add', 'subtract', 'multiply', 'divide', 'percent'] as const
type Step = (typeof steps)[number]
/** Starts with one number and does something with each of the others. */
export interface Sum {
  readonly facts: readonly NumericFact[]
  /** What is done with each fact after the first. */
  readonly steps: readonly Step[]
  readonly decimals: number
  readonly question: string
}

const does: Readonly<Record<Step, (value: number, by: number) => number>> = {
  add: (value, by) => value + by,
  subtract: (value, by) => value - by,
  multiply: (value, by) => value * by,
  divide: (value, by) => value / by,
  percent: (value, by) => (100 * value) / by,
}
const puts: Readonly<Record<Step, (what: string) => string>> = {
  add: (what) => `add ${what}`,
  subtract: (what) => `take away ${what}`,
  multiply: (what) => `multiply by ${what}`,
  divide: (what) => `divide by ${what}`,
  percent: (what) => `say how many per cent that is of ${what}`,
}

/** What it comes to with some of the facts, the others being passed over; undefined without any. */
export function comesTo({ facts, steps }: Sum, known: (index: number) => number | undefined): number | undefined {
  let value: number | undefined
  for (const index of facts.keys()) {
    const by = known(index)
    if (by === undefined) continue
    value = value === undefined ? by : does[steps[index - 1]!](value, by)
  }
  return value
}

export const writeSum = ({ decimals }: Sum, value: number): string => value.toFixed(decimals)

/** A sum of so many steps, none of whose facts can be left out without another result. */
export function makeSum(count: number, random: () => number): Sum {
  for (;;) {
    const used = new Set<string>()
    const facts: NumericFact[] = []
    const done: Step[] = []
    let value = 0
    for (let index = 0; index <= count; index++) {
      const step: Step = pick(index === count ? steps : (['add', 'subtract', 'multiply'] as const), random)
      const measure = step === 'multiply' && index > 0 ? few : pick(many, random)
      let who = company(random)
      while (used.has(who)) who = company(random)
      used.add(who)
      const fact = {
        who,
        year: integer(1996, 2023, random),
        measure,
        value: integer(measure.low, measure.high, random),
      }
      facts.push(fact)
      if (index === 0) value = fact.value
      else {
        done.push(step)
        value = does[step](value, fact.value)
      }
    }
    const decimals = ['divide', 'percent'].includes(done.at(-1)!) ? 2 : 0
    const [first, ...others] = facts.map(({ measure, who, year }) => measure.asks(who, year))
    const told = others.map((what, index) => puts[done[index]!](what))
    const listed = told.length === 1 ? told[0] : `${told.slice(0, -1).join(', then ')}, and then ${told.at(-1)}`
    const sum: Sum = {
      facts,
      steps: done,
      decimals,
      question: `Take ${first}, ${told.length === 1 ? 'and ' : ''}${listed}. What is the result${decimals > 0 ? ', rounded to two decimals' : ''}?`,
    }
    const gold = writeSum(sum, value)
    const without = facts.map((_, left) => comesTo(sum, (index) => (index === left ? undefined : facts[index]!.value)))
    if (value > 0.5 && value < 1e9 && without.every((other) => writeSum(sum, other!) !== gold)) return sum
  }
}

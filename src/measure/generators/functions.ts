import { drawn, integer, pick } from '../random.ts'
import { nouns } from './words.ts'

export type Value = number | string | readonly number[]
/** A function of one value that is told from examples. `size` is how large an input is: 1 is a handy one. */
export interface InducedFunction {
  readonly name: string
  readonly kind: 'list' | 'string' | 'number'
  apply(input: Value): Value
}

const list = (name: string, apply: (input: readonly number[]) => Value): InducedFunction => ({
  name,
  kind: 'list',
  apply: (input) => apply(input as readonly number[]),
})
const string = (name: string, apply: (input: string) => Value): InducedFunction => ({
  name,
  kind: 'string',
  apply: (input) => apply(input as string),
})
const number = (name: string, apply: (input: number) => Value): InducedFunction => ({
  name,
  kind: 'number',
  apply: (input) => apply(input as number),
})

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const digits = (value: number): number[] => [...String(value)].map(Number)
const up = (values: readonly number[]): number[] => values.toSorted((one, other) => one - other)
const vowels = /[aeiou]/g

/** Each differs from every other of its kind on most inputs. */
export const functions: readonly InducedFunction[] = [
  list('reverse', (input) => input.toReversed()),
  list('sort up', (input) => up(input)),
  list('sort down', (input) => up(input).reverse()),
  list('running sums', (input) => input.map((_, at) => sum(input.slice(0, at + 1)))),
  list('differences of neighbours', (input) => input.slice(1).map((value, at) => value - input[at]!)),
  list('every other one', (input) => input.filter((_, at) => at % 2 === 0)),
  list('even ones', (input) => input.filter((value) => value % 2 === 0)),
  list('last one first', (input) => [...input.slice(-1), ...input.slice(0, -1)]),
  list('each less the smallest', (input) => input.map((value) => value - Math.min(...input))),
  list('above the mean', (input) => input.filter((value) => value * input.length > sum(input))),
  list('each times its place', (input) => input.map((value, at) => value * (at + 1))),
  list('without the largest', (input) => input.filter((value) => value !== Math.max(...input))),
  list('swap halves', (input) => [
    ...input.slice(Math.ceil(input.length / 2)),
    ...input.slice(0, Math.ceil(input.length / 2)),
  ]),
  list('sum', (input) => sum(input)),
  list('range', (input) => Math.max(...input) - Math.min(...input)),
  list('first times last', (input) => input[0]! * input.at(-1)!),
  list('second largest', (input) => up(input).at(-2) ?? input[0]!),
  list('count of odd ones', (input) => input.filter((value) => value % 2 !== 0).length),
  string('reverse letters', (input) => [...input].reverse().join('')),
  string('sort letters', (input) => [...input].sort().join('')),
  string('drop vowels', (input) => input.replace(vowels, '')),
  string('next letter', (input) =>
    input.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 96) % 26) + 97)),
  ),
  string('each letter twice', (input) => input.replace(/[a-z]/g, '$&$&')),
  string('letters at odd places', (input) => [...input].filter((_, at) => at % 2 === 1).join('')),
  string('count of vowels', (input) => input.match(vowels)?.length ?? 0),
  string('first letter last', (input) => input.slice(1) + input[0]),
  string('letters once', (input) => [...new Set(input)].join('')),
  string('order of words reversed', (input) => input.split(' ').reverse().join(' ')),
  string('lengths of words', (input) => input.split(' ').map((word) => word.length)),
  string('first letters', (input) =>
    input
      .split(' ')
      .map((word) => word[0])
      .join(''),
  ),
  number('sum of digits', (input) => sum(digits(input))),
  number('digits reversed', (input) => Number([...String(input)].reverse().join(''))),
  number('square and one', (input) => input * input + 1),
  number('three times less seven', (input) => 3 * input - 7),
  number('product of digits that are not nought', (input) =>
    digits(input).reduce((total, digit) => total * (digit || 1), 1),
  ),
  number('remainder by thirteen', (input) => input % 13),
  number('sum of divisors below itself', (input) =>
    sum(Array.from({ length: Math.floor(input / 2) }, (_, at) => at + 1).filter((by) => input % by === 0)),
  ),
  number('binary', (input) => input.toString(2)),
  number('largest digit less smallest', (input) => Math.max(...digits(input)) - Math.min(...digits(input))),
  number('collatz step', (input) => (input % 2 === 0 ? input / 2 : 3 * input + 1)),
]

/** An input of a kind; `size` 2 is twice as large as 1. Numbers do not grow. */
export function inputOf(kind: InducedFunction['kind'], size: number, random: () => number): Value {
  if (kind === 'number') return integer(10, 9999, random)
  if (kind === 'string')
    return Array.from({ length: Math.max(1, Math.round(integer(2, 4, random) * size)) }, () =>
      pick(nouns, random),
    ).join(' ')
  const count = Math.max(3, Math.round(integer(4, 8, random) * size))
  const range = Math.max(99, count * 4)
  return drawn(
    Array.from({ length: range }, (_, at) => at + 1),
    count,
    random,
  )
}

export const writeValue = (value: Value): string =>
  typeof value === 'object' ? `[${value.join(', ')}]` : typeof value === 'string' ? `"${value}"` : String(value)

import type { TokenCounter } from '../../../core/index.ts'
import { integer, pick } from '../../random.ts'
import { compareSteps, linesOf, nearest, tagged } from './steps.ts'

/** Results from here on are dropped. */
const limit = 2000

interface Step {
  readonly event: string
  readonly line: string
}
export interface Search {
  readonly steps: readonly Step[]
  /** Equations of the way to the target; undefined where there is none. */
  readonly solution: readonly string[] | undefined
}

const shown = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1))

/**
 * The search that the paper prescribes: pairs in their order, the larger number first, add, subtract, multiply, divide;
 * what is no whole number or 2,000 and more is dropped. Ye et al. 2025, LongProc, arXiv 2501.05414. The lines are ours.
 */
export function search(numbers: readonly number[], target: number, mostSteps = Number.POSITIVE_INFINITY): Search {
  const steps: Step[] = [
    { event: `start ${numbers.join(' ')} ${target}`, line: `Start with [${numbers.join(', ')}], target: ${target}.` },
  ]
  const equations: string[] = []
  const visit = (held: readonly number[], depth: number): boolean => {
    for (let one = 0; one < held.length; one++)
      for (let other = one + 1; other < held.length; other++) {
        if (steps.length > mostSteps) return false
        const [a, b] = [held[one]!, held[other]!]
        const rest = held.filter((_, at) => at !== one && at !== other)
        const indent = '-'.repeat(depth)
        if (held.length > 2)
          steps.push({ event: `pick ${a} ${b}`, line: `${indent} Take (${a}, ${b}), left: [${rest.join(', ')}].` })
        const [large, small] = a >= b ? [a, b] : [b, a]
        for (const sign of ['+', '-', '*', '/'] as const) {
          const sum = `${large} ${sign} ${small}`
          const result = { '+': large + small, '-': large - small, '*': large * small, '/': large / small }[sign]
          const note = (verdict: string, why: string): void => {
            const equation = small === 0 && sign === '/' ? sum : `${sum} = ${shown(result)}`
            steps.push({ event: `${sum} ${verdict}`, line: `${indent}- Try ${equation}: ${why}` })
          }
          if (small === 0 && sign === '/') note('drop', 'cannot be done, drop it.')
          else if (!Number.isInteger(result)) note('drop', 'no whole number, drop it.')
          else if (result >= limit) note('drop', 'too large, drop it.')
          else if (rest.length === 0) {
            equations.push(`${sum} = ${result}`)
            if (result === target) {
              note('found', 'the target is found.')
              return true
            }
            equations.pop()
            note('drop', `not ${target}, drop it.`)
          } else {
            note('keep', `keep it, now [${[result, ...rest].join(', ')}].`)
            equations.push(`${sum} = ${result}`)
            if (visit([result, ...rest], depth + 1)) return true
            equations.pop()
          }
        }
      }
    return false
  }
  return { steps, solution: visit(numbers, 1) ? equations : undefined }
}

const equation = /(\d+(?:\.\d+)?)\s*([-+*/])\s*(\d+(?:\.\d+)?)(?:\s*=\s*(-?\d+(?:\.\d+)?))?/

/** Whether an equation is right, to the first decimal. */
function holds([, a, sign, b, c]: readonly (string | undefined)[]): boolean {
  if (c === undefined) return sign === '/' && Number(b) === 0
  const [one, other] = [Number(a), Number(b)]
  const result = { '+': one + other, '-': one - other, '*': one * other, '/': one / other }[sign as '+']
  return Math.abs(result - Number(c)) < 0.06
}

/** The steps of a written search, ours or as published: a line that begins, that picks two numbers, or that tries. */
export function eventsOf(said: string): string[] {
  const trace = said.includes('<Solution>') ? said.slice(0, said.indexOf('<Solution>')) : said
  return linesOf(trace).flatMap((line) => {
    const start = /^\W*(?:initial number set|start with):?\s*\[([\d, ]+)\], target: (\d+)/i.exec(line)
    if (start) return [`start ${start[1]!.split(/[, ]+/).join(' ')} ${start[2]}`]
    const pair = /\b(?:pick|take)\b[^(]*\((\d+), (\d+)\)/i.exec(line)
    if (pair) return [`pick ${pair[1]} ${pair[2]}`]
    if (!/\btry\b/i.test(line)) return []
    const found = equation.exec(line)
    if (!found || !holds(found)) return [`wrong: ${line}`]
    const verdict = /\bfound\b/i.test(line) ? 'found' : /\bdrop\b/i.test(line) ? 'drop' : 'keep'
    return [`${found[1]} ${found[2]} ${found[3]} ${verdict}`]
  })
}

/** Whether three equations use each number once and end in the target. */
export function solves(numbers: readonly number[], target: number, said: string): boolean {
  const held = [...numbers]
  const lines = linesOf(tagged(said, 'Solution') ?? '')
  if (lines.length !== numbers.length - 1) return false
  for (const line of lines) {
    const found = equation.exec(line)
    if (!found?.[4] || !holds(found)) return false
    for (const used of [found[1], found[3]]) {
      const at = held.indexOf(Number(used))
      if (at === -1) return false
      held.splice(at, 1)
    }
    held.push(Number(found[4]))
  }
  return held[0] === target
}

/** `exact`: the search is the prescribed one step by step, and its solution is right. The paper's accuracy is `solution`. */
export function scoreCountdown(numbers: readonly number[], target: number, said: string) {
  const gold = search(numbers, target).steps.map(({ event }) => event)
  const { exact, steps } = compareSteps(gold, eventsOf(said))
  const solution = solves(numbers, target, said) ? 1 : 0
  return { exact: exact * solution, solution, steps }
}

export interface Countdown {
  readonly numbers: readonly number[]
  readonly target: number
  readonly text: string
}

/** Four numbers and a target whose search fills the tokens asked for. */
export const countdown = (tokens: number, counter: TokenCounter, random: () => number): Countdown =>
  nearest(
    () => {
      const numbers = Array.from({ length: 4 }, () => integer(2, 50, random))
      const target = reached(numbers, random)
      const { steps, solution } = search(numbers, target, tokens / 8)
      if (!solution) return undefined
      const text = `${steps.map(({ line }) => line).join('\n')}\n<Solution>\n${solution.join('\n')}\n</Solution>`
      return { numbers, target, text }
    },
    ({ text }) => text,
    tokens,
    counter,
  )

/** A number that three operations make of four numbers. */
function reached(numbers: readonly number[], random: () => number): number {
  const held = [...numbers]
  while (held.length > 1) {
    const one = held.splice(integer(0, held.length - 1, random), 1)[0]!
    const other = held.splice(integer(0, held.length - 1, random), 1)[0]!
    const [large, small] = one >= other ? [one, other] : [other, one]
    const results = [large + small, large - small, large * small, large / small]
    held.push(
      pick(
        results.filter((value) => Number.isInteger(value) && value > 0 && value < limit),
        random,
      ) ?? large,
    )
  }
  return held[0]!
}

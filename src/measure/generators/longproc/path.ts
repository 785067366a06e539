import { hashOf, pick, shuffled } from '../../random.ts'
import { distinct, wordPair } from '../words.ts'
import { compareSteps, linesOf, tagged } from './steps.ts'

/** Route steps by their exact lines between `<Route>` and `</Route>`. Ye et al. 2025, LongProc, arXiv 2501.05414. */
export const scoreRoute = (gold: readonly string[], said: string): { exact: number; steps: number } =>
  compareSteps(gold, linesOf(tagged(said, 'Route') ?? ''))

export interface Connection {
  readonly from: string
  readonly to: string
  readonly by: string
}

const means = ['train', 'bus', 'ferry', 'plane']
const cityName = (random: () => number): string =>
  wordPair(random)
    .split('-')
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join(' ')

/** A route of so many steps, and as many connections beside it, half of which lead into it. Each city has one way out. */
export function network(steps: number, beside: number, random: () => number) {
  const cities = distinct(steps + 1 + beside, () => cityName(random))
  const [route, others] = [cities.slice(0, steps + 1), cities.slice(steps + 1)]
  const by = (): string => pick(means, random)
  return {
    route: route.slice(1).map((to, at): Connection => ({ from: route[at]!, to, by: by() })),
    others: others.map((from, at): Connection => {
      const to = at % 2 === 0 ? pick(route, random) : pick(others, random)
      return { from, to: to === from ? route[hashOf(from) % route.length]! : to, by: by() }
    }),
    order: shuffled([...Array(steps + beside).keys()], random),
  }
}

export const connectionLine = ({ from, to, by }: Connection): string =>
  `From ${from} there is one way out, by ${by}, and it leads to ${to}.`
export const stepLine = ({ from, to, by }: Connection): string => `${from} to ${to} by ${by}.`
export const routeText = (steps: readonly string[]): string => `<Route>\n${steps.join('\n')}\n</Route>`

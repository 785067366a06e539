import type { Haystack } from '../contract.ts'
import { drawn, hashOf, integer, pick, seededRandom, shuffled } from '../random.ts'
import type { Block } from './weave.ts'
import { adjectives, names, nouns } from './words.ts'

export const scopes = ['sentence', 'passage', 'global'] as const
export type Scope = (typeof scopes)[number]

export interface ClaimPair {
  readonly scope: Scope
  readonly true: string
  readonly false: string
  readonly blocks: readonly Block[]
  /** Numbers of its blocks that only look like evidence for the false claim. */
  readonly lures: readonly number[]
}

export const claimQuestion = (claim: string): string =>
  `Claim: ${claim}\nIs this claim true or false, by the text alone? Answer with one word.`

/** Whether what was said last is true or false, where it is either. */
export function verdictOf(said: string): boolean | undefined {
  const last = [...said.matchAll(/\b(true|false)\b/gi)].at(-1)?.[1]?.toLowerCase()
  return last === undefined ? undefined : last === 'true'
}
export const checkClaim = (truth: boolean) => (said: string) => ({ right: verdictOf(said) === truth ? 1 : 0 })

const thing = (random: () => number): string => `${pick(adjectives, random)} ${pick(nouns, random)}`
const places = [
  'mill',
  'chapel',
  'harbour',
  'orchard',
  'quarry',
  'station',
  'bakery',
  'lighthouse',
  'school',
  'ferry',
  'inn',
  'forge',
]

/** People of the story around the claims; those of the claims have other names. */
const [crowd, cast] = [names.slice(0, names.length / 2), names.slice(names.length / 2)]

/** What else happens: sentences of a story without end, the same for the same seed. */
export function chronicle(seed: number): Haystack {
  const random = seededRandom(hashOf(`chronicle ${seed}`))
  const [who, where] = [() => pick(crowd, random), () => pick(places, random)]
  const makers: readonly (() => string)[] = [
    () => `${who()} sat by the ${where()} until the light was gone and thought of the winter before.`,
    () => `At the ${where()} ${who()} spoke with ${who()} about the price of hay, and neither gave way.`,
    () => `It rained on the ${where()}, and ${who()} came home with wet shoes and no news at all.`,
    () => `"There will be frost," said ${who()}, and looked over to the ${where()}.`,
    () => `${who()} dreamt of a ${thing(random)} and told nobody but ${who()}.`,
    () => `Two carts stood before the ${where()}, and ${who()} counted the sacks on them twice.`,
    () => `That year ${who()} painted the door of the ${where()} ${pick(['green', 'blue', 'red', 'white'], random)}.`,
    () => `${who()} owed ${who()} ${integer(3, 40, random)} coins and did not speak of it.`,
    () => `For a while nothing happened, and ${who()} mended what was broken at the ${where()}.`,
  ]
  return { name: 'chronicle', sentences: Array.from({ length: 4000 }, () => pick(makers, random)()) }
}

type Maker = (people: readonly string[], random: () => number) => ClaimPair

const makers: Readonly<Record<Scope, Maker>> = {
  sentence([one, other], random) {
    const [held, else_] = [thing(random), thing(random)]
    const [place, wrong] = drawn(places, 2, random)
    return {
      scope: 'sentence',
      true: `${one} hides the ${held} in the ${place}.`,
      false: `${one} hides the ${held} in the ${wrong}.`,
      blocks: [
        { text: `Before anyone was awake ${one} hid the ${held} in the ${place}, under straw.`, depth: random() },
        { text: `Before anyone was awake ${other} hid the ${else_} in the ${wrong}, under straw.`, depth: random() },
      ],
      lures: [1],
    }
  },
  passage([one, other, third], random) {
    const [place, wrong] = drawn(places, 2, random)
    const lent = thing(random)
    const depth = random() * 0.97
    return {
      scope: 'passage',
      true: `Whoever lends ${other} the ${lent} then spends the night at the ${place}.`,
      false: `Whoever lends ${other} the ${lent} then spends the night at the ${wrong}.`,
      blocks: [
        { text: `It was ${one} who lent ${other} the ${lent}.`, depth },
        { text: `That evening ${third} went to the ${wrong} and stayed there for the night.`, depth: depth + 0.01 },
        { text: `That evening ${one} went to the ${place} and stayed there for the night.`, depth: depth + 0.02 },
      ],
      lures: [1],
    }
  },
  global(people, random) {
    const ring = thing(random)
    const hands = shuffled(people, random).slice(0, integer(4, 6, random))
    const last = hands.at(-1)!
    const wrong = hands.at(-2)!
    const depths = hands.map(() => random()).sort((a, b) => a - b)
    return {
      scope: 'global',
      true: `In the end, after it has gone from hand to hand through the whole story, ${last} has the ${ring}.`,
      false: `In the end, after it has gone from hand to hand through the whole story, ${wrong} has the ${ring}.`,
      blocks: hands.map((who, at) => ({
        text: at === 0 ? `${who} found the ${ring} by the road.` : `Then ${hands[at - 1]} gave the ${ring} to ${who}.`,
        depth: depths[at]!,
      })),
      lures: [],
    }
  },
}

/** A pair of claims for each of some scopes; no person is in two of them. */
export function claimPairs(wanted: readonly Scope[], random: () => number): ClaimPair[] {
  const people = shuffled(cast, random)
  return wanted.map((scope) => makers[scope](people.splice(0, 6), random))
}

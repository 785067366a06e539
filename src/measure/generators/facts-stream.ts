import { holdsAnswer } from '../answers.ts'
import { drawn, integer, shuffled } from '../random.ts'
import { distinct, names, nouns, wordPair } from './words.ts'

export type Ability = 'accurate-retrieval' | 'test-time-learning' | 'long-range-understanding' | 'conflict-resolution'

/** One turn that tells a fact; `depth` is its place in the stream, 0 to 1, and 2 after what is delivered. */
export interface Told {
  readonly text: string
  readonly depth: number
  /** What a reader would say that took it for the answer, where it is none. */
  readonly lure?: string
}
export interface FactQuestion {
  readonly ability: Ability
  readonly hops: number
  readonly turns: readonly Told[]
  readonly question: string
  readonly answer: string
  /** Values that once held; saying one of them too is wrong. */
  readonly stale: readonly string[]
  /** Of the turns that are no lure. */
  readonly solve: (seen: readonly boolean[]) => string
}

const unknown = 'It was not said.'
const shortly = 'Say it as it was told last, and nothing else.'
export const turnOf = (text: string): string => `User: ${text}\nAssistant: I will remember it.`

/** `right`: the answer is said and nothing that no longer holds; `said`: the answer is said, as the paper counts. */
export function checkFact({ answer, stale }: FactQuestion, heard: string): { right: number; said: number } {
  const said = holdsAnswer(heard, [answer]) ? 1 : 0
  return { right: stale.some((value) => holdsAnswer(heard, [value])) ? 0 : said, said }
}

/** `fresh` gives names of people of which none comes twice in a stream. */
type Maker = (random: () => number, fresh: () => string) => FactQuestion

const retrieval: Maker = (random, fresh) => {
  const [who, ...others] = Array.from({ length: 5 }, fresh)
  const codes = distinct(5, () => String(integer(1000, 9999, random)))
  const turn = (name: string, at: number): Told => ({
    text: `The locker of ${name} opens with the code ${codes[at]}.`,
    depth: random(),
    ...(at === 0 ? {} : { lure: codes[at]! }),
  })
  return {
    ability: 'accurate-retrieval',
    hops: 1,
    turns: [who!, ...others].map(turn),
    question: `With which code does the locker of ${who} open? ${shortly}`,
    answer: codes[0]!,
    stale: [],
    solve: ([seen]) => (seen ? codes[0]! : unknown),
  }
}

/** Messages of a subject, by words that their examples and the question share. */
const subjects: readonly ((thing: string) => string)[] = [
  (thing) => `my parcel with the ${thing} has still not come`,
  (thing) => `please pay me back for the broken ${thing}`,
  (thing) => `I cannot sign in since I bought the ${thing}`,
  (thing) => `many thanks to all of you for the lovely ${thing}`,
  (thing) => `do you also sell the ${thing} in another colour`,
]

const learning: Maker = (random) => {
  const kinds = drawn(subjects, 3, random)
  const boxes = distinct(3, () => wordPair(random))
  const things = drawn(nouns, 10, random)
  const shop = wordPair(random)
  const turns = kinds.flatMap((say, kind) =>
    [0, 1, 2].map(
      (at): Told => ({
        text: `At the shop ${shop}, the message "${say(things[kind * 3 + at]!)}" went into the box ${boxes[kind]}.`,
        depth: random(),
        ...(kind === 0 ? {} : { lure: boxes[kind]! }),
      }),
    ),
  )
  return {
    ability: 'test-time-learning',
    hops: 1,
    turns: shuffled(turns, random),
    question: `At the shop ${shop}, into which box goes the message "${kinds[0]!(things[9]!)}"?`,
    answer: boxes[0]!,
    stale: [],
    solve: (seen) => (seen.some(Boolean) ? boxes[0]! : unknown),
  }
}

const understanding: Maker = (random) => {
  const guests = drawn(names, integer(4, 9, random), random)
  const inn = wordPair(random)
  const calls = shuffled([...guests, ...drawn(guests, 3, random)], random)
  return {
    ability: 'long-range-understanding',
    hops: calls.length,
    turns: calls.map((guest) => ({
      text: `Today ${guest} came to stay a night at the inn ${inn}.`,
      depth: random(),
    })),
    question: `How many different guests stayed at the inn ${inn}? Say the number in digits.`,
    answer: String(guests.length),
    stale: [],
    solve: (seen) => String(new Set(calls.filter((_, at) => seen[at])).size),
  }
}

const towns =
  'Aalborg Bilbao Cork Dresden Exeter Freiburg Gdansk Hobart Izmir Jaffa Kyoto Lisbon Mainz Naples Oslo Perth Quito Rostock Split Tampere Utrecht Varna Wexford Ypres Zagreb'.split(
    ' ',
  )

/** A value that changes twice and once more after the question; two hops go over who holds an office, which changes too. */
const conflict =
  (hops: 1 | 2): Maker =>
  (random, fresh) => {
    const [who, old, other] = [fresh(), fresh(), fresh()]
    const places = drawn(towns, 5, random)
    const club = wordPair(random)
    const [third, second, first] = [0.7, 0.4, 0.05].map((from) => from + random() * 0.25)
    const lives = (name: string, town: string): string => `${name} now lives in ${town}.`
    const turns: Told[] = [
      { text: lives(who, places[2]!), depth: third! },
      { text: lives(who, places[0]!), depth: first!, lure: places[0]! },
      { text: lives(who, places[1]!), depth: second!, lure: places[1]! },
      { text: lives(who, places[3]!), depth: 2, lure: places[3]! },
    ]
    const leads = (name: string): string => `The new head of the club ${club} is ${name}.`
    if (hops === 2)
      turns.push(
        { text: leads(who), depth: 0.5 + random() * 0.4 },
        { text: leads(old), depth: random() * 0.4, lure: places[4]! },
        { text: lives(old, places[4]!), depth: random(), lure: places[4]! },
        { text: leads(other), depth: 2, lure: places[4]! },
      )
    return {
      ability: 'conflict-resolution',
      hops,
      // In the order of time, so that two that come at one place do not change places.
      turns: turns.sort((before, after) => before.depth - after.depth),
      question:
        hops === 1
          ? `In which town does ${who} live? ${shortly}`
          : `In which town does the head of the club ${club} live? ${shortly}`,
      answer: places[2]!,
      stale: [places[0]!, places[1]!, ...(hops === 2 ? [places[4]!] : [])],
      // Who missed the last change says nothing here: an earlier value is a lure.
      solve: (seen) => (seen.every(Boolean) ? places[2]! : unknown),
    }
  }

export const factQuestions: readonly Maker[] = [retrieval, learning, understanding, conflict(1), conflict(2)]

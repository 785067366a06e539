import { holdsAnswer } from '../answers.ts'
import type { Sample } from '../contract.ts'
import { integer, pick } from '../random.ts'
import { harmonic } from '../words.ts'
import { names } from './words.ts'

/** One small task of a conversation: what the user says on the way, and what is asked at the end. */
export interface SmallTask {
  readonly kind: string
  /** Turns of the user, in order. */
  readonly turns: readonly string[]
  /** Turns that come after the question. */
  readonly later?: readonly string[]
  readonly question: string
  readonly answers: Sample['answers']
  readonly needs?: readonly (readonly number[])[]
  /** Numbers of turns that only look like it, with what they would lead one to say. */
  readonly lures?: Readonly<Record<number, string>>
  /** Of the other turns. */
  readonly solve: (seen: readonly boolean[]) => string
  readonly right: (said: string) => number
}

const unknown = 'I do not know.'
const told = (answer: string) => (said: string) => (holdsAnswer(said, [answer]) ? 1 : 0)
const all = (answer: string) => (seen: readonly boolean[]) => (seen.every(Boolean) ? answer : unknown)

/** `fresh` gives nouns of which none comes twice in a conversation. */
type Maker = (fresh: () => string, random: () => number) => SmallTask

const name: Maker = (fresh, random) => {
  const [animal, called, other] = [pick(['parrot', 'pony', 'goat', 'tortoise'], random), fresh(), fresh()]
  return {
    kind: 'name',
    turns: [`We have a new ${animal} at home, and its name is ${called}.`],
    later: [`We gave our ${animal} another name, it is ${other} now.`],
    question: `What is the name of our ${animal}, as far as you have heard?`,
    answers: [[called]],
    solve: all(called),
    right: told(called),
  }
}

const list: Maker = (fresh) => {
  const things = Array.from({ length: 6 }, fresh)
  const [a, b, c, d, e, f] = things as [string, string, string, string, string, string]
  const turns = [
    `Please begin a shopping list for me with ${a}, ${b} and ${c}.`,
    `Take ${b} off my shopping list, I found one in the shed.`,
    `My shopping list also needs ${d} and ${e}.`,
    `Change my shopping list: ${f} instead of ${d}.`,
  ]
  /** What is on the list for somebody who heard only some turns. */
  const after = (heard: readonly boolean[]): string[] => {
    const held = new Set<string>()
    if (heard[0]) for (const thing of [a, b, c]) held.add(thing)
    if (heard[1]) held.delete(b)
    if (heard[2]) for (const thing of [d, e]) held.add(thing)
    if (heard[3]) held.delete(d)
    if (heard[3]) held.add(f)
    return [...held]
  }
  const final = after([true, true, true, true])
  return {
    kind: 'list',
    turns,
    question: 'What is on my shopping list now? Name each thing and nothing else.',
    answers: final.map((thing) => [thing]),
    needs: [[0], [0], [2], [3]],
    solve: (seen) => after(seen).join(', ') || unknown,
    right(said) {
      const named = things.filter((thing) => holdsAnswer(said, [thing]))
      const right = named.filter((thing) => final.includes(thing)).length
      return named.length === 0 ? 0 : harmonic(right / named.length, right / final.length)
    },
  }
}

const trail: Maker = (fresh, random) => {
  const places = Array.from({ length: 5 }, fresh)
  const at = integer(1, 4, random)
  const before = places[at - 1]!
  return {
    kind: 'trail',
    turns: places.map((place) => `I am on my round through the town and have just come to the ${place}.`),
    question: `At which place of my round was I just before I came to the ${places[at]}?`,
    answers: [[before]],
    lures: Object.fromEntries([...places.entries()].filter(([index]) => index !== at && index !== at - 1)),
    solve: all(before),
    right: told(before),
  }
}

const joke: Maker = (fresh) => {
  const [one, other, end, third, fourth, wrong] = Array.from({ length: 6 }, fresh) as [string, ...string[]]
  return {
    kind: 'joke',
    turns: [
      `A joke: what did the ${one} say to the ${other}? "Mind the ${end}!"`,
      `Another joke: what did the ${third} say to the ${fourth}? "Mind the ${wrong}!"`,
    ],
    question: `I told you a joke of the ${one} and the ${other}. What was its last word?`,
    answers: [[end!]],
    lures: { 1: wrong! },
    solve: all(end!),
    right: told(end!),
  }
}

const trigger: Maker = (fresh) => {
  const [call, reply] = [`${fresh()} ${fresh()}`, `${fresh()} ${fresh()}`]
  return {
    kind: 'trigger',
    turns: [`A little game: the next time that I say "${call}", you answer with "${reply}" and nothing else.`],
    question: `Now then, are you ready for it? Listen: ${call}!`,
    answers: [[reply]],
    solve: all(reply),
    right: told(reply),
  }
}

const numbers: Maker = (_, random) => {
  const steps = Array.from({ length: 5 }, (__, at) => integer(3, 60, random) * (at > 0 && random() < 0.3 ? -1 : 1))
  const sum = steps.reduce((total, step) => total + step, 0)
  const who = pick(names, random)
  return {
    kind: 'numbers',
    turns: steps.map((step) =>
      step > 0
        ? `${who} paid ${step} coins into our common purse.`
        : `${who} took ${-step} coins out of our common purse.`,
    ),
    later: [`${who} paid 500 coins into our common purse.`],
    question: 'How many coins are in our common purse? It was empty before.',
    answers: [[String(sum)]],
    solve: (seen) => String(steps.reduce((total, step, at) => total + (seen[at] ? step : 0), 0)),
    right: (said) => (new RegExp(`(?<![\\d-])${sum}(?!\\d)`).test(said.replace(/\u2212/g, '-')) ? 1 : 0),
  }
}

export const smallTasks: readonly Maker[] = [name, list, trail, joke, trigger, numbers]

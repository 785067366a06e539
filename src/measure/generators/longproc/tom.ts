import { drawn, pick } from '../../random.ts'
import { names } from '../words.ts'
import { compareSteps, folded, linesOf } from './steps.ts'

/** Lines of a trace from its last step 0 on, letters and digits alone. */
export function traceOf(said: string): string[] {
  const steps = linesOf(said).filter((line) => /^\W*step\s+\d+\s*:/i.test(line))
  const begins = (line: string | undefined): boolean => line !== undefined && /^\W*step\s+0\s*:/i.test(line)
  let start = steps.findLastIndex(begins)
  // Written twice in a row it is no new beginning.
  while (start > 0 && begins(steps[start - 1])) start--
  return start === -1 ? [] : steps.slice(start).map(folded)
}

const answerOf = (said: string): string =>
  folded([...said.matchAll(/final answer\W*(.*)$/gim)].at(-1)?.[1]?.replace(/\bthe\b/gi, '') ?? '')

/** The trace by its exact lines, but for signs and case, and the answer. Ye et al. 2025, LongProc, arXiv 2501.05414. */
export function scoreTrace(gold: string, said: string): { exact: number; steps: number; answer: number } {
  const { exact, steps } = compareSteps(traceOf(gold), traceOf(said))
  const answer = answerOf(said) === answerOf(gold) ? 1 : 0
  return { exact: exact * answer, steps, answer }
}

const rooms = ['kitchen', 'pantry', 'attic', 'cellar', 'library', 'workshop', 'parlour', 'nursery', 'laundry', 'studio']
const holders = ['shelf', 'table', 'chest', 'basket', 'drawer', 'bench', 'cupboard', 'windowsill']
const things = ['thimble', 'compass', 'whistle', 'lantern', 'spoon', 'medal', 'inkwell', 'padlock', 'brush', 'magnet']

export interface Story {
  readonly lines: readonly string[]
  readonly agent: string
  readonly thing: string
  readonly trace: string
}

/** Two people move themselves and two things between two rooms; the trace follows one of each. */
export function story(steps: number, random: () => number): Story {
  const people = drawn(names, 2, random)
  const places = drawn(rooms, 2, random)
  const kinds = drawn(holders, 2, random)
  const objects = drawn(things, 2, random)
  const spot = (room: string, kind: string): string => `${room}'s ${kind}`
  const where = new Map<string, string | undefined>(people.map((person) => [person, pick(places, random)]))
  const lies = new Map(objects.map((object) => [object, { room: pick(places, random), kind: pick(kinds, random) }]))
  const [agent, thing] = [pick(people, random), pick(objects, random)]
  const at = (object: string): string => spot(lies.get(object)!.room, lies.get(object)!.kind)
  let belief: string | undefined
  const lines: string[] = []
  const trace: string[] = []
  const record = (line: string): void => {
    const number = lines.length
    const sees = where.get(agent) === lies.get(thing)!.room
    if (sees) belief = at(thing)
    lines.push(`Step ${number}: ${line}`)
    trace.push(
      `Step ${number}: ${agent} in ${where.get(agent) ?? 'no room'}; ${thing} on ${at(thing)}; sees it: ${sees ? 'yes' : 'no'}; believes: ${belief ?? 'nothing'}`,
    )
  }
  record(
    `${people.map((person) => `${person} is in the ${where.get(person)}`).join(', ')}, ${objects.map((object) => `the ${object} lies on the ${at(object)}`).join(', ')}.`,
  )
  while (lines.length <= steps) {
    const person = pick(people, random)
    const room = where.get(person)
    if (room === undefined) {
      const next = pick(places, random)
      where.set(person, next)
      record(`${person} comes into the ${next}.`)
      continue
    }
    const near = objects.filter((object) => lies.get(object)!.room === room)
    const object = near.length > 0 ? pick(near, random) : undefined
    const next = places.find((place) => place !== room)!
    const lot = random()
    if (object && lot < 0.25) {
      lies.set(object, { room, kind: kinds.find((kind) => kind !== lies.get(object)!.kind)! })
      record(`${person} puts the ${object} on the ${at(object)}.`)
    } else if (object && lot < 0.45) {
      where.set(person, next)
      lies.set(object, { room: next, kind: pick(kinds, random) })
      record(`${person} carries the ${object} along and puts it on the ${at(object)}.`)
    } else if (lot < 0.6) {
      where.set(person, undefined)
      record(`${person} goes out and is in no room.`)
    } else {
      where.set(person, next)
      record(`${person} goes over to the ${next}.`)
    }
  }
  return { lines, agent, thing, trace: `${trace.join('\n')}\nFinal answer: ${belief ?? 'nothing'}` }
}

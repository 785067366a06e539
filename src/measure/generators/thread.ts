import { holdsAnswer } from '../answers.ts'
import { drawn, integer } from '../random.ts'

export interface Scene {
  readonly name: string
  /** What a unit is called in its heading. */
  readonly unit: string
  readonly work: string
  readonly things: readonly string[]
  readonly plain: string
}
export interface PlannedEvent {
  readonly kind: 'single' | 'range' | 'periodic'
  readonly thing: string
  /** Numbers of the units that must hold it, from 1. */
  readonly units: readonly number[]
  readonly statement: string
}

export const scenes: readonly Scene[] = [
  {
    name: 'diary',
    unit: 'Week',
    work: 'the diary of a village teacher',
    things: [
      'choir rehearsal',
      'visit to the dentist',
      'broken boiler',
      'letter from an old friend',
      'chess evening',
      'school inspection',
      'apple harvest',
      'leaking roof',
      'blood donation',
      'train journey to the coast',
      'lost umbrella',
      'power cut',
      'birthday of the neighbour',
      'new spectacles',
      'first snow',
      'burnt cake',
    ],
    plain: 'Lessons in the morning, marking in the afternoon, and an early night.',
  },
  {
    name: 'menu',
    unit: 'Day',
    work: 'the menu of a harbour canteen',
    things: [
      'lentil stew',
      'baked trout',
      'mushroom dumplings',
      'pumpkin soup',
      'cabbage rolls',
      'rhubarb crumble',
      'pickled herring',
      'barley risotto',
      'stuffed peppers',
      'potato pancakes',
      'leek pie',
      'walnut torte',
      'beetroot salad',
      'chestnut gnocchi',
      'cheese fondue',
      'poppy seed noodles',
    ],
    plain: 'Bread, butter and a kettle of tea stand ready from six in the morning.',
  },
  {
    name: 'building',
    unit: 'Floor',
    work: 'the floor plan of a tower',
    things: [
      'reading room',
      'swimming pool',
      'print shop',
      'winter garden',
      'bicycle store',
      'music school',
      'dental clinic',
      'observation deck',
      'bakery',
      'server room',
      'roof terrace',
      'gymnasium',
      'art gallery',
      'nursery',
      'water tank',
      'conference hall',
    ],
    plain: 'Open offices lie around the lifts, with windows to all four sides.',
  },
]

const every = (from: number, to: number, step: number): number[] => {
  const units: number[] = []
  for (let unit = from; unit <= to; unit += step) units.push(unit)
  return units
}

/** Events to be planted in `units` units; no thing is used twice. */
export function planned(
  scene: Scene,
  units: number,
  counts: { readonly single: number; readonly range: number; readonly periodic: number },
  random: () => number,
): PlannedEvent[] {
  const things = drawn(scene.things, counts.single + counts.range + counts.periodic, random)
  const unit = scene.unit.toLowerCase()
  return things.map((thing, index): PlannedEvent => {
    if (index < counts.single) {
      const at = integer(1, units, random)
      return { kind: 'single', thing, units: [at], statement: `In ${unit} ${at} there must be this: ${thing}.` }
    }
    if (index < counts.single + counts.range) {
      const from = integer(1, Math.max(1, units - 3), random)
      const to = Math.min(units, from + integer(1, 4, random))
      const statement = `In every ${unit} from ${from} to ${to}, both included, there must be this: ${thing}.`
      return { kind: 'range', thing, units: every(from, to, 1), statement }
    }
    const step = integer(3, 6, random)
    const from = integer(1, Math.min(step, units), random)
    const statement = `Beginning with ${unit} ${from}, and then in every ${step}th ${unit} to the end, there must be this: ${thing}.`
    return { kind: 'periodic', thing, units: every(from, units, step), statement }
  })
}

/** The text of each unit by its number: what stands after a line that begins with the unit's name and a number. */
export function unitsOf(said: string, unit: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  const heads = [
    ...said.matchAll(new RegExp(`^[\\s>#*_-]*${unit}\\s+(\\d+)[*_]*\\s*(?:[:.)\\u2013\\u2014-]|$)`, 'gim')),
  ]
  for (const [index, head] of heads.entries()) {
    const body = said.slice(head.index + head[0].length, heads[index + 1]?.index).trim()
    const number = Number(head[1])
    if (body !== '') found.set(number, found.has(number) ? `${found.get(number)}\n${body}` : body)
  }
  return found
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * `score` is completion by instructions followed, so that a missing unit and a missing event both cost. `placed` is the
 * share of mentions that stand where they were asked for: it falls when everything is said everywhere.
 */
export function checkThread(scene: Scene, count: number, events: readonly PlannedEvent[], said: string) {
  const units = unitsOf(said, scene.unit)
  const all = every(1, count, 1)
  const completion = mean(all.map((unit) => (units.has(unit) ? 1 : 0)))
  const holds = (unit: number, thing: string): boolean => holdsAnswer(units.get(unit) ?? '', [thing])
  const followed = (event: PlannedEvent): number => mean(event.units.map((unit) => (holds(unit, event.thing) ? 1 : 0)))
  const of = (kind: PlannedEvent['kind']): number => mean(events.filter((event) => event.kind === kind).map(followed))
  const instructions = mean(events.map(followed))
  const mentions = events.flatMap((event) =>
    all.filter((unit) => holds(unit, event.thing)).map((unit) => (event.units.includes(unit) ? 1 : 0)),
  )
  return {
    score: completion * instructions,
    completion,
    instructions,
    single: of('single'),
    range: of('range'),
    periodic: of('periodic'),
    placed: mean(mentions),
  }
}

/** The long text with these events in their units. */
export const written = (scene: Scene, count: number, events: readonly PlannedEvent[]): string =>
  every(1, count, 1)
    .map((unit) => {
      const things = events.filter(({ units }) => units.includes(unit)).map(({ thing }) => `And this: ${thing}.`)
      return `${scene.unit} ${unit}:\n${[scene.plain, ...things].join(' ')}`
    })
    .join('\n\n')

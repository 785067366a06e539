import { drawn, integer, pick, shuffled } from '../random.ts'
import { distinct, wordPair } from './words.ts'

/** One entry of the reference text. Prices are in coins: of a meal and a ride for each person, of a stay for the room and night. */
export type Entry =
  | {
      readonly kind: 'ride'
      readonly name: string
      readonly by: 'train' | 'flight'
      readonly from: string
      readonly to: string
      readonly price: number
    }
  | {
      readonly kind: 'meal'
      readonly name: string
      readonly city: string
      readonly cuisine: string
      readonly price: number
    }
  | { readonly kind: 'sight'; readonly name: string; readonly city: string }
  | {
      readonly kind: 'stay'
      readonly name: string
      readonly city: string
      readonly room: string
      readonly pets: boolean
      readonly nights: number
      readonly price: number
    }

export interface Wishes {
  readonly from: string
  readonly cities: readonly string[]
  readonly people: number
  readonly budget: number
  readonly cuisines: readonly string[]
  readonly room: string
  readonly pets: boolean
  readonly flights: boolean
}
export interface Day {
  readonly city: string
  readonly ride?: string
  readonly meals: readonly string[]
  readonly sight?: string
  readonly stay?: string
}
export interface Journey {
  readonly wishes: Wishes
  readonly entries: readonly Entry[]
  /** Numbers of the entries that the gold plan is made of. */
  readonly used: readonly number[]
  readonly plan: readonly Day[]
}

const cuisines = ['Italian', 'Thai', 'Polish', 'Mexican', 'Greek', 'Korean']
const rooms = ['whole flat', 'private room', 'shared room']
const title = (random: () => number): string =>
  wordPair(random)
    .split('-')
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join(' ')

export const entryLine = (entry: Entry): string => {
  switch (entry.kind) {
    case 'ride':
      return `The ${entry.by} ${entry.name} goes from ${entry.from} to ${entry.to} for ${entry.price} coins a head.`
    case 'meal':
      return `${entry.name} in ${entry.city} cooks ${entry.cuisine} food, ${entry.price} coins a head.`
    case 'sight':
      return `${entry.name} in ${entry.city} is a sight that is open every day.`
    case 'stay':
      return `${entry.name} in ${entry.city} lets a ${entry.room} for ${entry.price} coins a night, ${entry.pets ? 'pets are welcome' : 'no pets'}, for at least ${entry.nights} nights.`
  }
}

/** What a city has to offer; the first of each kind are those that a plan can be made of. */
function offers(
  city: string,
  name: () => string,
  random: () => number,
  wishes: Pick<Wishes, 'room' | 'pets'>,
  wanted: readonly string[],
): Entry[] {
  const meal = (cuisine: string, price: number): Entry => ({ kind: 'meal', name: name(), city, cuisine, price })
  const stay = (room: string, pets: boolean, nights: number, price: number): Entry => ({
    kind: 'stay',
    name: name(),
    city,
    room,
    pets,
    nights,
    price,
  })
  return [
    ...Array.from({ length: 5 }, (_, at) => meal(wanted[at] ?? pick(cuisines, random), integer(5, 14, random))),
    ...[1, 2].map(() => meal(pick(cuisines, random), integer(60, 90, random))),
    ...[1, 2, 3].map((): Entry => ({ kind: 'sight', name: name(), city })),
    stay(wishes.room, true, 2, integer(40, 60, random)),
    stay(rooms.find((room) => room !== wishes.room)!, true, 1, integer(15, 30, random)),
    stay(wishes.room, !wishes.pets, 3, integer(15, 30, random)),
    stay(wishes.room, true, 1, integer(200, 300, random)),
  ]
}

/** A journey over so many cities, two nights in each, that can be made within its budget. */
export function journey(count: number, random: () => number): Journey {
  const [from, ...cities] = distinct(count + 1, () => title(random))
  const names = new Set<string>()
  const name = (): string => {
    for (;;) {
      const made = title(random)
      if (!names.has(made) && made !== from && !cities.includes(made)) {
        names.add(made)
        return made
      }
    }
  }
  const wanted = drawn(cuisines, 2, random)
  const base = { room: pick(rooms, random), pets: random() < 0.5 }
  const flights = random() < 0.5
  const people = integer(1, 3, random)
  const entries: Entry[] = []
  const codes = distinct(2 * count + 2, () => integer(100, 999, random))
  const stops = [from!, ...cities, from!]
  for (const [at, to] of stops.slice(1).entries()) {
    const code = (letter: string): string => `${letter}${codes.pop()}`
    const ride = (by: 'train' | 'flight', price: number): Entry => ({
      kind: 'ride',
      name: code(by === 'train' ? 'T' : 'F'),
      by,
      from: stops[at]!,
      to,
      price,
    })
    entries.push(ride('train', integer(20, 50, random)), ride('flight', integer(70, 110, random)))
  }
  for (const city of cities) entries.push(...offers(city, name, random, base, city === cities[0] ? wanted : []))
  const used: number[] = []
  const take = (fits: (entry: Entry) => boolean): string => {
    const at = entries.findIndex((entry, index) => !used.includes(index) && fits(entry))
    used.push(at)
    return entries[at]!.name
  }
  const plan = Array.from({ length: 2 * count + 1 }, (_, day): Day => {
    const city = cities[Math.min(count - 1, Math.floor(day / 2))]!
    const last = day === 2 * count
    const moves = day % 2 === 0
    const to = last ? from : city
    return {
      city,
      ...(moves ? { ride: take((entry) => entry.kind === 'ride' && entry.to === to && entry.by === 'train') } : {}),
      meals: Array.from({ length: last ? 1 : 2 }, () => take((entry) => entry.kind === 'meal' && entry.city === city)),
      ...(last
        ? {}
        : {
            sight: take((entry) => entry.kind === 'sight' && entry.city === city),
            stay: moves
              ? take((entry) => entry.kind === 'stay' && entry.city === city)
              : entries.find((entry) => entry.kind === 'stay' && entry.city === city)!.name,
          }),
    }
  })
  const draft = { from: from!, cities, people, budget: Number.POSITIVE_INFINITY, cuisines: wanted, ...base, flights }
  const budget = Math.ceil((costOf(draft, entries, plan) * 1.15) / 10) * 10
  return { wishes: { ...draft, budget }, entries, used, plan }
}

/** Records of other cities: true, and of no use. */
export function elsewhere(count: number, random: () => number): string[] {
  const lines: string[] = []
  while (lines.length < count) {
    const [city, other] = [title(random), title(random)]
    const ride: Entry = {
      kind: 'ride',
      name: `T${integer(1000, 9999, random)}`,
      by: 'train',
      from: city,
      to: other,
      price: integer(20, 90, random),
    }
    const more = offers(city, () => title(random), random, { room: pick(rooms, random), pets: random() < 0.5 }, [])
    lines.push(...shuffled([ride, ...more], random).map(entryLine))
  }
  return lines.slice(0, count)
}

const find = <Kind extends Entry['kind']>(
  entries: readonly Entry[],
  kind: Kind,
  name: string | undefined,
  city?: string,
) =>
  entries.find(
    (entry): entry is Extract<Entry, { kind: Kind }> =>
      entry.kind === kind && entry.name === name && (city === undefined || !('city' in entry) || entry.city === city),
  )

export function costOf({ people }: Wishes, entries: readonly Entry[], plan: readonly Day[]): number {
  const rooms = Math.ceil(people / 2)
  return plan.reduce((sum, { ride, meals, stay, city }) => {
    const heads = [
      find(entries, 'ride', ride)?.price ?? 0,
      ...meals.map((meal) => find(entries, 'meal', meal, city)?.price ?? 0),
    ]
    return sum + people * heads.reduce((a, b) => a + b, 0) + rooms * (find(entries, 'stay', stay, city)?.price ?? 0)
  }, 0)
}

export interface Verdict {
  readonly what: string
  readonly kind: 'commonsense' | 'hard'
  readonly met: boolean
}

/** Every constraint on a plan and whether it is met: what fits together by itself, and what was wished for. */
export function judgePlan({ wishes, entries }: Journey, plan: readonly Day[]): Verdict[] {
  const { from, cities, people } = wishes
  const found: Verdict[] = []
  const rule = (kind: Verdict['kind'], what: string, met: boolean): void => void found.push({ kind, what, met })
  const days = 2 * cities.length + 1
  const cityOn = (day: number): string => cities[Math.min(cities.length - 1, Math.floor(day / 2))]!
  const all = [...Array(days).keys()].map((day) => plan[day])
  rule('commonsense', `the plan has ${days} days`, plan.length === days)
  rule(
    'commonsense',
    'each day is spent in the city whose turn it is',
    all.every((day, at) => day?.city === cityOn(at)),
  )
  const rides = all.flatMap((day, at) => (at % 2 === 0 ? [find(entries, 'ride', day?.ride)] : []))
  const stops = [from, ...cities, from]
  rule(
    'commonsense',
    'each ride of the way is there and leads to the next city',
    rides.every((ride, at) => ride?.from === stops[at] && ride?.to === stops[at + 1]),
  )
  const meals = all.flatMap((day) => (day?.meals ?? []).map((meal) => find(entries, 'meal', meal, day!.city)))
  rule(
    'commonsense',
    'there are two meals a day, one on the last, in places of the city',
    meals.every((meal) => meal !== undefined) &&
      all.every((day, at) => day?.meals.length === (at === days - 1 ? 1 : 2)),
  )
  rule(
    'commonsense',
    'no place to eat comes twice',
    new Set(all.flatMap((day) => day?.meals ?? [])).size === meals.length,
  )
  const sights = all.slice(0, -1).map((day) => day && find(entries, 'sight', day.sight, day.city))
  rule(
    'commonsense',
    'each day but the last has a sight of the city',
    sights.every((sight) => sight !== undefined),
  )
  rule('commonsense', 'no sight comes twice', new Set(all.slice(0, -1).map((day) => day?.sight)).size === days - 1)
  const stays = all.slice(0, -1).map((day) => day && find(entries, 'stay', day.stay, day.city))
  rule(
    'commonsense',
    'each night is spent in a place of the city',
    stays.every((stay) => stay !== undefined),
  )
  rule(
    'commonsense',
    'each stay is as long as the house asks',
    stays.every((stay) => stay !== undefined && stays.filter((one) => one?.name === stay.name).length >= stay.nights),
  )
  const cost = costOf(wishes, entries, plan)
  rule('hard', `all is paid with ${wishes.budget} coins`, plan.length > 0 && cost <= wishes.budget && people > 0)
  rule(
    'hard',
    `a meal each of ${wishes.cuisines.join(' and ')} food`,
    wishes.cuisines.every((cuisine) => meals.some((meal) => meal?.cuisine === cuisine)),
  )
  rule(
    'hard',
    `a ${wishes.room} every night`,
    stays.every((stay) => stay?.room === wishes.room),
  )
  if (wishes.pets)
    rule(
      'hard',
      'pets are welcome every night',
      stays.every((stay) => stay?.pets === true),
    )
  if (!wishes.flights)
    rule(
      'hard',
      'no flight',
      rides.every((ride) => ride !== undefined && ride.by !== 'flight'),
    )
  return found
}

const none = '-'
export const planText = (plan: readonly Day[]): string =>
  plan
    .map(
      ({ city, ride = none, meals, sight = none, stay = none }, day) =>
        `Day ${day + 1}: city: ${city}; ride: ${ride}; meals: ${meals.join(', ') || none}; sight: ${sight}; stay: ${stay}`,
    )
    .join('\n')

/** Days of a written plan, in their order. */
export function planOf(said: string): Day[] {
  return [...said.matchAll(/^\W*day\s+\d+\s*:(.*)$/gim)].map(([, line]): Day => {
    const field = (name: string): string | undefined => {
      const value = new RegExp(`\\b${name}\\s*:\\s*([^;]*)`, 'i').exec(line!)?.[1]?.trim().replace(/\.$/, '')
      return value === undefined || value === '' || value === none ? undefined : value
    }
    const [ride, sight, stay] = [field('ride'), field('sight'), field('stay')]
    return {
      city: field('city') ?? '',
      meals: field('meals')?.split(/\s*,\s*/) ?? [],
      ...(ride ? { ride } : {}),
      ...(sight ? { sight } : {}),
      ...(stay ? { stay } : {}),
    }
  })
}

/** `final`: every constraint is met; the shares of those of each kind; `delivered`: a line for each day. */
export function scoreJourney(made: Journey, said: string): Record<string, number> {
  const plan = planOf(said)
  const verdicts = judgePlan(made, plan)
  const share = (of: readonly Verdict[]): number => of.filter(({ met }) => met).length / of.length
  return {
    final: verdicts.every(({ met }) => met) ? 1 : 0,
    commonsense: share(verdicts.filter(({ kind }) => kind === 'commonsense')),
    hard: plan.length === 0 ? 0 : share(verdicts.filter(({ kind }) => kind === 'hard')),
    delivered: plan.length === made.plan.length ? 1 : 0,
  }
}

/** What a written plan breaks, in words: feedback for another attempt. */
export const feedbackOn = (made: Journey, said: string): string[] =>
  judgePlan(made, planOf(said)).flatMap(({ what, met }) => (met ? [] : [`Not met: ${what}.`]))

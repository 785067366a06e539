import type { Haystack } from '../contract.ts'
import { integer, pick } from '../random.ts'
import { invented } from './facts.ts'
import { adjectives, names, nouns } from './words.ts'

/** A row of a table of one kind of thing. */
export interface Row {
  readonly name: string
  readonly group: string
  readonly amount: number
  readonly year: number
}
/** A row of the table that says where each group has its seat. */
export interface Seat {
  readonly group: string
  readonly seat: string
}
/** Two tables that belong together, and how their rows and columns are put in words. */
export interface Domain {
  readonly name: string
  readonly many: string
  readonly group: string
  readonly groups: readonly string[]
  readonly amount: string
  readonly low: number
  readonly high: number
  readonly seat: string
  nameOf(random: () => number): string
  readonly rows: readonly ((row: Row) => string)[]
  readonly seats: readonly ((seat: Seat) => string)[]
}

const upper = (word: string): string => word[0]!.toUpperCase() + word.slice(1)
const title = (random: () => number): string => `${upper(pick(adjectives, random))} ${upper(pick(nouns, random))}`
const person = (random: () => number): string =>
  `${pick(names, random)} ${upper(pick(adjectives, random))}${pick(nouns, random)}`

export const domains: readonly Domain[] = [
  {
    name: 'wines',
    many: 'wines',
    group: 'region',
    groups: ['Ardane', 'Belcotte', 'Corvas', 'Duvelle', 'Esparra', 'Fontrac'],
    amount: 'price in crowns',
    low: 8,
    high: 900,
    seat: 'market town',
    nameOf: title,
    rows: [
      ({ name, group, amount, year }) =>
        `A bottle of ${name}, a wine of the ${group} region from ${year}, is sold for ${amount} crowns.`,
      ({ name, group, amount, year }) =>
        `In ${group} the wine ${name} was pressed in ${year}, and its price is ${amount} crowns.`,
      ({ name, group, amount, year }) =>
        `Priced at ${amount} crowns, the ${year} wine ${name} is grown in the region of ${group}.`,
    ],
    seats: [
      ({ group, seat }) => `Wines of the ${group} region are traded in the market town of ${seat}.`,
      ({ group, seat }) => `${seat} is the market town of the wine region ${group}.`,
    ],
  },
  {
    name: 'employees',
    many: 'employees',
    group: 'department',
    groups: ['accounts', 'catering', 'design', 'legal', 'logistics', 'research', 'sales'],
    amount: 'yearly pay in crowns',
    low: 21_000,
    high: 140_000,
    seat: 'office building',
    nameOf: person,
    rows: [
      ({ name, group, amount, year }) =>
        `${name} joined the ${group} department in ${year} and is paid ${amount} crowns a year.`,
      ({ name, group, amount, year }) =>
        `With a yearly pay of ${amount} crowns, ${name} has worked in the department of ${group} since ${year}.`,
      ({ name, group, amount, year }) =>
        `Since ${year} the ${group} department has employed ${name}, whose pay comes to ${amount} crowns a year.`,
    ],
    seats: [
      ({ group, seat }) => `The ${group} department sits in the office building called ${seat} House.`,
      ({ group, seat }) => `${seat} House is the office building of the department of ${group}.`,
    ],
  },
  {
    name: 'ships',
    many: 'ships',
    group: 'shipping line',
    groups: ['Blue Anchor', 'Coastways', 'Meridian', 'Northern Star', 'Polder', 'Trident'],
    amount: 'tonnage',
    low: 400,
    high: 98_000,
    seat: 'home port',
    nameOf: title,
    rows: [
      ({ name, group, amount, year }) =>
        `The ship ${name} of the ${group} line was launched in ${year} and measures ${amount} tons.`,
      ({ name, group, amount, year }) =>
        `Launched in ${year}, the ${name} sails for the shipping line ${group} with a tonnage of ${amount}.`,
      ({ name, group, amount, year }) =>
        `${group} is the line of the ${name}, a ship of ${amount} tons that left its yard in ${year}.`,
    ],
    seats: [
      ({ group, seat }) => `Ships of the ${group} line have their home port at ${seat}.`,
      ({ group, seat }) => `The home port of the shipping line ${group} is ${seat}.`,
    ],
  },
  {
    name: 'books',
    many: 'books',
    group: 'publisher',
    groups: ['Almond Press', 'Hartwell', 'Inkstone', 'Lantern Books', 'Oriel', 'Pennant'],
    amount: 'number of pages',
    low: 60,
    high: 1400,
    seat: 'town of printing',
    nameOf: (random) => `"The ${title(random)}"`,
    rows: [
      ({ name, group, amount, year }) => `The book ${name} came out with ${group} in ${year} and has ${amount} pages.`,
      ({ name, group, amount, year }) => `In ${year} ${group} published ${name}, a book of ${amount} pages.`,
      ({ name, group, amount, year }) =>
        `At ${amount} pages, the book ${name} was brought out by the publisher ${group} in ${year}.`,
    ],
    seats: [
      ({ group, seat }) => `Books of the publisher ${group} are printed in the town of ${seat}.`,
      ({ group, seat }) => `The publisher ${group} has its printing done in ${seat}.`,
    ],
  },
  {
    name: 'players',
    many: 'players',
    group: 'club',
    groups: ['Albion', 'Borough', 'Corinth', 'Dynamo', 'Olympic', 'Rangers', 'Wanderers'],
    amount: 'number of goals',
    low: 0,
    high: 480,
    seat: 'stadium',
    nameOf: person,
    rows: [
      ({ name, group, amount, year }) => `${name}, a player of ${group} since ${year}, has scored ${amount} goals.`,
      ({ name, group, amount, year }) =>
        `The club ${group} signed the player ${name} in ${year}; the tally is ${amount} goals.`,
      ({ name, group, amount, year }) =>
        `With ${amount} goals to show, the player ${name} has been with the club ${group} since ${year}.`,
    ],
    seats: [
      ({ group, seat }) => `The club ${group} plays at home in the stadium known as ${seat} Park.`,
      ({ group, seat }) => `${seat} Park is the stadium of the club ${group}.`,
    ],
  },
  {
    name: 'towers',
    many: 'towers',
    group: 'district',
    groups: ['Castle Hill', 'Docklands', 'Eastgate', 'Millfield', 'Old Town', 'Riverside'],
    amount: 'height in metres',
    low: 20,
    high: 420,
    seat: 'town hall',
    nameOf: (random) => `${title(random)} Tower`,
    rows: [
      ({ name, group, amount, year }) =>
        `${name} in the ${group} district was finished in ${year} and is ${amount} metres high.`,
      ({ name, group, amount, year }) =>
        `Finished in ${year}, ${name} rises ${amount} metres over the district of ${group}.`,
      ({ name, group, amount, year }) => `In ${group} stands ${name}, ${amount} metres high, built up to ${year}.`,
    ],
    seats: [
      ({ group, seat }) => `The town hall of the ${group} district is called ${seat} Hall.`,
      ({ group, seat }) => `${seat} Hall serves the district of ${group} as its town hall.`,
    ],
  },
]

export const makeRow = (domain: Domain, random: () => number): Row => ({
  name: domain.nameOf(random),
  group: pick(domain.groups, random),
  amount: integer(domain.low, domain.high, random),
  year: integer(1950, 2023, random),
})

/** For each group of a domain, an invented seat; no two are the same. */
export function makeSeats({ groups }: Domain, random: () => number): Seat[] {
  const used = new Set<string>()
  return groups.map((group) => {
    let seat = invented.town(random)
    while (used.has(seat)) seat = invented.town(random)
    used.add(seat)
    return { group, seat }
  })
}

/** Rows of all other domains in words, enough for a prompt of so many tokens. */
export function otherRows(domain: Domain, length: number, random: () => number): Haystack {
  const others = domains.filter((other) => other !== domain)
  const sentences = Array.from({ length: Math.ceil(length / 12) + 20 }, () => {
    const other = pick(others, random)
    return pick(other.rows, random)(makeRow(other, random))
  })
  return { name: `all but ${domain.name}`, sentences }
}

/** A row as code that makes an instance of its class; fields without a value are left out. */
export const instance = (name: string, fields: Readonly<Record<string, string | number | undefined>>): string =>
  `${name}(${Object.entries(fields)
    .flatMap(([field, value]) => (value === undefined ? [] : [`${field}=${JSON.stringify(value)}`]))
    .join(', ')})`

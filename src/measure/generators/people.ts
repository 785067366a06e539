import { pick } from '../random.ts'
import { adjectives, names, nouns, objects, places } from './words.ts'

const upper = (word: string): string => word[0]!.toUpperCase() + word.slice(1)
/** A person with a surname that nobody has. */
export const person = (random: () => number): string =>
  `${pick(names, random)} ${upper(pick(adjectives, random))}${pick(nouns, random)}`

/** Something that a text can say of a person. */
export interface Trait {
  readonly name: string
  readonly says: (person: string, value: string) => string
  readonly asks: (person: string) => string
  readonly values: readonly string[]
}

const months = 'January February March April May June July August September October November December'.split(' ')
const pets = 'tortoise canary terrier ferret goldfish hamster parrot pony gecko rabbit spaniel hedgehog'.split(' ')
const crafts = 'plumber botanist notary welder surgeon tailor cartographer baker judge locksmith midwife printer'.split(
  ' ',
)
const dishes =
  'lentil soup,apple pie,grilled trout,onion bread,rice pudding,mushroom stew,pea curry,cheese dumplings,fig cake,bean salad'.split(
    ',',
  )

export const traits: readonly Trait[] = [
  {
    name: 'pet',
    says: (who, value) => `The only pet that ${who} ever kept was a ${value}.`,
    asks: (who) => `Which animal did ${who} keep as a pet?`,
    values: pets,
  },
  {
    name: 'month',
    says: (who, value) => `The birthday of ${who} falls in ${value}.`,
    asks: (who) => `In which month is the birthday of ${who}?`,
    values: months,
  },
  {
    name: 'craft',
    says: (who, value) => `For most of a working life ${who} was employed as a ${value}.`,
    asks: (who) => `As what was ${who} employed?`,
    values: crafts,
  },
  {
    name: 'dish',
    says: (who, value) => `At the table of ${who} guests were always served ${value}.`,
    asks: (who) => `What were guests served at the table of ${who}?`,
    values: dishes,
  },
  {
    name: 'place',
    says: (who, value) => `On Sundays ${who} could be found at the ${value}.`,
    asks: (who) => `Where could ${who} be found on Sundays?`,
    values: places,
  },
  {
    name: 'keepsake',
    says: (who, value) => `What ${who} inherited from a grandmother was a ${value}.`,
    asks: (who) => `What did ${who} inherit from a grandmother?`,
    values: objects,
  },
]

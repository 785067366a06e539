import { drawn, pick } from '../random.ts'
import { adjectives, names, nouns, places } from './words.ts'

/** A kind of writing that can be asked for: its sentences have slots, so that two of the same topic differ in content alone. */
export interface Format {
  /** As in "write a ...". */
  readonly name: string
  readonly plural: string
  readonly lines: readonly string[]
  /** Stands between its lines. */
  readonly between: string
}

export const formats: readonly Format[] = [
  {
    name: 'poem',
    plural: 'poems',
    between: '\n',
    lines: [
      'O {topic}, {adjective} as a {noun} at dawn,',
      'who taught {topic} to love the {adjective} {noun}?',
      'Beneath the {noun} the {topic} wait, {adjective} and slow,',
      'and every {noun} remembers {topic} gone.',
      'I counted {topic} from the {adjective} {place},',
      'my {noun} grew quiet when the {topic} came,',
      'for {topic} keep what {adjective} people lose,',
      'a {noun}, a {noun}, and a {adjective} name.',
    ],
  },
  {
    name: 'news report',
    plural: 'news reports',
    between: ' ',
    lines: [
      'Officials at the {place} confirmed on Monday that {topic} had been seen near a {adjective} {noun}.',
      'According to {name}, the {topic} caused no damage beyond one {adjective} {noun}.',
      'Neighbours of the {place} said that {topic} had never drawn such a {adjective} crowd.',
      'A spokesman, {name}, called the matter of the {topic} "{adjective}" and promised a {noun}.',
      'Traders expect {topic} to stay {adjective} until the {noun} is repaired.',
      'The {place} will remain closed while {name} looks into the {topic}.',
      'Last year {topic} were in the news for a {adjective} {noun} of another kind.',
    ],
  },
  {
    name: 'short story',
    plural: 'short stories',
    between: ' ',
    lines: [
      '{name} had never cared for {topic} until a {adjective} {noun} arrived.',
      'In the {place} stood a {noun}, and behind it {topic}, {adjective} and still.',
      '"Leave the {topic}," said {name}, "and take the {adjective} {noun} instead."',
      'That night {name} dreamt of {topic} crossing the {place}.',
      'The {adjective} {noun} was gone by morning, but the {topic} had stayed.',
      'Years later {name} told the story of the {topic} to a {noun} in the {place}.',
      'Nobody believed that {topic} could be so {adjective}, nobody but {name}.',
    ],
  },
  {
    name: 'letter of complaint',
    plural: 'letters of complaint',
    between: ' ',
    lines: [
      'Dear {name}, I write about the {topic} that were delivered to the {place}.',
      'The {topic} were {adjective}, which your {noun} had not led me to expect.',
      'I asked {name} at the {place} for a {noun} and was given {topic} again.',
      'My {adjective} {noun} is ruined, and the {topic} are to blame.',
      'Please collect the {topic} from the {place} before the {noun} does.',
      'I shall tell {name} what {adjective} {topic} you sell.',
      'A {noun} would be a fitting apology for such {topic}.',
    ],
  },
  {
    name: 'riddle',
    plural: 'riddles',
    between: '\n',
    lines: [
      'I am older than a {noun} and {adjective} as {topic}.',
      'You find me in the {place}, where {topic} never go.',
      '{name} carried me past {topic} in a {adjective} {noun}.',
      'Take {topic} away and my {noun} is {adjective} still.',
      'I have a {noun} but no {noun}, and I outrun {topic}.',
      'Ask the {topic} of the {place} and they will point to a {noun}.',
      'What am I, {adjective} friend of {topic}?',
    ],
  },
  {
    name: 'speech',
    plural: 'speeches',
    between: ' ',
    lines: [
      'Friends of the {place}, we are here today because of {topic}.',
      'When {name} first spoke of {topic}, people laughed and pointed at a {noun}.',
      'Without {topic} there is no {adjective} {noun}, and without a {noun} there is no {place}.',
      'I promise you {topic}, {adjective} {topic}, for every {noun} in this town.',
      'Let us thank {name}, who gave {topic} a {adjective} home.',
      'They told us that {topic} were a {noun} of the past.',
      'Go home to the {place} and tell them: {topic} are {adjective} again!',
    ],
  },
  {
    name: 'diary entry',
    plural: 'diary entries',
    between: ' ',
    lines: [
      'Woke early and thought of {topic}, as on every {adjective} day.',
      'Met {name} at the {place}; we spoke of {topic} and of a {noun}.',
      'Bought a {adjective} {noun} and forgot the {topic}.',
      'It rained on the {place}, and the {topic} looked {adjective}.',
      '{name} says that {topic} are nothing but a {noun}; I am not so sure.',
      'Must remember to move the {noun} before the {topic} find it.',
      'A {adjective} evening, with {topic} and without {name}.',
    ],
  },
  {
    name: 'advertisement',
    plural: 'advertisements',
    between: ' ',
    lines: [
      'Tired of your {adjective} {noun}? Try {topic}!',
      'Our {topic} come from the {place} and last longer than any {noun}.',
      '"I would not swap my {topic} for a {noun}," says {name}.',
      'Only this week: {adjective} {topic} with a free {noun}.',
      'Visit the {place} and ask {name} for {topic}.',
      'No {noun} is too {adjective} for {topic}.',
      'Made with care, sold with a {noun}: {topic} for {adjective} people.',
    ],
  },
]

export const topics: readonly string[] =
  'penguins lighthouses clocks mountains violins trains tea snow bridges owls pirates mirrors gardens whales letters chess bakers deserts kites rivers candles robots bees castles maps umbrellas wolves comets libraries boots ferries mushrooms dragons harbours foxes pianos markets glaciers sailors lanterns apples elevators horses ghosts bicycles volcanoes'.split(
    ' ',
  )

/** A piece of writing of some four lines, another each time. */
export function written({ lines, between }: Format, topic: string, random: () => number): string {
  const words: Readonly<Record<string, () => string>> = {
    topic: () => topic,
    adjective: () => pick(adjectives, random),
    noun: () => pick(nouns, random),
    place: () => pick(places, random),
    name: () => pick(names, random),
  }
  return drawn(lines, 4, random)
    .map((line) => line.replace(/\{(\w+)\}/g, (_, slot: string) => words[slot]!()))
    .join(between)
    .replace(/\b([Aa]) (?=[aeiou])/g, '$1n ')
}

const article = (name: string): string => (/^[aeiou]/.test(name) ? 'an' : 'a')
export const requestFor = ({ name }: Format, topic: string): string => `Write ${article(name)} ${name} about ${topic}.`
export const turnOf = (request: string, reply: string): string => `User: ${request}\nAssistant: ${reply}`
export const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'] as const

import { drawn, pick } from '../random.ts'
import { adjectives, names, nouns } from './words.ts'

const upper = (word: string): string => word[0]!.toUpperCase() + word.slice(1)

/** Invented names, by the kind of thing that they name. */
export const invented = {
  person: (random: () => number): string =>
    `${pick(names, random)} ${upper(pick(nouns, random))}${pick(endings, random)}`,
  town: (random: () => number): string => `${upper(pick(syllables, random))}${pick(townEndings, random)}`,
} as const
const endings = ['sen', 'well', 'ov', 'ides', 'mann', 'ford']
const syllables = 'hal bren tor vel mor kes lind dra ost fen gul ras pel var sun tam'.split(' ')
const townEndings = 'den bruck ville mouth stadt holm vik minster grad dale'.split(' ')

/**
 * Something that many know, in slots: `subject` is who or what it is about, `value` what is asked for. The slots can be filled
 * with what is true or with invented names.
 */
export interface KnownFact {
  readonly subject: string
  readonly value: string
  /** A noun for the subject, and what an invented subject is called. */
  readonly kind: string
  readonly rename: (random: () => number) => string
  readonly valueKind: keyof typeof invented
  /** Says the value of the subject; `detail` is more, without the value. */
  readonly telling: string
  readonly detail: readonly string[]
  readonly question: string
}

const work =
  (kind: string) =>
  (random: () => number): string =>
    `the ${kind} "${upper(pick(adjectives, random))} ${upper(pick(nouns, random))}"`
const of =
  (kind: string) =>
  (random: () => number): string =>
    `the ${invented.town(random)} ${kind}`

export const knownFacts: readonly KnownFact[] = [
  {
    subject: 'the Eiffel Tower',
    value: 'Paris',
    kind: 'tower',
    rename: of('Tower'),
    valueKind: 'town',
    telling: '{subject} was built for a great fair on the edge of a parade ground in {value}',
    detail: ['Its four legs rest on stone.', 'Many wanted it pulled down when the fair was over.'],
    question: 'In which city was {subject} built?',
  },
  {
    subject: 'the painting "Mona Lisa"',
    value: 'Leonardo da Vinci',
    kind: 'painting',
    rename: work('painting'),
    valueKind: 'person',
    telling: '{subject} was painted on poplar wood over several years by {value}',
    detail: ['It shows a woman with folded hands.', 'It was once stolen and hidden in a trunk.'],
    question: 'Who painted {subject}?',
  },
  {
    subject: 'the play "Hamlet"',
    value: 'William Shakespeare',
    kind: 'play',
    rename: work('play'),
    valueKind: 'person',
    telling: '{subject} was written for a company of London actors by {value}',
    detail: ['It is about a prince and a ghost.', 'Most of those on stage are dead at its end.'],
    question: 'Who wrote {subject}?',
  },
  {
    subject: 'the telephone',
    value: 'Alexander Graham Bell',
    kind: 'machine',
    rename: (random) => `the ${pick(adjectives, random)} ${pick(nouns, random)}-phone`,
    valueKind: 'person',
    telling: 'the patent for {subject} was granted after a long dispute to {value}',
    detail: ['The first call reached no further than the next room.', 'A rival came to the office some hours late.'],
    question: 'To whom was the patent for {subject} granted?',
  },
  {
    subject: 'penicillin',
    value: 'Alexander Fleming',
    kind: 'medicine',
    rename: (random) => `${pick(syllables, random)}${pick(syllables, random)}icillin`,
    valueKind: 'person',
    telling: '{subject} was found by chance in a dish that had been left by a window by {value}',
    detail: ['It took another ten years until it could be made in amounts.', 'Mould had killed what grew around it.'],
    question: 'Who found {subject}?',
  },
  {
    subject: 'the novel "Don Quixote"',
    value: 'Miguel de Cervantes',
    kind: 'novel',
    rename: work('novel'),
    valueKind: 'person',
    telling: '{subject} was begun in a prison cell by {value}',
    detail: ['Its hero takes windmills for giants.', 'A second part followed ten years later.'],
    question: 'Who began {subject}?',
  },
  {
    subject: 'the Sistine Chapel',
    value: 'Michelangelo',
    kind: 'chapel',
    rename: of('Chapel'),
    valueKind: 'person',
    telling: 'the ceiling of {subject} was painted within four years by {value}',
    detail: ['Paint dripped into the eyes of whoever worked there.', 'The scaffold hung from holes in the walls.'],
    question: 'Who painted the ceiling of {subject}?',
  },
  {
    subject: 'the Sydney Opera House',
    value: 'Sydney',
    kind: 'opera house',
    rename: of('Opera House'),
    valueKind: 'town',
    telling: '{subject} stands on a spit of land in the harbour of {value}',
    detail: ['Its roof looks like sails.', 'It was finished ten years late.'],
    question: 'In the harbour of which city does {subject} stand?',
  },
  {
    subject: 'the Rosetta Stone',
    value: 'Jean-François Champollion',
    kind: 'stone',
    rename: of('Stone'),
    valueKind: 'person',
    telling: 'the signs on {subject} were first read from a copy by {value}',
    detail: ['The same decree stands on it three times.', 'It had been built into the wall of a fort.'],
    question: 'Who first read the signs on {subject}?',
  },
  {
    subject: 'the Peace Treaty of 1648',
    value: 'Münster',
    kind: 'treaty',
    rename: of('Treaty'),
    valueKind: 'town',
    telling: '{subject} was signed, after years of talks in two places, in the town hall of {value}',
    detail: ['The envoys could not agree on who was to enter first.', 'It ended thirty years of war.'],
    question: 'In the town hall of which town was {subject} signed?',
  },
  {
    subject: 'the theory of relativity',
    value: 'Albert Einstein',
    kind: 'theory',
    rename: (random) => `the theory of ${pick(adjectives, random)} ${pick(nouns, random)}s`,
    valueKind: 'person',
    telling: '{subject} was set out in the evenings, beside work at a patent office, by {value}',
    detail: ['Its first paper had hardly a footnote.', 'An eclipse was needed to confirm it.'],
    question: 'Who set out {subject}?',
  },
  {
    subject: 'the Brandenburg Gate',
    value: 'Berlin',
    kind: 'gate',
    rename: of('Gate'),
    valueKind: 'town',
    telling: '{subject} was put up where an old customs wall crossed the road to the west of {value}',
    detail: ['A chariot stands on top of it.', 'For decades nobody could pass through it.'],
    question: 'To the west of which city was {subject} put up?',
  },
]

export const replacements = ['none', 'keywords', 'all'] as const
export type Replacement = (typeof replacements)[number]

export interface Passage {
  readonly text: string
  /** Where the sentence that tells stands in it. */
  readonly telling: readonly [start: number, end: number]
}
export interface ConfusedFact {
  readonly question: string
  readonly gold: Passage
  /** The sentence that tells, and what is asked for. */
  readonly answers: readonly string[]
  readonly keywords: string
  readonly confusers: readonly { readonly text: string; readonly says: string }[]
}

const filled = (template: string, subject: string, value: string): string => {
  const text = template.replaceAll('{subject}', subject).replaceAll('{value}', value)
  return text[0]!.toUpperCase() + text.slice(1)
}

/**
 * A fact with names replaced and with so many others that contradict it on its keywords: each says the same of something else
 * of that kind, or denies it of the same thing.
 */
export function confused(replacement: Replacement, confusers: number, random: () => number): ConfusedFact {
  const fact = pick(knownFacts, random)
  const fresh = (): string => invented[fact.valueKind](random)
  const subject = replacement === 'all' ? fact.rename(random) : fact.subject
  const value = replacement === 'none' ? fact.value : fresh()
  const sentence = `${filled(fact.telling, subject, value)}.`
  const [before, after] = drawn(fact.detail, 2, random) as [string, string]
  const others = Array.from({ length: confusers }, (_, index) => {
    let says = fresh()
    while (says === value) says = fresh()
    // Whatever it is, it is not the same thing: the others have invented names.
    let rival = fact.rename(random)
    while (rival === subject) rival = fact.rename(random)
    const text =
      index % 2 === 0
        ? `${filled(fact.telling, rival, says)}. It is often mixed up with another ${fact.kind}.`
        : `Guide books of the time name ${says} when they come to ${subject}, which is an error. They mean another ${fact.kind}.`
    return { text, says }
  })
  const start = before.length + 1
  return {
    question: filled(fact.question, subject, value),
    gold: { text: `${before} ${sentence} ${after}`, telling: [start, start + sentence.length] },
    answers: [sentence, value],
    keywords: value,
    confusers: others,
  }
}

import { drawn, integer, pick, shuffled } from '../random.ts'
import { adjectives, nouns } from './words.ts'

export const wordKinds = ['noun', 'adjective', 'verb'] as const
export type WordKind = (typeof wordKinds)[number]
export interface Entry {
  readonly kind: WordKind
  readonly english: string
  readonly word: string
}
export const tenses = ['present', 'past', 'future'] as const
export interface NounPhrase {
  readonly noun: string
  readonly adjective?: string
  readonly plural: boolean
}
export interface Sentence {
  readonly subject: NounPhrase
  readonly verb: string
  readonly object: NounPhrase
  readonly tense: (typeof tenses)[number]
  readonly negative: boolean
  readonly asked: boolean
}
export const ruleNames = [
  'article',
  'order',
  'adjective',
  'agreement',
  'plural',
  'case',
  'past',
  'future',
  'negation',
  'question',
] as const
export type RuleName = (typeof ruleNames)[number]

const orders = ['SOV', 'VSO', 'VOS', 'OVS', 'OSV'] as const
/** An invented language: a lexicon, endings, particles and an order of words. */
export interface Language {
  readonly name: string
  readonly lexicon: ReadonlyMap<string, Entry>
  readonly order: (typeof orders)[number]
  readonly adjectiveFirst: boolean
  readonly affix: Readonly<Record<'plural' | 'agreement' | 'case' | 'past' | 'future', string>>
  readonly particle: Readonly<Record<'negation' | 'question', string>>
  readonly negationLast: boolean
  readonly questionFirst: boolean
}

const verbs =
  'admire answer borrow call carry change clean close collect count cover deliver enjoy fear follow greet guard hate help invite join kick lift like love mend miss move need offer open order paint pick praise protect pull push remember save search serve share touch trust turn visit want wash watch'.split(
    ' ',
  )
const regular = nouns.filter((noun) => !/(f|fe|s|x|z|man|fish|salmon|trout|glass|rice|o)$/.test(noun))
const told = new Set(verbs)
const qualities = adjectives.filter((adjective) => !told.has(adjective) && !nouns.includes(adjective))

const consonants = [...'ptkbdgmnslrvzfhjw']
const vowels = [...'aeiou']
const syllable = (random: () => number): string => `${pick(consonants, random)}${pick(vowels, random)}`

export function makeLanguage(random: () => number): Language {
  const used = new Set<string>()
  // No word ends or begins as one does that has an ending or the mark of the future.
  const fresh = (low: number, high: number, marks: readonly string[] = []): string => {
    for (;;) {
      const made = Array.from({ length: integer(low, high, random) }, () => syllable(random)).join('')
      if (used.has(made) || marks.some((mark) => made.startsWith(mark) || made.endsWith(mark))) continue
      used.add(made)
      return made
    }
  }
  const affix = {
    plural: fresh(1, 1),
    agreement: fresh(1, 1),
    case: fresh(1, 1),
    past: fresh(1, 1),
    future: fresh(1, 1),
  }
  const particle = { negation: fresh(1, 1), question: fresh(1, 1) }
  const words = [
    ...regular.filter((noun) => !told.has(noun)).map((english) => ({ kind: 'noun', english }) as const),
    ...qualities.map((english) => ({ kind: 'adjective', english }) as const),
    ...verbs.map((english) => ({ kind: 'verb', english }) as const),
  ].map((entry): Entry => ({ ...entry, word: fresh(2, 3, Object.values(affix)) }))
  const name = fresh(2, 3)
  return {
    name: `${name[0]!.toUpperCase()}${name.slice(1)}`,
    lexicon: new Map(words.map((entry) => [entry.english, entry])),
    order: pick(orders, random),
    adjectiveFirst: random() < 0.3,
    affix,
    particle,
    negationLast: random() < 0.5,
    questionFirst: random() < 0.5,
  }
}

/** A sentence of some words; each kind needs at least two of them. */
export function makeSentence(words: readonly Entry[], random: () => number): Sentence {
  const of = (kind: WordKind): string[] => words.filter((entry) => entry.kind === kind).map(({ english }) => english)
  const [subject, object] = drawn(of('noun'), 2, random) as [string, string]
  const [first, second] = drawn(of('adjective'), 2, random) as [string, string]
  const phrase = (noun: string, adjective: string): NounPhrase => ({
    noun,
    plural: random() < 0.5,
    ...(random() < 0.7 ? { adjective } : {}),
  })
  return {
    subject: phrase(subject, first),
    object: phrase(object, second),
    verb: pick(of('verb'), random),
    tense: pick(tenses, random),
    negative: random() < 0.4,
    asked: random() < 0.3,
  }
}

export const wordsOf = ({ subject, object, verb }: Sentence): string[] => [
  ...[subject, object].flatMap(({ noun, adjective }) => [noun, ...(adjective ? [adjective] : [])]),
  verb,
]

/** What of a language is known: the meanings of these words, and these rules. */
export interface Known {
  word(english: string): boolean
  rule(name: RuleName): boolean
}
export const everything: Known = { word: () => true, rule: () => true }

/** Puts a sentence into the language; what is not known stays as English has it. */
export function translate(language: Language, sentence: Sentence, known: Known = everything): string {
  const { affix, particle, lexicon } = language
  const own = (english: string): string => (known.word(english) ? lexicon.get(english)!.word : english)
  const ending = (name: 'plural' | 'agreement' | 'case' | 'past', applies: boolean): string =>
    applies && known.rule(name) ? affix[name] : ''
  const phrase = ({ noun, adjective, plural }: NounPhrase, object: boolean): string[] => {
    const head = `${own(noun)}${ending('plural', plural)}${ending('case', object)}`
    const quality = adjective ? [`${own(adjective)}${ending('agreement', plural)}`] : []
    const first = known.rule('adjective') ? language.adjectiveFirst : true
    return [...(known.rule('article') ? [] : ['the']), ...(first ? [...quality, head] : [head, ...quality])]
  }
  const { tense, negative, asked } = sentence
  const future = tense === 'future' && known.rule('future') ? affix.future : ''
  const no = known.rule('negation') ? particle.negation : 'not'
  const last = known.rule('negation') && language.negationLast
  const parts = {
    S: phrase(sentence.subject, false),
    O: phrase(sentence.object, true),
    V: [...(negative && !last ? [no] : []), `${future}${own(sentence.verb)}${ending('past', tense === 'past')}`],
  }
  const order = known.rule('order') ? language.order : 'SVO'
  const words = [...order].flatMap((part) => parts[part as 'S' | 'O' | 'V'])
  if (negative && last) words.push(no)
  if (asked && known.rule('question')) {
    if (language.questionFirst) words.unshift(particle.question)
    else words.push(particle.question)
  }
  return words.join(' ')
}

const ends = (word: string, pattern: RegExp): boolean => pattern.test(word)
const plural = (noun: string): string =>
  ends(noun, /(ch|sh)$/) ? `${noun}es` : ends(noun, /[^aeiou]y$/) ? `${noun.slice(0, -1)}ies` : `${noun}s`
const third = (verb: string): string => (ends(verb, /o$/) ? `${verb}es` : plural(verb))
const past = (verb: string): string =>
  ends(verb, /e$/) ? `${verb}d` : ends(verb, /[^aeiou]y$/) ? `${verb.slice(0, -1)}ied` : `${verb}ed`

/** The sentence in English; what of the language is not known is left out, or stays as it was. */
export function inEnglish(language: Language, sentence: Sentence, known: Known = everything): string {
  const own = (english: string): string => (known.word(english) ? english : language.lexicon.get(english)!.word)
  const many = (phrase: NounPhrase): boolean => phrase.plural && known.rule('plural')
  const write = (phrase: NounPhrase): string =>
    [
      ...(known.rule('article') ? ['the'] : []),
      ...(phrase.adjective ? [own(phrase.adjective)] : []),
      many(phrase) ? plural(own(phrase.noun)) : own(phrase.noun),
    ].join(' ')
  const [subject, object] = known.rule('order')
    ? [sentence.subject, sentence.object]
    : [sentence.object, sentence.subject]
  const tense = sentence.tense !== 'present' && known.rule(sentence.tense) ? sentence.tense : 'present'
  const negative = sentence.negative && known.rule('negation')
  const asked = sentence.asked && known.rule('question')
  const verb = own(sentence.verb)
  const helper = tense === 'future' ? 'will' : tense === 'past' ? 'did' : many(subject) ? 'do' : 'does'
  if (asked) return `${helper} ${write(subject)} ${negative ? 'not ' : ''}${verb} ${write(object)}`
  if (negative || tense === 'future')
    return `${write(subject)} ${helper} ${negative ? 'not ' : ''}${verb} ${write(object)}`
  return `${write(subject)} ${tense === 'past' ? past(verb) : many(subject) ? verb : third(verb)} ${write(object)}`
}

export const asSentence = (text: string, asked: boolean): string =>
  `${text[0]!.toUpperCase()}${text.slice(1)}${asked ? '?' : '.'}`

const places: Readonly<Record<string, string>> = { S: 'the subject', O: 'the object', V: 'the verb' }
/** Each rule as a grammar book tells it. */
export function ruleText(
  { order, adjectiveFirst, affix, particle, negationLast, questionFirst }: Language,
  rule: RuleName,
): string {
  const [first, second, last] = [...order].map((part) => places[part])
  const texts: Readonly<Record<RuleName, string>> = {
    article: 'There is no article: nothing stands for "the".',
    order: `In a sentence ${first} comes first, then ${second}, and ${last} comes last.`,
    adjective: `An adjective stands directly ${adjectiveFirst ? 'before' : 'behind'} its noun.`,
    agreement: `An adjective takes the ending -${affix.agreement} when its noun is in the plural, and no other ending.`,
    plural: `The plural of a noun is made with the ending -${affix.plural}.`,
    case: `A noun that is the object takes the ending -${affix.case}, behind that of the plural if there is one.`,
    past: `The past of a verb is made with the ending -${affix.past}; the present has no ending.`,
    future: `For the future ${affix.future}- is put in front of the verb, as one word with it.`,
    negation: `A sentence is negated by the word ${particle.negation}, which stands ${negationLast ? 'behind all of its other words but that of a question' : 'directly before the verb'}.`,
    question: `What asks for yes or no has the word ${particle.question} at its ${questionFirst ? 'beginning' : 'end'}; the order is not changed.`,
  }
  return `Rule (${rule}): ${texts[rule]}`
}
export const entryText = ({ word, kind, english }: Entry): string => `Word: ${word}, ${kind}, "${english}".`

/** All words in an order in which they can be taught: kinds take turns while they last, nouns twice. */
export function lexiconOf(language: Language, random: () => number): Entry[] {
  const left = Map.groupBy(shuffled([...language.lexicon.values()], random), ({ kind }) => kind)
  const order: Entry[] = []
  while (order.length < language.lexicon.size)
    for (const kind of ['noun', 'verb', 'noun', 'adjective'] as const) {
      const entry = left.get(kind)!.pop()
      if (entry) order.push(entry)
    }
  return order
}

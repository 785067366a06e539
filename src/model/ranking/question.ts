import { type Analyzer, sentences } from '../../core/index.ts'
import { kinds, type Tokens, tokenReader, type Vocabulary } from './tokens.ts'

/** What kind of thing is asked for. */
export const asks = { other: 0, who: 1, when: 2, where: 3, number: 4, why: 5, how: 6, what: 7, whether: 8 } as const
export type Ask = (typeof asks)[keyof typeof asks]

/** Question words of some languages; the first that stands in the question decides. */
const askWords: readonly (readonly [Ask, RegExp])[] = [
  [
    asks.when,
    /\b(?:when|what (?:year|date|day|month|time)|which (?:year|date|day|month)|wann|cuándo|quand|когда)\b|什么时候|何时|哪一?年|几月|哪[天日]/iu,
  ],
  [
    asks.where,
    /\b(?:where|(?:what|which) (?:city|country|state|place|county|town|continent|location)|wo|dónde|où|где)\b|哪里|哪儿|何处|什么地方/iu,
  ],
  [
    asks.number,
    /\bhow (?:many|much|long|old|far|tall|high|big|large|often)\b|\b(?:wie ?viele?|cuánt[oa]s?|combien|сколько)\b|多少|几[个人次名]/iu,
  ],
  [asks.who, /\b(?:who|whose|whom|wer|wen|quién(?:es)?|qui|кто)\b|谁|哪位|什么人/iu],
  [asks.why, /\b(?:why|what (?:causes?|caused)|warum|por qué|pourquoi|почему)\b|为什么|为何/iu],
  [asks.how, /\b(?:how|wie|cómo|comment|как)\b|怎么|如何/iu],
  [asks.what, /\b(?:what|which|was|qué|cuál|quel(?:le)?s?|что|какой|какая)\b|什么|哪/iu],
]
const yesOrNo =
  /^\W*(?:do|does|did|is|are|was|were|am|can|could|will|would|should|shall|must|may|has|have|had)\b|[吗嗎]/iu

export function askOf(text: string): Ask {
  if (yesOrNo.test(text)) return asks.whether
  let ask: Ask = asks.other
  let first = Number.POSITIVE_INFINITY
  for (const [each, words] of askWords) {
    const at = words.exec(text)?.index ?? Number.POSITIVE_INFINITY
    if (at < first) [ask, first] = [each, at]
  }
  return ask
}

/** Words that a kind of answer shows itself by, in English. */
const signWords: Readonly<Record<string, string>> = {
  date: 'january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday yesterday today century decade',
  number:
    'one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand million billion percent dozen',
  place:
    'located city town county country state region province district north south east west island river near capital',
  cause: 'because due reason cause result therefore since hence purpose',
}
export const signGroups = ['date', 'number', 'place', 'cause'] as const

/** A question as the features see it; terms are numbers of the vocabulary, those of the question first. */
export interface Question {
  /** Distinct terms of the question: they have the numbers below it. */
  readonly size: number
  readonly terms: readonly string[]
  /** 1 for terms that carry content; where there are none, for all. */
  readonly content: Uint8Array
  /** 1 for terms of the last sentence of a long question. */
  readonly focus: Uint8Array
  /** 1 for names and numbers in the question as it is written. */
  readonly named: Uint8Array
  /** Terms in the order in which they stand, one for each word. */
  readonly sequence: Int32Array
  readonly ask: Ask
  /** Group of `signGroups` for each number of the vocabulary below its length, 255 for none. */
  readonly signs: Uint8Array
  readonly several: boolean
}

/** Reads a question into an empty vocabulary. */
export function readQuestion(text: string, analyzer: Analyzer, vocabulary: Vocabulary): Question {
  const read = tokenReader(analyzer, vocabulary)
  const tokens = read(text)
  const size = vocabulary.size
  const terms = [...vocabulary.terms()]
  const parts = [...sentences(text)]
    .map(([start, end]) => text.slice(start, end))
    .filter((part) => /[\p{L}\p{N}]/u.test(part))
  const last = parts.at(-1) ?? text
  const content = Uint8Array.from(terms, (term) => (analyzer.isStopTerm(term) ? 0 : 1))
  if (!content.includes(1)) content.fill(1)
  const focus = new Uint8Array(size)
  for (const id of read(last).ids) if (id < size) focus[id] = content[id]!
  const several = parts.length > 1 && focus.includes(1)
  if (!focus.includes(1)) focus.set(content)
  const named = new Uint8Array(size)
  for (const [index, id] of tokens.ids.entries())
    if (content[id] && (tokens.kinds[index]! & (kinds.name | kinds.number)) !== 0) named[id] = 1
  const signs: number[] = new Array<number>(size).fill(255)
  for (const [group, name] of signGroups.entries())
    for (const word of signWords[name]!.split(' '))
      for (const { term } of analyzer.terms(word)) signs[vocabulary.numberOf(term)] = group
  return {
    size,
    terms,
    content,
    focus,
    named,
    sequence: sequenceOf(tokens),
    ask: askOf(last),
    signs: Uint8Array.from(signs, (group) => group ?? 255),
    several,
  }
}

/** The first term of each word. */
function sequenceOf({ ids, positions }: Tokens): Int32Array {
  const first: number[] = []
  let last = -1
  for (const [index, id] of ids.entries()) {
    if (positions[index] !== last) first.push(id)
    last = positions[index]!
  }
  return Int32Array.from(first)
}

import { type Analyzer, inverseDocumentFrequency, isUnspaced } from '../core/index.ts'
import type { Searchable } from '../store/index.ts'

/** What an answer to a question looks like. */
export type AnswerKind = 'person' | 'time' | 'number' | 'place' | 'reason' | 'manner' | 'definition' | 'any'

/** A content word of a question: any of its terms stands for it. */
export interface QuestionWord {
  readonly text: string
  readonly terms: readonly string[]
  /** A sign that is no word (`?`, `&str`, `..=`), found as it is written. */
  readonly literal?: string
  /** Inverse document frequency of its rarest term, at least a little above 0. */
  readonly weight: number
  /** True when no passage of the collection has it. */
  readonly unknown: boolean
}

export interface Question {
  readonly text: string
  readonly words: readonly QuestionWord[]
  readonly total: number
  readonly kind: AnswerKind
  /** True for a question in a script without spaces, whose words are pairs of characters. */
  readonly unspaced: boolean
}

const kinds: readonly (readonly [AnswerKind, RegExp])[] = [
  ['person', /\b(who|whom|whose)\b|\bwhich (person|actor|actress|singer|author|president|king|queen|player)\b/],
  [
    'time',
    /^(?!\W*(what|how|why|which|where)\b).*\bwhen\b|\b(what|which) (year|date|day|month|century|decade|time)\b|\bhow long ago\b/,
  ],
  [
    'number',
    /\bhow (many|much|long|old|tall|far|big|large|high|deep|often|fast|wide|heavy)\b|\b(what|which) (number|percentage|amount)\b/,
  ],
  ['place', /\bwhere\b|\b(what|which) (country|city|state|place|town|island|continent|river|location)\b/],
  ['reason', /\bwhy\b|\bwhat (causes?|is the reason|are the reasons)\b|\bhow come\b/],
  [
    'definition',
    /^\W*(what|who)('s| is| are| was| were| does)\b(?=.*\b(mean|means)\b)|^\W*(what|who)('s| is| are)\s+(an?\s+|the\s+)?\S+(\s+\S+){0,3}\W*$|^\W*(define|explain)\b/,
  ],
  ['manner', /\bhow\b/],
]

/** A question with the weights of its words in this collection. */
export async function analyse(
  text: string,
  analyzer: Analyzer,
  store: Pick<Searchable, 'statistics'>,
): Promise<Question> {
  const positions = new Map<number, { terms: string[]; text: string; stop: boolean }>()
  for (const { term, position, start, end } of analyzer.terms(text)) {
    const word = positions.get(position) ?? { terms: [], text: text.slice(start, end), stop: true }
    word.terms.push(term)
    word.stop &&= analyzer.isStopTerm(term)
    positions.set(position, word)
  }
  const all = [...positions.values()]
  const content = all.some((word) => !word.stop) ? all.filter((word) => !word.stop) : all
  const unique = content.filter(
    (word, index) => content.findIndex((other) => other.terms[0] === word.terms[0]) === index,
  )
  const terms = unique.flatMap((word) => word.terms)
  const { passages, frequency } = await store.statistics(terms)
  const counts = new Map(terms.map((term, index) => [term, frequency[index] ?? 0]))
  const words: QuestionWord[] = unique.map((word) => {
    // "item77" is another thing than "item78": where it is known, its letters alone do not stand for it.
    if (/^\p{L}+\d+$/u.test(word.text) && counts.get(word.terms[0]!)) word.terms.splice(1)
    const rarest = Math.min(...word.terms.map((term) => counts.get(term) || Number.POSITIVE_INFINITY))
    const unknown = !Number.isFinite(rarest)
    const found = unknown ? 0 : rarest
    const weight = inverseDocumentFrequency(passages, found)
    return { text: word.text, terms: word.terms, unknown, weight: Math.max(weight, 0.05) }
  })
  words.push(...literals(text, words))
  const lower = text.toLowerCase()
  const kind = kinds.find(([, pattern]) => pattern.test(lower))?.[0] ?? 'any'
  const total = words.reduce((sum, word) => sum + word.weight, 0)
  return { text, words, total, kind, unspaced: isUnspaced(text) }
}

/** Signs that the analyzer has no term for: standing alone inside the question, or in back-quotes. */
function literals(text: string, words: readonly QuestionWord[]): QuestionWord[] {
  const weight = words.reduce((sum, word) => sum + word.weight, 0) / Math.max(1, words.length) || 1
  const signs = [
    ...text.matchAll(
      /(?<=\s`?)([^\p{L}\p{N}\s`"'(),.–—-][^\s`"'(),]{0,5})(?=`?\s)|(?<=`)([^`]*[^\p{L}\p{N}\s`][^`]*)(?=`)/gu,
    ),
  ]
  return [...new Set(signs.map(([, alone, inCode]) => alone ?? inCode ?? ''))]
    .filter((sign) => sign !== '')
    .slice(0, 4)
    .map((literal) => ({ text: literal, terms: [], literal, weight, unknown: false }))
}

const wholeFolder = [
  /^\W*(please )?(give( me)?|show( me)?|write)?\s*(an?|the)?\s*(short |brief |quick )?(summary|overview|outline|table of contents|gist)\b/,
  /^\W*(please )?(can you |could you )?(summari[sz]e|outline|describe)(\s+(all|everything|this|these|those|the|my|our|it|them|of|in|here|folder|files?|documents?|docs?|collection|project|repo(sitory)?|notes|book|directory|content|for|me))*\W*$/,
  /\bwhat('s| is| are)\s+(all )?(this|these|it|the)\s*(folder|files?|documents?|docs?|collection|project|repo(sitory)?|notes|book|directory|content)?\s*(all )?about\W*$/,
  /\bwhat('s| is)? (in|inside|contained in) (this|these|here|the)\b\s*(folder|files?|documents?|docs?|collection|project|repo(sitory)?|notes|book|directory)?\W*$/,
  /^\W*(list|show|name|enumerate) (me )?(all|every|the) (of )?(the )?(topics?|themes?|chapters?|sections?|files?|documents?|sources|subjects?|headings?|titles?)\b/,
  /\b(what|which) (topics?|themes?|subjects?|chapters?|sections?|documents?|files?) (are|is|do|does|can)\b.*\b(here|cover(ed|s)?|contain(ed|s)?|includ(ed|es?)|folder|collection|there)\b/,
  /^\W*(overview|summary|tl;?dr|main (topics?|themes?|points?|ideas?))\W*$/,
  /\bmain (topics?|themes?|points?|ideas?) (of|in) (this|these|the|all)\b\s*(folder|files?|documents?|docs?|collection|project|repo(sitory)?|notes|book|directory|texts?)?\W*$/,
]

/** True for a question about the collection as a whole, which no few sentences can answer. */
export const isAboutAll = (text: string): boolean =>
  wholeFolder.some((pattern) => pattern.test(text.toLowerCase().trim()))

import { type Analyzer, sentences } from '../../../core/index.ts'
import { inDigits, type Numeral, numeralsIn, sameNumber } from '../../numbers.ts'

/** A sentence as it is compared. */
export interface Fact {
  readonly text: string
  readonly terms: ReadonlySet<string>
  /** Terms of clauses that deny. */
  readonly denied: ReadonlySet<string>
  readonly numbers: readonly Numeral[]
}

const clauses = /[,;:，；：—]|\b(?:but|when|while|because|since|although|though|if|unless|whereas|yet|so)\b/iu
const denial =
  /\b(?:not|no|never|nobody|none|nothing|neither|nor|cannot|without|hardly|fail(?:s|ed)?|refus(?:e|es|ed)|unable|lack(?:s|ed)?)\b|n['’]t\b|[不没無无未非]/iu
/** Words of measure, which their numbers stand for. */
const measures = new Set(
  'percent per cent thousand million billion trillion dollar dollars euro euros usd eur'.split(' '),
)
/** Words that stand for one another: those of a line say the same, those of its halves the opposite. */
const directions: readonly (readonly [string, string])[] = [
  [
    'rise rises rose risen increase increases increased grow grows grew grown climb climbed raise raises raised gain gained up higher',
    'fall falls fell fallen decrease decreases decreased drop drops dropped decline declined shrink shrank shrunk lower lowers lowered reduce reduced down',
  ],
  ['approve approves approved accept accepts accepted', 'reject rejects rejected refuse refuses refused'],
  ['before earlier', 'after later'],
  ['more most', 'less least fewer fewest'],
  ['open opens opened', 'close closes closed shut'],
  ['win wins won', 'lose loses lost'],
]
const direction = new Map<string, string>(
  directions.flatMap((sides, line) =>
    sides.flatMap((words, side) => words.split(' ').map((word) => [word, `${line}${side === 0 ? '+' : '-'}`] as const)),
  ),
)
const opposite = (term: string): string => (term.endsWith('+') ? `${term.slice(0, -1)}-` : `${term.slice(0, -1)}+`)
const isDirection = (term: string): boolean => /^\d[+-]$/.test(term)

/** Content words of a text: stemmed, those of direction by what they mean; numbers, words of measure and empty words left out. */
export function contentOf(text: string, analyzer: Analyzer): Set<string> {
  const found = new Set<string>()
  for (const { term, start, end } of analyzer.terms(text)) {
    const word = text.slice(start, end).toLowerCase()
    const known = direction.get(word)
    if (known !== undefined) found.add(known)
    else if (!/^[\p{N}.,]+$/u.test(word) && !measures.has(word) && !analyzer.isStopTerm(term)) found.add(term)
  }
  return found
}

export function factOf(sentence: string, analyzer: Analyzer): Fact {
  const text = inDigits(sentence.replace(/\bone\b/gi, '')).trim()
  const denied = new Set<string>()
  for (const clause of text.split(clauses))
    if (denial.test(clause)) for (const term of contentOf(clause, analyzer)) denied.add(term)
  return { text: sentence, terms: contentOf(text, analyzer), denied, numbers: numeralsIn(text) }
}

export const factsOf = (text: string, analyzer: Analyzer): Fact[] =>
  sentences(text)
    .map(([start, end]) => text.slice(start, end).trim())
    .filter((sentence) => sentence !== '')
    .map((sentence) => factOf(sentence, analyzer))

/** One term stands for another of the same beginning: `exposur` for `expos`. */
export function has(terms: ReadonlySet<string>, term: string): boolean {
  if (terms.has(term)) return true
  if (term.length < 5 || isDirection(term)) return false
  for (const other of terms) {
    const short = Math.min(other.length, term.length)
    if (short >= 5 && Math.abs(other.length - term.length) <= 3 && other.slice(0, short) === term.slice(0, short))
      return true
  }
  return false
}

export const shareOf = (terms: ReadonlySet<string>, wanted: ReadonlySet<string>): number =>
  wanted.size === 0 ? 0 : [...wanted].filter((term) => has(terms, term)).length / wanted.size

/** Runs of up to so many sentences that follow each other, as one. */
export function* windows(facts: readonly Fact[], most: number): Generator<readonly Fact[]> {
  for (let first = 0; first < facts.length; first++)
    for (let size = 1; size <= most && first + size <= facts.length; size++) yield facts.slice(first, first + size)
}

export const allTerms = (window: readonly Fact[]): ReadonlySet<string> =>
  window.length === 1 ? window[0]!.terms : new Set(window.flatMap(({ terms }) => [...terms]))

/** Names: words with a capital that do not begin the sentence. */
const namesOf = (text: string): string[] =>
  [...text.matchAll(/(?<=[\p{L}\p{N},] )\p{Lu}[\p{L}\p{M}]+/gu)].map(([name]) => name)

/** Why no sentences of the text bear the claim out; undefined where some do. */
export function refusedBy(
  facts: readonly Fact[],
  claim: string,
  analyzer: Analyzer,
  least: number,
): string | undefined {
  const wanted = factOf(claim, analyzer)
  const names = namesOf(claim).flatMap((name) => [...contentOf(name, analyzer)])
  let best = { share: -1, why: 'nothing of it stands there' }
  for (const window of windows(facts, 3)) {
    const terms = allTerms(window)
    const share = wanted.terms.size === 0 ? (wanted.numbers.length > 0 ? 1 : 0) : shareOf(terms, wanted.terms)
    if (share < best.share) continue
    const why = flawOf(window, terms, share)
    if (why === undefined) return undefined
    best = { share, why }
  }
  return best.why

  function flawOf(window: readonly Fact[], terms: ReadonlySet<string>, share: number): string | undefined {
    if (share < least) return `only ${Math.round(share * 100)}% of its words stand there`
    const name = names.find((term) => !has(terms, term))
    if (name !== undefined) return `a name is missing: ${name}`
    const numbers = window.flatMap((fact) => fact.numbers)
    if (!wanted.numbers.every((number) => numbers.some((other) => sameNumber(other, number)))) return 'a number differs'
    const turned = [...wanted.terms].find((term) => isDirection(term) && !terms.has(term) && terms.has(opposite(term)))
    if (turned !== undefined) return 'it says the opposite'
    const nearest = window.reduce((one, other) =>
      shareOf(other.terms, wanted.terms) > shareOf(one.terms, wanted.terms) ? other : one,
    )
    const denies = [...nearest.denied].some((term) => has(wanted.terms, term))
    const isDenied = wanted.denied.size > 0 || denial.test(claim)
    return denies === isDenied ? undefined : 'one denies what the other says'
  }
}

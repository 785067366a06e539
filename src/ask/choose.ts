import type { Evidence } from './evidence.ts'
import { isDangling } from './evidence.ts'
import { isExample } from './prose.ts'
import type { Question } from './question.ts'

/** Most sentences of an answer, those that were taken to lead in another included. */
export const mostSentences = 5
/** A sentence is taken while its score is at least this share of the best one's. */
const worth = 0.7
/** The same beside a sentence that answers by itself, and for rows, blocks and turns, where little is said in other words. */
const worthMore = 0.85
/** Share of the question's word weight from which a sentence with what is asked for answers by itself. */
const decisive = 0.85
/** Words shared by two sentences, as a share of the shorter, from which they say the same. */
const same = 0.65
/** A word of the question already in `n` chosen sentences counts `fading ** n` for the next. */
const fading = 0.6
/** Longest list, in UTF-16 units, that is taken along with the sentence that announces it. */
const longestList = 700

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])

/**
 * Sentences for an answer, best first: each adds a word of the question or stands beside the best, none says what
 * another has said. Gives indexes into `evidence`, with those that a chosen sentence leans on.
 */
export function choose(question: Question, evidence: readonly Evidence[]): number[] {
  const usable = evidence.map(({ sentence, score }) =>
    sentence.kind === 'code' || sentence.kind === 'heading' || sentence.kind === 'header' ? -1 : score,
  )
  const best = Math.max(0, ...usable)
  const chosen: number[] = []
  const said: Set<string>[] = []
  const covered = question.words.map(() => 0)
  const share = (weight: number) => (question.total === 0 ? 0 : weight / question.total)
  const gain = (index: number) => {
    let lost = 0
    for (const word of evidence[index]!.words)
      lost += share(question.words[word]!.weight) * (1 - fading ** covered[word]!)
    const nearest = evidence[chosen[0] ?? -1]?.sentence
    const beside = nearest?.passage === evidence[index]!.sentence.passage ? 0.15 : 0
    return usable[index]! - 0.5 * lost + beside
  }
  const order = [...evidence.keys()].filter((index) => usable[index]! > 0)
  let first: Evidence | undefined
  while (chosen.length < mostSentences && order.length > 0) {
    let top = -1
    for (const index of order) if (!chosen.includes(index) && (top === -1 || gain(index) > gain(top))) top = index
    if (top === -1) break
    first ??= evidence[top]!
    if (gain(top) < barOf(question, first, evidence[top]!) * best) {
      if (gain(top) < worth * best) break
      order.splice(order.indexOf(top), 1)
      continue
    }
    order.splice(order.indexOf(top), 1)
    if (!adds(evidence[top]!, chosen, evidence)) continue
    const words = wordsOf(evidence[top]!.sentence.readable)
    if (said.some((other) => common(words, other) > same)) continue
    for (const index of along(top, evidence, chosen)) {
      chosen.push(index)
      said.push(wordsOf(evidence[index]!.sentence.readable))
      for (const word of evidence[index]!.words) covered[word]!++
    }
  }
  return chosen
}

const isUnit = ({ sentence: { kind } }: Evidence): boolean => kind === 'row' || kind === 'block'

/** Share of the best score that a sentence needs beside the first one of the answer. */
function barOf(question: Question, first: Evidence, one: Evidence): number {
  if (one === first) return worth
  const answers = first.own >= decisive && first.fits > 0 && question.kind !== 'any'
  const apart = (first.sentence.unit ?? one.sentence.unit) && first.sentence.unit !== one.sentence.unit
  return answers || apart ? worthMore : worth
}

/** A row or block is taken when it holds what no chosen one does, or as much as the one beside it in the same table. */
function adds(one: Evidence, chosen: readonly number[], evidence: readonly Evidence[]): boolean {
  if (!isUnit(one)) return true
  return chosen.every((index) => {
    const other = evidence[index]!
    const held = [...one.words].every((word) => other.words.has(word))
    const alike = one.sentence.kind === 'row' && other.sentence.kind === 'row' && one.words.size === other.words.size
    return !held || alike
  })
}

const common = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
  let both = 0
  for (const word of a) if (b.has(word)) both++
  return both / Math.max(1, Math.min(a.size, b.size))
}

/** A sentence with the one that it leans on, and with the list that it announces. */
function along(index: number, evidence: readonly Evidence[], chosen: readonly number[]): number[] {
  const { sentence } = evidence[index]!
  const taken = [index]
  const before = evidence[index - 1]?.sentence
  if (
    isDangling(sentence.readable) &&
    before?.passage === sentence.passage &&
    before.kind === 'prose' &&
    !/[:?]$/.test(before.readable) &&
    !chosen.includes(index - 1)
  )
    taken.unshift(index - 1)
  if (sentence.readable.endsWith(':') && isExample(evidence[index + 1]?.sentence, sentence)) taken.push(index + 1)
  if (sentence.readable.endsWith(':'))
    for (let next = index + 1, length = 0; evidence[next]?.sentence.kind === 'item'; next++) {
      length += evidence[next]!.sentence.text.length
      if (length > longestList || evidence[next]!.sentence.passage !== sentence.passage) break
      if (!chosen.includes(next)) taken.push(next)
    }
  return [...taken, ...below(index, evidence, chosen)]
}

/** The keys that stand deeper below a key, as far as they are few. */
function below(index: number, evidence: readonly Evidence[], chosen: readonly number[]): number[] {
  const { sentence } = evidence[index]!
  const depth = sentence.unit?.depth
  if (depth === undefined) return []
  const taken: number[] = []
  let length = 0
  for (let next = index + 1; next < evidence.length; next++) {
    const other = evidence[next]!.sentence
    if (other.passage !== sentence.passage || (other.unit?.depth ?? -1) <= depth) break
    length += other.text.length
    if (length > longestList) return []
    if (!chosen.includes(next)) taken.push(next)
  }
  return taken
}

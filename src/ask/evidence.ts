import type { Analyzer, Passage } from '../core/index.ts'
import { namedDates } from './dates.ts'
import { isExample, type Sentence } from './prose.ts'
import type { AnswerKind, Question } from './question.ts'
import { asks, turnsOf } from './talk.ts'

/** A sentence with what speaks for it. All parts are from 0 to 1 unless said otherwise. */
export interface Evidence {
  readonly sentence: Sentence
  /** Larger is better; comparable within one question. */
  readonly score: number
  /** Share of the question's word weight in the sentence. */
  readonly own: number
  /** The same, with the headings above it and its two neighbours. */
  readonly near: number
  /** Whether it holds what the question asks for: a name, a date, a number. */
  readonly fits: number
  /** Which words of the question it holds. */
  readonly words: ReadonlySet<number>
  /** The same of the turns before and after, where the text is talk. */
  readonly talk?: ReadonlySet<number>
}

const month = 'january|february|march|april|may|june|july|august|september|october|november|december'
const patterns: Readonly<Record<AnswerKind, RegExp | undefined>> = {
  person:
    /(?<![.!?]\s)(?<!^)\b\p{Lu}[\p{Ll}'’.-]+(\s+(de|van|von|of|the|al|bin)\s+|\s+)(\p{Lu}[\p{Ll}'’.-]*)|^\p{Lu}[\p{Ll}'’]+\s+\p{Lu}[\p{Ll}'’]+\b/u,
  time: new RegExp(
    `\\b(1[0-9]{3}|20[0-9]{2})\\b|\\b(${month})\\b|\\b\\d{1,2}:\\d{2}\\b|\\b(centur(y|ies)|today|yesterday|(mon|tues|wednes|thurs|fri|satur|sun)day)\\b`,
    'i',
  ),
  number:
    /\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|billion|half|once|twice|percent|none|zero)\b/i,
  place: /\b(in|at|near|from|on|of|between|along|through|to)\s+(the\s+)?\p{Lu}\p{Ll}+/u,
  reason:
    /\b(because|since|due to|so that|in order to|reasons?|therefore|thus|caused?|result|otherwise|prevents?|ensures?|allows?|leads? to|means that|to avoid)\b/i,
  manner:
    /\b(by|using|use|uses|used|via|through|with|to|first|then|can|calls?|runs?|has|lets?|allows?|determines?|compares?|checks?|works?)\b/i,
  definition: undefined,
  any: undefined,
}
const dangling =
  /^(this|that|these|those|it|they|he|she|such|here|there|but|and|or|so|however|also|then|instead|in this|in that case|for example|as a result|finally|next|thus|therefore|otherwise|similarly|in addition|we'll|we’ll|you'll|let's|let’s|now|recall|note)\b/i
const signpost =
  /\b(in (this|the (next|previous|last)) (chapter|section|post|article|book)|this (chapter|section|book) (covers|won|will|does|shows|describes|discusses)|we[’']ll (look|discuss|talk|cover|explore|see|learn|go|start|dive|use)|(refer to|covered in|discussed in|see) (the|chapter|section|figure|appendix|table|“)|let[’']s (look|see|try|talk|start|get|explore|take|examine|walk|consider)|for more (about|information|details|on))\b/i
const pointer = /\b(listing|figure|table) [A-Z]?-?\d|\bas (shown|described|mentioned)\b/i

/** How something works is seldom told by a sentence on how it does not. */
const negation = /\w+n[’']t\b|\b(cannot|not|never|unable)\b/i

/** True for a sentence that leans on the one before it. */
export const isDangling = (text: string): boolean => dangling.test(text)

/** How far a sentence looks like a definition or explanation of the question's words. */
function defines(text: string, words: readonly RegExp[]): number {
  const verb =
    /\b(is|are|was|were|means?|refers? to|describes?|represents?|defines?|consists? of|known as|called)\b/i.exec(text)
  if (!verb) return 0
  const subject = text.slice(0, verb.index)
  if (subject.split(/\s+/).length > 9) return 0
  const named = words.filter((word) => word.test(subject)).length
  if (named === 0) return 0
  // "is a", "are the": says what a thing is; "is moved", "are often": what happens to it.
  const says = /^\s*(\w+\s+){0,3}(an?|the|any|one|when|how|what|to|that|which)\b/i.test(
    text.slice(verb.index + verb[0].length),
  )
  return (named / words.length) * (says || !/^(is|are|was|were)$/i.test(verb[0]) ? 1 : 0.4)
}

/** A sentence that introduces an example or a list, where the question asks how to do something. */
const announces = (question: Question, sentences: readonly Sentence[], index: number): boolean => {
  const next = sentences[index + 1]
  if (!next || next.passage !== sentences[index]!.passage) return false
  return (
    next.kind === 'item' ||
    (isExample(next, sentences[index]!) &&
      question.kind === 'manner' &&
      /\bhow (do|can|to|does one|would|should)\b/i.test(question.text))
  )
}

/** A sign counts where it stands in back-quotes or between spaces. */
function hasSign(text: string, sign: string): boolean {
  for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) {
    const around = `${text[at - 1] ?? ' '}${text[at + sign.length] ?? ' '}`
    if (/^[\s`"'(‘“][\s`"').,;:?!’”]$/.test(around)) return true
  }
  return false
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/**
 * Scores sentences by the question: its rare words covered in the sentence and beside it, close together and in order,
 * under fitting headings, in a good passage, with what an answer of this kind holds.
 * `headings` is the text of the titles above each passage; `topic` weighs the terms of what the passages are about.
 */
export function weigh(
  question: Question,
  sentences: readonly Sentence[],
  passages: readonly Passage[],
  headings: readonly string[],
  analyzer: Analyzer,
  topic: ReadonlyMap<string, number> = new Map(),
): Evidence[] {
  const { words, total } = question
  const wordOf = new Map<string, number>()
  words.forEach(({ terms }, word) => {
    for (const term of terms) if (!wordOf.has(term)) wordOf.set(term, word)
  })
  const scan = (text: string) => {
    const places: [word: number, position: number][] = []
    let length = 0
    const about = new Set<string>()
    analyzer.each(text, (term, position) => {
      if (topic.has(term)) about.add(term)
      length = position + 1
      const word = wordOf.get(term)
      if (word !== undefined) places.push([word, position])
    })
    for (const date of namedDates(text))
      analyzer.each(date, (term) => {
        const word = wordOf.get(term)
        if (word !== undefined) places.push([word, 0])
      })
    for (const [word, { literal }] of words.entries())
      if (literal !== undefined && hasSign(text, literal)) places.push([word, 0])
    return { places, length, about, words: new Set(places.map(([word]) => word)) }
  }
  const share = (held: Iterable<number>) => {
    let sum = 0
    for (const word of held) sum += words[word]!.weight
    return total === 0 ? 0 : sum / total
  }
  const scans = sentences.map(({ text, header }) => {
    const found = scan(text)
    // A row says what its columns are called.
    return header ? { ...found, words: new Set([...found.words, ...scan(header.text).words]) } : found
  })
  const above = headings.map((text) => scan(text).words)
  const turns = turnsOf(
    sentences,
    scans.map((found) => found.words),
  )
  const best = passages.reduce((most, { score }) => Math.max(most, score), 0)
  const sources = sourceWeights(passages, best)
  const stems = words.map(
    ({ text }) => new RegExp(`(?<!\\p{L})${escaped(text.slice(0, Math.max(4, text.length - 3)))}`, 'iu'),
  )
  return sentences.map((sentence, index) => {
    const { places, length, about, words: held } = scans[index]!
    const { unit } = sentence
    const near = new Set([...held, ...above[sentence.passage]!])
    const title = scan(unit?.about ?? '').words
    for (const word of title) near.add(word)
    if (!unit || unit.turn !== undefined)
      for (const beside of [index - 1, index + 1]) {
        const other = sentences[beside]
        const isBeside = other?.passage === sentence.passage && other.unit?.turn === unit?.turn
        // In talk a question is answered by the next turn, not by the words around it.
        if (isBeside && !(unit && asks(other.text))) for (const word of scans[beside]!.words) near.add(word)
      }
    const turn = turns(sentence)
    for (const word of turn?.asked ?? []) near.add(word)
    const own = share(held)
    const standing = [sentence.passage, ...(turn?.passages ?? [])].map((at) => passages[at]!.score)
    const passage = best > 0 ? Math.max(0, ...standing) / best : 0
    const isWhole = sentence.kind === 'row' || sentence.kind === 'header' || sentence.kind === 'block'
    const isText = sentence.kind !== 'block' || (question.kind !== 'manner' && question.kind !== 'reason')
    const fits = isText ? fitness(question.kind, sentence.readable, question.text) : 0
    let score = own + (turn?.asked ? 0.7 : 0.4) * (share(near) - own) + 0.3 * passage
    score += 0.25 * share(turn?.asked ?? [])
    score += 0.2 * closeness(places, words.length)
    const topical = question.kind === 'definition' || isWhole ? 0.25 : 0.6
    for (const term of about) score += topical * topic.get(term)!
    score += 0.2 * sources.get(sentence.span.source)!
    score += 0.2 * fits * Math.min(1, own * 2)
    if (isWhole) {
      score += 0.3 * share(title) - (unit?.general ? 0.4 : sentence.kind === 'block' ? 0.2 : 0.1)
      if (length > 120) score -= 0.15
      return { sentence, score, own, near: share(near), fits, words: held }
    }
    score += (question.kind === 'definition' ? 0.45 : 0.15) * defines(sentence.readable, stems)
    if (sentence.kind === 'code' || sentence.kind === 'heading') score -= 0.6
    if (/\?["')\]”’*_]*$/.test(sentence.readable)) score -= unit ? 0.7 : 0.35
    if (/:$/.test(sentence.readable)) score += announces(question, sentences, index) ? 0.15 : -0.15
    if (signpost.test(sentence.readable)) score -= 0.6
    if (pointer.test(sentence.readable)) score -= 0.1
    if (isDangling(sentence.readable)) score -= 0.05
    if (question.kind === 'manner' && !negation.test(question.text) && negation.test(sentence.readable)) score -= 0.2
    if (length < 5) score -= 0.25
    if (length > 70) score -= 0.15
    return { sentence, score, own, near: share(near), fits, words: held, ...(turn ? { talk: turn.around } : {}) }
  })
}

/** How much of the best evidence each source has, from 0 to 1: an answer reads better from few places. */
function sourceWeights(passages: readonly Passage[], best: number): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { spans, score } of passages) {
    const share = best > 0 ? Math.max(0, score) / best : 0
    for (const source of new Set(spans.map((span) => span.source)))
      sums.set(source, (sums.get(source) ?? 0) + share ** 3)
  }
  const most = Math.max(...sums.values(), Number.MIN_VALUE)
  return new Map([...sums].map(([source, sum]) => [source, sum / most]))
}

/** Whether a sentence holds what is asked for; words of the question itself do not count. */
function fitness(kind: AnswerKind, text: string, question: string): number {
  const pattern = patterns[kind]
  if (!pattern) return 0
  const asked = new Set(question.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
  const rest =
    kind === 'person' || kind === 'place' || kind === 'time' || kind === 'number'
      ? text.replace(/[\p{L}\p{N}]+/gu, (word) => (asked.has(word.toLowerCase()) ? '' : word))
      : text
  return pattern.test(rest) ? 1 : 0
}

/** Share of neighbouring pairs of the question's words that stand within four words of each other. */
function closeness(places: readonly (readonly [word: number, position: number])[], count: number): number {
  if (count < 2) return places.length > 0 ? 1 : 0
  const pairs = new Set<number>()
  for (const [word, position] of places)
    for (const [other, at] of places) if (other === word + 1 && Math.abs(at - position) <= 4) pairs.add(word)
  return pairs.size / (count - 1)
}

import { type Analyzer, type Source, type Span, sentences } from '../../core/index.ts'

/** A sentence of a text with one thing in it that stands nowhere else: what can be asked of unlabelled files. */
export interface Cloze {
  readonly source: Source
  readonly sentence: Span
  readonly answer: string
  readonly kind: 'number' | 'date' | 'name' | 'identifier' | 'quotation'
  /** Content words of the sentence without the answer, in order. */
  readonly words: readonly string[]
}

const month = 'January|February|March|April|May|June|July|August|September|October|November|December'
/** Tried in this order: a date is not also a number. */
const patterns: readonly (readonly [Cloze['kind'], RegExp])[] = [
  [
    'date',
    new RegExp(
      `\\b(?:\\d{1,2} (?:${month})(?: \\d{4})?|(?:${month}) \\d{1,2}(?:, \\d{4})?|\\d{4}-\\d{2}-\\d{2})\\b`,
      'g',
    ),
  ],
  ['quotation', /"[^"\n]{4,60}"|“[^”\n]{4,60}”/g],
  ['identifier', /\b[a-z]+(?:[A-Z][a-z0-9]+)+\b|\b[a-z0-9]+(?:_[a-z0-9]+)+\b/g],
  [
    'number',
    /(?<![\w.#/-])\d[\d,.]*\d(?:\s?(?:%|km|kg|MB|GB|ms|percent|kroner|euros?|dollars?))?(?![\w/-])|(?<![\w.#/-])\d{2,}(?![\w/-])/g,
  ],
  ['name', /(?<=[\p{Ll},;:] )\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+){0,2}/gu],
]
const [fewestWords, longestSentence] = [5, 400]

/** Whether a text stands in some Sources exactly once. */
export function isUnique(text: string, sources: readonly Source[]): boolean {
  let count = 0
  for (const source of sources)
    for (let at = source.text.indexOf(text); at !== -1; at = source.text.indexOf(text, at + 1))
      if (++count > 1) return false
  return count === 1
}

/** Sentences of some Sources with what could be asked of them, in reading order; whether it is unique is to be seen. */
export function* clozes(sources: readonly Source[], analyzer: Analyzer): Generator<Cloze> {
  for (const source of sources)
    for (const [start, end] of sentences(source.text)) {
      const text = source.text.slice(start, end)
      if (text.length > longestSentence || /^\s*([#|>`]|```)/.test(text)) continue
      for (const [kind, pattern] of patterns) {
        const found = [...text.matchAll(pattern)].find(([answer]) => answer.length > 1)
        if (!found) continue
        const [answer] = found
        const words = content(`${text.slice(0, found.index)} ${text.slice(found.index + answer.length)}`, analyzer)
        if (words.length < fewestWords) break
        const from = start + (text.length - text.trimStart().length)
        const sentence = { source: source.id, start: from, end: from + text.trim().length }
        yield { source, sentence, answer, kind, words }
        break
      }
    }
}

function content(text: string, analyzer: Analyzer): string[] {
  const words: string[] = []
  for (const { term, start, end } of analyzer.terms(text)) {
    const word = text.slice(start, end)
    if (analyzer.isStopTerm(term) || word.length < 3 || words.includes(word)) continue
    words.push(word)
  }
  return words
}

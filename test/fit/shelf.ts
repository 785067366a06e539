import type { Analyzer, Passage, Source, Term } from '../../src/core/index.ts'

const stop = new Set(
  'a an and are as at be by did do does for from had has have how in is it its of on or that the their they this to was were what when where which who will with'.split(
    ' ',
  ),
)

/** Lower-case words, marks kept, nothing stemmed. */
export const plainAnalyzer: Analyzer = {
  name: 'plain',
  each(text, emit) {
    let position = 0
    for (const { 0: word, index } of text.toLowerCase().matchAll(/[\p{L}\p{M}\p{N}]+/gu))
      emit(word, position++, index, index + word.length)
  },
  terms(text) {
    const terms: Term[] = []
    this.each(text, (term, position, start, end) => terms.push({ term, position, start, end }))
    return terms
  },
  isStopTerm: (term) => stop.has(term),
}

export const sourceOf = (id: string, text: string, rest: Partial<Source> = {}): Source => ({
  id,
  uri: id,
  mediaType: 'text/plain',
  text,
  ...rest,
})

export const wholeOf = ({ id, text }: Source, score = 0): Passage => ({
  spans: [{ source: id, start: 0, end: text.length }],
  score,
  trail: [],
})

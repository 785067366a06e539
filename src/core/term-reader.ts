import type { Analyzer, TermReader } from './contract.ts'
import { termNumbers } from './word-cache.ts'

/** Terms that a shared reader may hold before those who come next get a new one. */
const most = 1_000_000
const shared = new WeakMap<Analyzer, TermReader>()

/**
 * The reader of an analyzer that all who read text through it share, so that a word is taken apart once. Its numbers
 * stay what they are; nobody may `clear` it.
 */
export function sharedReader(analyzer: Analyzer): TermReader {
  const known = shared.get(analyzer)
  if (known && known.size <= most) return known
  const reader = analyzer.numbered?.() ?? plainReader(analyzer)
  shared.set(analyzer, reader)
  return reader
}

function plainReader(analyzer: Analyzer): TermReader {
  const numbers = termNumbers()
  return {
    get size() {
      return numbers.size
    },
    numberOf: numbers.numberOf,
    termOf: numbers.termOf,
    clear: numbers.clear,
    each: (text, emit) =>
      analyzer.each(text, (term, position, start, end) => emit(numbers.numberOf(term), position, start, end)),
  }
}

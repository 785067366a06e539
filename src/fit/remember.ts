import type { Analyzer } from '../core/index.ts'

/** Terms that are remembered, at most; 16 bytes each. */
const most = 4_000_000
/** Number, position, start and end of a term, side by side. */
const fields = 4

/** The same terms; a text that comes again (sentences are weighed, ranked and chosen by one and the same) is not analysed again. */
export function remembering(analyzer: Analyzer): Analyzer {
  /** Where the terms of a text begin in the store; their count stands before them. */
  const known = new Map<string, number>()
  const numbers = new Map<string, number>()
  const terms: string[] = []
  let store = new Int32Array(1 << 14)
  let used = 0

  function grow(): void {
    const larger = new Int32Array(2 * store.length)
    larger.set(store)
    store = larger
  }

  function read(text: string): number {
    const from = used
    let length = from + 1
    if (length > store.length) grow()
    analyzer.each(text, (term, position, start, end) => {
      let number = numbers.get(term)
      if (number === undefined) numbers.set(term, (number = terms.push(term) - 1))
      if (length + fields > store.length) grow()
      store[length] = number
      store[length + 1] = position
      store[length + 2] = start
      store[length + 3] = end
      length += fields
    })
    store[from] = (length - from - 1) / fields
    used = length
    known.set(text, from)
    return from
  }

  return {
    name: analyzer.name,
    each(text, emit) {
      let from = known.get(text)
      if (from === undefined) {
        if (used > most * fields) return analyzer.each(text, emit)
        from = read(text)
      }
      // A call from within `emit` may move the store.
      const list = store
      const end = from + 1 + list[from]! * fields
      for (let at = from + 1; at < end; at += fields)
        emit(terms[list[at]!]!, list[at + 1]!, list[at + 2]!, list[at + 3]!)
    },
    terms: (text) => analyzer.terms(text),
    isStopTerm: (term) => analyzer.isStopTerm(term),
    ...(analyzer.numbered ? { numbered: () => analyzer.numbered!() } : {}),
  }
}

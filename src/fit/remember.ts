import { type Analyzer, sharedReader } from '../core/index.ts'

/** Terms that are remembered, at most; 16 bytes each. */
const most = 4_000_000
/** Number, position, start and end of a term, side by side. */
const fields = 4

/** The same terms; a text that comes again (sentences are weighed, ranked and chosen by one and the same) is not analysed again. */
export function remembering(analyzer: Analyzer): Analyzer {
  /** Where the terms of a text begin in the store; their count stands before them. */
  const known = new Map<string, number>()
  const reader = sharedReader(analyzer)
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
    reader.each(text, (number, position, start, end) => {
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

  function each(text: string, emit: (number: number, position: number, start: number, end: number) => void): void {
    let from = known.get(text)
    if (from === undefined) {
      if (used > most * fields) {
        reader.each(text, emit)
        return
      }
      from = read(text)
    }
    // A call from within `emit` may move the store.
    const list = store
    const end = from + 1 + list[from]! * fields
    for (let at = from + 1; at < end; at += fields) emit(list[at]!, list[at + 1]!, list[at + 2]!, list[at + 3]!)
  }

  return {
    name: analyzer.name,
    each: (text, emit) =>
      each(text, (number, position, start, end) => emit(reader.termOf(number), position, start, end)),
    terms: (text) => analyzer.terms(text),
    isStopTerm: (term) => analyzer.isStopTerm(term),
    numbered: () => ({
      get size() {
        return reader.size
      },
      numberOf: (term) => reader.numberOf(term),
      termOf: (number) => reader.termOf(number),
      clear: () => {},
      each,
    }),
  }
}

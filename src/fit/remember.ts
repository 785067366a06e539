import type { Analyzer } from '../core/index.ts'

/** Terms that are remembered, at most; 16 bytes each. */
const most = 4_000_000
/** Number, position, start and end of a term, side by side. */
const fields = 4

/** The same terms; a text that comes again (sentences are weighed, ranked and chosen by one and the same) is not analysed again. */
export function remembering(analyzer: Analyzer): Analyzer {
  const known = new Map<string, Int32Array>()
  const numbers = new Map<string, number>()
  const terms: string[] = []
  let size = 0
  let buffer = new Int32Array(1024)

  function read(text: string): Int32Array {
    let length = 0
    analyzer.each(text, (term, position, start, end) => {
      let number = numbers.get(term)
      if (number === undefined) numbers.set(term, (number = terms.push(term) - 1))
      if (length === buffer.length) {
        const larger = new Int32Array(2 * length)
        larger.set(buffer)
        buffer = larger
      }
      buffer[length] = number
      buffer[length + 1] = position
      buffer[length + 2] = start
      buffer[length + 3] = end
      length += fields
    })
    const list = buffer.slice(0, length)
    if (size + length <= most * fields) {
      known.set(text, list)
      size += length
    }
    return list
  }

  return {
    name: analyzer.name,
    each(text, emit) {
      const list = known.get(text) ?? read(text)
      for (let at = 0; at < list.length; at += fields)
        emit(terms[list[at]!]!, list[at + 1]!, list[at + 2]!, list[at + 3]!)
    },
    terms: (text) => analyzer.terms(text),
    isStopTerm: (term) => analyzer.isStopTerm(term),
    ...(analyzer.numbered ? { numbered: () => analyzer.numbered!() } : {}),
  }
}

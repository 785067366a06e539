import type { Analyzer } from '../core/index.ts'

/** The distinct terms of one text that carry content, by number, in the order in which they first come. */
export interface Content {
  readonly numbers: Int32Array
  readonly counts: Int32Array
}

/** Texts (or texts in parts) as terms by number; `terms` names them. */
export function contentOf(
  texts: readonly (string | readonly string[])[],
  analyzer: Analyzer,
  abortSignal?: AbortSignal,
): { readonly terms: readonly string[]; readonly contents: readonly Content[] } {
  const numbers = new Map<string, number>()
  const terms: string[] = []
  /** Of each term the text that it was last seen in, and its place among that text's own. */
  const last: number[] = []
  const place: number[] = []
  const contents = texts.map((text, index): Content => {
    if (index % 256 === 0) abortSignal?.throwIfAborted()
    const own: number[] = []
    const counts: number[] = []
    for (const part of typeof text === 'string' ? [text] : text)
      analyzer.each(part, (term) => {
        let number = numbers.get(term)
        if (number === undefined) {
          number = analyzer.isStopTerm(term) ? -1 : terms.push(term) - 1
          numbers.set(term, number)
          if (number >= 0) last.push(-1)
        }
        if (number < 0) return
        if (last[number] === index) counts[place[number]!]!++
        else {
          last[number] = index
          place[number] = own.push(number) - 1
          counts.push(1)
        }
      })
    return { numbers: Int32Array.from(own), counts: Int32Array.from(counts) }
  })
  return { terms, contents }
}

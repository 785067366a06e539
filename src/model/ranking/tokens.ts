import { type Analyzer, sharedReader } from '../../core/index.ts'

/** What the signs of a word say of it, as bits. */
export const kinds = { name: 1, number: 2, year: 4, first: 8 } as const

/** The terms of a text by number, in order; `length` is in words. Terms of one word share its position and kind. */
export interface Tokens {
  readonly ids: Int32Array
  readonly positions: Int32Array
  readonly kinds: Uint8Array
  readonly length: number
}

/** Numbers for terms, from 0 in the order in which they are first seen. */
export class Vocabulary {
  readonly #numbers = new Map<string, number>()

  get size(): number {
    return this.#numbers.size
  }

  numberOf(term: string): number {
    let number = this.#numbers.get(term)
    if (number === undefined) this.#numbers.set(term, (number = this.#numbers.size))
    return number
  }

  *terms(): IterableIterator<string> {
    yield* this.#numbers.keys()
  }
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

/** True for a capital letter of a script that has them. */
function isCapital(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code < 0x80) return code >= 0x41 && code <= 0x5a
  if (code < 0xc0 || code >= 0x2000) return false
  const letter = text[at]!
  return letter.toLowerCase() !== letter
}

/** True where a sentence begins, so that a capital letter says nothing. */
function isFirst(text: string, start: number): boolean {
  for (let at = start - 1; at >= 0; at--) {
    const code = text.charCodeAt(at)
    if (code === 0x0a || code === 0x2e || code === 0x21 || code === 0x3f || code === 0x3a) return true
    if (code !== 0x20 && code !== 0x22 && code !== 0x27 && code !== 0x28 && code !== 0x5b && code !== 0x201c)
      return false
  }
  return true
}

function kindOf(text: string, start: number, end: number): number {
  const code = text.charCodeAt(start)
  if (isDigit(code)) {
    const year = end - start === 4 && (code === 0x31 || code === 0x32) && isDigit(text.charCodeAt(end - 1))
    return year ? kinds.number | kinds.year : kinds.number
  }
  if (!isCapital(text, start)) return 0
  return isFirst(text, start) ? kinds.first : kinds.name
}

/** Reads texts to tokens, with one vocabulary for all. */
export function tokenReader(analyzer: Analyzer, vocabulary: Vocabulary): (text: string) => Tokens {
  let ids = new Int32Array(1024)
  let positions = new Int32Array(1024)
  let signs = new Uint8Array(1024)
  const reader = sharedReader(analyzer)
  /** Of the reader's number of a term, its own in the vocabulary and one; 0 where it has not been seen. */
  let known = new Int32Array(1024)
  const numberOf = (term: number): number => {
    while (term >= known.length) known = grown(known, new Int32Array(2 * Math.max(known.length, term)))
    return (known[term] ||= vocabulary.numberOf(reader.termOf(term)) + 1) - 1
  }
  return (text) => {
    let size = 0
    let last = -1
    let kind = 0
    reader.each(text, (term, position, start, end) => {
      if (size === ids.length) {
        ids = grown(ids, new Int32Array(2 * size))
        positions = grown(positions, new Int32Array(2 * size))
        signs = grown(signs, new Uint8Array(2 * size))
      }
      if (position !== last) kind = kindOf(text, start, end)
      last = position
      ids[size] = numberOf(term)
      positions[size] = position
      signs[size++] = kind
    })
    return {
      ids: ids.slice(0, size),
      positions: positions.slice(0, size),
      kinds: signs.slice(0, size),
      length: last + 1,
    }
  }
}

function grown<Values extends Int32Array | Uint8Array>(from: Values, to: Values): Values {
  to.set(from)
  return to
}

/** Tokens one after another, as those of one text. */
export function joinTokens(list: readonly Tokens[]): Tokens {
  if (list.length === 1) return list[0]!
  const size = list.reduce((sum, { ids }) => sum + ids.length, 0)
  const ids = new Int32Array(size)
  const positions = new Int32Array(size)
  const signs = new Uint8Array(size)
  let at = 0
  let length = 0
  for (const tokens of list) {
    ids.set(tokens.ids, at)
    signs.set(tokens.kinds, at)
    for (let index = 0; index < tokens.ids.length; index++) positions[at + index] = tokens.positions[index]! + length
    at += tokens.ids.length
    length += tokens.length
  }
  return { ids, positions, kinds: signs, length }
}

import type { Analyzer, Term, TermReader } from './contract.ts'
import { termNumbers, wordCache } from './word-cache.ts'
import {
  characterKinds,
  foldAccents,
  identifierParts,
  kinds,
  normalizeWord,
  type Script,
  scriptOf,
} from './word-forms.ts'

export { foldAccents, isUnspaced, type Script } from './word-forms.ts'

/** What a language knows of its words; the scanner knows the rest. */
export interface AnalyzerRules {
  /** Changes whenever the rules do. */
  readonly name: string
  /** The stems of a lower-case NFKC word, the likeliest first; several when its language is not known. */
  stem(word: string, script: Script): string | readonly string[]
  /** Words that carry no content, lower case, as written. */
  readonly stopWords: Iterable<string>
  /** Characters of scripts without spaces that carry no content: nor does a pair of characters that holds one. */
  readonly stopCharacters?: string
  /** Leave å, ä, ö and the like as letters of their own. */
  readonly keepAccents?: boolean
}

/** A word that has no parts and nothing to fold but its case. */
const simpleWord = /^(?:[A-Z]?[a-z]+|[A-Z]+)$/
/** Units of a word that count; the rest of a longer run is passed over. */
const wordUnits = 64
const mostParts = 12
const mostJoined = 1 << 16
/** Terms that `each` keeps from one text to the next. */
const mostTerms = 1 << 17
const apostrophes = new Set([0x27, 0x2019, 0x02bc, 0xff07])
const hyphens = new Set([0x2d, 0x2010, 0x2011])
/** What may make more of the word before it: these, and the signs of `C++` and `C#`. */
const signs = new Set([...apostrophes, ...hyphens, 0x2b, 0x23])
const suffixes = new Set(['s', 're', 've', 'll', 'd', 'm', 't'])

/**
 * Text to terms: runs of letters, marks and digits, folded and stemmed; identifiers and hyphenated words also give
 * their whole; Han, kana, Hangul and the scripts of South-East Asia give pairs of neighbouring characters.
 */
export function analyzerOf(rules: AnalyzerRules): Analyzer {
  const kindAt = characterKinds()
  const ascii = new Uint8Array(128)
  for (let code = 0; code < 128; code++) ascii[code] = kindAt(String.fromCharCode(code), 0)
  const stops = new Set<string>()
  const particles = new Set(rules.stopCharacters)

  function termsOf(word: string): readonly string[] {
    const script = scriptOf(word)
    const stems = rules.stem(word, script)
    const fold = (stem: string): string => (rules.keepAccents ? stem : foldAccents(stem, script))
    return typeof stems === 'string' ? [fold(stems)] : stems.map(fold)
  }

  /** A run of word characters, in its own case, to its distinct terms: the whole first, then its parts. */
  function expand(run: string): readonly string[] {
    if (simpleWord.test(run)) {
      const terms = termsOf((run.length > wordUnits ? run.slice(0, wordUnits) : run).toLowerCase())
      return terms.length === 1 ? terms : [...new Set(terms)]
    }
    let surface = run.length > wordUnits ? run.slice(0, wordUnits).toWellFormed().replace('\ufffd', '') : run
    if (/[^\x00-\x7f]/.test(surface)) surface = surface.normalize('NFKC').replace(/[^\p{L}\p{M}\p{N}_]/gu, '')
    const whole = normalizeWord(surface.replaceAll('_', ''))
    if (whole === '') return []
    const terms = new Set(termsOf(whole))
    const parts = /[\p{Lu}\p{N}_]/u.test(surface) ? identifierParts(surface) : []
    for (const part of parts.slice(0, mostParts))
      for (const term of termsOf(normalizeWord(part))) if (term !== '') terms.add(term)
    return [...terms]
  }

  const isWord = (text: string, at: number): boolean => at < text.length && kindAt(text, at) === kinds.word

  /** End of the run of word characters that starts here. */
  function wordEnd(text: string, from: number): number {
    let at = from
    while (isWord(text, at)) at++
    return at
  }

  /** Where the word ends when an English ending behind an apostrophe is part of it, or -1. */
  function suffixEnd(text: string, at: number): number {
    const end = wordEnd(text, at + 1)
    if (end === at + 1 || end > at + 3) return -1
    const suffix = text.slice(at + 1, end).toLowerCase()
    if (!suffixes.has(suffix)) return -1
    return suffix !== 't' || (text.charCodeAt(at - 1) | 32) === 0x6e ? end : -1
  }

  /** The parts of a word joined by hyphens or apostrophes, as one: `e-mail` is also `email`. */
  function joined(text: string, start: number, firstEnd: number): string | undefined {
    let end = firstEnd
    let whole = text.slice(start, end)
    for (let parts = 1; ; parts++) {
      const code = text.charCodeAt(end)
      if (!hyphens.has(code) && !apostrophes.has(code)) break
      const next = end + (text.charCodeAt(end + 1) === 10 ? 2 : 1)
      const nextEnd = wordEnd(text, next)
      if (nextEnd === next) break
      if (apostrophes.has(code) && suffixEnd(text, end) !== -1) break
      if (parts === 4 || nextEnd - start > wordUnits) return undefined
      whole += text.slice(next, nextEnd)
      end = nextEnd
    }
    return end > firstEnd && /\p{L}/u.test(whole) ? whole.toLowerCase() : undefined
  }

  function numbered(): TermReader {
    const numbers = termNumbers()
    const numbersOf = (terms: readonly string[]): readonly number[] => terms.map(numbers.numberOf)
    const cache = wordCache((run) => numbersOf(expand(run)))
    const joinedCache = new Map<string, readonly number[]>()
    const units = new Uint16Array(wordUnits)

    /** The numbers of a word that is not a run of the text. */
    function joinedNumbers(word: string): readonly number[] {
      let found = joinedCache.get(word)
      if (!found) {
        found = numbersOf(word.endsWith('+') || word.endsWith('#') ? [word] : expand(word))
        if (joinedCache.size >= mostJoined) joinedCache.clear()
        joinedCache.set(word, found)
      }
      return found
    }

    /** The numbers of a word and of what its signs make of it, when the character behind it is such a sign. */
    function signed(
      text: string,
      start: number,
      at: number,
      own: readonly number[],
    ): { readonly list: readonly number[]; readonly end: number } {
      let list = own
      let end = at
      if (apostrophes.has(text.charCodeAt(at))) {
        const after = suffixEnd(text, at)
        if (after !== -1) {
          if ((text.charCodeAt(after - 1) | 32) === 0x74) list = joinedNumbers(`${text.slice(start, at)}t`)
          end = after
        }
      }
      const code = text.charCodeAt(end)
      let whole: string | undefined
      if (hyphens.has(code) || apostrophes.has(code)) {
        const before = start > 1 ? text.charCodeAt(start - 1) : 0x20
        if (!((hyphens.has(before) || apostrophes.has(before)) && isWord(text, start - 2)))
          whole = joined(text, start, end)
      } else if (end === start + 1) whole = languageName(text, start)
      if (whole !== undefined) list = [...new Set([...list, ...joinedNumbers(whole)])]
      return { list, end }
    }

    function each(text: string, emit: (number: number, position: number, start: number, end: number) => void): void {
      const length = text.length
      const kindOf = ascii
      const run = units
      const emitTerm = (term: string, position: number, start: number, end: number): void =>
        emit(numbers.numberOf(term), position, start, end)
      let position = 0
      let at = 0
      while (at < length) {
        let code = text.charCodeAt(at)
        let kind = code < 128 ? kindOf[code]! : kindAt(text, at)
        if (kind === kinds.separator) {
          at++
          continue
        }
        const start = at
        if (kind !== kinds.word) {
          while (++at < length && (kindAt(text, at) === kind || isMark(text, at)));
          position = pairs(text, start, at, position, emitTerm)
          continue
        }
        let hash = 0
        do {
          hash = Math.imul(hash ^ code, 0x01000193)
          run[at - start] = code
          if (++at >= length) break
          code = text.charCodeAt(at)
          kind = code < 128 ? kindOf[code]! : kindAt(text, at)
        } while (kind === kinds.word)
        const plain = at === length || code === 0x20 || !signs.has(code)
        let list: readonly number[]
        if (at - start > wordUnits) list = numbersOf(expand(text.slice(start, start + wordUnits + 1)))
        else {
          const found = cache.find(text, start, units, at - start, hash)
          if (found >= 0 && plain) {
            emit(found, position++, start, at)
            continue
          }
          list = found >= 0 ? [found] : cache.lists[~found]!
        }
        let end = at
        if (!plain) ({ list, end } = signed(text, start, at, list))
        at = end
        if (list.length === 0) continue
        for (let index = 0; index < list.length; index++) emit(list[index]!, position, start, end)
        position++
      }
    }

    return {
      get size() {
        return numbers.size
      },
      numberOf: numbers.numberOf,
      termOf: numbers.termOf,
      each,
      clear() {
        numbers.clear()
        cache.clear()
        joinedCache.clear()
      },
    }
  }

  /** Combining marks and the like stay with the character before them, whatever their own kind. */
  function isMark(text: string, at: number): boolean {
    const code = text.charCodeAt(at)
    return (
      code > 0x2ff &&
      /\p{M}|\p{Join_Control}/u.test(String.fromCodePoint(text.codePointAt(at)!)) &&
      kindAt(text, at) === kinds.word
    )
  }

  let reader: TermReader | undefined
  let depth = 0
  function each(text: string, emit: (term: string, position: number, start: number, end: number) => void): void {
    const own = (reader ??= numbered())
    // A call from within `emit` must not take away the numbers of the word at hand.
    if (depth === 0 && own.size > mostTerms) own.clear()
    depth++
    try {
      own.each(text, (number, position, start, end) => emit(own.termOf(number), position, start, end))
    } finally {
      depth--
    }
  }

  for (const word of rules.stopWords) for (const term of expand(word.replaceAll("'", ''))) stops.add(term)

  return {
    name: rules.name,
    each,
    numbered,
    terms(text) {
      const terms: Term[] = []
      each(text, (term, position, start, end) => terms.push({ term, start, end, position }))
      return terms
    },
    isStopTerm: (term) =>
      stops.has(term) || (term.length === 2 && (particles.has(term[0]!) || particles.has(term[1]!))),
  }
}

/** `C++`, `C#`, `F#`: a letter and its signs are one name. */
function languageName(text: string, at: number): string | undefined {
  const [, name] = /^(c\+\+|g\+\+|[cfj]#)(?![\p{L}\p{N}+#])/iu.exec(text.slice(at, at + 4)) ?? []
  return name?.toLowerCase()
}

const simplePair = (code: number): boolean =>
  (code >= 0x4e00 && code <= 0x9fff) ||
  (code >= 0x3041 && code <= 0x3096) ||
  (code >= 0x30a1 && code <= 0x30fe) ||
  (code >= 0xac00 && code <= 0xd7a3)

/** Emits the pairs of a run written without spaces, one position each; a character alone stands for itself. */
function pairs(
  text: string,
  start: number,
  end: number,
  position: number,
  emit: (term: string, position: number, start: number, end: number) => void,
): number {
  let simple = true
  for (let at = start; at < end && simple; at++) simple = simplePair(text.charCodeAt(at))
  if (simple) {
    if (end - start === 1) {
      emit(text.slice(start, end), position, start, end)
      return position + 1
    }
    for (let at = start; at + 1 < end; at++) emit(text.slice(at, at + 2), position++, at, at + 2)
    return position
  }
  const units: { text: string; start: number; end: number }[] = []
  let at = start
  while (at < end) {
    const character = String.fromCodePoint(text.codePointAt(at)!)
    const last = units.at(-1)
    const next = at + character.length
    if (last && /[\p{M}\uff9e\uff9f]|\p{Join_Control}/u.test(character) && next - last.start <= 16) {
      last.text += character
      last.end = next
    } else units.push({ text: character, start: at, end: next })
    at = next
  }
  for (const unit of units) unit.text = normalizeWord(unit.text)
  const shown = units.filter((unit) => unit.text !== '')
  if (shown.length === 1) emit(shown[0]!.text, position++, shown[0]!.start, shown[0]!.end)
  for (let index = 0; index + 1 < shown.length; index++) {
    const [first, second] = [shown[index]!, shown[index + 1]!]
    emit(first.text + second.text, position++, first.start, second.end)
  }
  return position
}

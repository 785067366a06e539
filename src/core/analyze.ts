import type { Analyzer, Term } from './contract.ts'
import { wordCache } from './word-cache.ts'
import {
  characterKinds,
  foldAccents,
  identifierParts,
  kinds,
  normalizeWord,
  type Script,
  scriptOf,
} from './word-forms.ts'

export { foldAccents, type Script } from './word-forms.ts'

/** What a language knows of its words; the scanner knows the rest. */
export interface AnalyzerRules {
  /** Changes whenever the rules do. */
  readonly name: string
  /** The stems of a lower-case NFKC word, the likeliest first; several when its language is not known. */
  stem(word: string, script: Script): string | readonly string[]
  /** Words that carry no content, lower case, as written. */
  readonly stopWords: Iterable<string>
  /** Leave å, ä, ö and the like as letters of their own. */
  readonly keepAccents?: boolean
}

/** Units of a word that count; the rest of a longer run is passed over. */
const wordUnits = 64
const mostParts = 12
const mostJoined = 1 << 16
const apostrophes = new Set([0x27, 0x2019, 0x02bc, 0xff07])
const hyphens = new Set([0x2d, 0x2010, 0x2011])
const suffixes = new Set(['s', 're', 've', 'll', 'd', 'm', 't'])

/**
 * Text to terms: runs of letters, marks and digits, folded and stemmed; identifiers and hyphenated words also give
 * their whole; Han, kana, Hangul and the scripts of South-East Asia give pairs of neighbouring characters.
 */
export function analyzerOf(rules: AnalyzerRules): Analyzer {
  const kindAt = characterKinds()
  const ascii = new Uint8Array(128)
  for (let code = 0; code < 128; code++) ascii[code] = kindAt(String.fromCharCode(code), 0)
  const cache = wordCache(expand)
  const joinedCache = new Map<string, readonly string[]>()
  const stops = new Set<string>()

  function termsOf(word: string): readonly string[] {
    const script = scriptOf(word)
    const stems = rules.stem(word, script)
    const fold = (stem: string): string => (rules.keepAccents ? stem : foldAccents(stem, script))
    return typeof stems === 'string' ? [fold(stems)] : stems.map(fold)
  }

  /** A run of word characters, in its own case, to its distinct terms: the whole first, then its parts. */
  function expand(run: string): readonly string[] {
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

  /** The same for words that are not a run of the text. */
  function expandJoined(word: string): readonly string[] {
    let terms = joinedCache.get(word)
    if (!terms) {
      terms = word.endsWith('+') || word.endsWith('#') ? [word] : expand(word)
      if (joinedCache.size >= mostJoined) joinedCache.clear()
      joinedCache.set(word, terms)
    }
    return terms
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

  function each(text: string, emit: (term: string, position: number, start: number, end: number) => void): void {
    const length = text.length
    let position = 0
    let at = 0
    while (at < length) {
      let code = text.charCodeAt(at)
      let kind = code < 128 ? ascii[code]! : kindAt(text, at)
      if (kind === kinds.separator) {
        at++
        continue
      }
      const start = at
      if (kind !== kinds.word) {
        while (++at < length && (kindAt(text, at) === kind || isMark(text, at)));
        position = pairs(text, start, at, position, emit)
        continue
      }
      let hash = 0
      do {
        hash = Math.imul(hash ^ code, 0x01000193)
        if (++at >= length) break
        code = text.charCodeAt(at)
        kind = code < 128 ? ascii[code]! : kindAt(text, at)
      } while (kind === kinds.word)
      let end = at
      let terms =
        at - start > wordUnits ? expand(text.slice(start, start + wordUnits + 1)) : cache(text, start, at, hash)
      if (at < length && code !== 0x20 && code !== 0x2c && code !== 0x2e) {
        let whole: string | undefined
        if (apostrophes.has(code)) {
          const after = suffixEnd(text, at)
          if (after !== -1) {
            if ((text.charCodeAt(after - 1) | 32) === 0x74) terms = expandJoined(`${text.slice(start, at)}t`)
            end = at = after
          }
        }
        code = text.charCodeAt(end)
        if (hyphens.has(code) || (end === at && apostrophes.has(code))) {
          const before = start > 1 ? text.charCodeAt(start - 1) : 0x20
          if (!((hyphens.has(before) || apostrophes.has(before)) && isWord(text, start - 2)))
            whole = joined(text, start, end)
        } else if (end === start + 1) whole = languageName(text, start)
        if (whole !== undefined) terms = [...new Set([...terms, ...expandJoined(whole)])]
      }
      if (terms.length === 0) continue
      for (let index = 0; index < terms.length; index++) emit(terms[index]!, position, start, end)
      position++
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

  for (const word of rules.stopWords) for (const term of expand(word.replaceAll("'", ''))) stops.add(term)

  return {
    name: rules.name,
    each,
    terms(text) {
      const terms: Term[] = []
      each(text, (term, position, start, end) => terms.push({ term, start, end, position }))
      return terms
    },
    isStopTerm: (term) => stops.has(term),
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

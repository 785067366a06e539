/** What a UTF-16 unit is to the scanner of words. */
export const kinds = { separator: 0, word: 1, ideograph: 2, hangul: 3, cluster: 4 } as const
export type Kind = (typeof kinds)[keyof typeof kinds]

/** Scripts that a stemmer may know. */
export type Script = 'latin' | 'cyrillic' | 'greek' | 'arabic' | 'armenian' | 'tamil' | 'other'

const unknown = 255
const word = /[\p{L}\p{M}\p{N}\u00ad\ufeff_]|\p{Join_Control}/u
// Written without spaces: their words are found by pairs of neighbouring characters.
const ideograph = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\u30fc\uff70\uff9e\uff9f]/u
const hangul = /\p{Script=Hangul}/u
const cluster = /[\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u

function classify(character: string): Kind {
  if (!word.test(character) || character === '\u02bc') return kinds.separator
  if (ideograph.test(character)) return kinds.ideograph
  if (hangul.test(character)) return kinds.hangul
  return cluster.test(character) && !/\p{Nd}/u.test(character) ? kinds.cluster : kinds.word
}

/** A function from a place in a text to the kind of the character there; both halves of a pair have its kind. */
export function characterKinds(): (text: string, at: number) => Kind {
  const table = new Uint8Array(0x10000).fill(unknown)
  const astral = new Map<number, Kind>()
  return (text, at) => {
    const code = text.charCodeAt(at)
    const known = table[code]!
    if (known !== unknown) return known as Kind
    if (code >= 0xd800 && code <= 0xdfff) {
      const point = text.codePointAt(code <= 0xdbff ? at : at - 1) ?? 0
      if (point <= 0xffff) return kinds.separator
      let kind = astral.get(point)
      if (kind === undefined) {
        kind = classify(String.fromCodePoint(point))
        if (astral.size < 0x10000) astral.set(point, kind)
      }
      return kind
    }
    return (table[code] = classify(String.fromCharCode(code))) as Kind
  }
}

/** The script of a word by its first letter. */
export function scriptOf(text: string): Script {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 0x30 && code <= 0x39) continue
    if (code < 0x250 || (code >= 0x1e00 && code <= 0x1eff)) return 'latin'
    if (code >= 0x400 && code <= 0x52f) return 'cyrillic'
    if ((code >= 0x370 && code <= 0x3ff) || (code >= 0x1f00 && code <= 0x1fff)) return 'greek'
    if (code >= 0x600 && code <= 0x6ff) return 'arabic'
    if (code >= 0x530 && code <= 0x58f) return 'armenian'
    if (code >= 0xb80 && code <= 0xbff) return 'tamil'
    return 'other'
  }
  return 'latin'
}

const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  ı: 'i',
  ð: 'd',
  þ: 'th',
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false
  return true
}

/** A lower-case word with its accents taken off where they do not make another letter: Latin and Greek. */
export function foldAccents(text: string, script: Script): string {
  if (isAscii(text) || (script !== 'latin' && script !== 'greek')) return text
  return text
    .replace(/[ßæœøđłıðþ]/g, (letter) => letters[letter]!)
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
}

/** Lower case in NFKC, without characters that do not show; vowel points of Arabic and Hebrew taken off, ё as е. */
export function normalizeWord(text: string): string {
  if (isAscii(text)) return text.toLowerCase()
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u00ad\ufeff\u0640\u064b-\u0652\u0591-\u05c7]|\p{Join_Control}/gu, '')
    .replaceAll('i\u0307', 'i')
    .replaceAll('ё', 'е')
    .normalize('NFC')
}

/**
 * Words in an identifier: `parseHTTPHeader_utf8` gives parse, HTTP, Header, utf8, utf. Single letters, single digits
 * and endings such as the `th` of `4th` are left out.
 */
export function identifierParts(text: string): string[] {
  const parts = text.split('_').flatMap((piece) => piece.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?[^\p{Lu}]+|\p{Lu}/gu) ?? [])
  const found = parts.length > 1 ? parts.filter((part) => part.length > 1) : []
  for (const part of parts) {
    const runs = part.match(/\p{N}+|\P{N}+/gu) ?? []
    if (runs.length === 1 || runs.length > 3) continue
    for (const run of runs) if (run.length >= (/\p{N}/u.test(run) ? 2 : 3)) found.push(run)
  }
  return found
}

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/gu

/** Whether a text is mostly in scripts that set no spaces between words, of which two characters make about a word. */
export function isUnspaced(text: string): boolean {
  const characters = text.match(unspaced)?.length ?? 0
  if (characters === 0) return false
  const words = text.replace(unspaced, ' ').match(/[\p{L}\p{N}]+/gu)?.length ?? 0
  return characters > 2 * words
}

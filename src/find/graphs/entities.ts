import { type Analyzer, sentences } from '../../core/index.ts'

/** One place where something is named, or spoken of by a pronoun or a short form. */
export interface Mention {
  /** The full name, as first written in the text. */
  readonly name: string
  readonly start: number
  readonly end: number
  /** Number of its sentence. */
  readonly sentence: number
}

/** Small words that may stand inside a name. */
const inner = '(?:of the|of|de la|de los|de|la|le|du|des|di|da|del|van der|van den|van|von der|von|zu|bin|al)'
const word = String.raw`\p{Lu}[\p{L}\p{M}\p{N}]*(?:[.'’\-‐][\p{L}\p{N}]+)*`
const name = new RegExp(`${word}(?:\\.? (?:${inner} )?${word})*`, 'gu')
const acronym = /^\s?\(([\p{Lu}]{2,8})\)/u
const pronoun = /(?<![\p{L}\p{N}])(?:he|she|his|her|hers|him|it|its|they|their|them)(?![\p{L}\p{N}])/giu
const title = /^(?:Mr|Mrs|Ms|Dr|Prof|Sir|Lady|Lord|Saint|St|President|King|Queen|The|A|An)\.? (?=\p{Lu})/u

/** The key under which all ways of writing a name meet: its terms, without titles. */
export function nameKey(analyzer: Analyzer, text: string): string {
  const terms: string[] = []
  let last = -1
  analyzer.each(text.replace(title, '').replace(/['’]s$/u, ''), (term, position) => {
    if (position !== last) terms.push(term)
    last = position
  })
  return terms.join(' ')
}

interface Found {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly opens: boolean
}

function namesIn(text: string, from: number, to: number, analyzer: Analyzer): Found[] {
  const found: Found[] = []
  const sentence = text.slice(from, to)
  const open = sentence.search(/[\p{L}\p{N}]/u)
  for (const match of sentence.matchAll(name)) {
    let skipped = title.exec(match[0])?.[0].length ?? 0
    // A small word that is written large because it opens the sentence is no part of the name behind it.
    const opener = /^\S+ /u.exec(match[0])?.[0] ?? ''
    const small = analyzer.terms(opener).every(({ term }) => analyzer.isStopTerm(term))
    if (skipped === 0 && match.index === open && small) skipped = opener.length
    const plain = match[0].slice(skipped).replace(/['’]s$/u, '')
    if (plain.length < 2) continue
    const start = from + match.index + skipped
    found.push({ text: plain, start, end: start + plain.length, opens: match.index === open && skipped === 0 })
  }
  return found
}

/**
 * Names in a text by rule, for scripts with capitals: runs of capitalised words; a word that only opens sentences counts
 * when the text never writes it small. Short forms and acronyms are taken for the full name that came before, pronouns for
 * the name that led the last sentence that had one.
 */
export function mentionsOf(text: string, analyzer: Analyzer): Mention[] {
  const small = new Set<string>()
  for (const [lower] of text.matchAll(/(?<![\p{L}\p{N}])\p{Ll}[\p{L}\p{N}]*/gu)) small.add(lower)
  const full = new Map<string, string>()
  const mentions: Mention[] = []
  let leader: string | undefined
  for (const [sentence, [from, to]] of sentences(text).entries()) {
    const own: Mention[] = []
    for (const { text: said, start, end, opens } of namesIn(text, from, to, analyzer)) {
      const single = !/\s/.test(said)
      const terms = analyzer.terms(said)
      // An acronym may be written like a stop word: WHO, US.
      const stop = said !== said.toUpperCase() && terms.every(({ term }) => analyzer.isStopTerm(term))
      if (terms.length === 0 || stop) continue
      if (single && opens && small.has(said.toLowerCase())) continue
      const key = nameKey(analyzer, said)
      const whole = full.get(key) ?? said
      if (!full.has(key)) {
        full.set(key, said)
        const parts = said.split(/\s+/)
        // Of a name of several words, its last and its first stand for it from here on.
        for (const part of parts.length > 1 ? [parts.at(-1)!, parts[0]!] : []) {
          const short = nameKey(analyzer, part)
          if (part.length > 2 && short !== '' && !full.has(short)) full.set(short, said)
        }
        const letters = acronym.exec(text.slice(end, to))?.[1]
        if (letters) full.set(nameKey(analyzer, letters), said)
      }
      own.push({ name: whole, start, end, sentence })
    }
    const before = leader
    for (const match of text.slice(from, to).matchAll(pronoun)) {
      const start = from + match.index
      // Within a sentence a pronoun speaks of its first name, before one of the sentence before.
      const meant = own.find((mention) => mention.end <= start)?.name ?? before
      if (meant) own.push({ name: meant, start, end: start + match[0].length, sentence })
    }
    own.sort((first, second) => first.start - second.start || second.end - first.end)
    leader = own[0]?.name ?? leader
    mentions.push(...own)
  }
  return mentions
}

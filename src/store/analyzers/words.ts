import snowball from 'snowball-stemmers'
import { analyzerOf, FoveaError, foldAccents, type Script } from '../../core/index.ts'
import type { AnalyzerFactory, AnalyzerMeta } from '../contract.ts'
import { stemEnglish } from './words/english.ts'
import { lemmas } from './words/irregular.ts'
import { chineseParticles, stopWords } from './words/stop-words.ts'

export const meta = {
  name: 'words',
  summary:
    'Words folded and stemmed by language, identifiers with their parts, pairs of characters where words are not spaced.',
  paper: 'Porter 1980; Porter 2001, Snowball: a language for stemming algorithms',
} as const satisfies AnalyzerMeta

const version = 2

interface Language {
  readonly algorithm?: string
  readonly script: Script
  /** Accents make other letters here, so that folding them would merge words. */
  readonly keepAccents?: boolean
}

const languages: Readonly<Record<string, Language>> = {
  en: { algorithm: 'english', script: 'latin' },
  es: { algorithm: 'spanish', script: 'latin' },
  de: { algorithm: 'german', script: 'latin' },
  fr: { algorithm: 'french', script: 'latin' },
  it: { algorithm: 'italian', script: 'latin' },
  pt: { algorithm: 'portuguese', script: 'latin' },
  nl: { algorithm: 'dutch', script: 'latin' },
  ca: { algorithm: 'catalan', script: 'latin' },
  ro: { algorithm: 'romanian', script: 'latin' },
  eu: { algorithm: 'basque', script: 'latin' },
  ga: { algorithm: 'irish', script: 'latin' },
  sl: { algorithm: 'slovene', script: 'latin' },
  cs: { algorithm: 'czech', script: 'latin' },
  sv: { algorithm: 'swedish', script: 'latin', keepAccents: true },
  da: { algorithm: 'danish', script: 'latin', keepAccents: true },
  no: { algorithm: 'norwegian', script: 'latin', keepAccents: true },
  fi: { algorithm: 'finnish', script: 'latin', keepAccents: true },
  hu: { algorithm: 'hungarian', script: 'latin', keepAccents: true },
  tr: { algorithm: 'turkish', script: 'latin', keepAccents: true },
  vi: { script: 'latin', keepAccents: true },
  ru: { algorithm: 'russian', script: 'cyrillic' },
  uk: { script: 'cyrillic' },
  ar: { algorithm: 'arabic', script: 'arabic' },
  hy: { algorithm: 'armenian', script: 'armenian' },
  ta: { algorithm: 'tamil', script: 'tamil' },
  zh: { script: 'other' },
  ja: { script: 'other' },
  ko: { script: 'other' },
  th: { script: 'other' },
  hi: { script: 'other' },
}
const always = ['en', 'ru', 'ar', 'hy', 'ta', 'zh']

const make: AnalyzerFactory = async ({ languages: asked = ['en'] } = {}) => {
  const tags = [...new Set(asked.map((tag) => tag.toLowerCase().split('-')[0]!))]
  for (const tag of tags)
    if (!languages[tag])
      throw new FoveaError(
        'language-unknown',
        `no words are known of the language "${tag}"; choose from: ${Object.keys(languages).join(', ')}`,
      )
  const scripts = new Set(tags.map((tag) => languages[tag]!.script))
  const used = [
    ...tags,
    ...always.filter(
      (tag) => !tags.includes(tag) && !(scripts.has(languages[tag]!.script) && languages[tag]!.script !== 'other'),
    ),
  ]
  const stemmers = new Map<Script, ((word: string) => string)[]>()
  for (const tag of used) {
    const { algorithm, script } = languages[tag]!
    if (!algorithm) continue
    let stemmer: { stem(word: string): string } | undefined
    const list = stemmers.get(script) ?? []
    const stem = (word: string): string => (stemmer ??= snowball.newStemmer(algorithm)).stem(word)
    list.push(
      tag !== 'en'
        ? stem
        : (word) => {
            // This stemmer knows no accents; those of the other languages do.
            const folded = foldAccents(word, script)
            const known = lemmas.get(folded) ?? folded
            return /^[a-z]+$/.test(known) ? stemEnglish(known) : stem(known)
          },
    )
    stemmers.set(script, list)
  }
  const analyzer = analyzerOf({
    name: `words-${version}-${tags.join('+')}`,
    keepAccents: tags.some((tag) => languages[tag]!.keepAccents),
    stopWords: used.flatMap((tag) => (stopWords[tag] ?? '').split(' ').filter(Boolean)),
    // The same characters make words of content in Japanese.
    stopCharacters: tags.includes('ja') ? '' : chineseParticles,
    stem(word, script) {
      const stems = stemmers.get(script)
      if (!stems || /\p{N}/u.test(word)) return word
      return stems.length === 1 ? stems[0]!(word) || word : [...new Set(stems.map((stem) => stem(word) || word))]
    },
  })
  return { ...analyzer, module: { url: import.meta.url, options: { languages: tags } } }
}

export default make

import type { TaskMeta } from '../contract.ts'
import { ItemPlacer } from '../generators/items.ts'
import {
  asSentence,
  type Entry,
  entryText,
  inEnglish,
  type Known,
  lexiconOf,
  makeLanguage,
  makeSentence,
  type RuleName,
  ruleNames,
  ruleText,
  translate,
  wordKinds,
  wordsOf,
} from '../generators/language.ts'
import { aroundOf, series, wordOption } from '../generators/series.ts'
import { common, harmonic } from '../words.ts'

export const meta = {
  name: 'grammar-book',
  summary:
    'A book on an invented language, with its rules, words and sample sentences; a new sentence must be translated.',
  paper: 'Gemini Team 2024, Gemini 1.5, arXiv 2403.05530',
  options: { direction: 'to' },
  metrics: ['exact-match', 'f1'],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

const wordsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
/** Words of each kind that are told before the first sample. */
const fewest = 4

/**
 * `direction` is `to` the language or `from` it into English. Rules and words that the sentence needs are told once each,
 * anywhere in the book; sample sentences, which fill it, use other words, each told before. Evidence are those rules and words
 * without which the translation is another. Scored by all words in their order, and by their overlap. The report translates
 * Kalamang from a real grammar (Tanzer et al. 2023, arXiv 2309.16575) and scores by chrF and by hand.
 */
export default series(
  meta,
  (request) => new ItemPlacer(request),
  async ({ request, kit, id, random }) => {
    const to = wordOption(request.options, 'direction', ['to', 'from']) === 'to'
    const language = makeLanguage(random)
    const lexicon = lexiconOf(language, random)
    const sentence = makeSentence(lexicon, random)
    const asked = new Set(wordsOf(sentence))
    const render = (known?: Known): string =>
      to ? translate(language, sentence, known) : inEnglish(language, sentence, known)
    const gold = render()
    // Each piece of knowledge, and the line that tells it.
    const rules = ruleNames.map((rule) => ({ rule, text: ruleText(language, rule) }))
    const words = [...asked].map((english) => ({ english, text: entryText(language.lexicon.get(english)!) }))
    const pieces: readonly { readonly text: string; readonly rule?: RuleName; readonly english?: string }[] = [
      ...rules,
      ...words,
    ]
    const knows = (has: (piece: number) => boolean | undefined): Known => ({
      word: (english) => Boolean(has(pieces.findIndex((piece) => piece.english === english))),
      rule: (name) => Boolean(has(pieces.findIndex(({ rule }) => rule === name))),
    })
    const needed = [...pieces.keys()].filter((left) => render(knows((piece) => piece !== left)) !== gold)
    const shown = asSentence(to ? inEnglish(language, sentence) : translate(language, sentence), sentence.asked)
    const ask = {
      instruction: `Below is a book about the language ${language.name}. You will be asked to translate a sentence with what it teaches.`,
      question: `Translate into ${to ? language.name : 'English'}: ${shown}`,
      cue: 'Give the translation alone.',
    }
    const known: Entry[] = []
    let next = 0
    const item = (): string => {
      const enough = wordKinds.every((kind) => known.filter((entry) => entry.kind === kind).length >= fewest)
      if (!enough || (next < lexicon.length && random() < 0.4)) {
        while (next < lexicon.length && asked.has(lexicon[next]!.english)) next++
        const entry = lexicon[next++]
        if (entry) {
          known.push(entry)
          return entryText(entry)
        }
      }
      const sample = makeSentence(known, random)
      return `Sample: ${asSentence(translate(language, sample), sample.asked)} That is: ${asSentence(inEnglish(language, sample), sample.asked)}`
    }
    const placed = await kit.place(id, {
      around: aroundOf(ask),
      head: `A grammar of ${language.name}\n`,
      keys: pieces.map(({ text }) => ({ text, depth: request.depth ?? random() })),
      item,
    })
    return {
      id,
      cell: to ? 'to' : 'from',
      corpus: placed.corpus,
      ...ask,
      answers: [[gold]],
      evidence: needed.map((piece) => placed.keys[piece]!),
      tags: {
        length: request.length,
        direction: to ? 'to' : 'from',
        pieces: needed.length,
        words: known.length + asked.size,
        diffusion: meta.diffusion,
        scope: meta.scope,
      },
      tokens: placed.tokens,
      solve(seen) {
        const missed = new Set(needed.filter((_, index) => !seen[index]))
        return missed.size === needed.length ? shown : render(knows((piece) => !missed.has(piece)))
      },
      check(said) {
        const [one, other] = [wordsIn(said), wordsIn(gold)]
        const shared = common(one, other)
        return {
          'exact-match': one.join(' ') === other.join(' ') ? 1 : 0,
          f1: shared === 0 ? 0 : harmonic(shared / one.length, shared / other.length),
        }
      },
    }
  },
)

import { makeSource, type Source, type Span } from '../../core/index.ts'
import type { Corpus, TaskRequest } from '../contract.ts'
import { between } from '../corpus.ts'
import { Lengths } from '../length.ts'
import { costsOf } from './haystack.ts'
import { tooShort } from './series.ts'

/** A sentence to hide: the share of the documents before its own, and of that one's sentences before it. */
export interface Scattered {
  readonly text: string
  readonly document: number
  readonly within: number
}
export interface Documents {
  readonly corpus: Corpus
  readonly spans: readonly Span[]
  /** Number of the document of each sentence that was hidden. */
  readonly documents: readonly number[]
  readonly tokens: number
}

/** Sentences of a document, those that are hidden in it aside. */
const perDocument = 12

/** Cuts a haystack into documents with titles, each a Source of its own, and hides sentences in them. */
export class DocumentPlacer {
  readonly #request: TaskRequest
  readonly #lengths = new Lengths()

  constructor(request: TaskRequest) {
    this.#request = request
  }

  /** `title` names a document by its number, from 0; no two may have the same. */
  async place(
    name: string,
    hidden: readonly Scattered[],
    around: string,
    offset: number,
    title: (number: number) => string,
  ): Promise<Documents> {
    const { haystack, counter, length } = this.#request
    const { sentences } = haystack
    const costs = costsOf(haystack, counter)
    const at = (number: number): number => (offset + number) % sentences.length
    const first = (number: number): boolean => number % perDocument === 0
    const last = (number: number): boolean => number % perDocument === perDocument - 1
    // A piece ends as its document does, so that tokens add up.
    const pieceAt = (number: number): string =>
      `${first(number) ? `${title(number / perDocument)}\n` : ' '}${sentences[at(number)]}${last(number) ? between : ''}`
    const fixed = counter.count(around) + hidden.reduce((sum, { text }) => sum + counter.count(` ${text}`), 0)
    if (fixed > length) throw tooShort(length, fixed)
    const { made, tokens } = this.#lengths.fit({
      length,
      counter,
      fixed,
      piece: pieceAt,
      cost: (number) => (first(number) || last(number) ? counter.count(pieceAt(number)) : costs[at(number)]!),
      compose(pieces, tail) {
        const count = Math.max(1, Math.ceil(pieces / perDocument))
        const texts: string[] = []
        const places: { document: number; start: number }[] = []
        const documents = hidden.map(({ document }) => Math.min(count - 1, Math.floor(document * count)))
        for (let document = 0; document < count; document++) {
          const from = document * perDocument
          const own = Math.min(perDocument, pieces - from)
          const here = [...hidden.keys()]
            .filter((index) => documents[index] === document)
            .sort((one, other) => hidden[one]!.within - hidden[other]!.within || one - other)
          const parts: string[] = []
          let size = title(document).length + 1
          const add = (text: string): number => {
            const start = parts.length === 0 ? size : size + 1
            parts.push(text)
            size = start + text.length
            return start
          }
          for (let sentence = 0; sentence <= own; sentence++) {
            while (here.length > 0 && Math.round(hidden[here[0]!]!.within * own) <= sentence) {
              const index = here.shift()!
              places[index] = { document, start: add(hidden[index]!.text) }
            }
            if (sentence < own) add(sentences[at(from + sentence)]!)
          }
          const words = document === count - 1 && !first(pieces) ? tail.trim() : ''
          if (words !== '') add(words)
          texts.push(`${title(document)}\n${parts.join(' ')}`)
        }
        if (first(pieces) && tail.trim() !== '') texts.push(tail.trim())
        return { made: { texts, places, documents }, prompt: () => `${around}${texts.join(between)}` }
      },
    })
    const sources: Source[] = []
    for (const [number, text] of made.texts.entries())
      sources.push(await makeSource({ uri: `${name}-${number + 1}.txt`, text, mediaType: 'text/plain' }))
    return {
      corpus: { id: name, sources },
      spans: made.places.map(({ document, start }, index) => ({
        source: sources[document]!.id,
        start,
        end: start + hidden[index]!.text.length,
      })),
      documents: made.documents,
      tokens: Math.round(tokens),
    }
  }
}

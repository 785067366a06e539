import { makeSource, type Source, type Span, type TokenCounter } from '../../core/index.ts'
import type { Corpus, TaskRequest } from '../contract.ts'
import { Lengths } from '../length.ts'
import type { Needle } from './needles.ts'
import { tooShort } from './series.ts'

/** A text made of items that stand whole, one after the other. */
export interface ItemText {
  /** All of the prompt but the text. */
  readonly around: string
  /** Stand before the first and behind the last item. */
  readonly head?: string
  readonly foot?: string
  /** Stands between items. Default: a line feed. */
  readonly separator?: string
  /** Items that must be there, each behind that share of the others; of the same depth, in the order given. */
  readonly keys: readonly Needle[]
  /** The other items by number; asked for in order, each once. Undefined: there are no more. */
  item(number: number): string | undefined
  /** Marks an item by its place among all, from 0; a space follows. */
  label?(place: number): string
  /** How words that fill what no whole item fits in are written. Default: as they are. */
  rest?(words: string): string
}
export interface Placed {
  readonly corpus: Corpus
  readonly source: Source
  /** Of each key with its label, in the order in which they were given, and its place among all items. */
  readonly keys: readonly Span[]
  readonly places: readonly number[]
  /** Of the other items with their labels, and their places. */
  readonly items: readonly Span[]
  readonly itemPlaces: readonly number[]
  readonly tokens: number
}

/** Words of a haystack, without signs that formats give a meaning to, of so many tokens or a few less. */
function wordsOf(sentences: readonly string[], offset: number, tokens: number, counter: TokenCounter): string {
  let text = ''
  for (let at = 0; at < tokens; at++)
    for (const word of sentences[(offset + at) % sentences.length]!.replace(/["\\<>&[\]{}#*`|]|--+/g, '').split(
      /\s+/,
    )) {
      if (word === '') continue
      const longer = text === '' ? word : `${text} ${word}`
      if (counter.count(longer) > tokens) return text
      text = longer
    }
  return text
}

const mostKnown = 100_000

/**
 * Makes texts of whole items, of a length in tokens: as many as fit, then words of the haystack at the start for what is
 * left. One placer serves all samples of a task: it learns how tokens add up, and counts the same item once. Throws
 * `length-too-short` where the keys alone are longer.
 */
export class ItemPlacer {
  readonly #request: TaskRequest
  readonly #lengths = new Lengths()
  readonly #known = new Map<string, number>()

  constructor(request: TaskRequest) {
    this.#request = request
  }

  #count(text: string): number {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    if (this.#known.size >= mostKnown) this.#known.clear()
    const tokens = this.#request.counter.count(text)
    this.#known.set(text, tokens)
    return tokens
  }

  async place(name: string, text: ItemText): Promise<Placed> {
    const { counter, length, haystack } = this.#request
    const { around, head = '', foot = '', separator = '\n', keys, label, rest = (words) => words } = text
    const marked = (place: number, own: string): string => (label ? `${label(place)} ${own}` : own)
    const costOf = (place: number, own: string): number =>
      label ? this.#count(label(place)) + this.#count(` ${own}${separator}`) : this.#count(`${own}${separator}`)
    const texts: string[] = []
    const itemAt = (number: number): string | undefined => {
      if (number < texts.length) return texts[number]
      const made = text.item(number)
      if (made !== undefined) texts.push(made)
      return made
    }
    const fixed =
      counter.count(`${around}${head}${foot}`) + keys.reduce((sum, key, place) => sum + costOf(place, key.text), 0)
    if (fixed > length) throw tooShort(length, fixed)
    const order = [...keys.keys()].sort((one, other) => keys[one]!.depth - keys[other]!.depth || one - other)
    const filler = (tail: string): string => {
      const room = counter.count(tail) - counter.count(`${rest('')}${separator}`)
      const words = room > 1 ? wordsOf(haystack.sentences, texts.length, room, counter) : ''
      return words === '' ? '' : rest(words)
    }
    const { made, tokens } = this.#lengths.fit({
      length,
      counter,
      fixed,
      piece: (number) => {
        const own = itemAt(number)
        return own === undefined ? undefined : `${marked(number, own)}${separator}`
      },
      cost: (number) => costOf(number, texts[number]!),
      compose(pieces, tail) {
        const parts: string[] = []
        const spans: [number, number][] = []
        let size = head.length
        const add = (own: string): void => {
          const start = parts.length === 0 ? size : size + separator.length
          parts.push(own)
          size = start + own.length
          spans.push([start, size])
        }
        const first = tail === '' ? '' : filler(tail)
        if (first !== '') add(first)
        const before = parts.length
        const keyPlaces: number[] = []
        const itemPlaces: number[] = []
        let next = 0
        for (let piece = 0; piece <= pieces; piece++) {
          for (; next < order.length && Math.round(keys[order[next]!]!.depth * pieces) <= piece; next++) {
            const place = parts.length - before
            keyPlaces[order[next]!] = place
            add(marked(place, keys[order[next]!]!.text))
          }
          if (piece === pieces) break
          itemPlaces.push(parts.length - before)
          add(marked(parts.length - before, texts[piece]!))
        }
        const whole = `${head}${parts.join(separator)}${foot}`
        return { made: { whole, spans, before, keyPlaces, itemPlaces }, prompt: () => `${around}${whole}` }
      },
    })
    const source = await makeSource({ uri: `${name}.txt`, text: made.whole, mediaType: 'text/plain' })
    const spanOf = (place: number): Span => {
      const [start, end] = made.spans[made.before + place]!
      return { source: source.id, start, end }
    }
    return {
      corpus: { id: name, sources: [source] },
      source,
      keys: made.keyPlaces.map(spanOf),
      places: made.keyPlaces,
      items: made.itemPlaces.map(spanOf),
      itemPlaces: made.itemPlaces,
      tokens: Math.round(tokens),
    }
  }
}

import { makeSource, type Span, splitsPair, type TokenCounter } from '../../core/index.ts'
import type { TaskRequest, Unit } from '../contract.ts'
import { Lengths } from '../length.ts'
import type { Hidden, Needle } from './needles.ts'

/** A way through entries without end. */
export interface Walk {
  text(number: number): string
  /** Tokens of the text with what parts it from its neighbour. */
  cost(number: number): number
}

/** Entries of a list: each is made and counted once, for all samples of a task. */
export class Entries<Value> {
  readonly #values: Value[] = []
  readonly #costs: number[] = []
  readonly #make: (number: number) => Value
  readonly #text: (value: Value) => string
  readonly #counter: TokenCounter
  readonly #glue: string

  /** `glue` is what parts an entry from the next; tokenizers join it to what stands before it. */
  constructor(make: (number: number) => Value, text: (value: Value) => string, counter: TokenCounter, glue: string) {
    this.#make = make
    this.#text = text
    this.#counter = counter
    this.#glue = glue
  }

  value(number: number): Value {
    while (this.#values.length <= number) this.#values.push(this.#make(this.#values.length))
    return this.#values[number]!
  }

  text(number: number): string {
    return this.#text(this.value(number))
  }

  cost(number: number): number {
    return (this.#costs[number] ??= this.#counter.count(this.text(number) + this.#glue))
  }

  /** From the entry with that number on, past those that are not accepted. */
  walk(offset: number, accepts: (value: Value) => boolean = () => true): Walk {
    const chosen: number[] = []
    let next = offset
    const at = (number: number): number => {
      for (; chosen.length <= number; next++) if (accepts(this.value(next))) chosen.push(next)
      return chosen[number]!
    }
    return { text: (number) => this.text(at(number)), cost: (number) => this.cost(at(number)) }
  }
}

export interface Listing {
  readonly name: string
  /** All of the prompt but the text. */
  readonly around: string
  /** Entries at their depths. */
  readonly items: readonly Needle[]
  /** Entries among which they stand. */
  readonly others: Walk
  readonly glue: string
  readonly open?: string
  readonly close?: string
  /** What stands before the entry at a place, counted from 0. */
  readonly label?: (place: number) => string
  /** Makes a whole entry of the first characters of one, to fill the last tokens; empty when that cannot be. */
  readonly cut: (beginning: string) => string
}
export interface Listed extends Hidden {
  /** Place of each item among all entries, from 0. */
  readonly places: readonly number[]
  readonly entries: number
}

/** Puts entries at exact depths into a list of a length in tokens; one placer serves all samples of a task. */
export class ListPlacer {
  readonly #request: TaskRequest
  readonly #lengths = new Lengths()
  readonly #labels: number[] = []

  constructor(request: TaskRequest) {
    this.#request = request
  }

  /** Each entry is a unit of the corpus. */
  async place(listing: Listing): Promise<Listed> {
    const { counter, length } = this.#request
    const { name, around, items, others, glue, open = '', close = '', label = () => '', cut } = listing
    const labelCost = (place: number): number =>
      listing.label ? (this.#labels[place] ??= counter.count(label(place))) : 0
    /** The longest beginning of an entry that makes one of no more than so many tokens. */
    const fitting = (entry: string, room: number, before: string): string => {
      let [low, high, best] = [0, entry.length, '']
      while (low < high) {
        const middle = (low + high + 1) >>> 1
        const made = cut(entry.slice(0, splitsPair(entry, middle) ? middle - 1 : middle))
        if (made === '' || counter.count(before + made) <= room) [low, best] = [middle, made]
        else high = middle - 1
      }
      return best
    }
    const order = [...items.keys()].sort((one, other) => items[one]!.depth - items[other]!.depth || one - other)
    const { made, tokens } = this.#lengths.fit({
      length,
      counter,
      fixed:
        counter.count(`${around}${open}${close}`) +
        items.reduce((sum, { text }, at) => sum + counter.count(text + glue) + labelCost(at), 0),
      piece: (number) => label(number) + others.text(number),
      cost: (number) => others.cost(number) + labelCost(items.length + number),
      compose(pieces, tail) {
        const last = tail === '' ? '' : fitting(others.text(pieces), counter.count(tail), label(items.length + pieces))
        const total = pieces + (last === '' ? 0 : 1)
        const parts: string[] = []
        const ranges: [number, number][] = []
        let size = open.length
        const add = (text: string): number => {
          const place = parts.length
          const entry = label(place) + text
          if (place > 0) size += glue.length
          ranges.push([size, size + entry.length])
          size += entry.length
          return parts.push(entry) - 1
        }
        const places: number[] = []
        let next = 0
        for (let piece = 0; piece <= total; piece++) {
          for (; next < order.length && Math.round(items[order[next]!]!.depth * total) <= piece; next++)
            places[order[next]!] = add(items[order[next]!]!.text)
          if (piece < pieces) add(others.text(piece))
          else if (piece < total) add(last)
        }
        const text = `${open}${parts.join(glue)}${close}`
        return { made: { text, ranges, places }, prompt: () => `${around}${text}` }
      },
    })
    const source = await makeSource({ uri: `${name}.txt`, text: made.text, mediaType: 'text/plain' })
    const units = made.ranges.map(([start, end]): Unit => ({ source: source.id, start, end }))
    const spans = made.places.map((place): Span => units[place]!)
    const { places } = made
    return { corpus: { id: name, sources: [source], units }, source, spans, tokens, places, entries: units.length }
  }
}

/** A pair of a JSON object, on a line of its own. */
export const pairText = (key: string, values: string | readonly string[]): string =>
  `${JSON.stringify(key)}: ${typeof values === 'string' ? JSON.stringify(values) : `[${values.map((value) => JSON.stringify(value)).join(', ')}]`}`

/** The layout of a JSON object of pairs; the last pair has a shorter key or value. */
export const jsonObject = {
  open: '{\n',
  close: '\n}',
  glue: ',\n',
  cut(beginning: string): string {
    const characters = beginning.replace(/[": ]/g, '')
    if (characters.length < 4) return ''
    const key = characters.slice(0, Math.min(36, characters.length - 2))
    return pairText(key, characters.slice(key.length))
  },
} as const

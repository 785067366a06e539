import { asks, type Question } from './question.ts'
import { kinds, type Tokens } from './tokens.ts'

/** How much each term of the question weighs: its rarity where it carries content and stands in some text of the list, else 0. */
export interface Weights {
  readonly of: Float64Array
  readonly total: number
  readonly squares: number
  readonly largest: number
  /** Terms that weigh something. */
  readonly count: number
  /** Mean length of the texts, in words. */
  readonly meanLength: number
}

export function weigh(question: Question, texts: readonly Tokens[], rarity: (term: string) => number): Weights {
  const there = new Uint8Array(question.size)
  let words = 0
  for (const { ids, length } of texts) {
    words += length
    for (let at = 0; at < ids.length; at++) if (ids[at]! < question.size) there[ids[at]!] = 1
  }
  const of = new Float64Array(question.size)
  let [total, squares, largest, count] = [0, 0, 0, 0]
  for (let term = 0; term < question.size; term++) {
    if (!there[term] || !question.content[term]) continue
    const weight = Math.max(1e-3, rarity(question.terms[term]!))
    of[term] = weight
    total += weight
    squares += weight * weight
    largest = Math.max(largest, weight)
    count++
  }
  return {
    of,
    total: total || 1,
    squares: squares || 1,
    largest: largest || 1,
    count: count || 1,
    meanLength: words / Math.max(1, texts.length) || 1,
  }
}

/** What `TextMeasure` gives, in this order. */
export const textFeatures = [
  'cover',
  'cover of rare',
  'terms',
  'heaviest missing',
  'bm25',
  'window 10',
  'window 25',
  'pairs',
  'run',
  'focus',
  'named',
  'stops',
  'fits the question',
  'nearness of what fits',
] as const

/** Buffers that one thread of work uses again and again. */
export class TextMeasure {
  readonly #question: Question
  readonly #weights: Weights
  readonly #counts: Int32Array
  readonly #window: Int32Array
  readonly #runs: Int32Array
  /** Positions in the question's sequence at which a term stands. */
  readonly #places: readonly (readonly number[])[]
  readonly #pairTotal: number
  readonly #focusTotal: number
  readonly #namedTotal: number
  readonly #stops: number

  constructor(question: Question, weights: Weights) {
    const { size, sequence } = question
    this.#question = question
    this.#weights = weights
    this.#counts = new Int32Array(size)
    this.#window = new Int32Array(size)
    this.#runs = new Int32Array(sequence.length + 1)
    const places: number[][] = Array.from({ length: size }, () => [])
    for (const [place, id] of sequence.entries()) places[id]!.push(place)
    this.#places = places
    let [pairs, focus, named, stops] = [0, 0, 0, 0]
    for (let at = 0; at + 1 < sequence.length; at++) pairs += this.#pair(at)
    for (let term = 0; term < size; term++) {
      if (question.focus[term]) focus += weights.of[term]!
      if (question.named[term]) named += weights.of[term]!
      if (!question.content[term]) stops++
    }
    this.#pairTotal = pairs
    this.#focusTotal = focus
    this.#namedTotal = named
    this.#stops = stops
  }

  /** Weight of the pair of words that begins at a place of the question. */
  #pair(place: number): number {
    const { of } = this.#weights
    const { sequence } = this.#question
    const [one, other] = [of[sequence[place]!]!, of[sequence[place + 1]!]!]
    return one > 0 && other > 0 ? one + other : 0
  }

  /** Writes the features of one text, `textFeatures.length` numbers, from `at`. */
  measure(tokens: Tokens, out: Float32Array, at: number): void {
    const { ids, positions, kinds: signs, length } = tokens
    const question = this.#question
    const { of, total, squares, largest, count, meanLength } = this.#weights
    const { size, content, signs: groups, sequence } = question
    const counts = this.#counts.fill(0)
    const runs = this.#runs.fill(0)
    const seenPairs = new Set<number>()
    const hits: number[] = []
    const fits: number[] = []
    let [longest, last] = [0, -1]
    let isRunning = false
    for (let index = 0; index < ids.length; index++) {
      const id = ids[index]!
      const kind = signs[index]!
      const position = positions[index]!
      if (id < size) {
        if (of[id]! > 0) hits.push(index)
        counts[id]!++
        isRunning = true
        const places = this.#places[id]!
        for (let each = places.length - 1; each >= 0; each--) {
          const place = places[each]!
          const before = index > 0 && positions[index - 1] === position - 1 ? runs[place]! : 0
          runs[place + 1] = before + 1
          if (before + 1 > longest) longest = before + 1
          if (before > 0 && of[id]! > 0) seenPairs.add(place - 1)
        }
        for (let place = 0; place < sequence.length; place++) if (sequence[place] !== id) runs[place + 1] = 0
      } else {
        if (isRunning) runs.fill(0)
        isRunning = false
        if (position !== last && fitsAsk(question.ask, kind, groups[id] ?? 255)) fits.push(index)
      }
      last = position
    }
    let [cover, rare, terms, missing, bm25, focus, named, stops] = [0, 0, 0, 0, 0, 0, 0, 0]
    for (let term = 0; term < size; term++) {
      const weight = of[term]!
      const held = counts[term]!
      if (held === 0) {
        if (weight > missing) missing = weight
        continue
      }
      if (!content[term]) stops++
      if (weight === 0) continue
      cover += weight
      rare += weight * weight
      terms++
      bm25 += (weight * held * 2.2) / (held + 0.3 + (0.9 * length) / meanLength)
      if (question.focus[term]) focus += weight
      if (question.named[term]) named += weight
    }
    let pairs = 0
    for (const place of seenPairs) pairs += this.#pair(place)
    const [near, middle] = this.#best(tokens, hits, 10)
    const [wide] = this.#best(tokens, hits, 25)
    let nearest = 60
    if (near > 0) for (const index of fits) nearest = Math.min(nearest, Math.abs(positions[index]! - middle))
    let to = at
    out[to++] = cover / total
    out[to++] = rare / squares
    out[to++] = terms / count
    out[to++] = missing / largest
    out[to++] = bm25 / total
    out[to++] = near / total
    out[to++] = wide / total
    out[to++] = this.#pairTotal > 0 ? pairs / this.#pairTotal : -1
    out[to++] = longest
    out[to++] = question.several && this.#focusTotal > 0 ? focus / this.#focusTotal : -1
    out[to++] = this.#namedTotal > 0 ? named / this.#namedTotal : -1
    out[to++] = this.#stops > 0 ? stops / this.#stops : -1
    out[to++] = question.ask === asks.other ? -1 : Math.log1p(fits.length)
    out[to++] = question.ask === asks.other ? -1 : Math.log1p(nearest)
  }

  /** The heaviest window of so many words: the weight of its distinct terms, and the position of its middle. */
  #best({ ids, positions }: Tokens, hits: readonly number[], width: number): [weight: number, middle: number] {
    const { of } = this.#weights
    const held = this.#window.fill(0)
    let [best, middle, sum, from] = [0, 0, 0, 0]
    for (const index of hits) {
      const position = positions[index]!
      while (positions[hits[from]!]! <= position - width) {
        const id = ids[hits[from++]!]!
        if (--held[id]! === 0) sum -= of[id]!
      }
      const id = ids[index]!
      if (held[id]!++ === 0) sum += of[id]!
      if (sum > best + 1e-9) [best, middle] = [sum, (positions[hits[from]!]! + position) / 2]
    }
    return [best, middle]
  }
}

/** True for a word that could be, or be part of, what the question asks for. */
function fitsAsk(ask: number, kind: number, group: number): boolean {
  switch (ask) {
    case asks.who:
      return (kind & kinds.name) !== 0
    case asks.when:
      return (kind & kinds.year) !== 0 || group === 0
    case asks.where:
      return (kind & kinds.name) !== 0 || group === 2
    case asks.number:
      return (kind & kinds.number) !== 0 || group === 1
    case asks.why:
      return group === 3
    case asks.what:
      return (kind & (kinds.name | kinds.number)) !== 0
    default:
      return false
  }
}

import { inverseDocumentFrequency } from '../../core/index.ts'
import { TextMeasure, textFeatures, type Weights } from './lexical.ts'
import type { Question } from './question.ts'
import { kinds, type Tokens } from './tokens.ts'

/** A passage of a list: the words above it and its own, and the score that it was found with. */
export interface Listed {
  readonly tokens: Tokens
  /** How many words from the start are a title or headings. */
  readonly title?: number
  readonly score?: number
}

const own = textFeatures.length
const index = (name: (typeof textFeatures)[number]): number => textFeatures.indexOf(name)
/** Features of the text that are also given as a share of the best in the list. */
const shares = ['cover', 'bm25', 'window 10', 'window 25', 'pairs', 'cover of rare', 'fits the question'] as const

/** What `measureList` gives for each passage, in this order. */
export const listFeatures: readonly string[] = [
  ...textFeatures,
  ...shares.map((name) => `${name}, of the best`),
  'rank',
  'score, of the best',
  'score in deviations',
  'rank by bm25',
  'head covers',
  'head asked for',
  'like the first',
  'head told of by the first',
  'new beside the first',
  'new beside the first three',
  'names of the first',
  'title in the question',
  'title in the first',
  'first title in it',
]
/** Words of a text without a title that count as its head. */
const headWords = 6
const firsts = 3
/** Passages whose titles and words are looked for in the others. */
const tellers = 5
/** Most words of a title. */
const titleWords = 6
/** Passages of a list whose words tell how rare a word is in it. */
const mostCounted = 400

/** The features of all passages of a list, row by row. */
export function measureList(
  question: Question,
  weights: Weights,
  list: readonly Listed[],
  vocabulary: number,
): Float32Array {
  const width = listFeatures.length
  const matrix = new Float32Array(list.length * width)
  const measure = new TextMeasure(question, weights)
  for (const [row, { tokens }] of list.entries()) measure.measure(tokens, matrix, row * width)
  const scores = scoresOf(list, matrix, width)
  const order = list.map((_, row) => row).sort((a, b) => scores[b]! - scores[a]! || a - b)
  const byText = list
    .map((_, row) => row)
    .sort((a, b) => matrix[b * width + index('bm25')]! - matrix[a * width + index('bm25')]! || a - b)
  const textRank = new Int32Array(list.length)
  for (const [rank, row] of byText.entries()) textRank[row] = rank
  const best = shares.map((name) => {
    let most = 1e-6
    for (let row = 0; row < list.length; row++) most = Math.max(most, matrix[row * width + index(name)]!)
    return most
  })
  const mean = scores.reduce((sum, score) => sum + score, 0) / Math.max(1, list.length)
  const deviation =
    Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / Math.max(1, list.length)) || 1
  const top = order.length > 0 ? scores[order[0]!]! : 0
  const company = new Company(question, weights, list, order, vocabulary)
  for (const [rank, row] of order.entries()) {
    let to = row * width + own
    for (const [share, name] of shares.entries())
      matrix[to++] = Math.max(0, matrix[row * width + index(name)]!) / best[share]!
    const score = scores[row]!
    matrix[to++] = Math.log1p(rank)
    matrix[to++] = top > 0 ? score / top : 0
    matrix[to++] = (score - mean) / deviation
    matrix[to++] = Math.log1p(textRank[row]!)
    company.measure(row, matrix, to)
  }
  return matrix
}

/** The scores given, or where there are none those of the words. */
function scoresOf(list: readonly Listed[], matrix: Float32Array, width: number): Float64Array {
  const given = list.every(({ score }) => score !== undefined && Number.isFinite(score))
  const scores = Float64Array.from(list, ({ score }, row) => (given ? score! : matrix[row * width + index('bm25')]!))
  const least = scores.reduce((low, score) => Math.min(low, score), 0)
  return least < 0 ? scores.map((score) => score - least) : scores
}

/** The words of a text in order, and the places of each. */
interface Told {
  readonly row: number
  readonly words: Int32Array
  readonly places: ReadonlyMap<number, readonly number[]>
}
function toldBy(row: number, words: Int32Array): Told {
  const places = new Map<number, number[]>()
  for (const [place, word] of words.entries()) {
    const known = places.get(word)
    if (known) known.push(place)
    else places.set(word, [place])
  }
  return { row, words, places }
}
/** The first term of each word. */
function wordsOf({ ids, positions }: Tokens): Int32Array {
  const words = new Int32Array(ids.length)
  let size = 0
  for (let at = 0; at < ids.length; at++) if (at === 0 || positions[at] !== positions[at - 1]) words[size++] = ids[at]!
  return words.subarray(0, size)
}

function placesIn(words: Int32Array, word: number): number[] {
  const places: number[] = []
  for (let at = words.indexOf(word); at !== -1; at = words.indexOf(word, at + 1)) places.push(at)
  return places
}

/** What passages of one list have to do with each other. */
class Company {
  readonly #question: Question
  readonly #weights: Weights
  readonly #list: readonly Listed[]
  readonly #order: readonly number[]
  /** How rare a term is among the passages, by its number. */
  readonly #rarity: Float64Array
  /** The rarity of what stands in one passage. */
  readonly #most: number
  /** Weights of the terms of the first passages, and how many of them hold a term. */
  readonly #inFirst: Float64Array
  readonly #firstNames: Uint8Array
  readonly #stamp: Int32Array
  readonly #firstNorms: Map<number, number>
  /** Of each of the first passages, 1 for the terms of the question that it holds. */
  readonly #held: Uint8Array[] = []
  /** Of each of the tellers, its words in order, and where each stands. */
  readonly #told: Told[] = []
  readonly #asked: Told
  #turn = 0

  constructor(
    question: Question,
    weights: Weights,
    list: readonly Listed[],
    order: readonly number[],
    vocabulary: number,
  ) {
    this.#question = question
    this.#weights = weights
    this.#list = list
    this.#order = order
    this.#stamp = new Int32Array(vocabulary).fill(-1)
    const held = new Float64Array(vocabulary)
    const counted = order.slice(0, mostCounted)
    for (const row of counted) this.#each(row, (id) => held[id]!++)
    this.#rarity = held.map((count) => inverseDocumentFrequency(counted.length, count))
    this.#most = inverseDocumentFrequency(counted.length, 1) || 1
    this.#asked = toldBy(-1, question.sequence)
    for (const row of order.slice(0, tellers)) this.#told.push(toldBy(row, wordsOf(list[row]!.tokens)))
    this.#inFirst = new Float64Array(vocabulary)
    this.#firstNames = new Uint8Array(vocabulary)
    this.#firstNorms = new Map()
    for (const row of order.slice(0, firsts)) {
      let square = 0
      const has = new Uint8Array(question.size)
      this.#each(row, (id, kind) => {
        if (id < question.size) has[id] = 1
        else {
          this.#inFirst[id]!++
          square += this.#rarity[id]! ** 2
        }
        if (kind & kinds.name) this.#firstNames[id] = 1
      })
      this.#held.push(has)
      this.#firstNorms.set(row, square)
    }
  }

  /** Each distinct term of a passage. */
  #each(row: number, visit: (id: number, kind: number) => void): void {
    const { ids, kinds } = this.#list[row]!.tokens
    const turn = this.#turn++
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at]!
      if (this.#stamp[id] === turn) continue
      this.#stamp[id] = turn
      visit(id, kinds[at]!)
    }
  }

  #head(row: number): { readonly ids: Int32Array; readonly end: number } {
    const { tokens, title } = this.#list[row]!
    const words = title ?? headWords
    let end = 0
    while (end < tokens.ids.length && tokens.positions[end]! < words) end++
    return { ids: tokens.ids, end }
  }

  /** Writes ten numbers from `to`. */
  measure(row: number, out: Float32Array, to: number): void {
    const { total, of } = this.#weights
    const { size } = this.#question
    const own = this.#firstNorms.has(row) ? 1 : 0
    const head = this.#askedOf(this.#head(row))
    let [dot, square, names, nameCount, freshOne, freshAll] = [0, 0, 0, 0, 0, 0]
    this.#each(row, (id, kind) => {
      if (id < size) {
        if (of[id] === 0) return
        let [one, all] = [true, true]
        for (let first = 0; first < this.#held.length; first++) {
          if (this.#order[first] === row || !this.#held[first]![id]) continue
          all = false
          if (first === 0) one = false
        }
        if (one) freshOne += of[id]!
        if (all) freshAll += of[id]!
        return
      }
      const rarity = this.#rarity[id]!
      const others = this.#inFirst[id]! - own
      dot += others * rarity * rarity
      square += rarity * rarity
      if (kind & kinds.name) {
        nameCount++
        if (others > 0 && this.#firstNames[id]) names += rarity
      }
    })
    let norm = 0
    for (const [first, value] of this.#firstNorms) if (first !== row) norm += value
    let at = to
    out[at++] = head[0]!
    out[at++] = head[1]!
    out[at++] = square > 0 && norm > 0 ? dot / Math.sqrt(square * norm) : 0
    out[at++] = this.#toldOf(row, own)
    out[at++] = freshOne / total
    out[at++] = freshAll / total
    out[at++] = nameCount > 0 ? names / Math.sqrt(nameCount) : 0
    const words = wordsOf(this.#list[row]!.tokens)
    let [inFirst, firstIn] = [0, 0]
    for (const told of this.#told) {
      if (told.row === row) continue
      inFirst = Math.max(inFirst, this.#title(words, told, true))
      firstIn = Math.max(firstIn, this.#title(told.words, undefined, true, words))
    }
    out[at++] = this.#title(words, this.#asked, false)
    out[at++] = inFirst
    out[at++] = firstIn
  }

  /**
   * How much of the beginning of some words stands as it is in another text, in rarest words. With `beyond`, what the
   * question says counts nothing.
   */
  #title(words: Int32Array, told: Told | undefined, beyond: boolean, other: Int32Array = told!.words): number {
    let best = 0
    for (const from of [0, 1]) {
      const first = words[from]
      if (first === undefined) break
      const places = told ? (told.places.get(first) ?? []) : placesIn(other, first)
      for (const place of places) {
        let sum = 0
        for (let at = 0; at < titleWords && words[from + at] === other[place + at] && place + at < other.length; at++) {
          const id = words[from + at]!
          if (!beyond || id >= this.#question.size) sum += this.#rarity[id]!
        }
        best = Math.max(best, sum)
      }
    }
    return best / this.#most
  }

  /** How much of the question some words cover, and which share of their weight the question asks for. */
  #askedOf({ ids, end }: { readonly ids: Int32Array; readonly end: number }): [covers: number, asked: number] {
    const { of, total } = this.#weights
    const { size } = this.#question
    const turn = this.#turn++
    let [covered, asked, all] = [0, 0, 0]
    for (let at = 0; at < end; at++) {
      const id = ids[at]!
      if (this.#stamp[id] === turn) continue
      this.#stamp[id] = turn
      all += this.#rarity[id]!
      if (id >= size || of[id] === 0) continue
      covered += of[id]!
      asked += this.#rarity[id]!
    }
    return [covered / total, all > 0 ? asked / all : 0]
  }

  /** Which share of the head's words that the question does not say stands in the first passages. */
  #toldOf(row: number, own: number): number {
    const { ids, end } = this.#head(row)
    let [told, all] = [0, 0]
    for (let at = 0; at < end; at++) {
      const id = ids[at]!
      if (id < this.#question.size) continue
      all += this.#rarity[id]!
      if (this.#inFirst[id]! - own > 0) told += this.#rarity[id]!
    }
    return all > 0 ? told / all : 0
  }
}

import { FoveaError } from '../../core/index.ts'
import { BlockCache } from './blocks.ts'
import { Bytes, writeTerm } from './bytes.ts'
import type {
  BlockStorage,
  InvertedQuery,
  InvertedReader,
  ReaderOptions,
  ScoredPassage,
  SegmentInfo,
} from './contract.ts'
import { Entry } from './dictionary.ts'
import { Saturation } from './impacts.ts'
import { decodedLength } from './lengths.ts'
import { PostingList } from './list.ts'
import { Phrase, type Slot } from './phrase.ts'
import { searchRequired } from './required.ts'
import { type Clause, type Task, WindowSearch } from './search.ts'
import { Segment } from './segment.ts'
import { Top } from './top.ts'

/** Weights are rounded to this share of all weights together, so that sums of scores are exact in any order. */
const weightGrid = 2 ** -23
/** Scores are whole multiples of the total weight's grid times the grid of saturations. */
const scoreGrid = 2 ** -45

/** One term of the query in all segments. */
interface Found {
  readonly term: string
  /** By segment; undefined where it does not occur. */
  readonly entries: (Entry | undefined)[]
  readonly frequency: number
}

class BlockReader implements InvertedReader {
  readonly #cache: BlockCache
  readonly #k1: number
  readonly #b: number
  readonly #segments = new Map<number, Segment>()
  readonly #lists: PostingList[] = []
  readonly #windows: WindowSearch[] = []
  readonly #key = new Bytes(2048)
  #saturation: Saturation | undefined

  constructor(storage: BlockStorage, options: ReaderOptions) {
    this.#cache = new BlockCache(storage, options.cacheBytes ?? 64 * 1024 * 1024)
    this.#k1 = options.k1 ?? 1.2
    this.#b = options.b ?? 0.75
  }

  forget(segment: number): void {
    this.#segments.delete(segment)
    this.#cache.forget(segment)
  }

  frequency(segments: readonly SegmentInfo[], term: string): number {
    return this.#find(this.#open(segments), term).frequency
  }

  search(segments: readonly SegmentInfo[], query: InvertedQuery, abortSignal?: AbortSignal): ScoredPassage[] {
    const check = (): void => abortSignal?.throwIfAborted()
    check()
    const { limit } = query
    if (!(limit >= 1)) throw new FoveaError('argument', `The limit of a search must be at least 1, not ${limit}.`)
    const opened = this.#open(segments)
    const found = new Map<string, Found>()
    const find = (term: string): Found => {
      const known = found.get(term) ?? this.#find(opened, term)
      found.set(term, known)
      return known
    }
    const { weights, unit } = this.#weights(query, find)
    const phrases = (query.phrases ?? []).filter((phrase) => phrase.length > 0)
    for (const phrase of phrases) for (const { term } of phrase) find(term)
    if (weights.size === 0 && phrases.length === 0) return []
    const top = new Top(limit)
    const saturation = this.#saturationFor(query.meanLength)
    const window = this.#windows.pop() ?? new WindowSearch()
    const taken: PostingList[] = []
    let highest = -1
    try {
      for (let i = 0; i < opened.length; i++) {
        const segment = opened[i]!
        const lists = new Map<string, PostingList>()
        const listOf = (term: string): PostingList | undefined => {
          const entry = found.get(term)!.entries[i]
          if (entry === undefined) return undefined
          let list = lists.get(term)
          if (list === undefined) {
            list = (this.#lists.pop() ?? new PostingList()).open(segment, entry, saturation)
            lists.set(term, list)
            taken.push(list)
          }
          return list
        }
        const clauses: Clause[] = []
        for (const [term, weight] of weights) {
          const list = listOf(term)
          if (list !== undefined) clauses.push({ list, weight })
        }
        const tie = segment.info.first > highest ? 0 : unit / 2
        highest = Math.max(highest, segment.info.last)
        const accept = query.accept === undefined ? undefined : (passage: number) => query.accept!(passage)
        const task: Task = { segment, clauses, saturation, top, tie, accept, check }
        if (phrases.length === 0 && query.match === 'any') {
          if (clauses.length > 0) window.run(task)
        } else if (query.match === 'any' || clauses.length === weights.size) {
          const placed = phrases.map((phrase) => placesOf(phrase, listOf))
          const slots: Slot[] = placed.flatMap((places) => places.map((place) => place.slot))
          if (query.match === 'all') slots.push(...clauses.map((clause) => [clause.list]))
          if (slots.every((slot) => slot.length > 0)) {
            searchRequired(
              task,
              slots,
              placed.map((places) => new Phrase(places)),
            )
          }
        }
        this.#lists.push(...taken.splice(0))
      }
    } catch (error) {
      // A window that was left half-way holds scores; a new one is made next time.
      this.#lists.push(...taken)
      throw error
    }
    this.#windows.push(window)
    return top.sorted()
  }

  /** Segments in the order of their passages. */
  #open(segments: readonly SegmentInfo[]): Segment[] {
    return segments
      .filter((info) => info.passages > 0)
      .sort((a, b) => a.first - b.first)
      .map((info) => {
        const known = this.#segments.get(info.segment)
        if (known?.info.header === info.header && known.info.first === info.first && known.info.last === info.last)
          return known
        this.forget(info.segment)
        const segment = new Segment(info, this.#cache)
        this.#segments.set(info.segment, segment)
        return segment
      })
  }

  #find(segments: readonly Segment[], term: string): Found {
    this.#key.size = 0
    writeTerm(this.#key, term)
    let frequency = 0
    const entries = segments.map((segment) => {
      const entry = new Entry()
      if (!segment.dictionary.find(this.#key.data, this.#key.size, entry)) return undefined
      frequency += entry.frequency
      return entry
    })
    return { term, entries, frequency }
  }

  /** Inverse document frequency times the weight of each term, rounded; `unit`: the grid of the scores. */
  #weights(query: InvertedQuery, find: (term: string) => Found): { weights: Map<string, number>; unit: number } {
    const given = new Map<string, number>()
    for (const { term, weight } of query.terms) {
      if (!(weight > 0 && weight < Number.POSITIVE_INFINITY)) {
        throw new FoveaError('argument', `The weight of the term "${term}" must be above 0, not ${weight}.`)
      }
      given.set(term, (given.get(term) ?? 0) + weight)
    }
    const weights = new Map<string, number>()
    let total = 0
    for (const [term, weight] of given) {
      const { frequency } = find(term)
      const others = Math.max(0, query.passages - frequency)
      const value = weight * Math.log(1 + (others + 0.5) / (frequency + 0.5))
      weights.set(term, value)
      total += value
    }
    const scale = total > 0 ? 2 ** Math.ceil(Math.log2(total)) : 1
    for (const [term, value] of weights) {
      weights.set(term, Math.max(1, Math.round(value / (scale * weightGrid))) * scale * weightGrid)
    }
    return { weights, unit: scale * scoreGrid }
  }

  #saturationFor(meanLength: number): Saturation {
    if (this.#saturation?.meanLength !== meanLength) {
      this.#saturation = new Saturation(meanLength, this.#k1, this.#b, decodedLength)
    }
    return this.#saturation
  }
}

const placesOf = (
  phrase: NonNullable<InvertedQuery['phrases']>[number],
  listOf: (term: string) => PostingList | undefined,
): { slot: Slot; offset: number }[] => {
  const byOffset = new Map<number, PostingList[]>()
  for (const { term, position } of phrase) {
    const slot = byOffset.get(position) ?? []
    byOffset.set(position, slot)
    const list = listOf(term)
    if (list !== undefined && !slot.includes(list)) slot.push(list)
  }
  return [...byOffset].map(([offset, slot]) => ({ slot, offset }))
}

/** Reads segments through a cache of blocks. */
export const invertedReader = (storage: BlockStorage, options: ReaderOptions = {}): InvertedReader =>
  new BlockReader(storage, options)

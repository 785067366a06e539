import { BlockCache } from './blocks.ts'
import { type Bytes, compareBytes } from './bytes.ts'
import type { BlockStorage, MergeSteps, SegmentInfo } from './contract.ts'
import { Saturation } from './impacts.ts'
import { eachLength, lengthBlockShift, lengthBlockSize, Pages } from './lengths.ts'
import { noPassage, PostingList } from './list.ts'
import { Segment } from './segment.ts'
import { SegmentWriter } from './writer.ts'

const cacheBytes = 16 * 1024 * 1024
/** Postings written between two steps. */
const stepPostings = 200_000
/** Bounds are made anew while writing; those of the inputs are not used. */
const anySaturation = new Saturation(1, 1.2, 0.75, () => 1)

/** One input: its dictionary walked term by term, and the postings of the current term. */
class Input {
  readonly segment: Segment
  readonly first: number
  readonly last: number
  readonly terms: ReturnType<Segment['dictionary']['walk']>
  /** The current passage of the current term by its global number, `noPassage` behind the last. */
  passage = noPassage
  frequency = 0
  /** Its positions as gaps. */
  positions: Uint8Array = new Uint8Array(0)
  start = 0
  end = 0
  readonly #list = new PostingList()
  #index = 0
  #numbers: Int32Array = this.#list.passages
  #frequencies: Int32Array = this.#list.passages

  constructor(segment: Segment) {
    this.segment = segment
    this.first = segment.info.first
    this.last = segment.info.last
    this.terms = segment.dictionary.walk()
  }

  openTerm(): void {
    this.#list.open(this.segment, this.terms.entry, anySaturation)
    this.#index = 0
    this.#loadGroup()
  }

  #loadGroup(): void {
    if (!this.#list.nextGroup()) {
      this.passage = noPassage
      return
    }
    this.#index = 0
    this.#numbers = this.#list.passages
    this.#frequencies = this.#list.frequencies
    const view = this.#list.groupPositions()
    this.positions = view.bytes
    this.end = view.at
    this.#take()
  }

  #take(): void {
    this.passage = this.#numbers[this.#index]! + this.first
    this.frequency = this.#frequencies[this.#index]!
    const positions = this.positions
    this.start = this.end
    let at = this.end
    for (let left = this.frequency; left > 0 && at < positions.length; ) if (positions[at++]! < 128) left--
    this.end = at
  }

  step(): void {
    if (++this.#index < this.#list.count) this.#take()
    else this.#loadGroup()
  }
}

/** Writes the accepted passages of the inputs as one segment, in small steps; each yields the share done. */
export const mergeSteps: MergeSteps = function* (storage, inputs, output, accept) {
  const cache = new BlockCache(storage, cacheBytes)
  const sources = inputs
    .filter((info) => info.passages > 0)
    .sort((a, b) => a.first - b.first)
    .map((info) => new Input(new Segment(info, cache)))
  const writer = writePassages(cache, storage, sources, output, accept)
  yield 0
  const apart = sources.every((source, i) => i === 0 || source.first > sources[i - 1]!.last)
  const waiting: Input[] = []
  for (const source of sources) if (source.terms.next()) insert(waiting, source)
  let untilStep = stepPostings
  while (waiting.length > 0) {
    let count = 1
    while (count < waiting.length && compareTerms(waiting[count]!, waiting[0]!) === 0) count++
    const same = waiting.splice(0, count)
    untilStep -= mergeTerm(writer, same, same[0]!.terms.term, apart)
    if (untilStep <= 0) {
      untilStep = stepPostings
      yield Math.min(...sources.map((source) => source.terms.share))
    }
    for (const source of same) if (source.terms.next()) insert(waiting, source)
  }
  return writer.close()
}

/** Reads all lengths and hands those of accepted passages on. */
const writePassages = (
  cache: BlockCache,
  storage: BlockStorage,
  sources: readonly Input[],
  output: number,
  accept: ((passage: number) => boolean) | undefined,
): SegmentWriter => {
  const low = sources[0]?.first ?? 0
  /** Length + 1 by passage. */
  const lengths = new Pages((size) => new Int32Array(size))
  let first = noPassage
  let last = -1
  for (const { segment } of sources) {
    const { info } = segment
    for (let block = 0; block <= (info.last - info.first) >>> lengthBlockShift; block++) {
      const { bytes, length } = cache.get(info.segment, 'lengths', block)
      const start = info.first + block * lengthBlockSize
      eachLength(bytes, length, (at, words) => {
        const passage = start + at
        if (accept !== undefined && !accept(passage)) return
        lengths.set(passage - low, words + 1)
        first = Math.min(first, passage)
        last = Math.max(last, passage)
      })
    }
  }
  const writer = new SegmentWriter(storage, output, last < 0 ? 0 : first, last)
  lengths.pages.forEach((page, number) => {
    page?.forEach((value, at) => {
      if (value > 0) writer.passage(low + number * lengthBlockSize + at, value - 1)
    })
  })
  writer.startTerms()
  return writer
}

const compareTerms = (a: Input, b: Input): number =>
  compareBytes(a.terms.term.data, a.terms.term.size, b.terms.term.data, 0, b.terms.term.size)

/** Keeps inputs in the order of their current terms, then of their passages. */
const insert = (waiting: Input[], source: Input): void => {
  let low = 0
  let high = waiting.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((compareTerms(waiting[middle]!, source) || waiting[middle]!.first - source.first) < 0) low = middle + 1
    else high = middle
  }
  waiting.splice(low, 0, source)
}

/** Returns how many postings were read. */
const mergeTerm = (writer: SegmentWriter, same: readonly Input[], term: Bytes, apart: boolean): number => {
  let read = 0
  let begun = false
  const take = (source: Input): void => {
    read++
    if (writer.holds(source.passage)) {
      if (!begun) {
        writer.beginTerm()
        begun = true
      }
      writer.postings.posting(source.passage - writer.first, source.frequency)
      writer.postings.groupPositions.append(source.positions, source.start, source.end)
    }
    source.step()
  }
  for (const source of same) source.openTerm()
  if (apart || same.length === 1) for (const source of same) while (source.passage < noPassage) take(source)
  else {
    for (;;) {
      let next = same[0]!
      for (const source of same) if (source.passage < next.passage) next = source
      if (next.passage === noPassage) break
      take(next)
    }
  }
  if (begun) writer.endTerm(term)
  return read
}

/** Writes the accepted passages of the inputs as one segment and returns it; the inputs stay. */
export const mergeSegments = (
  storage: BlockStorage,
  inputs: readonly SegmentInfo[],
  output: number,
  accept?: (passage: number) => boolean,
): SegmentInfo => {
  const steps = mergeSteps(storage, inputs, output, accept)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { FoveaError } from '../../src/core/index.ts'
import {
  type BlockKind,
  type BlockStorage,
  blockBytes,
  type InvertedQuery,
  invertedReader,
  mergeSegments,
  mergeSteps,
  type ReaderOptions,
  type SegmentInfo,
  segmentBuilder,
} from '../../src/store/inverted/index.ts'
import { decodedLength, lengthCode } from '../../src/store/inverted/lengths.ts'

class MemoryStorage implements BlockStorage {
  readonly blocks = new Map<string, Uint8Array>()
  reads = 0
  read(segment: number, kind: BlockKind, block: number): Uint8Array | undefined {
    this.reads++
    return this.blocks.get(`${segment}/${kind}/${block}`)
  }
  write(segment: number, kind: BlockKind, block: number, bytes: Uint8Array): void {
    const key = `${segment}/${kind}/${block}`
    assert.ok(bytes.length <= blockBytes, `${key} has ${bytes.length} bytes`)
    assert.ok(!this.blocks.has(key), `${key} is written twice`)
    this.blocks.set(key, bytes)
  }
  remove(segment: number): void {
    for (const key of this.blocks.keys()) if (key.startsWith(`${segment}/`)) this.blocks.delete(key)
  }
  of(segment: number): Record<string, string> {
    const found: Record<string, string> = {}
    for (const [key, bytes] of this.blocks) {
      if (key.startsWith(`${segment}/`)) found[key.slice(`${segment}/`.length)] = Buffer.from(bytes).toString('hex')
    }
    return found
  }
}

/** A word is a list of terms that share its position. */
interface Plain {
  readonly passage: number
  readonly words: readonly (readonly string[])[]
  /** Added to the position of each word from the second on. */
  readonly stride?: number
}

const fill = (passages: readonly Plain[], builder = segmentBuilder()) => {
  for (const { passage, words, stride = 1 } of passages) {
    builder.begin(passage)
    words.forEach((terms, i) => {
      for (const term of terms) builder.term(term, i * stride)
    })
    builder.end()
  }
  return builder
}
const build = (storage: BlockStorage, segment: number, passages: readonly Plain[]): SegmentInfo =>
  fill(passages).write(storage, segment)

/** Words that hold at least one term: an empty word takes a position but counts for nothing. */
const lengthOf = (plain: Plain): number => plain.words.filter((terms) => terms.length > 0).length

const standsIn = (plain: Plain, phrase: NonNullable<InvertedQuery['phrases']>[number]): boolean => {
  const { words, stride = 1 } = plain
  const at = (position: number): readonly string[] => (position % stride === 0 ? (words[position / stride] ?? []) : [])
  const offsets = new Set(phrase.map(({ position }) => position))
  const low = Math.min(...offsets)
  for (let start = -low; start < words.length * stride; start++) {
    const all = [...offsets].every((offset) =>
      phrase.some(({ term, position }) => position === offset && at(start + offset).includes(term)),
    )
    if (all) return true
  }
  return false
}

/** BM25 as the textbook has it, over every passage. */
const exhaustive = (indexed: readonly Plain[], query: InvertedQuery, k1 = 1.2, b = 0.75) => {
  const frequency = (term: string): number => indexed.filter(({ words }) => words.flat().includes(term)).length
  const frequencies = new Map(query.terms.map(({ term }) => [term, frequency(term)]))
  const hits: { passage: number; score: number }[] = []
  for (const plain of indexed) {
    const terms = plain.words.flat()
    const length = decodedLength(lengthCode(lengthOf(plain)))
    if (query.accept?.(plain.passage) === false) continue
    const has = query.terms.map(({ term }) => terms.includes(term))
    const phrases = (query.phrases ?? []).filter((phrase) => phrase.length > 0)
    if (!phrases.every((phrase) => standsIn(plain, phrase))) continue
    if (query.match === 'all' ? !has.every(Boolean) : phrases.length === 0 && !has.some(Boolean)) continue
    if (query.terms.length === 0 && phrases.length === 0) continue
    let score = 0
    for (const { term, weight } of query.terms) {
      const tf = terms.filter((other) => other === term).length
      const df = frequencies.get(term)!
      const idf = Math.log(1 + (Math.max(0, query.passages - df) + 0.5) / (df + 0.5))
      const norm = k1 * (1 - b + (b * length) / query.meanLength)
      if (tf > 0) score += weight * idf * ((tf * (k1 + 1)) / (tf + norm))
    }
    hits.push({ passage: plain.passage, score })
  }
  return hits.sort((x, y) => y.score - x.score || x.passage - y.passage)
}

const near = (a: number, b: number, scale: number): boolean => Math.abs(a - b) <= 2e-6 * scale

/** The pruned search must be a prefix of the unpruned one, and that must be the textbook's but for rounding. */
const checkSearch = (
  storage: BlockStorage,
  segments: readonly SegmentInfo[],
  indexed: readonly Plain[],
  query: InvertedQuery,
  options: ReaderOptions = {},
): void => {
  const reader = invertedReader(storage, options)
  const all = reader.search(segments, { ...query, limit: indexed.length + 1 })
  const some = reader.search(segments, query)
  assert.deepEqual(some, all.slice(0, query.limit))
  assert.deepEqual(invertedReader(storage, { ...options, cacheBytes: 0 }).search(segments, query), some)
  const expected = exhaustive(indexed, query, options.k1, options.b)
  assert.equal(all.length, expected.length)
  const scores = new Map(expected.map(({ passage, score }) => [passage, score]))
  const scale = expected[0]?.score || 1
  all.forEach(({ passage, score }, i) => {
    assert.ok(near(score, scores.get(passage)!, scale), `passage ${passage}: ${score}, not ${scores.get(passage)}`)
    assert.ok(near(score, expected[i]!.score, scale))
    const before = all[i - 1]
    if (before !== undefined) {
      assert.ok(before.score > score || (before.score === score && before.passage < passage), 'out of order')
    }
  })
  for (const { term } of query.terms) {
    assert.equal(reader.frequency(segments, term), indexed.filter(({ words }) => words.flat().includes(term)).length)
  }
}

const statistics = (live: readonly Plain[]) => ({
  passages: live.length,
  meanLength: live.reduce((sum, plain) => sum + lengthOf(plain), 0) / Math.max(1, live.length) || 1,
})

const vocabulary = [
  'a',
  'b',
  'c',
  'd',
  'e',
  'the',
  'then',
  'theme',
  'été',
  '日本',
  '\ud83d\ude00',
  '\ud83d',
  '',
  'zz'.repeat(300),
]
/** Earlier terms are more frequent. */
const term = fc
  .double({ min: 0, max: 1, noNaN: true })
  .map((x) => vocabulary[Math.floor(x * x * (vocabulary.length - 1e-9))]!)
const word = fc.oneof(
  { weight: 8, arbitrary: term.map((t) => [t]) },
  { weight: 1, arbitrary: fc.array(term, { maxLength: 3 }) },
)
const passage = fc.record({
  gap: fc.oneof(
    { weight: 9, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 40_000 }) },
  ),
  words: fc.array(word, { maxLength: 12 }),
  stride: fc.constantFrom(1, 1, 1, 1, 300),
})
const corpus = fc.tuple(fc.nat(100_000), fc.array(passage, { minLength: 1, maxLength: 60 })).map(([first, list]) => {
  let at = first - 1
  return list.map(({ gap, words, stride }): Plain => ({ passage: (at += gap), words, stride }))
})
const phrase = fc.array(fc.record({ term, position: fc.integer({ min: 0, max: 3 }) }), { maxLength: 4 })
const query = fc.record({
  terms: fc.array(fc.record({ term, weight: fc.constantFrom(1, 1, 1, 0.25, 3, 1e-9) }), { maxLength: 6 }),
  limit: fc.constantFrom(1, 2, 3, 10, 100),
  match: fc.constantFrom('any' as const, 'any' as const, 'all' as const),
  phrases: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(phrase, { maxLength: 2 }) },
  ),
})

/** Cuts by the seeds: consecutive runs, or dealt out so that the segments' ranges overlap. */
const cut = (passages: readonly Plain[], parts: number, dealt: boolean): Plain[][] => {
  const segments = Array.from({ length: parts }, (): Plain[] => [])
  passages.forEach((plain, i) => {
    segments[dealt ? (i * 7) % parts : Math.floor((i * parts) / passages.length)]!.push(plain)
  })
  return segments
}

describe('inverted index', () => {
  it('ranks like an exhaustive scan, whatever the segments, filters, merges and phrases', () => {
    fc.assert(
      fc.property(
        corpus,
        fc.array(query, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (passages, queries, parts, dealt, drop) => {
          const storage = new MemoryStorage()
          const segments = cut(passages, parts, dealt).map((part, i) => build(storage, i, part))
          const accept = (number: number): boolean => number % drop !== 0 || drop === 1
          const kept = passages.filter((plain) => accept(plain.passage))
          const merged = mergeSegments(storage, segments, 50, accept)
          const again = mergeSegments(storage, [...segments].reverse(), 51, accept)
          assert.deepEqual(storage.of(51), storage.of(50))
          const direct = build(storage, 52, kept)
          assert.deepEqual({ ...merged, segment: 52 }, direct)
          assert.deepEqual({ ...again, segment: 52 }, direct)
          assert.deepEqual(storage.of(50), storage.of(52))
          for (const each of queries) {
            checkSearch(storage, segments, passages, { ...each, ...statistics(passages) })
            checkSearch(storage, segments, passages, { ...each, accept, ...statistics(kept) })
            checkSearch(storage, [merged], kept, { ...each, ...statistics(kept) }, { k1: 0.9, b: 0.4 })
          }
        },
      ),
      { numRuns: 150 },
    )
  })
})

void FoveaError
void mergeSteps

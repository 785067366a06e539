import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { FoveaError, termNumbers } from '../../src/core/index.ts'
import { checksumBytes, seal } from '../../src/store/inverted/blocks.ts'
import { Bytes } from '../../src/store/inverted/bytes.ts'
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
import { pack, unpack } from '../../src/store/inverted/packing.ts'

class MemoryStorage implements BlockStorage {
  readonly blocks = new Map<string, Uint8Array>()
  reads = 0
  readonly kinds = new Set<BlockKind>()
  read(segment: number, kind: BlockKind, block: number): Uint8Array | undefined {
    this.reads++
    this.kinds.add(kind)
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

const countsOf = new WeakMap<Plain, Map<string, number>>()
const count = (plain: Plain, term: string): number => {
  let counts = countsOf.get(plain)
  if (counts === undefined) {
    counts = new Map()
    for (const each of plain.words.flat()) counts.set(each, (counts.get(each) ?? 0) + 1)
    countsOf.set(plain, counts)
  }
  return counts.get(term) ?? 0
}

/** BM25 as the textbook has it, over every passage. */
const exhaustive = (indexed: readonly Plain[], query: InvertedQuery, k1 = 1.2, b = 0.75) => {
  const frequency = (term: string): number => indexed.filter((plain) => count(plain, term) > 0).length
  const frequencies = new Map(query.terms.map(({ term }) => [term, frequency(term)]))
  const hits: { passage: number; score: number }[] = []
  for (const plain of indexed) {
    const length = decodedLength(lengthCode(lengthOf(plain)))
    if (query.accept?.(plain.passage) === false) continue
    const has = query.terms.map(({ term }) => count(plain, term) > 0)
    const phrases = (query.phrases ?? []).filter((phrase) => phrase.length > 0)
    if (!phrases.every((phrase) => standsIn(plain, phrase))) continue
    if (query.match === 'all' ? !has.every(Boolean) : phrases.length === 0 && !has.some(Boolean)) continue
    if (query.terms.length === 0 && phrases.length === 0) continue
    let score = 0
    for (const { term, weight } of query.terms) {
      const tf = count(plain, term)
      const df = frequencies.get(term)!
      const idf = Math.log(1 + (Math.max(0, query.passages - df) + 0.5) / (df + 0.5))
      const norm = k1 * (1 - b + (b * length) / query.meanLength)
      if (tf > 0) score += weight * idf * ((tf * (k1 + 1)) / (tf + norm))
    }
    hits.push({ passage: plain.passage, score })
  }
  return hits.sort((x, y) => y.score - x.score || x.passage - y.passage)
}

const near = (a: number, b: number, scale: number): boolean => Math.abs(a - b) <= 1e-6 * scale

/** The pruned search must be a prefix of the unpruned one, and that must be the textbook's but for rounding. */
const checkSearch = (
  storage: BlockStorage,
  segments: readonly SegmentInfo[],
  indexed: readonly Plain[],
  query: InvertedQuery,
  options: ReaderOptions = {},
  expected = exhaustive(indexed, query, options.k1, options.b),
): void => {
  const reader = invertedReader(storage, options)
  const all = reader.search(segments, { ...query, limit: indexed.length + 1 })
  const some = reader.search(segments, query)
  assert.deepEqual(some, all.slice(0, query.limit))
  if (indexed.length < 1000) {
    assert.deepEqual(invertedReader(storage, { ...options, cacheBytes: 0 }).search(segments, query), some)
  }
  assert.equal(all.length, expected.length)
  const scores = new Map(expected.map(({ passage, score }) => [passage, score]))
  // Scores are rounded to a share of the most that all terms together could give.
  const scale = query.terms.reduce((sum, { weight }) => sum + weight * Math.log(2 * query.passages + 2), 0) || 1
  all.forEach(({ passage, score }, i) => {
    assert.ok(near(score, scores.get(passage)!, scale), `passage ${passage}: ${score}, not ${scores.get(passage)}`)
    assert.ok(near(score, expected[i]!.score, scale))
    const before = all[i - 1]
    if (before !== undefined) {
      assert.ok(before.score > score || (before.score === score && before.passage < passage), 'out of order')
    }
  })
  for (const { term } of query.terms) {
    assert.equal(reader.frequency(segments, term), indexed.filter((plain) => count(plain, term) > 0).length)
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

/** 20,000 passages in four segments, dealt so that two overlap; `w0` stands in nearly all, `w2000` in few. */
const large = () => {
  let state = 42
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const plain: Plain[] = []
  for (let i = 0, passage = 5; i < 20_000; i++) {
    passage += random() < 0.01 ? 400 : 1
    const words: string[][] = []
    const length = random() < 0.02 ? 60 : 2 + Math.floor(random() * 14)
    for (let j = 0; j < length; j++) words.push([`w${Math.floor(random() ** 3 * 2500 * random())}`])
    plain.push({ passage, words })
  }
  const storage = new MemoryStorage()
  const parts = [plain.slice(0, 11_000), plain.slice(11_000, 14_000), ...cut(plain.slice(14_000), 2, true)]
  return { storage, plain, segments: parts.map((part, i) => build(storage, i, part)) }
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

  it('ranks like an exhaustive scan where lists have many groups and runs', () => {
    const { storage, segments, plain } = large()
    const merged = mergeSegments(storage, segments, 50)
    const numbers = statistics(plain)
    const q = (terms: string, more: Partial<InvertedQuery> = {}): InvertedQuery => ({
      terms: terms.split(' ').map((term, i) => ({ term, weight: i % 3 === 2 ? 0.5 : 1 })),
      limit: 10,
      match: 'any',
      ...numbers,
      ...more,
    })
    const phrase = (text: string) => text.split(' ').map((term, position) => ({ term, position }))
    const queries: InvertedQuery[] = [
      q('w0'),
      q('w0', { limit: 1000 }),
      q('w0 w1 w2 w3 w50 w400'),
      q('w1 w2 w90 w2000 w700 w0 w3 w5'),
      q('w0 w1', { limit: 1 }),
      q('w3 w1', { match: 'all' }),
      q('w0 w1 w2', { match: 'all', limit: 3 }),
      q('w0 w40', { match: 'all', accept: (passage) => passage % 10 === 3 }),
      q('w20 w30 w1000', { accept: (passage) => passage > 60_000 }),
      q('w0 w1 w2 w3', { accept: (passage) => passage % 5000 === 7 }),
      q('w0 w7', { phrases: [phrase('w0 w1')] }),
      q('w2', { phrases: [phrase('w0 w1 w0'), phrase('w2 w0')], limit: 50 }),
      q('w5 unknown', { phrases: [[...phrase('w0 w9'), { term: 'w4', position: 1 }]] }),
      q('w5 unknown', { match: 'all' }),
      q('w5', { phrases: [phrase('w0 unknown')] }),
    ]
    for (const each of queries) {
      const expected = exhaustive(plain, each)
      checkSearch(storage, segments, plain, each, {}, expected)
      checkSearch(storage, [merged], plain, each, {}, expected)
    }
  })

  it('merges many segments to the bytes of one built at once, in steps', () => {
    const { storage, segments, plain } = large()
    const accept = (passage: number): boolean => passage % 3 !== 0 && (passage < 5000 || passage > 50_000)
    const steps = mergeSteps(storage, segments, 60, accept)
    const shares: number[] = []
    let step = steps.next()
    for (; !step.done; step = steps.next()) shares.push(step.value)
    assert.ok(shares.length >= 1 && shares.every((share, i) => share >= (shares[i - 1] ?? 0) && share <= 1))
    const kept = plain.filter((each) => accept(each.passage))
    assert.deepEqual({ ...step.value, segment: 61 }, build(storage, 61, kept))
    assert.ok(step.value.header.length < 4096)
    assert.deepEqual(storage.of(60), storage.of(61))
    const pairs = mergeSegments(storage, [segments[1]!, segments[3]!], 70)
    const all = mergeSegments(storage, [segments[0]!, pairs, segments[2]!], 71, accept)
    assert.deepEqual({ ...all, segment: 61 }, { ...step.value, segment: 61 })
    assert.deepEqual(storage.of(71), storage.of(61))
  })

  it('handles segments without passages, without terms, and filled twice', () => {
    const storage = new MemoryStorage()
    const builder = segmentBuilder()
    const empty = builder.write(storage, 0)
    assert.equal(empty.passages, 0)
    fill([{ passage: 7, words: [] }], builder)
    const wordless = builder.write(storage, 1)
    assert.deepEqual([wordless.passages, wordless.length], [1, 0])
    fill([{ passage: 8, words: [['x'], ['x', 'y']] }], builder)
    assert.ok(builder.bytes > 0)
    const third = builder.write(storage, 2)
    assert.deepEqual([third.first, third.last, third.passages, third.length], [8, 8, 1, 2])
    const none = mergeSegments(storage, [empty, wordless, third], 3, () => false)
    assert.equal(none.passages, 0)
    assert.deepEqual(storage.of(3), {})
    const query = { terms: [{ term: 'x', weight: 1 }], limit: 5, match: 'any', passages: 2, meanLength: 1 } as const
    const reader = invertedReader(storage)
    assert.deepEqual(reader.search([none, empty], query), [])
    const merged = mergeSegments(storage, [third, none, wordless, empty], 4)
    assert.deepEqual(
      reader.search([merged], query).map(({ passage }) => passage),
      [8],
    )
    assert.deepEqual(reader.search([merged], { ...query, terms: [] }), [])
    assert.throws(
      () => reader.search([merged], { ...query, limit: 0 }),
      (error) => FoveaError.is(error, 'argument'),
    )
    assert.throws(
      () => reader.search([merged], { ...query, terms: [{ term: 'x', weight: -1 }] }),
      (error) => FoveaError.is(error, 'argument'),
    )
  })

  it('refuses passages and positions out of order', () => {
    const refused = (wrong: (builder: ReturnType<typeof segmentBuilder>) => void): void => {
      const builder = fill([{ passage: 5, words: [['x']] }])
      assert.throws(
        () => wrong(builder),
        (error) => FoveaError.is(error, 'index-order'),
      )
    }
    refused((builder) => builder.begin(5))
    refused((builder) => builder.begin(5.5))
    refused((builder) => builder.begin(2 ** 31 - 1))
    refused((builder) => builder.end())
    refused((builder) => builder.term('x', 0))
    refused((builder) => {
      builder.begin(6)
      builder.term('x', 3)
      builder.term('x', 2)
    })
    refused((builder) => {
      builder.begin(6)
      builder.write(new MemoryStorage(), 0)
    })
  })

  it('keeps very frequent terms, very long passages, far passages and long terms', () => {
    const storage = new MemoryStorage()
    const far = build(storage, 1, [{ passage: 2 ** 31 - 2, words: [['last'], ['x']] }])
    const big = segmentBuilder()
    big.begin(3)
    for (let i = 0; i < 200_000; i++) big.term(i % 100 === 0 ? 'rare' : 'x', i * 2)
    big.end()
    for (let passage = 4; passage < 400; passage++) {
      big.begin(passage)
      big.term('x', 1_000_000_000)
      big.term('y'.repeat(2000), 1_000_000_001)
      big.end()
    }
    const info = big.write(storage, 0)
    assert.equal(info.length, 200_000 + 396 * 2)
    const reader = invertedReader(storage)
    const base = { limit: 10, match: 'any', passages: 398, meanLength: 500 } as const
    const merged = mergeSegments(storage, [far, info], 2)
    assert.deepEqual([merged.first, merged.last, merged.passages], [3, 2 ** 31 - 2, 398])
    for (const segments of [[far, info], [merged]]) {
      const find = (terms: string[], phrases: InvertedQuery['phrases'] = []) =>
        reader
          .search(segments, { ...base, terms: terms.map((term) => ({ term, weight: 1 })), phrases })
          .map(({ passage }) => passage)
      assert.deepEqual(find(['last']), [2 ** 31 - 2])
      assert.deepEqual(find(['rare']), [3])
      assert.equal(reader.frequency(segments, 'x'), 398)
      assert.equal(find(['y'.repeat(2000)]).length, 10)
      assert.equal(find(['y'.repeat(511)]).length, 0)
      const at = (...terms: [string, number][]) => [terms.map(([term, position]) => ({ term, position }))]
      assert.deepEqual(find([], at(['rare', 0], ['x', 198], ['rare', 200])), [3])
      assert.deepEqual(find([], at(['rare', 0], ['rare', 199])), [])
      assert.equal(find([], at(['x', 0], ['y'.repeat(2000), 1])).length, 10)
    }
  })

  it('finds every term, whatever its units, and numbers shared with a reader are cleared between segments', () => {
    const unit = fc.constantFrom('\0', 'a', 'b', '\u00fe', '\u00ff', '\u0100', 'Ж', 'Б', '文', '\ud83d\ude00')
    const terms = fc.uniqueArray(fc.string({ unit, minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(terms, (all) => {
        const storage = new MemoryStorage()
        const numbers = termNumbers()
        const builder = segmentBuilder(numbers)
        const segments = [0, 1].map((segment) => {
          if (segment === 1) numbers.clear()
          builder.begin(segment)
          for (const [at, term] of [...all.entries()].slice(segment)) builder.number(numbers.numberOf(term), at)
          builder.end()
          return builder.write(storage, segment)
        })
        const reader = invertedReader(storage)
        for (const [at, term] of all.entries()) assert.equal(reader.frequency(segments, term), at === 0 ? 1 : 2, term)
        assert.equal(reader.frequency(segments, `${all[0]}c`), 0)
      }),
    )
  })

  it('reads only the blocks it needs, within its cache', () => {
    const { storage, segments, plain } = large()
    const merged = mergeSegments(storage, segments, 50)
    const blocks = Object.keys(storage.of(50)).length
    const reader = invertedReader(storage)
    const query = { terms: [{ term: 'w900', weight: 1 }], limit: 10, match: 'any', ...statistics(plain) } as const
    storage.reads = 0
    const first = reader.search([merged], query)
    const cold = storage.reads
    assert.ok(cold < 12 && cold < blocks / 2, `${cold} of ${blocks} blocks were read`)
    assert.deepEqual(reader.search([merged], query), first)
    assert.equal(storage.reads, cold)
    reader.forget(50)
    assert.deepEqual(reader.search([merged], query), first)
    assert.equal(storage.reads, 2 * cold)
    const phrase = [
      [
        { term: 'w900', position: 0 },
        { term: 'w0', position: 1 },
      ],
    ]
    reader.search([merged], { ...query, phrases: phrase })
    const kinds = [...storage.kinds]
    assert.ok(kinds.includes('positions'))
  })

  it('sees a segment number that was used again for another segment', () => {
    const storage = new MemoryStorage()
    const reader = invertedReader(storage)
    const query = { terms: [{ term: 'x', weight: 1 }], limit: 5, match: 'any', passages: 2, meanLength: 1 } as const
    const one = build(storage, 0, [{ passage: 1, words: [['x']] }])
    assert.equal(reader.search([one], query)[0]?.passage, 1)
    storage.remove(0)
    const two = build(storage, 0, [{ passage: 2, words: [['x'], ['y']] }])
    assert.equal(reader.search([two], query)[0]?.passage, 2)
  })

  it('stops when the signal is aborted', () => {
    const { storage, segments, plain } = large()
    const query = { terms: [{ term: 'w0', weight: 1 }], limit: 10, match: 'any', ...statistics(plain) } as const
    const reader = invertedReader(storage)
    const before = new AbortController()
    before.abort(new Error('enough'))
    assert.throws(() => reader.search(segments, query, before.signal), /enough/)
    for (const phrases of [[], [[{ term: 'w0', position: 0 }]]]) {
      const during = new AbortController()
      let asked = 0
      const accept = (): boolean => {
        if (++asked === 5) during.abort(new Error('enough'))
        return false
      }
      assert.throws(() => reader.search(segments, { ...query, accept, phrases }, during.signal), /enough/)
      assert.ok(asked < plain.length / 2)
    }
    const after = reader.search(segments, query)
    assert.deepEqual(after, invertedReader(storage).search(segments, query))
  })

  it('throws store-corrupt on damaged, cut, swapped or missing blocks, and never hangs', () => {
    const { storage, segments, plain } = large()
    const merged = mergeSegments(storage, segments, 50)
    const keys = [...storage.blocks.keys()].filter((key) => key.startsWith('50/'))
    const terms = ['w0', 'w1', 'w60', 'w700'].map((term) => ({ term, weight: 1 }))
    const base = { terms, limit: 2000, match: 'any', ...statistics(plain) } as const
    const queries: InvertedQuery[] = [
      base,
      {
        ...base,
        phrases: [
          [
            { term: 'w0', position: 0 },
            { term: 'w1', position: 1 },
          ],
        ],
      },
      { ...base, match: 'all', limit: 3 },
    ]
    const outcomes = () =>
      [
        ...queries.map((query) => () => invertedReader(storage).search([merged], query)),
        () => mergeSegments(storage, [merged], 90),
      ].map((run) => {
        try {
          return JSON.stringify(run())
        } catch (error) {
          assert.ok(FoveaError.is(error, 'store-corrupt'), String(error))
          return 'corrupt'
        } finally {
          storage.remove(90)
        }
      })
    const whole = outcomes()
    assert.ok(!whole.includes('corrupt'))
    fc.assert(
      fc.property(
        fc.nat(keys.length - 1),
        fc.constantFrom('flip', 'cut', 'grow', 'swap', 'remove', 'zero'),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (which, damage, where, change) => {
          const key = keys[which]!
          const original = storage.blocks.get(key)!
          const bytes = original.slice()
          const at = where % bytes.length
          if (damage === 'flip') bytes[at]! ^= change
          if (damage === 'zero') bytes.fill(0)
          const other = storage.blocks.get(keys[(which + 1 + (where % (keys.length - 1))) % keys.length]!)!
          const damaged =
            damage === 'cut'
              ? bytes.slice(0, at)
              : damage === 'grow'
                ? Uint8Array.from([...bytes, change])
                : damage === 'swap'
                  ? other
                  : bytes
          if (damage === 'remove') storage.blocks.delete(key)
          else storage.blocks.set(key, damaged)
          try {
            const found = outcomes()
            found.forEach((outcome, i) => {
              assert.ok(outcome === 'corrupt' || outcome === whole[i])
            })
            // Only a merge reads every block, but for the inner ones of the dictionary.
            const root = key === `50/terms/${JSON.parse(merged.header).blocks - 1}`
            assert.equal(found[root ? 0 : 3], 'corrupt')
          } finally {
            storage.blocks.set(key, original)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('survives blocks that are damaged beneath a right checksum', () => {
    const { storage, segments, plain } = large()
    const merged = mergeSegments(storage, segments, 50)
    const keys = [...storage.blocks.keys()].filter((key) => key.startsWith('50/'))
    const terms = ['w0', 'w1', 'w60', 'w700'].map((term) => ({ term, weight: 1 }))
    const base = { terms, limit: 20, match: 'any', ...statistics(plain) } as const
    const phrases = [
      [
        { term: 'w0', position: 0 },
        { term: 'w1', position: 1 },
      ],
    ]
    fc.assert(
      fc.property(
        fc.nat(keys.length - 1),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (which, changes) => {
          const key = keys[which]!
          const [, kind, block] = key.split('/') as [string, BlockKind, string]
          const original = storage.blocks.get(key)!
          const content = original.slice(0, -checksumBytes)
          for (const [at, byte] of changes) content[at % content.length] = byte
          storage.blocks.set(key, seal(content, kind, Number(block)))
          for (const run of [
            () => invertedReader(storage).search([merged], base),
            () => invertedReader(storage).search([merged], { ...base, phrases }),
            () => mergeSegments(storage, [merged], 90),
          ]) {
            try {
              run()
            } catch (error) {
              assert.ok(FoveaError.is(error, 'store-corrupt'), error instanceof Error ? error.stack : String(error))
            }
            storage.remove(90)
          }
          storage.blocks.set(key, original)
        },
      ),
      { numRuns: 80 },
    )
    for (const header of [
      '',
      '{}',
      'null',
      '{"version":2}',
      merged.header.replace(/"postings":\d+/, '"postings":10'),
    ]) {
      assert.throws(
        () => invertedReader(storage).search([{ ...merged, header }], base),
        (error) => FoveaError.is(error, 'store-corrupt'),
      )
    }
  })

  it('quantises lengths exactly to 127 words and within 3.6% above', () => {
    let before = 0
    for (let length = 0; length < 300_000; length += length < 2000 ? 1 : 97) {
      const code = lengthCode(length)
      assert.ok(code >= Math.max(1, before) && code <= 255)
      before = code
      const error = Math.abs(decodedLength(code) - length)
      assert.ok(length <= 127 ? error === 0 : error / length <= 0.036, `${length}: ${decodedLength(code)}`)
    }
  })

  it('packs and unpacks any numbers below 2^31', () => {
    const value = fc.oneof(
      fc.nat(3),
      fc.nat(1000),
      fc.nat(0x7fffffff),
      fc.integer({ min: 0, max: 30 }).map((bits) => 2 ** bits),
    )
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 128 }), fc.nat(50), (values, lead) => {
        const out = new Bytes(16)
        for (let i = 0; i < lead; i++) out.byte(255)
        pack(Int32Array.from(values), values.length, out)
        const { size } = out
        for (let i = 0; i < 3; i++) out.byte(255)
        const unpacked = new Int32Array(128)
        assert.equal(unpack(out.copy(), lead, values.length, unpacked), size)
        assert.deepEqual([...unpacked.subarray(0, values.length)], values)
      }),
    )
  })

  it('keeps its format', () => {
    const storage = new MemoryStorage()
    const words = (text: string) => text.split(' ').map((word) => word.split('|'))
    const info = build(storage, 0, [
      { passage: 10, words: words('the quick brown fox jumps over the lazy dog') },
      { passage: 12, words: words('the camelCase|camel|case identifier of the été') },
      { passage: 40_000, words: words(Array.from({ length: 300 }, (_, i) => `word${i % 7}`).join(' ')) },
    ])
    assert.deepEqual(info, {
      segment: 0,
      first: 10,
      last: 40000,
      passages: 3,
      length: 315,
      header: '{"version":1,"leaves":1,"blocks":1,"postings":0,"positions":0}',
    })
    assert.deepEqual(storage.of(0), {
      'lengths/0': '0a00010700fd7fa20b66a2',
      'lengths/1': '00808001ffc25455',
      'lengths/2': '00b638ad020482d8d8',
      'terms/0':
        '0000000562726f776e03030a0102000563616d656c030307050105044361736503030705010202736503030705010003646f6703030a01080003666f7803030a0103000a6964656e746966696572030307050200056a756d707303030a010400046c617a7903030a010700026f660303070503010376657203030a01050005717569636b03030a0101000374686505090700020202000600040005776f72643003308decf0042b0007070707070707070707070707070707070707070707070707070707070707070707070707070707070704013103308decf0042b0107070707070707070707070707070707070707070707070707070707070707070707070707070707070704013203308decf0042b0207070707070707070707070707070707070707070707070707070707070707070707070707070707070700000005776f72643303308decf0042b0307070707070707070707070707070707070707070707070707070707070707070707070707070707070704013403308decf0042b0407070707070707070707070707070707070707070707070707070707070707070707070707070707070704013503308decf0042b05070707070707070707070707070707070707070707070707070707070707070707070707070707070707040136032f8decf0042a0607070707070707070707070707070707070707070707070707070707070707070707070707070707070005c3a974c3a9030307050500003c0102002d1d266c',
    })
    const { storage: big, segments } = large()
    const hash = createHash('sha256')
    for (const [key, hex] of Object.entries(big.of(segments[0]!.segment)).sort()) hash.update(key + hex)
    assert.equal(hash.digest('hex'), '9ad26006087d490eab64c5cd3419d2397d132360af9f1a333544603852eb9ad3')
  })
})

describe('a builder that was written out', () => {
  it('holds no more than a new one, so that batches do not shrink as the vocabulary grows', () => {
    const builder = segmentBuilder()
    const empty = builder.bytes
    for (let segment = 0, passage = 0, word = 0; segment < 5; segment++) {
      for (let count = 0; count < 200; count++) {
        builder.begin(passage++)
        for (let position = 0; position < 50; position++) builder.term(`word-of-some-length-${word++}`, position)
        builder.end()
      }
      assert.ok(builder.bytes > empty)
      builder.write(new MemoryStorage(), segment)
      assert.equal(builder.bytes, empty)
    }
  })
})

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import type { Filter, Span, Term } from '../../src/core/index.ts'
import { FoveaError, splitsPair } from '../../src/core/index.ts'
import { mergePlan } from '../../src/store/engines/sqlite/merging.ts'
import { Ranges } from '../../src/store/engines/sqlite/ranges.ts'
import { noCounters, prepareSchema } from '../../src/store/engines/sqlite/schema.ts'
import { VectorReader } from '../../src/store/engines/sqlite/vector-reader.ts'
import { normalise, VectorWriter } from '../../src/store/engines/sqlite/vector-writer.ts'
import open, { type SqliteSetup } from '../../src/store/engines/sqlite.ts'
import { pathMatcher, typeMatcher } from '../../src/store/globs.ts'
import type { FileRecord, PutSource, Store, StoreWriter } from '../../src/store/index.ts'
import {
  analyzer,
  collect,
  documentsOf,
  fileOf,
  letterEmbedder,
  letterVector,
  outlineOf,
  portable,
  putOf,
  temporaryFolder,
} from './helpers.ts'

const dimensions = 24
const tiny = { batchBytes: 600, batchMilliseconds: 5_000, mergeWidth: 2 }

// The plain model: files by uri, nothing indexed.

interface ModelSource {
  readonly key: string
  readonly put: PutSource
  readonly places: { uri: string; ordinal: number; time: number | undefined }[]
}

class Model {
  readonly files = new Map<string, { file: FileRecord; puts: readonly PutSource[]; fileTimes: boolean[] }>()

  put(file: FileRecord, puts: readonly PutSource[]): void {
    this.files.set(file.uri, { file, puts, fileTimes: puts.map(({ source }) => source.time === file.modified) })
  }

  move(from: string, to: FileRecord): void {
    const known = this.files.get(from)!
    this.files.delete(from)
    this.files.set(to.uri, { ...known, file: to })
  }

  sources(): ModelSource[] {
    const found = new Map<string, ModelSource>()
    for (const uri of [...this.files.keys()].sort()) {
      const { file, puts, fileTimes } = this.files.get(uri)!
      puts.forEach((put, ordinal) => {
        const { id, mediaType, title, time } = put.source
        const own = fileTimes[ordinal] ? 'file' : time
        const key = JSON.stringify([id, mediaType, title, own, put.chunks, put.source.outline])
        const entry: ModelSource = found.get(key) ?? { key, put, places: [] }
        entry.places.push({ uri, ordinal, time: fileTimes[ordinal] ? file.modified : time })
        found.set(key, entry)
      })
    }
    return [...found.values()]
  }

  passages(filter?: Filter): { source: ModelSource; spans: Span[]; text: string; parts: string[] }[] {
    return this.sources()
      .filter((source) => !filter || source.places.some((place) => this.#passes(source, place, filter)))
      .flatMap((source) =>
        source.put.chunks.map(({ start, end, header }) => {
          const { id, text } = source.put.source
          const span = (from: number, to: number): Span => ({ source: id, start: from, end: to })
          const rows = text.slice(start, end)
          return header
            ? {
                source,
                spans: [span(...header), span(start, end)],
                text: `${text.slice(...header)}\n${rows}`,
                parts: [text.slice(...header), rows],
              }
            : { source, spans: [span(start, end)], text: rows, parts: [rows] }
        }),
      )
  }

  #passes(source: ModelSource, place: ModelSource['places'][number], filter: Filter): boolean {
    const { paths, types, after, before, sources } = filter
    return (
      (!paths || pathMatcher(paths)(place.uri)) &&
      (!types || types.includes(source.put.source.mediaType)) &&
      (after === undefined || (place.time !== undefined && place.time >= after)) &&
      (before === undefined || (place.time !== undefined && place.time < before)) &&
      (!sources || sources.includes(source.put.source.id))
    )
  }
}

const spansOf = (passages: readonly { readonly spans: readonly Span[] }[]): string[] =>
  passages
    .map(({ spans }) => spans.map((span) => `${span.source.slice(0, 8)}:${span.start}-${span.end}`).join('+'))
    .sort()

const analysed = new Map<string, readonly Term[]>()
function analyse(text: string): readonly Term[] {
  const known = analysed.get(text)
  if (known) return known
  const terms = analyzer.terms(text)
  analysed.set(text, terms)
  return terms
}
const termsOf = (text: string): Set<string> => new Set(analyse(text).map(({ term }) => term))

function holdsPhrase(text: string, phrase: string): boolean {
  const at = analyse(text)
  const wanted = analyse(phrase)
  return at.some(({ position }) =>
    wanted.every((term) =>
      at.some((found) => found.term === term.term && found.position === position + term.position - wanted[0]!.position),
    ),
  )
}

async function compare(store: Store, model: Model, vectors: boolean): Promise<void> {
  const files = [...model.files.values()].map(({ file }) => file).sort((a, b) => (a.uri < b.uri ? -1 : 1))
  assert.deepEqual(await collect(store.files()), files)
  const wanted = model.sources()
  const stored = await collect(store.sources())
  const placed = (uri: string, places: readonly string[], length: number) => `${uri} ${places.join()} ${length}`
  assert.deepEqual(
    stored.map((source) => placed(source.uri, source.places, source.length)),
    wanted
      .sort((a, b) =>
        a.places[0]!.uri < b.places[0]!.uri
          ? -1
          : a.places[0]!.uri > b.places[0]!.uri
            ? 1
            : a.places[0]!.ordinal - b.places[0]!.ordinal,
      )
      .map(({ places, put }) =>
        placed(places[0]!.uri, [...new Set(places.map(({ uri }) => uri))], put.source.text.length),
      ),
  )
  for (const [index, source] of stored.entries()) {
    const { put, places } = wanted[index]!
    assert.equal(source.id, put.source.id)
    assert.equal(source.time, places[0]!.time)
    assert.equal(source.title, put.source.title)
    assert.equal(source.passages, put.chunks.length)
    assert.deepEqual(await store.outline(source), put.source.outline ?? [])
    assert.equal(await store.texts.slice({ source: source.id, start: 0, end: source.length }), put.source.text)
  }
  const status = await store.status()
  assert.equal(status.files, files.length)
  assert.equal(status.problems, files.filter(({ problem }) => problem).length)
  assert.equal(status.sources, wanted.length)
  assert.equal(status.passages, model.passages().length)
  assert.equal(
    status.characters,
    wanted.reduce((sum, { put }) => sum + put.source.text.length, 0),
  )
  const filters: (Filter | undefined)[] = [
    undefined,
    { paths: ['a/**'] },
    { paths: ['!*.md'] },
    { types: ['text/markdown'] },
    { after: 1_500 },
    { before: 1_500, paths: ['**/*.txt'] },
    { sources: stored.slice(0, 2).map(({ id }) => id) },
  ]
  for (const filter of filters) {
    const passages = model.passages(filter)
    for (const text of ['fox', 'network 山', 'the', 'running 😀 dogs']) {
      const content = [...termsOf(text)].filter((term) => !analyzer.isStopTerm(term))
      const terms = content.length > 0 ? content : [...termsOf(text)]
      const expected = (match: 'some' | 'every') =>
        passages.filter((passage) => terms[match]((term) => termsOf(passage.text).has(term)))
      const query = { text, limit: 10_000, ...(filter ? { filter } : {}) }
      const any = await store.keyword(query)
      assert.deepEqual(spansOf(any), spansOf(expected('some')), `any of "${text}" under ${JSON.stringify(filter)}`)
      assert.ok(any.every((passage, index) => index === 0 || passage.score <= any[index - 1]!.score))
      assert.deepEqual(spansOf(await store.keyword({ ...query, match: 'all' })), spansOf(expected('every')))
    }
    const phrase = await store.keyword({
      text: '',
      phrases: ['quick fox'],
      limit: 10_000,
      ...(filter ? { filter } : {}),
    })
    assert.deepEqual(
      spansOf(phrase),
      spansOf(passages.filter(({ parts }) => parts.some((part) => holdsPhrase(part, 'quick fox')))),
    )
    if (!vectors || model.passages().length === 0) continue
    const vector = letterVector('a quick fox', dimensions)
    const near = await store.vector({ text: '', vector, limit: 7, ...(filter ? { filter } : {}) })
    const scores = passages.map(({ text }) => cosine(letterVector(text, dimensions), vector)).sort((a, b) => b - a)
    assert.equal(near.length, Math.min(7, scores.length))
    for (const [index, { score }] of near.entries()) assert.ok(Math.abs(score - scores[index]!) < 1e-5)
  }
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, index) => sum + value * y[index]!, 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b) || 1)
}

// Random stories.

const uris = ['a/one.md', 'a/two.txt', 'b c/😀.md', 'z.txt']
const vocabulary = [
  'quick',
  'fox',
  'Foxes',
  'the',
  'network',
  'runs',
  '山川',
  '😀',
  'dog',
  'naïve',
  'getUserName',
  '\n',
]
const texts = fc.array(fc.constantFrom(...vocabulary), { maxLength: 40 }).map((parts) => parts.join(' '))
const sources = fc.record({
  text: texts,
  mediaType: fc.constantFrom('text/plain', 'text/markdown'),
  time: fc.constantFrom(undefined, 1_000, 2_000),
  title: fc.constantFrom(undefined, 'Title'),
  header: fc.boolean(),
  outline: fc.boolean(),
})
const uri = fc.constantFrom(...uris)
const steps = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('put' as const),
      uri,
      modified: fc.constantFrom(1_000, 2_000),
      sources: fc.array(sources, { maxLength: 4 }),
      problem: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('broken' as const), uri, sources: fc.array(sources, { maxLength: 3 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('move' as const),
      from: uri,
      to: uri,
      modified: fc.constantFrom(1_000, 3_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('remove' as const), uri }) },
  { weight: 2, arbitrary: fc.constant({ type: 'flush' as const }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('reopen' as const), abort: fc.boolean() }) },
)
type Step = typeof steps extends fc.Arbitrary<infer Value> ? Value : never

const makePut = async (uri: string, draft: typeof sources extends fc.Arbitrary<infer Value> ? Value : never) =>
  putOf(uri, draft.text, {
    size: 30,
    mediaType: draft.mediaType,
    ...(draft.time === undefined ? {} : { time: draft.time }),
    ...(draft.title === undefined ? {} : { title: draft.title }),
    ...(draft.header && draft.text.length > 6 && !splitsPair(draft.text, 5) ? { header: [0, 5] as const } : {}),
    ...(draft.outline ? { outline: outlineOf(draft.text) } : {}),
  })

async function runStory(setup: SqliteSetup, story: readonly Step[]): Promise<void> {
  const model = new Model()
  let durable = [...model.files]
  let store = await open(setup)
  let writer: StoreWriter | undefined
  try {
    for (const step of story) {
      if (step.type === 'reopen') {
        await writer?.close({ abort: step.abort })
        if (writer && step.abort) {
          model.files.clear()
          for (const [uri, entry] of durable) model.files.set(uri, entry)
        } else durable = [...model.files]
        writer = undefined
        await compare(store, model, setup.embedder !== undefined)
        await store.close()
        store = await open(setup)
        continue
      }
      writer ??= await store.write()
      if (step.type === 'put') {
        const problem = step.problem ? { problem: { code: 'corrupt', message: 'is broken' } } : {}
        const file = fileOf(step.uri, { modified: step.modified, ...problem })
        const puts = await Promise.all(step.sources.map((draft) => makePut(step.uri, draft)))
        await writer.put(file, puts)
        model.put(file, puts)
      } else if (step.type === 'broken') {
        const puts = await Promise.all(step.sources.map((draft) => makePut(step.uri, draft)))
        const failing = (async function* () {
          yield* puts
          throw new Error('the reader failed')
        })()
        await assert.rejects(writer.put(fileOf(step.uri), failing), /the reader failed/)
      } else if (step.type === 'move') {
        const known = model.files.get(step.from)
        const to: FileRecord = { ...(known?.file ?? fileOf(step.from)), uri: step.to, modified: step.modified }
        if (!known) await assert.rejects(writer.move(step.from, to), (error) => FoveaError.is(error, 'file-unknown'))
        else {
          await writer.move(step.from, to)
          model.move(step.from, to)
        }
      } else if (step.type === 'remove') {
        await writer.remove(step.uri)
        model.files.delete(step.uri)
      } else await writer.flush()
      if (step.type === 'flush') {
        await compare(store, model, setup.embedder !== undefined)
        durable = [...model.files]
      }
    }
    await writer?.close()
    writer = undefined
    await compare(store, model, setup.embedder !== undefined)
  } finally {
    await writer?.close({ abort: true })
    await store.close()
  }
}

describe('sqlite against a plain model', () => {
  const property =
    (make: (folder: string) => SqliteSetup, runs: number, length: number) =>
    async (t: { after(done: () => void): void }) => {
      const folder = temporaryFolder(t)
      let count = 0
      await fc.assert(
        fc.asyncProperty(fc.array(steps, { maxLength: length }), async (story) => {
          await runStory(make(join(folder, `${count++}`)), story)
        }),
        { numRuns: runs },
      )
    }
  const large = { batchBytes: 1 << 20, batchMilliseconds: 60_000, mergeWidth: 2 }
  it(
    'puts, moves, removes, flushes, drops and reopens',
    property((location) => ({ location, analyzer, limits: large }), 60, 14),
  )
  it(
    'embeds what it writes',
    property((location) => ({ location, analyzer, limits: large, embedder: letterEmbedder(dimensions) }), 40, 12),
  )
  it(
    'does the same in a worker thread',
    property((location) => ({ location, analyzer: portable, limits: large }), 6, 10),
  )
  it('goes on after a pause in which a batch was committed by itself', async (t) => {
    for (const setup of [{ analyzer: portable }, { analyzer }]) {
      const location = join(temporaryFolder(t), 'store.sqlite')
      const store = await open({ location, ...setup, limits: { ...large, batchMilliseconds: 200 } })
      const durable: string[] = []
      const writer = await store.write({ onDurable: (uris) => durable.push(...uris) })
      const whole = documentsOf(1)
      for (const { uri, texts } of whole.slice(0, 3)) {
        await writer.put(fileOf(uri), await Promise.all(texts.map((text) => putOf(uri, text))))
        for (let waited = 0; !durable.includes(uri) && waited < 10_000; waited += 5) await sleep(5)
        assert.ok(durable.includes(uri), `${uri} was not committed by itself`)
      }
      await writer.close()
      assert.equal((await store.status()).files, 3)
      await store.close()
    }
  })
  it('commits in the middle of a file when a batch is full', async (t) => {
    const folder = temporaryFolder(t)
    let count = 0
    const quiet = steps.filter((step) => step.type !== 'reopen' || !step.abort)
    await fc.assert(
      fc.asyncProperty(fc.array(quiet, { maxLength: 12 }), async (story) => {
        await runStory(
          { location: join(folder, `${count++}`), analyzer, limits: tiny, embedder: letterEmbedder(dimensions) },
          story,
        )
      }),
      { numRuns: 40 },
    )
  })
})

describe('sqlite, one thing at a time', () => {
  it('slices any range exactly, over rows, and parts no pair', async (t) => {
    const text = `${'plain words '.repeat(6_000)}${'山川😀é'.repeat(30_000)}${'😀'.repeat(20_000)}x`
    const store = await open({ location: temporaryFolder(t), analyzer })
    const writer = await store.write()
    const put = await putOf('a', text, { size: 2_000 })
    await writer.put(fileOf('a'), [put])
    await writer.close()
    const source = put.source.id
    assert.equal(await store.texts.slice({ source, start: 0, end: text.length }), text)
    const offset = fc.nat(text.length)
    await fc.assert(
      fc.asyncProperty(offset, fc.oneof(offset, fc.integer({ min: -3, max: 3 })), async (one, other) => {
        const [start, end] = [one, Math.abs(other) <= 3 ? one + other : other].sort((a, b) => a - b) as [number, number]
        const slice = store.texts.slice({ source, start, end })
        if (start < 0 || end > text.length || splitsPair(text, start) || splitsPair(text, end))
          await assert.rejects(slice, (error) => FoveaError.is(error, 'span-outside'))
        else assert.equal(await slice, text.slice(start, end))
      }),
      { numRuns: 400 },
    )
    await assert.rejects(store.texts.slice({ source: 'f'.repeat(64), start: 0, end: 0 }), (error) =>
      FoveaError.is(error, 'source-unknown'),
    )
    await store.close()
  })

  it('reads nothing again for a moved file or a second place, and all again for other words', async (t) => {
    const embedder = letterEmbedder()
    const store = await open({ location: temporaryFolder(t), analyzer, embedder })
    const writer = await store.write()
    const put = await putOf('a', 'the quick fox runs home at night, every night of the year')
    await writer.put(fileOf('a'), [put])
    await writer.flush()
    const { calls } = embedder
    const before = await store.keyword({ text: 'fox', limit: 9 })
    await writer.put(fileOf('copy'), [{ ...put, source: { ...put.source, uri: 'copy' } }])
    await writer.move('a', fileOf('b/moved', { modified: 7 }))
    await writer.flush()
    assert.equal(embedder.calls, calls)
    assert.equal((await store.status()).segments, 1)
    assert.deepEqual(await store.keyword({ text: 'fox', limit: 9 }), before)
    assert.deepEqual((await store.source(before[0]!.spans[0]))?.places, ['b/moved', 'copy'])
    const named = { ...put, chunks: put.chunks.map((chunk) => ({ ...chunk, context: 'Menagerie' })) }
    await writer.put(fileOf('named'), [named])
    await writer.close()
    assert.equal((await store.keyword({ text: 'menagerie', limit: 9 })).length, put.chunks.length)
    assert.equal((await store.keyword({ text: 'fox', limit: 9 })).length, 2)
    await store.close()
  })

  it('gives the neighbours and the enclosing units of passages and of wider spans', async (t) => {
    const text = Array.from({ length: 20 }, (_, number) => `passage${number}`.padEnd(20, '.')).join('')
    const put = await putOf('a', text, { size: 20, outline: outlineOf(text) })
    const store = await open({ location: temporaryFolder(t), analyzer })
    const writer = await store.write()
    await writer.put(fileOf('a'), [put])
    await writer.close()
    const source = put.source.id
    const at = (start: number, end: number) => ({ spans: [{ source, start, end }] as const, score: 1, trail: ['x'] })
    const starts = async (start: number, end: number, before: number, after: number) =>
      (await store.neighbours(at(start, end), before, after)).map(({ spans }) => spans[0].start / 20)
    assert.deepEqual(await starts(100, 120, 2, 3), [3, 4, 6, 7, 8])
    assert.deepEqual(await starts(0, 20, 2, 1), [1])
    assert.deepEqual(await starts(380, 400, 1, 5), [18])
    assert.deepEqual(await starts(90, 130, 1, 1), [3, 7])
    assert.deepEqual(await starts(40, 120, 1, 1), [1, 6])
    assert.deepEqual(await store.neighbours({ ...at(0, 20), spans: [{ source: 'no', start: 0, end: 1 }] }, 1, 1), [])
    const units = await store.enclosing({ source, start: 10, end: 30 })
    assert.deepEqual(
      units.map(({ kind, title, span }) => [kind, title, span.end]),
      [
        ['section', 'Über 😀', 400],
        ['paragraph', undefined, 200],
      ],
    )
    assert.equal((await store.enclosing({ source, start: 190, end: 210 })).length, 1)
    await store.close()
  })

  it('leaves stop words of a question out unless it has no others, and never given terms', async (t) => {
    const store = await open({ location: temporaryFolder(t), analyzer })
    const writer = await store.write()
    await writer.put(fileOf('a'), [await putOf('a', 'what is the matter')])
    await writer.put(fileOf('b'), [await putOf('b', 'a fox')])
    await writer.close()
    const found = async (query: Parameters<Store['keyword']>[0]) =>
      Promise.all((await store.keyword(query)).map(({ spans }) => store.texts.slice(spans[0])))
    assert.deepEqual(await found({ text: 'what is the fox', limit: 5 }), ['a fox'])
    assert.deepEqual(await found({ text: 'what is the', limit: 5 }), ['what is the matter'])
    assert.deepEqual(await found({ text: 'fox', terms: [{ term: 'what', weight: 2 }], limit: 5 }), [
      'what is the matter',
    ])
    assert.deepEqual(await found({ text: '', limit: 5 }), [])
    await assert.rejects(store.keyword({ text: 'fox', limit: 1, abortSignal: AbortSignal.abort() }), /abort/i)
    await store.close()
  })

  it('keeps the files that are whole when the writing is called off', async (t) => {
    const store = await open({ location: temporaryFolder(t), analyzer: portable })
    const stop = new AbortController()
    const writer = await store.write({ abortSignal: stop.signal })
    await writer.put(fileOf('a'), [await putOf('a', 'a fox')])
    const half = async function* () {
      yield putOf('b', 'half a fox')
      stop.abort()
      yield putOf('b', 'the other half')
    }
    await assert.rejects(writer.put(fileOf('b'), half()), /abort/i)
    await writer.close()
    assert.deepEqual(
      (await collect(store.files())).map(({ uri }) => uri),
      ['a'],
    )
    assert.equal((await store.keyword({ text: 'fox', limit: 5 })).length, 1)
    await assert.rejects(writer.put(fileOf('c'), []), /abort|closed/i)
    await store.close()
  })

  it('matches paths and types', () => {
    const paths: [string[], string, boolean][] = [
      [['*.md'], 'docs/a.md', true],
      [['docs/*.md'], 'docs/a.md', true],
      [['docs/*.md'], 'docs/deep/a.md', false],
      [['docs/**/*.md'], 'docs/a.md', true],
      [['docs/**/*.md'], 'docs/x/y/a.md', true],
      [['docs/'], 'docs/x/a.txt', true],
      [['**/x/**'], 'docs/x/a.txt', true],
      [['a?c.{md,txt}'], 'abc.txt', true],
      [['a?c.{md,txt}'], 'abc.rst', false],
      [['!*.md'], 'a.md', false],
      [['!*.md'], 'a.txt', true],
      [['docs/**', '!**/x/**'], 'docs/x/a', false],
      [['a+(b).md'], 'a+(b).md', true],
      [['?.md'], '😀.md', true],
      [['{.md'], '{.md', true],
    ]
    for (const [patterns, uri, wanted] of paths) assert.equal(pathMatcher(patterns)(uri), wanted, `${patterns} ${uri}`)
    assert.deepEqual(
      ['text/plain', 'text/html; charset=utf-8', 'image/png'].map(typeMatcher(['text/*', 'application/pdf'])),
      [true, true, false],
    )
  })
})

describe('vectors whose content drifts', () => {
  const size = 48
  const count = 9_000
  let seed = 11
  const random = (): number => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const normal = (): number => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random())
  const direction = (): Float32Array => Float32Array.from({ length: size }, normal)
  const clusters = Array.from({ length: 30 }, () => ({ centre: direction(), move: direction() }))
  const [from, to] = [direction(), direction()]
  const vectors = Array.from({ length: count }, (_, number) => {
    const time = number / count
    const { centre, move } = clusters[Math.floor(random() * clusters.length)]!
    return normalise(
      Float32Array.from(
        { length: size },
        (_, axis) =>
          centre[axis]! + time * move[axis]! + 2 * (1 - time) * from[axis]! + 2 * time * to[axis]! + 0.9 * normal(),
      ),
    )
  })
  const queries = Array.from({ length: 150 }, () =>
    normalise(vectors[Math.floor(random() * count)]!.map((value) => value + 0.05 * normal())),
  )
  const truth = queries.map((query) => {
    const scores = vectors.map((vector) => vector.reduce((sum, value, axis) => sum + value * query[axis]!, 0))
    return new Set([...scores.keys()].sort((a, b) => scores[b]! - scores[a]!).slice(0, 10))
  })

  async function build(batch: number) {
    const database = new DatabaseSync(':memory:')
    prepareSchema(database, 'memory', (work) => work())
    const writer: VectorWriter = new VectorWriter(database, { ...noCounters }, size, (id, texts) => {
      const values = new Float32Array(texts.length * size)
      texts.forEach((text, index) => {
        values.set(vectors[Number(text)]!, index * size)
      })
      queueMicrotask(() => writer.arrive(id, values))
    })
    for (let number = 0; number < count; number++) {
      await writer.add(number, String(number))
      if ((number + 1) % batch !== 0) continue
      await writer.settle()
      writer.commit(Ranges.of([]))
    }
    await writer.settle()
    writer.commit(Ranges.of([]))
    const reader = new VectorReader(database)
    let hits = 0
    queries.forEach((query, index) => {
      const found = reader.search(query, 10, () => true, undefined, 150)
      hits += found.filter(({ passage }) => truth[index]!.has(passage)).length
    })
    return { recall: hits / (10 * queries.length), ...writer.work }
  }

  it('are found as well as after a rebuild, for a tenth of its work', async () => {
    const rebuilt = await build(count)
    assert.equal(rebuilt.made, count)
    assert.ok(rebuilt.recall > 0.85, `recall ${rebuilt.recall}`)
    for (const batch of [25, 300]) {
      const grown = await build(batch)
      assert.ok(
        grown.recall >= rebuilt.recall - 0.01,
        `${grown.recall} in batches of ${batch}, ${rebuilt.recall} rebuilt`,
      )
      assert.ok(grown.remade <= 0.1 * count, `${grown.remade} codes were made again`)
    }
  })
})

describe('the plan of merging', () => {
  const sizes = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 50 }), fc.constant(100_000)), {
    minLength: 200,
    maxLength: 600,
  })
  it('writes each passage anew a few times only, and leaves few segments, whatever the sizes of the batches', () => {
    fc.assert(
      fc.property(sizes, fc.constantFrom(8, 16), (batches, width) => {
        const info = (segment: number, first: number, passages: number) => {
          return { segment, first, last: first + passages - 1, passages, length: passages, header: '' }
        }
        let segments: ReturnType<typeof info>[] = []
        let [number, total, written] = [0, 0, 0]
        for (const size of batches) {
          segments.push(info(number++, total, size))
          total += size
          for (;;) {
            const run = mergePlan(segments, () => 0, width)
            if (!run) break
            const passages = run.reduce((sum, each) => sum + each.passages, 0)
            written += passages
            const at = segments.indexOf(run[0] as (typeof segments)[number])
            assert.deepEqual(segments.slice(at, at + run.length), run, 'only neighbours')
            segments = segments.toSpliced(at, run.length, info(number++, run[0]!.first, passages))
          }
        }
        const doublings = Math.log2(total) + 1
        assert.ok(written <= total * doublings, `${written} passages written for ${total}`)
        assert.ok(segments.length <= width * doublings, `${segments.length} segments of ${batches.length}`)
      }),
      { numRuns: 60 },
    )
  })

  it('leaves a large segment alone when a few small ones stand behind it', () => {
    const segments = Array.from({ length: 16 }, (_, index) => {
      const passages = index === 0 ? 2_000_000 : 1
      return {
        segment: index,
        first: index * 2_000_000,
        last: index * 2_000_000 + passages - 1,
        passages,
        length: 1,
        header: '',
      }
    })
    assert.equal(
      mergePlan(segments, () => 0, 16),
      undefined,
    )
    assert.deepEqual(
      mergePlan(segments, () => 0, 8),
      segments.slice(1),
    )
  })
})

import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Chunk,
  FoveaError,
  makeSource,
  type OutlineNode,
  type Passage,
  passageText,
  type Ranker,
  type RankItem,
  type Retriever,
  spanViolations,
} from '../../src/core/index.ts'
import { passageKey, type RetrieverParts, retriever, retrievers } from '../../src/find/index.ts'
import type { ModelCall, ModelPort } from '../../src/model/index.ts'
import words from '../../src/store/analyzers/words.ts'
import sqlite from '../../src/store/engines/sqlite.ts'
import type { PutSource, Searchable } from '../../src/store/index.ts'
import { hashEmbedder, memoryStore, mixingEncoder } from '../../src/testing/index.ts'

const analyzer = await words()
const embedder = hashEmbedder(analyzer)
const vocabulary = 'whale ship captain sea storm harbour rope sail wind night star lantern the of and a in'.split(' ')

/** Sentences as chunks, some of them in sections. */
async function sourceOf(name: string, sentences: readonly string[], header = false): Promise<PutSource> {
  let text = header ? 'name,place' : ''
  const chunks: Chunk[] = []
  const outline: OutlineNode[] = []
  for (const [index, sentence] of sentences.entries()) {
    if (text !== '') text += '\n'
    const start = text.length
    text += sentence
    if (index % 3 === 0) outline.push({ kind: 'section', title: `part ${index}`, level: 1, start, end: text.length })
    else outline.push({ ...outline.pop()!, end: text.length })
    if (text.length > start)
      chunks.push({
        start,
        end: text.length,
        node: outline.length - 1,
        tokens: 5,
        ...(header ? { header: [0, 10] as const } : {}),
      })
  }
  return {
    source: await makeSource({ uri: `${name}.md`, text, mediaType: 'text/markdown', outline, time: name.length }),
    chunks,
  }
}

const sentence = fc
  .array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 9 })
  .map((list) => `${list.join(' ')}.`)
const library = fc
  .array(fc.tuple(fc.array(sentence, { minLength: 1, maxLength: 8 }), fc.boolean()), { minLength: 1, maxLength: 4 })
  .map((documents) =>
    Promise.all(
      documents.map(([sentences, header], index) => sourceOf(`d${index}`, [...sentences, `end ${index}`], header)),
    ),
  )
const question = fc.oneof(sentence, fc.constantFrom('"whale ship"', 'what is the sea', '"of" storm', '', '?!'))

const textOf = (sources: readonly PutSource[]) => (id: string) =>
  sources.find(({ source }) => source.id === id)?.source.text
const tokenEmbedder = mixingEncoder(analyzer, { dimensions: 64 })
/** A program that stands in for a model and likes whatever it is shown. */
const model = {
  async generate({ abortSignal }: ModelCall) {
    abortSignal?.throwIfAborted()
    const usage = { calls: 1, inputTokens: { total: 1, cacheRead: 0, cacheWrite: 0 }, outputTokens: 1, milliseconds: 0 }
    const text = 'The whale is told of. [1]\n1: 70\n2: 60\n3: 50'
    return { text, finish: 'stop', usage, replayed: false }
  },
} as unknown as ModelPort
/** Scripted: the shorter the better. */
const ranker: Ranker = { name: 'by-length', rank: async (_, texts) => texts.map((text) => -text.length) }
const parts = (store: Searchable, inner: readonly Retriever[] = []): RetrieverParts => ({
  store,
  inner,
  embedder,
  model,
  tokenEmbedder,
  ranker,
})
const innerOf = async (store: Searchable): Promise<Retriever[]> => [
  await retriever('keyword', parts(store)),
  await retriever('vector', parts(store)),
]

test('every retriever: ranked, at most limit, the same again, spans inside, no passage twice, nothing changed', async () => {
  for (const { meta } of retrievers) {
    await fc.assert(
      fc.asyncProperty(library, question, fc.integer({ min: 1, max: 12 }), async (making, text, limit) => {
        const sources = await making
        const store = await memoryStore(sources, analyzer, { embedder })
        const inner = (await innerOf(store)).map(
          (one): Retriever => ({
            ...one,
            retrieve: async (query) =>
              (await one.retrieve(query)).map((passage) =>
                Object.freeze({ ...passage, spans: Object.freeze(passage.spans), trail: Object.freeze(passage.trail) }),
              ),
          }),
        )
        const under = await retriever(meta.name, parts(store, inner))
        const query = Object.freeze({ text, limit })
        const found = await under.retrieve(query)
        assert.ok(found.length <= limit)
        assert.deepEqual(await under.retrieve(query), found)
        assert.equal(new Set(found.map(passageKey)).size, found.length)
        for (const [rank, passage] of found.entries()) {
          assert.ok(Number.isFinite(passage.score) && passage.trail.length > 0, `${meta.name}: ${passage.score}`)
          assert.ok(rank === 0 || found[rank - 1]!.score >= passage.score, `${meta.name}: rank ${rank}`)
          for (const span of passage.spans) assert.deepEqual(spanViolations(span, textOf(sources)), [])
        }
      }),
      { numRuns: 60 },
    )
  }
})

test('every retriever stops when it is told to, keeps to the filter, and says which part it lacks', async () => {
  const sources = await Promise.all([
    sourceOf('one', ['Ahab saw the whale ship off Nantucket', 'a storm at sea']),
    sourceOf('three', ['Ahab sails the whale ship to Nantucket', 'night']),
  ])
  const store = await memoryStore(sources, analyzer, { embedder })
  for (const { meta } of retrievers) {
    const under = await retriever(meta.name, parts(store, await innerOf(store)))
    await assert.rejects(
      under.retrieve({ text: 'whale', limit: 3, abortSignal: AbortSignal.abort(new Error('enough')) }),
      /enough/,
      meta.name,
    )
    for (const filter of [
      { paths: ['three.md'] },
      { paths: ['!one*'] },
      { after: 4 },
      { sources: [sources[1]!.source.id] },
    ]) {
      const found = await under.retrieve({ text: 'Ahab and the whale ship', limit: 5, filter })
      assert.ok(found.length > 0, meta.name)
      for (const { spans } of found) assert.equal(spans[0].source, sources[1]!.source.id, meta.name)
    }
    assert.deepEqual(await under.retrieve({ text: 'whale', limit: 5, filter: { types: ['image/*'] } }), [])
    if (meta.needs.length > 0)
      await assert.rejects(retriever(meta.name, { store, inner: [] }), (error) => FoveaError.is(error, 'part-missing'))
  }
  await assert.rejects(retriever('nothing', { store, inner: [] }), (error) => FoveaError.is(error, 'leaf-unknown'))
})

const listed = (name: string, passages: readonly Passage[]): Retriever => ({
  name,
  retrieve: async ({ limit }) => passages.slice(0, limit),
})
const at = (start: number, score: number): Passage => ({
  spans: [{ source: 'a'.repeat(64), start, end: start + 1 }],
  score,
  trail: ['made'],
})

test('hybrid adds 1 / (60 + rank) over the lists, by hand', async () => {
  const store = await memoryStore([], analyzer)
  const [one, two, three, four] = [0, 10, 20, 30]
  const first = listed('first', [at(one, 9), at(two, 8), at(three, 7)])
  const second = listed('second', [at(three, 0.3), at(four, 0.2), at(one, 0.1)])
  const fused = await (await retriever('hybrid', parts(store, [first, second]))).retrieve({ text: 'x', limit: 10 })
  assert.deepEqual(
    fused.map(({ spans }) => spans[0].start),
    [one, three, two, four],
  )
  const expected = [1 / 61 + 1 / 63, 1 / 63 + 1 / 61, 1 / 62, 1 / 62]
  for (const [rank, score] of expected.entries()) assert.ok(Math.abs(fused[rank]!.score - score) < 1e-12)
  const weighed = await (await retriever('hybrid', parts(store, [first, second]), { weights: [1, 3], k: 0 })).retrieve({
    text: 'x',
    limit: 2,
  })
  assert.deepEqual(
    weighed.map(({ spans, score }) => [spans[0].start, score]),
    [
      [three, 1 / 3 + 3],
      [one, 1 + 3 / 3],
    ],
  )
})

test('keyword: a rare word beats question words, a quoted phrase comes first, and nothing is lost to a phrase', async () => {
  const sources = [
    await sourceOf('one', [
      'what does the ship do in the night',
      'the lantern',
      'storm and captain ahead',
      'captain storm',
      'the captain of a storm',
    ]),
    await sourceOf('two', ['rope', 'wind', 'sail', 'night of the star']),
  ]
  const store = await memoryStore(sources, analyzer)
  const read = async (text: string): Promise<string[]> =>
    Promise.all(
      (await (await retriever('keyword', parts(store))).retrieve({ text, limit: 10 })).map((passage) =>
        passageText(passage, store.texts),
      ),
    )
  assert.equal((await read('what does the lantern do'))[0], 'the lantern')
  const phrase = await read('is there a "captain storm"?')
  assert.equal(phrase[0], 'captain storm')
  assert.deepEqual(new Set(phrase.filter((text) => text.includes('captain') && text.includes('storm'))).size, 3)
  assert.equal((await read('“storm and captain”'))[0], 'storm and captain ahead')
  assert.ok((await read('"lantern sail" rope')).includes('rope'))
  assert.deepEqual(await read('zebra'), [])
  assert.ok((await read('what does the')).length > 0)
})

test('distinct leaves planted copies out, keeps the best, and fills up from below', async () => {
  const base = (number: number): string =>
    `chapter ${number} tells how the ship number ${number * 7} left harbour ${number * 13} under wind ${number * 17} at night ${number}`
  const sentences = Array.from({ length: 12 }, (_, number) => base(number))
  const copies = Array.from({ length: 9 }, (_, copy) => `${base(3)}${'!'.repeat(copy + 1)}`)
  const sources = [
    await sourceOf('all', [...sentences, ...copies]),
    await sourceOf('more', [`${base(3)} indeed`, base(5)]),
  ]
  const store = await memoryStore(sources, analyzer)
  const keyword = await retriever('keyword', parts(store))
  const query = { text: 'how the ship left harbour under wind, chapter 3', limit: 8 }
  const before = await keyword.retrieve(query)
  const found = await (await retriever('distinct', parts(store, [keyword]))).retrieve(query)
  const texts = await Promise.all(found.map((passage) => passageText(passage, store.texts)))
  assert.equal(texts.filter((text) => text.includes('chapter 3 ')).length, 1)
  assert.equal(found.length, 8)
  assert.equal(passageKey(found[0]!), passageKey(before[0]!))
  const strict = await (await retriever('distinct', parts(store, [keyword]), { resemblance: 1 })).retrieve({
    ...query,
    limit: 40,
  })
  assert.ok(strict.length > 12)
})

test('diverse takes another subject before the second copy of the first', async () => {
  const sources = [
    await sourceOf('all', [
      'whale ship captain',
      'whale ship captain sea',
      'whale ship captain rope',
      'lantern star whale',
    ]),
  ]
  const store = await memoryStore(sources, analyzer)
  const keyword = await retriever('keyword', parts(store))
  const query = { text: 'whale ship captain', limit: 2 }
  const [first, second] = await (await retriever('diverse', parts(store, [keyword]), { relevance: 0.3 })).retrieve(
    query,
  )
  assert.equal(passageKey(first!), passageKey((await keyword.retrieve(query))[0]!))
  assert.equal(await passageText(second!, store.texts), 'lantern star whale')
  const relevant = await (await retriever('diverse', parts(store, [keyword]), { relevance: 1 })).retrieve({
    ...query,
    limit: 4,
  })
  assert.deepEqual(relevant.map(passageKey), (await keyword.retrieve({ ...query, limit: 4 })).map(passageKey))
})

test('neighbours stand beside their hit for half its score', async () => {
  const sources = [await sourceOf('all', ['rope', 'sea', 'the lantern', 'wind', 'star'])]
  const store = await memoryStore(sources, analyzer)
  const keyword = await retriever('keyword', parts(store))
  const found = await (await retriever('neighbours', parts(store, [keyword]), { before: 2 })).retrieve({
    text: 'lantern',
    limit: 9,
  })
  const texts = await Promise.all(found.map((passage) => passageText(passage, store.texts)))
  assert.deepEqual(texts, ['the lantern', 'sea', 'wind', 'rope'])
  const [hit, near, , far] = found.map(({ score }) => score) as [number, number, number, number]
  assert.ok(Math.abs(near - hit / 2) < 1e-12 && Math.abs(far - hit / 4) < 1e-12)
})

/** Sections by Markdown headings, paragraphs as chunks. */
async function chapterOf(name: string, text: string): Promise<PutSource> {
  const headings = [...text.matchAll(/^(#+) (.+)$/gm)]
  const outline = headings.map((match, index): OutlineNode => {
    const level = match[1]!.length
    const next = headings.slice(index + 1).find((other) => other[1]!.length <= level)
    const parent = headings.slice(0, index).findLastIndex((other) => other[1]!.length < level)
    return {
      kind: 'section',
      title: match[2]!,
      level,
      start: match.index,
      end: next?.index ?? text.length,
      ...(parent === -1 ? {} : { parent }),
    }
  })
  const chunks = [...text.matchAll(/\S[\s\S]*?(?=\n\n|$)/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    tokens: 50,
  }))
  return { source: await makeSource({ uri: name, text, mediaType: 'text/markdown', outline }), chunks }
}

test('parent on a real book: whole sections, long units within their size, nothing twice', async (t) => {
  const data = process.env.FOVEA_DATA
  if (!data) return t.skip('FOVEA_DATA is not set')
  const folder = join(data, 'rust-book')
  const names = (await readdir(folder)).filter((name) => /^ch(04|08|10|15)/.test(name)).sort()
  const sources = await Promise.all(
    names.map(async (name) => chapterOf(name, await readFile(join(folder, name), 'utf8'))),
  )
  const store = await memoryStore(sources, analyzer)
  const keyword = await retriever('keyword', parts(store))
  for (const text of [
    'How does the compiler know that a reference is still valid?',
    'What is a trait object?',
    'push a string onto a vector',
    'deref coercion',
  ]) {
    const hits = await keyword.retrieve({ text, limit: 15 })
    for (const [options, most] of [
      [{ to: 'section' }, 4000],
      [{ to: 'long' }, 4000],
      [{ to: 'long', size: 1000 }, 1000],
    ] as const) {
      const found = await (await retriever('parent', parts(store, [keyword]), options)).retrieve({ text, limit: 5 })
      assert.ok(found.length > 0)
      const seen = found.flatMap(({ spans }) => spans)
      for (const [index, one] of seen.entries())
        for (const two of seen.slice(index + 1))
          assert.ok(one.source !== two.source || one.end <= two.start || two.end <= one.start)
      for (const passage of found) {
        const [span] = passage.spans
        assert.ok(span.end - span.start <= most * 8, `${span.end - span.start} characters`)
        assert.ok(
          hits.some(({ spans: [hit] }) => hit.source === span.source && hit.start >= span.start && hit.end <= span.end),
        )
      }
      const best = hits[0]!.spans[0]
      const holder = found[0]!.spans[0]
      assert.ok(holder.source === best.source && holder.start <= best.start && best.end <= holder.end)
      assert.equal(found[0]!.score, hits[0]!.score)
      if (options.to === 'section') {
        const units = sources.find(({ source }) => source.id === holder.source)!.source.outline!
        assert.ok(units.some(({ start, end }) => start === holder.start || end === holder.end))
      } else assert.ok(holder.end - holder.start > 2 * (best.end - best.start))
    }
  }
})

test('the engine gives what the store in memory gives', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fovea-find-'))
  try {
    let count = 0
    await fc.assert(
      fc.asyncProperty(library, fc.array(question, { minLength: 5, maxLength: 5 }), async (making, questions) => {
        const sources = await making
        const unique = [...new Map(sources.map((put) => [put.source.id, put])).values()]
        const engine = await sqlite({ location: join(folder, `${count++}.sqlite`), analyzer })
        const writer = await engine.write()
        for (const put of unique) {
          const { uri, text, id, time = 0 } = put.source
          await writer.put({ uri, size: text.length, modified: time, hash: id, format: 'text', formatVersion: 1 }, [
            put,
          ])
        }
        await writer.close()
        const memory = await memoryStore(unique, analyzer)
        for (const text of questions)
          for (const name of ['keyword', 'neighbours', 'parent']) {
            const [ours, theirs] = await Promise.all(
              [memory, engine].map(async (store) =>
                (await retriever(name, parts(store, [await retriever('keyword', parts(store))]))).retrieve({
                  text,
                  limit: 6,
                }),
              ),
            )
            // The engine's scores are rounded, so that passages of nearly one score may change places.
            const show = (list: readonly Passage[]) =>
              list.map((passage) => `${passage.score.toFixed(3)} ${passageKey(passage)}`).sort()
            assert.deepEqual(show(theirs!), show(ours!), `${name}: ${text}`)
          }
        await engine.close()
      }),
      { numRuns: 6, endOnFailure: true },
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test("rerank: the order is the ranker's, which is told scores, titles above and how rare words are", async () => {
  const put = await sourceOf('told', ['the whale swam', 'a whale of a ship', 'the ship'])
  const store = await memoryStore([put], analyzer, { embedder })
  const seen: RankItem[] = []
  let rare: number[] = []
  const wide: Ranker = {
    ...ranker,
    rankItems: async (_, items, { rarity } = {}) => {
      seen.push(...items)
      rare = ['whale', 'storm'].map((word) => rarity!(analyzer.terms(word)[0]!.term))
      return items.map((_, index) => index)
    },
  }
  const keyword = await retriever('keyword', parts(store))
  const query = { text: 'whale storm', limit: 5 }
  const before = await keyword.retrieve(query)
  const after = await (await retriever('rerank', { store, inner: [keyword], ranker: wide })).retrieve(query)
  assert.ok(before.length === 2 && rare[1]! > rare[0]! && rare[0]! > 0)
  assert.deepEqual(
    after.map(({ spans }) => spans),
    before.map(({ spans }) => spans).reverse(),
  )
  assert.deepEqual(
    seen.map(({ score }) => score),
    before.map(({ score }) => score),
  )
  assert.ok(seen.every(({ context }) => context?.includes('part 0')))
  const one = await (await retriever('rerank', { store, inner: [keyword], ranker: wide })).retrieve({
    ...query,
    limit: 1,
  })
  assert.deepEqual(one, after.slice(0, 1))
})

test('a ranker that looks at the whole list leaves copies of one text in the order they come in', async () => {
  const store = await memoryStore([await sourceOf('copies', ['the whale swam', 'a ship', 'the whale swam'])], analyzer)
  const query = { text: 'whale', limit: 5 }
  const keyword = await retriever('keyword', { store, inner: [] })
  const bottomFirst: Ranker = {
    name: 'bottom first',
    rank: async (_, list) => list.map((_, index) => index),
  }
  const before = await keyword.retrieve(query)
  assert.equal(before.length, 2)
  const rankItems: Ranker['rankItems'] = async (_, items) => items.map((_, index) => index)
  for (const one of [bottomFirst, { ...bottomFirst, rankItems }]) {
    const after = await (await retriever('rerank', { store, inner: [keyword], ranker: one })).retrieve(query)
    assert.deepEqual(
      after.map(({ spans }) => spans),
      before.map(({ spans }) => spans),
    )
  }
})

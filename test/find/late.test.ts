import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Embedder,
  makeSource,
  type Passage,
  type Retriever,
  sentences,
  split,
  type TokenEmbedder,
} from '../../src/core/index.ts'
import { retriever } from '../../src/find/index.ts'
import { keyPhrases, phraseWeights } from '../../src/find/phrases.ts'
import { poolRanges, type Range, type Token, tokensOf } from '../../src/find/pooling.ts'
import { VectorSet } from '../../src/find/vectors.ts'
import { dot, unit } from '../../src/model/index.ts'
import words from '../../src/store/analyzers/words.ts'
import type { Searchable } from '../../src/store/index.ts'
import { hashEmbedder, memoryStore, mixingEncoder } from '../../src/testing/index.ts'

const analyzer = await words()

async function drained<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = []
  for await (const value of values) all.push(value)
  return all
}
async function* given(tokens: readonly Token[]): AsyncGenerator<Token> {
  yield* tokens
}
const random = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}

test('tokens of a long text: each once and in order, whatever the window, and a document in one pass where it fits', async () => {
  const text = fc.array(fc.constantFrom('whale ', 'the ', 'she. ', 'Ahab ', 'мир, ', '\u{1f600} ', '\n\n'), {
    minLength: 1,
    maxLength: 80,
  })
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.integer({ min: 2, max: 12 }),
      fc.double({ min: 0, max: 0.9, noNaN: true }),
      async (parts, window, overlap) => {
        const whole = parts.join('')
        const full = await drained(tokensOf(whole, mixingEncoder(analyzer, { dimensions: 8 })))
        const cut = await drained(tokensOf(whole, mixingEncoder(analyzer, { dimensions: 8, window }), { overlap }))
        const places = (tokens: readonly Token[]) => tokens.map(({ start, end }) => [start, end])
        assert.deepEqual(places(cut), places(full))
        let passes = 0
        const counting: TokenEmbedder = {
          ...mixingEncoder(analyzer, { dimensions: 8 }),
          embedTokens: (...call) => {
            passes++
            return mixingEncoder(analyzer, { dimensions: 8 }).embedTokens(...call)
          },
        }
        await drained(tokensOf(whole, counting))
        assert.equal(passes, 1)
      },
    ),
    { numRuns: 60 },
  )
})

test('vectors are pooled at exact offsets: as a slow count over every token has it, for any ranges', async () => {
  const range = fc.tuple(fc.nat(120), fc.nat(60)).map(([start, length]): Range => [start, start + length])
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(120), { maxLength: 40 }),
      fc.array(range, { minLength: 1, maxLength: 12 }),
      async (starts, unsorted) => {
        const tokens = [...new Set(starts)]
          .sort((a, b) => a - b)
          .map((start): Token => ({ start, end: start + 1, vector: Float32Array.of(start, 1) }))
        const ranges = [...unsorted].sort(([first], [second]) => first - second)
        const pooled = await poolRanges(given(tokens), ranges, 2, (start) => 1 + (start % 3))
        for (const [at, [from, to]] of ranges.entries()) {
          const inside = tokens.filter(({ start }) => from <= start && start < to)
          const weight = inside.reduce((sum, { start }) => sum + 1 + (start % 3), 0)
          const mean = inside.reduce((sum, { start }) => sum + start * (1 + (start % 3)), 0) / (weight || 1)
          assert.ok(Math.abs(pooled[at]![0]! - mean) < 1e-3)
          assert.equal(pooled[at]![1], inside.length > 0 ? 1 : 0)
        }
      },
    ),
    { numRuns: 100 },
  )
})

/** People who are named once and then spoken of by pronouns only, among talk of no one. */
const people = [
  'Ada Lovelace',
  'Grace Hopper',
  'Lise Meitner',
  'Emmy Noether',
  'Rosalind Franklin',
  'Dorothy Hodgkin',
  'Mary Anning',
  'Vera Rubin',
]
const deeds = [
  'She walked there every morning with her brother.',
  'Her letters were sold after that.',
  'It was she who had asked for it first.',
]
const fillers = [
  'Rain fell on the quay all week.',
  'Prices of coal rose again in winter.',
  'A fair was held below the old bridge.',
  'Nobody kept count of the barges.',
]
async function lives(): Promise<{ store: Searchable; plain: Searchable; encoder: Embedder & TokenEmbedder }> {
  const encoder = mixingEncoder(analyzer, { dimensions: 1024 })
  const items = await Promise.all(
    people.map(async (person, index) => {
      const text = [...fillers.slice(index % 3), `${person} lived in this town.`, ...deeds, ...fillers].join(' ')
      const source = await makeSource({ uri: `${index}.txt`, text, mediaType: 'text/plain' })
      return { source, chunks: sentences(text).map(([start, end]) => ({ start, end })) }
    }),
  )
  return {
    store: await memoryStore(items, analyzer),
    plain: await memoryStore(items, analyzer, { embedder: encoder }),
    encoder,
  }
}
const textOf = async (store: Searchable, passage: Passage): Promise<string> =>
  (await Promise.all(passage.spans.map((span) => store.texts.slice(span)))).join(' ')

test('a chunk of pronouns is nearer to whom it speaks of than when it is embedded alone; only the short span comes back', async () => {
  const { store, plain, encoder } = await lives()
  const parts = { store, inner: [], tokenEmbedder: encoder, embedder: encoder }
  const near = await retriever('late', { ...parts }, { around: 60 })
  const late = await retriever('late', parts)
  const situated = await retriever('situated', parts, { before: 120, after: 0 })
  const alone = await retriever('vector', { ...parts, store: plain })
  for (const person of people) {
    const score = async (asked: Retriever): Promise<number> => {
      const found = await asked.retrieve({ text: person, limit: 500 })
      for (const passage of found) assert.ok((await textOf(store, passage)).length < 60)
      const own = await Promise.all(found.map(async (passage) => [await textOf(store, passage), passage] as const))
      const chunk = own.filter(([text]) => text.startsWith(deeds[0]!)).map(([, passage]) => passage)
      return chunk.length > 0 ? Math.max(...chunk.map((passage) => passage.score)) : -1
    }
    const isolated = await score(alone)
    for (const asked of [late, near, situated])
      assert.ok((await score(asked)) > isolated + 0.05, `${asked.name}: ${person}`)
  }
  /** Of the four sentences on each person, how many are among the first four. */
  const recall = async (asked: Retriever): Promise<number> => {
    let hits = 0
    for (const person of people)
      for (const passage of await asked.retrieve({ text: person, limit: 4 })) {
        const text = await textOf(store, passage)
        const whole = await store.texts.slice({
          ...passage.spans[0],
          start: 0,
          end: (await store.source(passage.spans[0]))!.length,
        })
        if (whole.includes(person) && (text.includes(person) || deeds.some((deed) => text.startsWith(deed)))) hits++
      }
    return hits / (4 * people.length)
  }
  const [alone4, late4, situated4] = [await recall(alone), await recall(late), await recall(situated)]
  assert.ok(late4 >= 0.9 && situated4 > alone4 && late4 > alone4 + 0.3, `${alone4} ${late4} ${situated4}`)
})

test('sentence vectors of one pass bring back whole runs of evidence; isolated ones bring back the sentence that names it', async () => {
  const { store, encoder } = await lives()
  const isolating: TokenEmbedder = {
    ...encoder,
    // Each sentence is a pass of its own: nothing is seen around it.
    async embedTokens(text, kind, abortSignal) {
      const parts = await Promise.all(
        sentences(text).map(async ([start, end]) => ({
          start,
          ...(await encoder.embedTokens(text.slice(start, end), kind, abortSignal)),
        })),
      )
      return {
        starts: Int32Array.from(parts.flatMap(({ start, starts }) => [...starts].map((at) => at + start))),
        ends: Int32Array.from(parts.flatMap(({ start, ends }) => [...ends].map((at) => at + start))),
        values: Float32Array.from(parts.flatMap(({ values }) => [...values])),
      }
    },
  }
  const complete = async (tokenEmbedder: TokenEmbedder): Promise<number> => {
    const asked = await retriever('late', { store, inner: [], tokenEmbedder }, { grain: 'run', near: 0.1 })
    let whole = 0
    for (const person of people) {
      const [best] = await asked.retrieve({ text: person, limit: 1 })
      const text = await textOf(store, best!)
      if ([person, ...deeds].every((part) => text.includes(part)) && text.length < 320) whole++
    }
    return whole / people.length
  }
  assert.ok((await complete(encoder)) >= 0.9)
  assert.equal(await complete(isolating), 0)
})

test('document, passage and sentence vectors come from the same pass: the mean of the parts is the whole', async () => {
  const { store, encoder } = await lives()
  const [text] = ['Ada Lovelace lived in this town. She walked there. Her letters were sold.']
  const parts = sentences(text!).map(([start, end]): Range => [start, end])
  const tokens = await drained(tokensOf(text!, encoder))
  const [whole, ...own] = await poolRanges(given(tokens), [[0, text!.length], ...parts], encoder.dimensions)
  const counts = parts.map(([from, to]) => tokens.filter(({ start }) => from <= start && start < to).length)
  const mean = whole!.map(
    (_, at) => own.reduce((sum, vector, part) => sum + vector[at]! * counts[part]!, 0) / tokens.length,
  )
  for (const [at, value] of whole!.entries()) assert.ok(Math.abs(value - mean[at]!) < 1e-4)
  const documents = await retriever('late', { store, inner: [], tokenEmbedder: encoder }, { grain: 'document' })
  const [best] = await documents.retrieve({ text: 'Vera Rubin', limit: 1 })
  assert.match(await textOf(store, best!), /Vera Rubin/)
  assert.equal(best!.spans[0].start, 0)
})

const topics = ['tide gauge', 'copper kiln', 'bee hive', 'night train']
/** A long text of common words; what it is about stands behind the first 150 words, a few times. */
function report(topic: string, next: () => number): string {
  const common =
    'report page table note part line week office member paper letter second general matter order list form hand'.split(
      ' ',
    )
  const out: string[] = []
  for (let at = 0; at < 300; at++) {
    out.push(at % 3 === 2 ? 'of the' : common[Math.floor(next() * common.length)]!)
    if (at > 150 && at % 60 === 30) out.push(`and the ${topic} was`)
    if (at % 12 === 11) out.push('. The')
  }
  return `${out.join(' ')}.`
}

test('key phrases: those of a fixture, and vectors weighted by them class texts whose evidence lies past the cut', async () => {
  const fixture =
    'The tide gauge was moved. A tide gauge measures the sea level, and the sea level is falling. The keeper of the tide gauge left.'
  assert.deepEqual(
    keyPhrases(fixture, analyzer, { limit: 2 }).map(({ text }) => text),
    ['tide gauge', 'sea level'],
  )
  for (const { text, places } of keyPhrases(fixture, analyzer))
    for (const [start, end] of places) assert.equal(fixture.slice(start, end).toLowerCase(), text.toLowerCase())
  const next = random(5)
  const texts = (): { topic: number; text: string }[] =>
    topics.flatMap((topic, at) => Array.from({ length: 4 }, () => ({ topic: at, text: report(topic, next) })))
  const [train, exam] = [texts(), texts()]
  const held = train.map(({ text }) => new Set(analyzer.terms(text).map(({ term }) => term)))
  const rarity = (term: string): number =>
    Math.log(held.length / Math.max(1, held.filter((set) => set.has(term)).length))
  const encoder = mixingEncoder(analyzer, { dimensions: 256, share: 0 })
  const vectorOf = async (text: string, kind: 'cut' | 'mean' | 'weighted'): Promise<Float32Array> => {
    const shown = kind === 'cut' ? text.split(' ').slice(0, 128).join(' ') : text
    const weigh = kind === 'weighted' ? phraseWeights(keyPhrases(text, analyzer, { limit: 6, rarity }), 20) : undefined
    const ranges = split({ text: shown, mediaType: 'text/plain' }, { size: 80 }).map(
      ({ start, end }): Range => [start, end],
    )
    const chunks = await poolRanges(tokensOf(shown, encoder), ranges, encoder.dimensions, weigh)
    return unit(chunks.reduce((sum, chunk) => sum.map((value, at) => value + unit(chunk)[at]!), new Float32Array(256)))
  }
  const accuracy = async (kind: 'cut' | 'mean' | 'weighted'): Promise<number> => {
    const vectors = await Promise.all(train.map(({ text }) => vectorOf(text, kind)))
    let right = 0
    for (const { topic, text } of exam) {
      const vector = await vectorOf(text, kind)
      const scores = topics.map((_, at) =>
        train.reduce((sum, one, index) => sum + (one.topic === at ? dot(vectors[index]!, vector) : 0), 0),
      )
      if (scores.indexOf(Math.max(...scores)) === topic) right++
    }
    return right / exam.length
  }
  const [cut, mean, weighted] = [await accuracy('cut'), await accuracy('mean'), await accuracy('weighted')]
  assert.ok(weighted >= 0.9 && weighted >= mean && cut < 0.6, `cut ${cut}, mean ${mean}, weighted ${weighted}`)
})

test('coarse vectors find what exact ones do: int8 nearly always, signs with rescoring nearly, signs without it less', () => {
  const next = random(11)
  const normal = (): number => Math.sqrt(-2 * Math.log(next() + 1e-12)) * Math.cos(2 * Math.PI * next())
  const centres = Array.from({ length: 20 }, () => Float32Array.from({ length: 96 }, normal))
  const draw = (): Float32Array => centres[Math.floor(next() * 20)]!.map((value) => value + 0.7 * normal())
  const vectors = Array.from({ length: 1500 }, draw)
  const sets = {
    exact: new VectorSet(),
    int8: new VectorSet({ precision: 'int8' }),
    rescored: new VectorSet({ precision: 'binary', rescore: 20 }),
    signs: new VectorSet({ precision: 'binary', rescore: 1 }),
  }
  for (const vector of vectors) for (const set of Object.values(sets)) set.add(vector)
  const queries = Array.from({ length: 25 }, draw)
  const numbers = (set: VectorSet, query: Float32Array): number[] => set.nearest(query, 10).map(({ number }) => number)
  const recall = (set: VectorSet): number =>
    queries.reduce((sum, query) => {
      const right = new Set(numbers(sets.exact, query))
      return sum + numbers(set, query).filter((number) => right.has(number)).length / 10
    }, 0) / queries.length
  for (const query of queries.slice(0, 5)) {
    const slow = [...vectors.keys()].sort(
      (a, b) => dot(unit(vectors[b]!), unit(query)) - dot(unit(vectors[a]!), unit(query)),
    )
    assert.deepEqual(numbers(sets.exact, query), slow.slice(0, 10))
  }
  const [int8, rescored, signs] = [recall(sets.int8), recall(sets.rescored), recall(sets.signs)]
  assert.ok(int8 >= 0.95 && rescored >= 0.9 && signs < rescored, `${int8} ${rescored} ${signs}`)
})

test('a question is asked in the languages of the sources, and what each finds is fused', async () => {
  const texts = { en: 'The ferry leaves at noon.', de: 'Die Fähre fährt mittags ab.', es: 'El barco sale al mediodía.' }
  const items = await Promise.all(
    Object.entries(texts).map(async ([language, text]) => ({
      source: await makeSource({ uri: `${language}.txt`, text, mediaType: 'text/plain', language }),
      chunks: [{ start: 0, end: text.length }],
    })),
  )
  const store = await memoryStore(items, analyzer)
  const asked: string[] = []
  const usage = { calls: 1, inputTokens: { total: 1, cacheRead: 0, cacheWrite: 0 }, outputTokens: 1, milliseconds: 0 }
  const model = {
    generate: async ({ prompt }: { prompt: string }) => {
      asked.push(prompt)
      const text = /Language: German/.test(prompt)
        ? 'Wann fährt die Fähre?'
        : /Spanish/.test(prompt)
          ? '¿Cuándo sale el barco?'
          : 'SAME'
      return { text, finish: 'stop', usage, replayed: false }
    },
  } as never
  const inner = await retriever('keyword', { store, inner: [] })
  const translated = await retriever('translated', { store, inner: [inner], model })
  const found = await translated.retrieve({ text: 'When does the ferry leave?', limit: 10 })
  assert.equal(asked.length, 3)
  assert.equal(found.length, 3)
  assert.ok(found.some(({ trail }) => trail.includes('translated de')))
  assert.equal((await inner.retrieve({ text: 'When does the ferry leave?', limit: 10 })).length, 1)
  assert.ok((await hashEmbedder(analyzer).embed(['x'], 'query')).length === 1)
})

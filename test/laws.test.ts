// The laws, over every entry of every catalog: a new leaf is covered without an edit here.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { strategies } from '../src/ask/index.ts'
import {
  type Answer,
  type Embedder,
  FoveaError,
  makeSource,
  type Passage,
  packViolations,
  passageText,
  passageViolations,
  type Query,
  type Retriever,
  type Source,
  sourceId,
  sourceViolations,
  split,
  type TokenCounter,
} from '../src/core/index.ts'
import { retrievers } from '../src/find/index.ts'
import { citedRenderer, compressors, fit, orderers } from '../src/fit/index.ts'
import {
  embedders,
  journals,
  type ModelPort,
  providers,
  rankers,
  tokenCounter,
  tokenizers,
} from '../src/model/index.ts'
import { formats, read, walkers } from '../src/read/index.ts'
import { analyzers, engines, type PortableAnalyzer, type Store } from '../src/store/index.ts'
import { mixingEncoder, scriptedModel } from '../src/testing/index.ts'

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'fovea-laws-'))

/** Text with all that breaks offsets: pairs, marks, blank lines, repeated sentences, several scripts. */
const sentence = fc.constantFrom(
  'The ferry leaves at noon. ',
  'The ferry leaves at noon. ',
  'Fog cancels every sailing below 100 metres! ',
  'Who counts the life jackets? ',
  '\u{1f600}\u{1f468}\u200d\u{1f469}\u200d\u{1f467} e\u0301 ',
  '渡船在中午离开。',
  'const fuelPlan = ship.litres(12)\n',
  '\n\n',
  'MF Skarven carried 58900 people in July. ',
)
const texts = fc.array(
  fc.array(sentence, { minLength: 1, maxLength: 40 }).map((parts) => parts.join('')),
  { minLength: 1, maxLength: 6 },
)
const fixed = fc
  .sample(texts, { seed: 7, numRuns: 1 })[0]!
  .concat(readFileSync(join(root, 'examples/library/handbook.md'), 'utf8'))

let analyzer: PortableAnalyzer
let counter: TokenCounter
let sources: Source[]
let store: Store
const textOf = (id: string): string | undefined => sources.find((source) => source.id === id)?.text

/** A stand-in that hashes words into a vector: equal texts are equal vectors. */
const embedder: Embedder = {
  name: 'hashed-words',
  dimensions: 32,
  embed: async (batch) =>
    batch.map((text) => {
      const vector = new Float32Array(32)
      analyzer.each(text, (term) => {
        let hash = 7
        for (const character of term) hash = (hash * 31 + character.codePointAt(0)!) >>> 0
        vector[hash % 32]! += 1
      })
      return vector
    }),
}
const ranker = {
  name: 'by-length',
  rank: async (_query: string, batch: readonly string[]) => batch.map((text) => -text.length),
}

const recordOf = (uri: string) => ({ uri, size: 1, modified: 1, hash: uri, format: 'text', formatVersion: 1 })

before(async () => {
  analyzer = await (await analyzers.find(({ meta }) => meta.name === 'words')!.load()).default()
  counter = await tokenCounter('o200k_base')
  sources = await Promise.all(
    [...new Set(fixed)].map((text, index) =>
      makeSource({ uri: `source-${index}.md`, text, mediaType: 'text/markdown', time: index * 1000 }),
    ),
  )
  const engine = (await engines.find(({ meta }) => meta.durable)!.load()).default
  store = await engine({ location: join(folder, 'shared.sqlite'), analyzer, embedder })
  const writer = await store.write()
  for (const source of sources)
    await writer.put(recordOf(source.uri), [{ source, chunks: split(source, { size: 40 }) }])
  await writer.close()
})
after(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) if (!Object.isFrozen(inner)) frozen(inner)
  }
  return value
}
const aborted = (): AbortSignal => AbortSignal.abort(new DOMException('stop', 'AbortError'))
const queries = [
  'When does the ferry leave?',
  'fog sailing metres',
  'life jackets "every passenger compartment"',
  '渡船',
  'nothing-like-it zzz',
  '',
]

for (const { meta, load } of formats) {
  test(`format ${meta.name}: whatever the bytes, lawful Sources or a typed error`, async () => {
    const leaf = await load()
    assert.deepEqual(leaf.meta, meta)
    const golden = join(root, 'test/golden', meta.name)
    const examples = readdirSync(join(root, 'examples/library')).map((name) => join(root, 'examples/library', name))
    const files = [
      ...(existsSync(golden)
        ? readdirSync(golden, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name))
        : []),
      ...examples,
    ]
    const own = files
      .filter((file) => (meta.extensions as readonly string[]).includes(extname(file).slice(1).toLowerCase()))
      .slice(0, 6)
    const inputs: Uint8Array[] = own.map((file) => readFileSync(file))
    let good = 0
    for (const bytes of inputs) good += await readLawfully(meta.name, bytes, `sample.${meta.extensions[0]}`)
    if (inputs.length > 0) assert.ok(good > 0, `no sample of ${meta.name} could be read`)
    const seed = inputs[0] ?? new TextEncoder().encode(fixed[0])
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }),
        fc.nat(),
        fc.boolean(),
        async (flips, cut, whole) => {
          const bytes = Uint8Array.from(whole ? seed : seed.subarray(0, cut % (seed.length + 1)))
          for (const [at, value] of flips) if (bytes.length > 0) bytes[at % bytes.length] = value
          await readLawfully(meta.name, bytes, `sample.${meta.extensions[0]}`)
        },
      ),
      { seed: 1, numRuns: 12, endOnFailure: true },
    )
    const input = inputOf(seed, 'x')
    await assert.rejects(drain(read(input, { format: meta.name, abortSignal: aborted() })), { name: 'AbortError' })
  })
}

const inputOf = (bytes: Uint8Array, uri: string) => ({
  uri,
  size: bytes.length,
  bytes: async (abortSignal?: AbortSignal) => {
    abortSignal?.throwIfAborted()
    return bytes
  },
  async *stream(abortSignal?: AbortSignal) {
    abortSignal?.throwIfAborted()
    yield bytes
  },
})
async function drain<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = []
  for await (const value of values) all.push(value)
  return all
}

async function readLawfully(format: string, bytes: Uint8Array, uri: string): Promise<0 | 1> {
  let made: Source[]
  try {
    made = await drain(read(inputOf(bytes, uri), { format, limits: { unpackedBytes: 32 * 1024 * 1024 } }))
  } catch (error) {
    assert.ok(FoveaError.is(error), `${format}: ${error instanceof Error ? error.stack : error}`)
    assert.match(error.code, /^(empty|corrupt|encrypted|too-large|too-deep|no-text|binary)$/)
    return 0
  }
  assert.ok(made.length > 0)
  for (const source of made) {
    assert.deepEqual(sourceViolations(source), [])
    assert.equal(source.id, await sourceId(source.text))
    for (const chunk of split(source))
      assert.deepEqual(
        passageViolations(
          { spans: [{ source: source.id, start: chunk.start, end: chunk.end }], score: 0, trail: [] },
          () => source.text,
        ),
        [],
      )
  }
  return 1
}

const base = (): Retriever => ({ name: 'base', retrieve: (query) => store.keyword(query) })

for (const { meta, load } of retrievers) {
  test(`retriever ${meta.name}: sound passages, at most the limit, repeatable, cancellable`, async () => {
    const model = scripted('The ferry leaves at noon. [1]\n1: 70\n2: 30\n{"facts": 3')
    const tokenEmbedder = mixingEncoder(analyzer, { dimensions: 32, window: 50 })
    const make = (await load()).default as unknown as (parts: object) => Retriever
    const retriever = make(
      frozen({ store: stillStore(), inner: [base(), base()], embedder, ranker, model, tokenEmbedder }),
    )
    for (const text of queries)
      for (const limit of [1, 3, 50]) {
        const query: Query = frozen({ text, limit })
        const found = await retriever.retrieve(query)
        assert.ok(found.length <= limit, `${found.length} passages for a limit of ${limit}`)
        for (const passage of found) assert.deepEqual(passageViolations(passage, textOf), [])
        for (let index = 1; index < found.length; index++)
          assert.ok(found[index - 1]!.score >= found[index]!.score, 'best first')
        assert.deepEqual(await retriever.retrieve(query), found)
      }
    const only = sources[0]!.id
    for (const { spans } of await retriever.retrieve({ text: queries[0]!, limit: 10, filter: { sources: [only] } }))
      for (const span of spans) assert.equal(span.source, only)
    await assert.rejects(retriever.retrieve({ text: queries[0]!, limit: 3, abortSignal: aborted() }), {
      name: 'AbortError',
    })
  })
}
/** The store behind a plain object, so that freezing the parts does not freeze the store. */
const stillStore = (): Store =>
  new Proxy({} as Store, {
    get: (_target, key) => {
      const value = Reflect.get(store, key)
      return typeof value === 'function' ? value.bind(store) : value
    },
  })

const choices = fc.array(
  fc.record({
    source: fc.nat(),
    start: fc.nat(),
    length: fc.integer({ min: 1, max: 120 }),
    score: fc.integer({ min: -3, max: 9 }),
  }),
  { maxLength: 14 },
)
function passagesOf(picks: readonly { source: number; start: number; length: number; score: number }[]): Passage[] {
  return picks.map(({ source, start, length, score }) => {
    const { id, text } = sources[source % sources.length]!
    const snap = (at: number): number =>
      at > 0 && at < text.length && /[\udc00-\udfff]/.test(text[at]!) && /[\ud800-\udbff]/.test(text[at - 1]!)
        ? at - 1
        : at
    const from = snap(start % text.length)
    return {
      spans: [{ source: id, start: from, end: Math.max(from, snap(Math.min(text.length, from + length))) }],
      score,
      trail: ['test'],
    }
  })
}

for (const compressor of compressors)
  for (const orderer of orderers) {
    test(`compressor ${compressor.meta.name} with orderer ${orderer.meta.name}: the laws of packs`, async () => {
      const [shorten, order] = [(await compressor.load()).default, (await orderer.load()).default]
      await fc.assert(
        fc.asyncProperty(choices, fc.integer({ min: 0, max: 400 }), async (picks, budget) => {
          const passages = frozen(passagesOf(picks))
          const request = {
            passages,
            budget,
            texts: store.texts,
            counter,
            analyzer,
            query: queries[0]!,
            compressor: shorten,
            orderer: order,
            renderer: citedRenderer,
            ...fitParts(),
          }
          const pack = await fit(request)
          assert.deepEqual(packViolations(pack, { textOf, counter, input: passages }), [])
          assert.deepEqual(await fit(request), pack)
        }),
        { seed: 3, numRuns: 15, endOnFailure: true },
      )
      const passages = passagesOf([{ source: 0, start: 0, length: 50, score: 1 }])
      await assert.rejects(
        fit({
          passages,
          budget: 100,
          texts: store.texts,
          counter,
          analyzer,
          compressor: shorten,
          orderer: order,
          abortSignal: aborted(),
        }),
        { name: 'AbortError' },
      )
    })
  }

/** What compressors and orderers may need of a model. */
const fitParts = () => ({
  model: scripted('The ferry leaves at noon. [1]'),
  attention: {
    name: 'scripted',
    attend: async (documents: readonly string[]) => documents.map(({ length }) => length),
  },
  embedder,
})

const scripted = (text: string): ModelPort => scriptedModel(() => text, { counter })

for (const { meta, load } of strategies) {
  test(`strategy ${meta.name}: an answer whose citations are where they say`, async () => {
    const strategy = (await load()).default
    const replies = ['The ferry leaves at noon. [1: "The ferry leaves at noon."]', 'Nonsense [99: "never said"] [x', '']
    for (const question of [queries[0]!, 'What is the melting point of tungsten?', 'What is this folder about?'])
      for (const text of replies) {
        const request = frozen({ question, budget: 300, limit: 20 })
        const pack = (passages: readonly Passage[], budget: number, query: string, abortSignal?: AbortSignal) =>
          fit({
            passages,
            budget,
            query,
            texts: store.texts,
            counter,
            analyzer,
            renderer: citedRenderer,
            ...(abortSignal ? { abortSignal } : {}),
          })
        const parts = {
          retriever: base(),
          store,
          texts: store.texts,
          analyzer,
          counter,
          pack,
          label: async () => 'label',
          model: scripted(text),
          // What a scripted model says is no program: only text that cannot run comes in.
          runCode: async (program: string) => ({ output: '', error: `not run: ${program.length} characters` }),
        }
        const events = await drain(strategy(parts, request)).catch((error: unknown) => {
          assert.ok(text === '' && FoveaError.is(error, 'model-empty'), String(error))
          return undefined
        })
        if (!events) continue
        const last = events.at(-1)
        assert.ok(last?.type === 'answer' && events.filter(({ type }) => type === 'answer').length === 1)
        await checkAnswer(last.answer)
        await assert.rejects(drain(strategy(parts, { ...request, abortSignal: aborted() })), { name: 'AbortError' })
      }
  })
}

async function checkAnswer(answer: Answer): Promise<void> {
  assert.ok(answer.text.length > 0)
  for (const { passage, verified, text, supports } of answer.citations) {
    assert.deepEqual(passageViolations(passage, textOf), [])
    if (verified)
      assert.ok((await passageText(passage, store.texts)).includes(text), `a verified quote that is not there: ${text}`)
    if (supports) assert.ok(supports[0] >= 0 && supports[0] < supports[1] && supports[1] <= answer.text.length)
  }
  for (const [start, end] of answer.unsupported) assert.ok(start >= 0 && start < end && end <= answer.text.length)
  assert.ok(answer.pack.tokens.count + answer.pack.tokens.margin <= answer.pack.budget)
}

for (const { meta, load } of analyzers) {
  test(`analyzer ${meta.name}: terms inside the text, in order, the same each time`, async () => {
    const made = await (await load()).default()
    fc.assert(
      fc.property(
        fc.oneof(
          texts.map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const terms = made.terms(text)
          let position = 0
          for (const { term, start, end, position: at } of terms) {
            assert.ok(term.length > 0 && start >= 0 && start < end && end <= text.length && at >= position)
            position = at
          }
          assert.deepEqual(made.terms(text), terms)
        },
      ),
      { seed: 4, numRuns: 100 },
    )
  })
}

for (const { meta, load } of tokenizers) {
  test(`tokenizer ${meta.name}: an honest count for each of its encodings`, async () => {
    for (const encoding of meta.encodings) {
      const made = await (await load()).default(encoding)
      assert.equal(made.count(''), 0)
      for (const text of fixed) {
        const count = made.count(text)
        assert.ok(Number.isInteger(count) && count > 0 && count <= new TextEncoder().encode(text).length)
        assert.equal(made.count(text), count)
        assert.ok(made.margin(count) >= 0)
      }
    }
    await assert.rejects((await load()).default('no-such-encoding'), (error) =>
      FoveaError.is(error, 'tokenizer-unknown'),
    )
  })
}

for (const { meta, load } of [...embedders, ...rankers]) {
  test(`neural model ${meta.name}: says what it lacks`, async () => {
    const make = (await load()).default
    const options = { environment: { OLLAMA_HOST: '127.0.0.1:1' }, retry: { tries: 1 } }
    for (const name of [...meta.prefixes.map((prefix) => `${prefix}/no-such-model`), 'nonsense'])
      await assert.rejects(make(name, options), (error) => FoveaError.is(error))
  })
}

for (const { meta, load } of rankers) {
  test(`ranker ${meta.name}: a finite number for each text, the same each time, or says what it lacks`, async () => {
    const make = (await load()).default
    await assert.rejects(make(`${meta.prefixes[0]}/no-such-model`), (error) => FoveaError.is(error))
    const made = await make(`${meta.prefixes[0]}/no-such-model`, { analyzer }).catch((error: unknown) => {
      assert.ok(FoveaError.is(error) && meta.peers.length > 0, String(error))
      return undefined
    })
    if (!made) return
    for (const query of queries) {
      const scores = await made.rank(query, frozen(fixed))
      assert.equal(scores.length, fixed.length)
      assert.ok(scores.every(Number.isFinite))
      assert.deepEqual(await made.rank(query, fixed), scores)
    }
    assert.deepEqual(await made.rank(queries[0]!, []), [])
    await assert.rejects(made.rank(queries[0]!, fixed, aborted()), { name: 'AbortError' })
  })
}

for (const { meta, load } of journals) {
  test(`journal ${meta.name}: what was set is got, ${meta.durable ? 'also after reopening' : 'until it is closed'}`, async () => {
    const make = (await load()).default
    const location = join(folder, `journal-${meta.name}`)
    const entry = {
      key: 'k',
      model: 'm',
      intent: 'answer',
      text: 'é\u{1f600}',
      finish: 'stop',
      usage: { calls: 1, inputTokens: { total: 1, cacheRead: 0, cacheWrite: 0 }, outputTokens: 1, milliseconds: 1 },
      time: 5,
    } as const
    const journal = await make({ location })
    assert.equal(await journal.get('k'), undefined)
    await journal.set(entry)
    assert.deepEqual(await journal.get('k'), entry)
    await journal.close()
    const again = await make({ location })
    assert.deepEqual(await again.get('k'), meta.durable ? entry : undefined)
    await again.close()
  })
}

for (const { meta, load } of providers) {
  test(`provider ${meta.name}: its package is an optional peer, and what is missing is named`, async () => {
    const { peerDependenciesMeta } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      peerDependenciesMeta: Record<string, { optional: boolean }>
    }
    assert.equal(peerDependenciesMeta[meta.peer]?.optional, true)
    try {
      const model = await (await load()).default('some-model', {})
      assert.equal(model.modelId, 'some-model')
    } catch (error) {
      assert.ok(FoveaError.is(error, 'key-missing') && meta.environment.some((name) => error.message.includes(name)))
    }
  })
}

for (const { meta, load } of walkers) {
  test(`walker ${meta.name}: each file once, sorted, cancellable`, async () => {
    const walk = (await load()).default
    const place = join(folder, `walk-${meta.name}`)
    mkdirSync(join(place, 'b'), { recursive: true })
    for (const name of ['c.txt', 'a.txt', 'b/d.txt', 'b/\u{1f600} x.txt']) writeFileSync(join(place, name), name)
    const entries = await drain(walk(place, {}))
    const paths = entries.map(({ path }) => path)
    assert.equal(paths.length, 4)
    assert.deepEqual(paths, [...new Set(paths)])
    for (const { path, input, size } of entries) {
      assert.deepEqual(Buffer.from(await input.bytes()), readFileSync(path))
      assert.equal(size, readFileSync(path).length)
    }
    await assert.rejects(drain(walk(place, { abortSignal: aborted() })), { name: 'AbortError' })
  })
}

for (const { meta, load } of engines) {
  test(`engine ${meta.name}: what is put is found, sliced, and gone when removed`, async () => {
    const engine = (await load()).default
    const setup = { location: join(folder, `engine-${meta.name}`), analyzer }
    let own = await engine(setup)
    const writer = await own.write()
    for (const source of sources)
      await writer.put(recordOf(source.uri), [{ source, chunks: split(source, { size: 60 }) }])
    await writer.close()
    if (meta.durable) {
      await own.close()
      own = await engine(setup)
    }
    for (const source of sources)
      assert.equal(await own.texts.slice({ source: source.id, start: 0, end: source.text.length }), source.text)
    const found = await own.keyword({ text: 'ferry noon', limit: 5 })
    assert.ok(found.length > 0)
    for (const passage of found) assert.deepEqual(passageViolations(passage, textOf), [])
    await assert.rejects(own.keyword({ text: 'ferry', limit: 5, abortSignal: aborted() }), { name: 'AbortError' })
    const second = await own.write()
    for (const source of sources) await second.remove(source.uri)
    await second.close()
    assert.deepEqual(await own.keyword({ text: 'ferry noon', limit: 5 }), [])
    await own.close()
  })
}

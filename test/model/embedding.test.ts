import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { FoveaError } from '../../src/core/index.ts'
import { alignBytes, alignWords } from '../../src/model/align.ts'
import {
  compact,
  dot,
  type EmbeddingModel,
  embeddingModel,
  embeddingPort,
  openJournal,
  type RerankingModel,
  rankingModel,
  rerankingPort,
  shorten,
  signsApart,
  signWords,
  unit,
  writeInt8,
  writeSigns,
} from '../../src/model/index.ts'
import { dimensions, idsOf, installed, tableOf, writeModels } from './tiny-onnx.ts'

interface Asked {
  readonly path: string
  readonly body: Record<string, unknown>
}
/** A server on this machine that speaks the wire formats of OpenAI and Cohere: a text's vector is made of its letters. */
async function server(t: TestContext, fails: number[] = []): Promise<{ base: string; asked: Asked[] }> {
  const asked: Asked[] = []
  const vector = (text: string): number[] => [text.length, text.split('e').length - 1, text.charCodeAt(0)]
  const made = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    const body = JSON.parse(text) as Record<string, unknown>
    const path = request.url!.split('/').at(-1)!
    asked.push({ path, body })
    const status = fails.shift()
    response.writeHead(status ?? 200, { 'content-type': 'application/json' })
    if (status) return response.end(JSON.stringify({ error: { message: 'busy' }, message: 'busy' }))
    if (path === 'embeddings') {
      const data = (body.input as string[]).map((value, index) => ({
        object: 'embedding',
        index,
        embedding: vector(value),
      }))
      return response.end(
        JSON.stringify({ object: 'list', data, model: body.model, usage: { prompt_tokens: 7, total_tokens: 7 } }),
      )
    }
    if (path === 'embed') {
      const embeddings = { float: (body.texts as string[]).map(vector) }
      return response.end(JSON.stringify({ id: '1', embeddings, meta: { billed_units: { input_tokens: 9 } } }))
    }
    const documents = body.documents as string[]
    const results = documents
      .map((value, index) => ({ index, relevance_score: 1 / (1 + value.length) }))
      .filter(({ index }) => documents[index] !== 'left out')
      .sort((a, b) => b.relevance_score - a.relevance_score)
    response.end(JSON.stringify({ id: '2', results, meta: {} }))
  })
  await new Promise<void>((ready) => made.listen(0, '127.0.0.1', ready))
  t.after(() => made.close())
  return { base: `http://127.0.0.1:${(made.address() as AddressInfo).port}/v1`, asked }
}
const quick = { firstWait: 1, longestWait: 2, random: () => 0.5 }

test('embeddings over the wire: batched, retried, counted, priced, and each text paid for once', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fovea-embedding-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const { base, asked } = await server(t, [429, 500])
  const journal = await openJournal(join(folder, 'journal.sqlite'))
  const options = {
    environment: { OPENAI_API_KEY: 'x', OPENAI_BASE_URL: base },
    journal,
    retry: quick,
    textsPerCall: 2,
    dimensions: 3,
  }
  const name = 'openai/text-embedding-3-small'
  const model = await embeddingModel(name, options)
  const vectors = await model.embed(['the ferry', 'fog', 'the ferry', 'noon', 'seven'], 'passage')
  assert.deepEqual(
    vectors.map((vector) => [...vector]),
    [
      [9, 2, 116],
      [3, 0, 102],
      [9, 2, 116],
      [4, 0, 110],
      [5, 2, 115],
    ],
  )
  const inputs = asked.map(({ body }) => body.input as string[])
  assert.equal(asked.length, 4, 'two batches, two tries that failed')
  assert.equal(new Set(inputs.flat()).size, 4)
  assert.ok(inputs.every((batch) => batch.length <= 2))
  const { usage } = model as unknown as { usage(): { calls: number; inputTokens: { total: number }; cost: number } }
  assert.equal(usage().calls, 2)
  assert.equal(usage().inputTokens.total, 14)
  assert.ok(Math.abs(usage().cost - (14 * 0.02) / 1e6) < 1e-15)
  const again = await embeddingModel(name, options)
  assert.deepEqual(await again.embed(['noon', 'new'], 'passage'), [vectors[3], Float32Array.of(3, 1, 110)])
  assert.deepEqual(asked.at(-1)!.body.input, ['new'], 'what the journal holds is not asked for again')
  await journal.close()
})

const counting = (more: object = {}): EmbeddingModel & { calls: string[][] } => {
  const calls: string[][] = []
  return {
    specificationVersion: 'v3',
    provider: 'test',
    modelId: 'letters',
    maxEmbeddingsPerCall: Promise.resolve(3),
    calls,
    async doEmbed({ values }: { values: string[] }) {
      calls.push(values)
      return { embeddings: values.map((value) => [value.length, 1]) }
    },
    ...more,
  } as EmbeddingModel & { calls: string[][] }
}

test('the limits of a model are kept: texts and tokens of a call, the window, the cost, the number of vectors', async () => {
  const model = counting()
  const port = await embeddingPort(model, { window: 6, tokensPerCall: 8, prefixes: { passage: 'passage: ' } })
  assert.equal(port.dimensions, 2)
  assert.deepEqual(model.calls, [['dimensions']])
  const long = 'word '.repeat(400)
  const vectors = await port.embed([long, 'a', 'b', 'c', 'd', `${'\u{1f600}'.repeat(50)}`], 'passage')
  assert.equal(vectors.length, 6)
  for (const batch of model.calls.slice(1)) {
    assert.ok(batch.length <= 3)
    for (const text of batch) {
      assert.ok(text.startsWith('passage: ') && text.length < 60)
      assert.ok(text.isWellFormed(), 'no pair is parted')
    }
  }
  const priced = await embeddingPort(counting(), {
    dimensions: 2,
    maxCost: 1e-5,
    prices: { letters: { input: 1, output: 0 } },
  })
  await priced.embed(['five words are in this'], 'query')
  await assert.rejects(priced.embed(['word '.repeat(50)], 'query'), (error) => FoveaError.is(error, 'over-cost'))
  await assert.rejects(embeddingPort(counting(), { maxCost: 1 }), (error) => FoveaError.is(error, 'over-cost'))
  const short = counting({ doEmbed: async () => ({ embeddings: [[1]] }) })
  await assert.rejects((await embeddingPort(short, { dimensions: 1 })).embed(['a', 'b'], 'query'), (error) =>
    FoveaError.is(error, 'embedding-missing'),
  )
  await assert.rejects(embeddingPort({ ...counting(), specificationVersion: 'v2' } as never), (error) =>
    FoveaError.is(error, 'model-unfit'),
  )
  await assert.rejects(port.embed(['x'], 'query', AbortSignal.abort(new DOMException('stop', 'AbortError'))), {
    name: 'AbortError',
  })
})

test('Cohere over the wire: queries and passages are told apart; texts are ranked in their own order', async (t) => {
  const { base, asked } = await server(t, [503])
  const cohere = await installed('@ai-sdk/cohere')
  if (!cohere) return t.skip('@ai-sdk/cohere is not installed')
  const environment = { COHERE_API_KEY: 'x', COHERE_BASE_URL: base }
  const own = await import('@ai-sdk/cohere' as string).then(
    () => true,
    () => false,
  )
  const create = cohere.createCohere as (settings: object) => {
    reranking(name: string): RerankingModel
  }
  const ranker = own
    ? await rankingModel('cohere/rerank-v3.5', { environment, retry: quick })
    : rerankingPort(create({ apiKey: 'x', baseURL: base }).reranking('rerank-v3.5'), { retry: quick })
  const scores = await ranker.rank('which?', ['long text', 'left out', 'text'])
  assert.deepEqual(scores, [1 / 10, -1, 1 / 5])
  assert.equal(asked.length, 2)
  assert.deepEqual(await ranker.rank('which?', ['long text', 'left out', 'text']), scores)
  assert.equal(asked.length, 2, 'the second answer came from the journal')
  if (!own) return
  const embedder = await embeddingModel('cohere/embed-v4.0', { environment, dimensions: 3 })
  await embedder.embed(['a question'], 'query')
  await embedder.embed(['a passage'], 'passage')
  assert.deepEqual(
    asked.slice(2).map(({ body }) => body.input_type),
    ['search_query', 'search_document'],
  )
})

test('rerankers get no more texts at once than they take', async () => {
  const sizes: number[] = []
  const model = {
    specificationVersion: 'v4',
    provider: 'test',
    modelId: 'shortest',
    async doRerank({ documents }: { documents: { values: string[] } }) {
      sizes.push(documents.values.length)
      return { ranking: documents.values.map((value, index) => ({ index, relevanceScore: -value.length })) }
    },
  } as unknown as RerankingModel
  const texts = Array.from({ length: 25 }, (_, index) => 'x'.repeat(index))
  const scores = await rerankingPort(model, { textsPerCall: 10 }).rank('q', texts)
  // Calls run side by side, in any order.
  assert.deepEqual(
    sizes.sort((one, other) => other - one),
    [10, 10, 5],
  )
  assert.deepEqual(
    scores,
    texts.map((text) => -text.length),
  )
})

test('vectors cut short and coarse: int8 within half a step, signs that count angles, rescoring that finds the nearest', () => {
  const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 70, maxLength: 70 })
  fc.assert(
    fc.property(vector, vector, (one, two) => {
      const first = unit(Float32Array.from(one))
      const codes = new Int8Array(70)
      const worth = writeInt8(first, codes, 0)
      for (const [at, value] of first.entries()) assert.ok(Math.abs(value - codes[at]! * worth) <= worth * 0.5001)
      const second = unit(Float32Array.from(two))
      const words = signWords(70)
      const signs = new Int32Array(2 * words)
      writeSigns(first, signs, 0)
      writeSigns(second, signs, words)
      const apart = first.reduce((sum, value, at) => sum + Number(value > 0 !== second[at]! > 0), 0)
      assert.equal(signsApart(signs, 0, signs, words, words), apart)
      const short = shorten(first, 32)
      assert.equal(short.length, 32)
      if (first.subarray(0, 32).some((value) => Math.abs(value) > 1e-6))
        assert.ok(Math.abs(dot(short, short) - 1) < 1e-5)
    }),
    { numRuns: 60 },
  )
  const inner = { name: 'm', dimensions: 4, embed: async () => [Float32Array.of(3, 4, 0, 12)] }
  const half = compact(inner, { dimensions: 2, precision: 'binary' })
  assert.deepEqual([half.name, half.dimensions], ['m@2@binary', 2])
  assert.throws(
    () => compact(inner, { dimensions: 5 }),
    (error) => FoveaError.is(error, 'model-unfit'),
  )
})

test('tokens are found where they stand, whatever the tokenizer did to them', () => {
  const said = (text: string, tokens: string[], align: typeof alignWords) => {
    const { starts, ends } = align(text, tokens)
    return tokens.map((_, index) => text.slice(starts[index]!, ends[index]!))
  }
  assert.deepEqual(said('Élan: ﬁne 渡船 😀x', ['elan', ':', 'fin', '##e', '渡', '船', '[UNK]', 'x'], alignWords), [
    'Élan',
    ':',
    'ﬁn',
    'e',
    '渡',
    '船',
    '😀',
    'x',
  ])
  assert.deepEqual(said('Go  on now', ['▁Go', '▁', '▁on', '▁now'], alignWords), ['Go', '', 'on', 'now'])
  assert.deepEqual(said('a é b', ['a', 'ĠÃ', '©', 'Ġb'], alignBytes), ['a', ' é', 'é', ' b'])
  const words = fc.array(fc.stringMatching(/^[a-zé渡😀]{1,6}$/u), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(words, fc.constantFrom(' ', '  ', '\n'), (parts, between) => {
      const text = parts.join(between)
      assert.deepEqual(
        said(
          text,
          parts.map((part) => `▁${part}`),
          alignWords,
        ),
        parts,
      )
      const { starts, ends } = alignWords(text, ['[UNK]', ...parts.slice(1)])
      for (let at = 0; at < starts.length; at++)
        assert.ok(starts[at]! <= ends[at]! && (at === 0 || starts[at]! >= ends[at - 1]!))
    }),
    { numRuns: 100 },
  )
})

for (const engine of ['onnxruntime-node', 'onnxruntime-web'])
  test(`local models on ${engine}: pooling, prefixes, padding, token vectors, pairs`, async (t) => {
    const runtime = await installed(engine)
    const tokenizers = await installed('@huggingface/tokenizers')
    if (!runtime || !tokenizers) return t.skip(`${engine} or @huggingface/tokenizers is not installed`)
    const folder = mkdtempSync(join(tmpdir(), 'fovea-onnx-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const paths = writeModels(folder)
    const parts = { runtime, tokenizers }
    const table = tableOf()
    const row = (id: number): Float32Array => table.slice(id * dimensions, (id + 1) * dimensions)
    const mean = (ids: readonly number[]): Float32Array =>
      row(0).map((_, at) => ids.reduce((sum, id) => sum + row(id)[at]!, 0) / ids.length)
    const near = (first: ArrayLike<number>, second: ArrayLike<number>) => {
      assert.equal(first.length, second.length)
      for (let at = 0; at < first.length; at++) assert.ok(Math.abs(first[at]! - second[at]!) < 1e-4)
    }
    const ids = [2, ...idsOf('the old wall'), 3]
    const plain = await embeddingModel(`onnx/${paths.encoder}`, { ...parts, normalise: false })
    const [vector] = await plain.embed(['The old wall'], 'passage')
    near(
      vector!,
      mean(ids).map((value) => value * 1.5),
    )
    // Padding beside a longer text changes nothing.
    near((await plain.embed(['The old wall', 'fog '.repeat(20)], 'passage'))[0]!, vector!)
    const first = await embeddingModel(`onnx/${paths.encoder}`, {
      ...parts,
      pooling: 'cls',
      prefixes: { query: 'query: ' },
    })
    const asked = [2, ...idsOf('query : the old wall'), 3]
    near(
      (await first.embed(['the old wall'], 'query'))[0]!,
      unit(row(2).map((value, at) => value + mean(asked)[at]! / 2)),
    )
    assert.notDeepEqual(await first.embed(['the old wall'], 'query'), await first.embed(['the old wall'], 'passage'))

    const text = 'The old wälls, it was building in Berlin.'
    const tokens = await first.embedTokens!(text, 'query')
    const slices = Array.from(tokens.starts, (start, at) => text.slice(start, tokens.ends[at]))
    assert.deepEqual(slices, ['The', 'old', 'wäll', 's', ',', 'it', 'was', 'building', 'in', 'Berlin', '.'])
    assert.equal(tokens.values.length, slices.length * dimensions)
    const full = [2, ...idsOf('query : the old wall ##s , it was [UNK] in berlin .'), 3]
    near(
      tokens.values.slice(dimensions, 2 * dimensions),
      row(idsOf('old')[0]!).map((value, at) => value + mean(full)[at]! / 2),
    )
    // A text longer than the window is read as far as the window goes.
    const many = await first.embedTokens!('fog '.repeat(500), 'passage')
    assert.equal(many.starts.length, 62)
    assert.equal(many.ends.at(-1), 62 * 4 - 1)

    const ranker = await rankingModel(`onnx/${paths.crossEncoder}`, parts)
    const sum = (given: readonly number[]) => mean(given).map((value) => value * given.length)
    const expected = (second: string) => dot(sum([2, ...idsOf('old city'), 3]), sum([...idsOf(second), 3]))
    near(await ranker.rank('old city', ['berlin', 'the ferry leaves at noon']), [
      expected('berlin'),
      expected('the ferry leaves at noon'),
    ])
    await assert.rejects(embeddingModel(`onnx/${folder}`, parts), (error) => FoveaError.is(error, 'model-missing'))
  })

test('names that are no model, and keys that are not set, are told apart', async () => {
  await assert.rejects(embeddingModel('nowhere/x'), (error) => FoveaError.is(error, 'provider-unknown'))
  await assert.rejects(embeddingModel('openai/x'), (error) => FoveaError.is(error, 'key-missing'))
  await assert.rejects(embeddingModel('compatible/x'), (error) => FoveaError.is(error, 'key-missing'))
  await assert.rejects(rankingModel('cohere/x'), (error) => FoveaError.is(error, 'key-missing'))
  await assert.rejects(rankingModel('openai/x'), (error) => FoveaError.is(error, 'provider-unknown'))
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { MockLanguageModelV3, MockLanguageModelV4, simulateReadableStream } from 'ai/test'
import fc from 'fast-check'
import { FoveaError } from '../../src/core/index.ts'
import { type LanguageModel, languageModel, type ModelCall, modelPort, tokenCounter } from '../../src/model/index.ts'
import { askedWait, isRetryable } from '../../src/model/retry.ts'

const usage = {
  inputTokens: { total: 1000, noCache: 900, cacheRead: 100, cacheWrite: 0 },
  outputTokens: { total: 50, text: 50, reasoning: 0 },
}
const stop = { unified: 'stop' as const, raw: 'stop' }
const call: ModelCall = { intent: 'answer', prompt: 'What is the fovea?' }
const noWait = { firstWait: 1, longestWait: 5, random: () => 0.5 }

const saying = (text: string) =>
  new MockLanguageModelV4({
    modelId: 'gpt-5',
    doGenerate: async () => ({ content: [{ type: 'text', text }], finishReason: stop, usage, warnings: [] }),
  })

async function drained(stream: AsyncGenerator<string, unknown>) {
  const pieces: string[] = []
  let step = await stream.next()
  for (; !step.done; step = await stream.next()) pieces.push(step.value as string)
  return { pieces, reply: step.value as { text: string; finish: string; replayed: boolean } }
}

test('a reply is paid for once: the journal answers the second call, also in another process over the same file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fovea-journal-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const model = saying('A pit in the retina.')
  const first = await modelPort(model, { journal: join(folder, 'journal.sqlite') })
  const paid = await first.generate(call)
  assert.equal(paid.replayed, false)
  assert.equal(paid.usage.inputTokens.total, 1000)
  // 900 fresh at 1.25, 100 cached at 0.125, 50 out at 10 dollars per million.
  assert.ok(Math.abs(paid.usage.cost! - (900 * 1.25 + 100 * 0.125 + 50 * 10) / 1e6) < 1e-12)
  const again = await first.generate({ ...call })
  assert.deepEqual([again.text, again.replayed, again.usage.calls], ['A pit in the retina.', true, 0])
  await first.close()
  const second = await modelPort(model, { journal: join(folder, 'journal.sqlite') })
  assert.equal((await second.generate(call)).replayed, true)
  assert.equal((await drained(second.stream(call))).reply.replayed, true)
  assert.equal((await second.generate({ ...call, temperature: 0.5 })).replayed, false)
  assert.equal((await second.generate({ ...call, intent: 'judge' })).replayed, false)
  await second.close()
  assert.equal(model.doGenerateCalls.length, 3)
})

test('a reply that cannot be made durable is still handed over, with a warning', async () => {
  const warnings: string[] = []
  const journal = {
    get: async () => undefined,
    set: () => Promise.reject(new Error('disk full')),
    close: async () => {},
  }
  const port = await modelPort(saying('kept'), { journal, warn: ({ code }) => warnings.push(code) })
  assert.equal((await port.generate(call)).text, 'kept')
  assert.deepEqual(warnings, ['journal-unusable'])
})

test('an empty reply is handed over and not kept, so that asking again is a new try', async () => {
  const model = saying('')
  const port = await modelPort(model)
  for (const _ of [1, 2]) assert.deepEqual((await port.generate(call)).text, '')
  assert.equal(model.doGenerateCalls.length, 2)
})

test('equal calls in flight are one call', async () => {
  const model = saying('once')
  const port = await modelPort(model)
  const replies = await Promise.all(Array.from({ length: 5 }, () => port.generate(call)))
  assert.equal(model.doGenerateCalls.length, 1)
  assert.equal(replies.filter((reply) => !reply.replayed).length, 1)
  assert.equal(port.usage().calls, 1)
})

test('no more calls are in flight than the limit allows', async () => {
  let flying = 0
  let most = 0
  const model = new MockLanguageModelV4({
    doGenerate: async () => {
      most = Math.max(most, ++flying)
      await new Promise((resolve) => setTimeout(resolve, 2))
      flying--
      return { content: [{ type: 'text', text: 'x' }], finishReason: stop, usage, warnings: [] }
    },
  })
  const port = await modelPort(model, { concurrency: 3 })
  await Promise.all(Array.from({ length: 12 }, (_, index) => port.generate({ ...call, prompt: `${index}` })))
  assert.equal(most, 3)
})

test('429 and 5xx are tried again, 400 is not, and the error says what to do', async () => {
  const failing = (statuses: number[]) => {
    let at = 0
    return new MockLanguageModelV4({
      doGenerate: async () => {
        const statusCode = statuses[at++]
        if (statusCode)
          throw Object.assign(new Error(`status ${statusCode}`), {
            statusCode,
            responseHeaders: { 'retry-after': '0.001' },
          })
        return { content: [{ type: 'text', text: 'at last' }], finishReason: stop, usage, warnings: [] }
      },
    })
  }
  const patient = await modelPort(failing([429, 500, 503]), { retry: noWait })
  assert.equal((await patient.generate(call)).text, 'at last')
  const refused = failing([400])
  await assert.rejects((await modelPort(refused, { retry: noWait })).generate(call), (error) =>
    FoveaError.is(error, 'model-failed'),
  )
  assert.equal(refused.doGenerateCalls.length, 1)
  const down = failing(Array(20).fill(500))
  await assert.rejects((await modelPort(down, { retry: { ...noWait, tries: 3 } })).generate(call), /after 3 tries/)
  assert.equal(down.doGenerateCalls.length, 3)
  await assert.rejects((await modelPort(failing([401]), { retry: noWait })).generate(call), /check the key/)
})

test('what a server asks to wait is obeyed, in seconds, milliseconds or as a date', () => {
  assert.equal(askedWait({ responseHeaders: { 'retry-after': '7' } }, 0), 7000)
  assert.equal(askedWait({ responseHeaders: { 'retry-after-ms': '250' } }, 0), 250)
  assert.equal(askedWait({ responseHeaders: { 'retry-after': 'Thu, 01 Jan 1970 00:01:00 GMT' } }, 20_000), 40_000)
  assert.equal(askedWait(new Error('x'), 0), undefined)
  assert.ok(isRetryable(Object.assign(new Error('reset'), { cause: { code: 'ECONNRESET' } })))
})

const streaming = (chunks: object[]) =>
  new MockLanguageModelV4({
    modelId: 'gpt-5',
    doStream: async () => ({
      stream: simulateReadableStream({ chunks: chunks as never[], initialDelayInMs: null, chunkDelayInMs: null }),
    }),
  })
const delta = (text: string) => ({ type: 'text-delta', id: '1', delta: text })

test('a stream gives its pieces and is journalled whole', async () => {
  const model = streaming([
    { type: 'stream-start', warnings: [] },
    delta('A '),
    delta('pit.'),
    { type: 'finish', usage, finishReason: stop },
  ])
  const port = await modelPort(model)
  const { pieces, reply } = await drained(port.stream(call))
  assert.deepEqual([pieces, reply.text, reply.finish], [['A ', 'pit.'], 'A pit.', 'stop'])
  assert.equal((await port.generate(call)).replayed, true)
})

test('an endless stream is cut, closed and journalled, so that it is not paid for again', async () => {
  let closed = false
  const model = new MockLanguageModelV4({
    doStream: async () => ({
      stream: new ReadableStream({
        pull: (controller) => controller.enqueue({ type: 'text-delta', id: '1', delta: 'on and on ' } as never),
        cancel: () => void (closed = true),
      }),
    }),
  })
  const port = await modelPort(model, { longestReply: 500 })
  const { reply } = await drained(port.stream(call))
  assert.ok(reply.text.length > 500 && reply.text.length < 600)
  assert.equal(reply.finish, 'length')
  assert.ok(closed)
  assert.equal((await drained(port.stream(call))).reply.replayed, true)
  assert.equal(model.doStreamCalls.length, 1)
})

test('a stream that fails before its first word is tried again; later it is an error that keeps the text', async () => {
  let tries = 0
  const model = new MockLanguageModelV4({
    doStream: async () => ({
      stream: simulateReadableStream({
        chunks: (++tries === 1
          ? [{ type: 'error', error: Object.assign(new Error('busy'), { statusCode: 503 }) }]
          : [delta('half'), { type: 'error', error: new Error('gone') }]) as never[],
        initialDelayInMs: null,
        chunkDelayInMs: null,
      }),
    }),
  })
  const port = await modelPort(model, { retry: noWait })
  await assert.rejects(
    drained(port.stream(call)),
    (error) => FoveaError.is(error, 'model-failed') && error.detail.text === 'half',
  )
  assert.equal(tries, 2)
})

test('a cancelled call stops at once, pays nothing and is not journalled', async () => {
  const controller = new AbortController()
  const model = new MockLanguageModelV4({
    doGenerate: async ({ abortSignal }) => {
      controller.abort()
      abortSignal?.throwIfAborted()
      throw new Error('not reached')
    },
  })
  const port = await modelPort(model, { retry: noWait })
  await assert.rejects(port.generate({ ...call, abortSignal: controller.signal }), { name: 'AbortError' })
  assert.equal(port.usage().calls, 0)
})

test('a call that would pass the limit of cost is refused before it is made', async () => {
  const model = saying('dear')
  const port = await modelPort(model, { maxCost: 0.02 })
  await port.generate({ ...call, maxOutputTokens: 100 })
  await assert.rejects(port.generate({ ...call, prompt: 'word '.repeat(20_000), maxOutputTokens: 100 }), (error) =>
    FoveaError.is(error, 'over-cost'),
  )
  assert.equal(model.doGenerateCalls.length, 1)
  const unpriced = await modelPort(new MockLanguageModelV4({ modelId: 'homemade' }), { maxCost: 1 })
  await assert.rejects(unpriced.generate(call), /price of .* is not known/)
  const own = await modelPort(new MockLanguageModelV4({ modelId: 'homemade' }), {
    prices: { homemade: { input: 2, output: 4 } },
  })
  assert.equal(own.price(1_000_000, 500_000), 4)
})

test('specification v3 works as v4 does, and another shape is refused', async () => {
  const v3 = new MockLanguageModelV3({
    doGenerate: async () => ({ content: [{ type: 'text', text: 'three' }], finishReason: stop, usage, warnings: [] }),
  })
  assert.equal((await (await modelPort(v3)).generate(call)).text, 'three')
  await assert.rejects(
    modelPort({ specificationVersion: 'v2', doGenerate() {} } as unknown as LanguageModel),
    (error) => FoveaError.is(error, 'model-unfit'),
  )
})

test('a real server of the OpenAI protocol: rate limit, then an answer; a stream; a missing model', async (t) => {
  const seen: string[] = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    request.on('data', (piece) => (body += piece))
    request.on('end', () => {
      const asked = JSON.parse(body) as { model: string; stream?: boolean }
      seen.push(`${request.headers.authorization} ${asked.model}`)
      if (asked.model === 'absent')
        return response
          .writeHead(404, { 'content-type': 'application/json' })
          .end('{"error":{"message":"no such model"}}')
      if (seen.length === 1)
        return response
          .writeHead(429, { 'retry-after-ms': '1', 'content-type': 'application/json' })
          .end('{"error":{"message":"slow down"}}')
      const counts = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 }
      if (!asked.stream) {
        const message = { role: 'assistant', content: 'Hello from the server' }
        return response.writeHead(200, { 'content-type': 'application/json' }).end(
          JSON.stringify({
            id: '1',
            created: 1,
            model: asked.model,
            choices: [{ index: 0, message, finish_reason: 'stop' }],
            usage: counts,
          }),
        )
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const content of ['one ', 'two'])
        response.write(
          `data: ${JSON.stringify({ id: '1', created: 1, model: asked.model, choices: [{ index: 0, delta: { content } }] })}\n\n`,
        )
      response.end(
        `data: ${JSON.stringify({ id: '1', created: 1, model: asked.model, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: counts })}\n\ndata: [DONE]\n\n`,
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const environment = {
    FOVEA_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    FOVEA_API_KEY: 'secret',
  }
  const port = await modelPort(await languageModel('compatible/org/small', environment), { retry: noWait })
  const reply = await port.generate(call)
  assert.deepEqual(
    [reply.text, reply.finish, reply.usage.inputTokens.total, reply.usage.outputTokens],
    ['Hello from the server', 'stop', 12, 3],
  )
  assert.deepEqual(seen, ['Bearer secret org/small', 'Bearer secret org/small'])
  assert.equal((await drained(port.stream({ ...call, prompt: 'stream' }))).reply.text, 'one two')
  const absent = await modelPort(await languageModel('compatible/absent', environment), { retry: noWait })
  await assert.rejects(absent.generate(call), /check the name of the model/)
})

test('a model is found by name, and what is missing is named', async () => {
  await assert.rejects(languageModel('gpt-5', {}), /openai\/NAME/)
  await assert.rejects(
    languageModel('openai/gpt-5', {}),
    (error) => FoveaError.is(error, 'key-missing') && /OPENAI_API_KEY/.test(error.message),
  )
  assert.equal((await languageModel('openai/gpt-5', { OPENAI_API_KEY: 'x' })).modelId, 'gpt-5')
  assert.equal(
    (await languageModel('anthropic/claude-sonnet-4-5', { ANTHROPIC_API_KEY: 'x' })).modelId,
    'claude-sonnet-4-5',
  )
  assert.equal(
    (await languageModel('google/gemini-2.5-pro', { GOOGLE_GENERATIVE_AI_API_KEY: 'x' })).modelId,
    'gemini-2.5-pro',
  )
  assert.equal((await languageModel('ollama/llama3.2', {})).modelId, 'llama3.2')
})

test('tokens are counted exactly for public encodings, with a margin for models whose tokenizer is not', async () => {
  const exact = await tokenCounter('o200k_base')
  assert.equal(exact.count('hello world'), 2)
  assert.equal(exact.count('<|endoftext|>'), exact.count('<|') + exact.count('endoftext') + exact.count('|>'))
  assert.equal(exact.margin(1000), 0)
  assert.equal((await tokenCounter('openai/gpt-4o')).name, 'o200k_base')
  assert.equal((await tokenCounter('gpt-4-turbo')).name, 'cl100k_base')
  const claude = await tokenCounter('anthropic/claude-sonnet-4-5')
  assert.equal(claude.count('hello world'), 2)
  assert.ok(claude.margin(1000) > 0)
})

test('a very long run counts quickly and never too low; ordinary text is not touched by the cut', async () => {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base')
  const counter = await tokenCounter('o200k_base')
  const run = '\u{1f600}'.repeat(1500) + 'a'.repeat(6001)
  assert.ok(counter.count(`before ${run} after`) >= countTokens(`before ${run} after`))
  const older = await import('gpt-tokenizer/encoding/cl100k_base')
  const oldest = await import('gpt-tokenizer/encoding/r50k_base')
  const pairs = [
    [counter, countTokens],
    [await tokenCounter('cl100k_base'), older.countTokens],
    [await tokenCounter('r50k_base'), oldest.countTokens],
  ] as const
  const tricky = fc.constantFrom(
    ' ',
    '  ',
    ' \n ',
    '\t ',
    '\r\n',
    ' a',
    ' The',
    ' HTMLParser',
    " don't",
    "'s",
    ' é',
    ' 中',
    ' 12345',
    '. ',
    ' /',
    '/ ',
    '(x',
    ' \u00a0 b',
    '<|endoftext|>',
    '\u200b z',
  )
  fc.assert(
    fc.property(
      fc.array(fc.oneof(tricky, fc.string({ unit: 'grapheme', maxLength: 12 })), { maxLength: 60 }),
      (words) => {
        const text = words.join('')
        for (const [own, theirs] of pairs) assert.equal(own.count(text), theirs(text, { disallowedSpecial: new Set() }))
      },
    ),
    { numRuns: 400, seed: 1 },
  )
})

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type AskEvent, type AskParts, ask, strategies } from '../../src/ask/index.ts'
import { isAboutAll } from '../../src/ask/question.ts'
import {
  type Answer,
  FoveaError,
  loadLeaf,
  packViolations,
  passageViolations,
  sliceSpan,
  split,
} from '../../src/core/index.ts'
import type { ModelCall, ModelPort, ModelReply } from '../../src/model/index.ts'
import markdown from '../../src/read/formats/markdown.ts'
import { type Item, o200k, shelf } from './shelf.ts'

const usage = { calls: 1, inputTokens: { total: 900, cacheRead: 0, cacheWrite: 0 }, outputTokens: 40, milliseconds: 5 }

/** A model that replies with what it is told to, in pieces. */
function scripted(
  reply: string | Error | 'endless',
  { finish = 'stop' as ModelReply['finish'], seen = [] as ModelCall[], size = 7 } = {},
): ModelPort {
  return {
    name: 'scripted',
    counter: o200k,
    async generate() {
      throw new Error('direct streams')
    },
    async *stream(call) {
      seen.push(call)
      if (reply instanceof Error) throw reply
      if (reply === 'endless') for (;;) yield 'and so on '
      for (let at = 0; at < reply.length; at += size) {
        call.abortSignal?.throwIfAborted()
        yield reply.slice(at, at + size)
      }
      return { text: reply, finish, usage, replayed: false }
    },
    price: () => undefined,
    usage: () => usage,
  }
}

const bridge = `# The bridge

The Harbour Bridge was opened to traffic on 19 March 1932. It carries eight lanes and two railway tracks.

The arch is 503 metres long. It was built by Dorman Long of Middlesbrough — "the largest of its kind" at the time.

\`\`\`sh
bridge --open --lanes 8
\`\`\`

# The tunnel

The tunnel was opened in 1992, because the bridge could not carry all of the traffic. To pay the toll:

- stop at the gate
- show the ticket

See [the map](map.md) for more.
`

async function read(uri: string, text: string): Promise<Item[]> {
  const bytes = new TextEncoder().encode(text)
  const input = {
    uri,
    bytes: async () => bytes,
    stream: async function* () {
      yield bytes
    },
  }
  const limits = { partLength: 2 ** 26, fileBytes: 2 ** 28, unpackedBytes: 2 ** 30, depth: 1000 }
  const items: Item[] = []
  for await (const source of markdown(input, { limits, warn: () => {} }))
    items.push({ source, chunks: split(source, { size: 80 }) })
  return items
}

const bridgeItems = await read('bridge.md', bridge)
const bridgeParts = await shelf(bridgeItems)
const textOf = (items: readonly Item[]) => (id: string) => items.find(({ source }) => source.id === id)?.source.text

/** What must be true of every answer, whatever made it. */
async function checkAnswer(answer: Answer, items: readonly Item[], parts: AskParts): Promise<void> {
  const known = textOf(items)
  for (const { text, passage, verified, supports } of answer.citations) {
    assert.deepEqual(passageViolations(passage, known), [])
    if (verified)
      assert.equal(
        text,
        passage.spans.map((span) => sliceSpan(known(span.source)!, span)).join(' … '),
        'a verified citation is the slice of its spans',
      )
    if (supports) assert.ok(supports[0] >= 0 && supports[0] < supports[1] && supports[1] <= answer.text.length)
  }
  for (const [start, end] of answer.unsupported) assert.ok(answer.text.slice(start, end).trim() !== '')
  if (!answer.found) assert.match(answer.text, /not found/i)
  const input = [
    ...answer.pack.kept,
    ...answer.pack.dropped.filter(({ why }) => why !== 'duplicate').map(({ passage }) => passage),
  ]
  assert.deepEqual(packViolations(answer.pack, { textOf: known, counter: parts.counter, input }), [])
}

const request = (question: string) => ({ question, budget: 2000, limit: 20 })
const cited = (answer: Answer) => answer.citations.map(({ text, verified }) => [text, verified])

describe('direct', () => {
  const askModel = async (reply: string | Error | 'endless', options: Parameters<typeof scripted>[1] = {}) => {
    const parts = { ...bridgeParts, model: scripted(reply, options) }
    const events: AskEvent[] = []
    const answer = await ask(parts, request('When was the bridge opened?'), { onEvent: (event) => events.push(event) })
    await checkAnswer(answer, bridgeItems, parts)
    const streamed = events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('')
    assert.equal(streamed.trim(), answer.text)
    assert.equal(events.at(-1)?.type, 'answer')
    return answer
  }

  it('puts numbered passages before the question, and the same instructions first', async () => {
    const seen: ModelCall[] = []
    const answer = await askModel('NOT FOUND. Nothing.', { seen })
    await askModel('NOT FOUND. Nothing.', { seen })
    const [call, again] = seen
    assert.equal(call!.system, again!.system)
    assert.ok(call!.prompt.includes(answer.pack.text))
    assert.ok(
      call!.prompt.indexOf('When was the bridge opened?') >
        call!.prompt.indexOf(answer.pack.text) + answer.pack.text.length,
    )
    assert.match(answer.pack.text, /^\[1\] bridge\.md#L\d+/)
    assert.equal(call!.intent, 'answer')
  })

  it('verifies quotes and flags what no quote supports', async () => {
    const answer = await askModel(
      'It opened in March 1932 [1: "opened to traffic on 19 March 1932"]. It is the finest of all. It was built by a firm [1: "built by Dorman Long of Middlesbrough - “the largest of its kind”"].',
    )
    assert.equal(answer.text, 'It opened in March 1932. It is the finest of all. It was built by a firm.')
    assert.equal(answer.found, true)
    assert.deepEqual(cited(answer), [
      ['opened to traffic on 19 March 1932', true],
      ['built by Dorman Long of Middlesbrough — "the largest of its kind"', true],
    ])
    assert.deepEqual(
      answer.unsupported.map(([start, end]) => answer.text.slice(start, end)),
      ['It is the finest of all.'],
    )
    assert.deepEqual(
      answer.citations.map(({ supports }) => answer.text.slice(...supports!)),
      ['It opened in March 1932.', 'It was built by a firm.'],
    )
  })

  it('finds a quote under a wrong number, and calls an invented one unverified', async () => {
    const answer = await askModel(
      'It is long [99: "The arch is 503 metres long."]. It is green [1: "painted green by elves every year"]. It is gone [77: "nowhere at all"]. It is old [1].',
    )
    assert.deepEqual(cited(answer), [
      ['The arch is 503 metres long.', true],
      ['painted green by elves every year', false],
      ['It is old.', false],
    ])
    assert.deepEqual(
      answer.unsupported.map(([start, end]) => answer.text.slice(start, end)),
      ['It is green.', 'It is gone.', 'It is old.'],
    )
  })

  it('does not accept another number in a quote', async () => {
    const answer = await askModel('It opened then [1: "The Harbour Bridge was opened to traffic on 19 March 1933"].')
    assert.equal(answer.citations[0]!.verified, false)
    assert.equal(answer.unsupported.length, 1)
  })

  it('says not found when the model does', async () => {
    for (const reply of ['NOT FOUND. The passages do not say.', '**Not found** – nothing on this.', 'not_found']) {
      const answer = await askModel(reply.replace('not_found', 'Not found'))
      assert.equal(answer.found, false)
      assert.deepEqual(answer.citations, [])
    }
  })

  it('does not call the model when nothing was retrieved or nothing fits', async () => {
    const seen: ModelCall[] = []
    const parts = { ...bridgeParts, model: scripted('x', { seen }) }
    for (const asked of [request('zzz qqq'), { ...request('bridge'), budget: 3 }]) {
      const answer = await ask(parts, asked, { strategy: 'direct' })
      assert.equal(answer.found, false)
      await checkAnswer(answer, bridgeItems, parts)
    }
    assert.equal(seen.length, 0)
  })

  it('turns a failing model into a typed error', async () => {
    await assert.rejects(askModel(''), (error) => FoveaError.is(error, 'model-empty'))
    await assert.rejects(
      askModel('  \n [', { finish: 'stop' })
        .then((answer) => assert.ok(answer.unsupported.length >= 0))
        .then(() => askModel(' \n')),
      (error) => FoveaError.is(error, 'model-empty'),
    )
    await assert.rejects(askModel('endless'), (error) => FoveaError.is(error, 'model-endless'))
    await assert.rejects(askModel(new FoveaError('model-failed', '429')), (error) =>
      FoveaError.is(error, 'model-failed'),
    )
    await assert.rejects(ask(bridgeParts, request('x'), { strategy: 'direct' }), (error) =>
      FoveaError.is(error, 'model-missing'),
    )
    assert.ok((await askModel('It opened [1: "was opened', { finish: 'length' })).trail.includes('cut-off'))
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const strategy = await loadLeaf(strategies, 'direct')
    const events = strategy(
      { ...bridgeParts, model: scripted('endless') },
      { ...request('bridge'), abortSignal: controller.signal },
    )
    await assert.rejects(async () => {
      for await (const event of events) if (event.type === 'text') controller.abort(new Error('enough'))
    }, /enough/)
  })

  it('keeps its promises for any reply', async () => {
    const piece = fc.constantFrom(
      'It opened. ',
      '[1: "',
      '"]',
      '[1: "was opened to traffic"]',
      '[2]',
      '[0]',
      'NOT ',
      '\n\n',
      '- ',
      '“19 March',
      '…',
      '1932',
      '😀',
      '[1: "The arch … Dorman Long"] ',
      '# Head\n',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 9 }),
        async (pieces, size) => {
          try {
            await askModel(pieces.join(''), { size })
          } catch (error) {
            if (!FoveaError.is(error, 'model-empty')) throw error
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('extract', () => {
  const extract = async (question: string, items = bridgeItems, parts: AskParts = bridgeParts) => {
    const answer = await ask(parts, request(question))
    await checkAnswer(answer, items, parts)
    assert.deepEqual(await ask(parts, request(question)), answer, 'the same question gave another answer')
    return answer
  }

  it('answers with sentences of the source, each cited', async () => {
    const answer = await extract('When was the Harbour Bridge opened to traffic?')
    assert.equal(answer.found, true)
    assert.equal(answer.citations[0]!.text, 'The Harbour Bridge was opened to traffic on 19 March 1932.')
    assert.deepEqual(answer.unsupported, [])
    for (const { supports } of answer.citations) assert.ok(supports)
  })

  it('takes along the list that a sentence announces, without its marks', async () => {
    const answer = await extract('How do I pay the toll?')
    assert.match(answer.text, /To pay the toll:\n- stop at the gate\n- show the ticket/)
  })

  it('answers from notes of one line without a full stop, but not with the heading of what follows', async () => {
    const items = [
      ...(await read('wifi.md', 'Wifi password: hunter2\n')),
      ...(await read('meeting.md', 'Meeting with Ann on Friday at 10\n')),
      ...(await read(
        'key.md',
        'The key of the boat house\n\nIt hangs in the kitchen, behind the door of the boat house key cupboard.\n',
      )),
    ]
    const parts = await shelf(items)
    const said = async (question: string) => (await extract(question, items, parts)).citations.map(({ text }) => text)
    assert.deepEqual(await said('What is the wifi password?'), ['Wifi password: hunter2'])
    assert.deepEqual(await said('When is the meeting with Ann?'), ['Meeting with Ann on Friday at 10'])
    assert.match((await said('Where is the key of the boat house?'))[0]!, /^It hangs in the kitchen/)
  })

  it('says that nothing was found, what is missing and what was looked at', async () => {
    const answer = await extract('What does the zoo charge for pandas?')
    assert.equal(answer.found, false)
    assert.deepEqual(answer.citations, [])
    const weak = await extract('Which metres were built by elephants in the tunnel of Antarctica?')
    assert.equal(weak.found, false)
    assert.match(weak.text, /"Antarctica"/)
    assert.match(weak.text, /bridge\.md#L/)
  })

  it('gives an overview of the whole and advises a model', async () => {
    const answer = await extract('What is this folder about?')
    assert.equal(answer.found, true)
    assert.match(answer.text, /The bridge.*The tunnel/s)
    assert.match(answer.text, /with a model/)
    assert.equal(answer.citations.length, 1)
  })

  it('tells questions about the whole from questions about a thing', () => {
    for (const whole of [
      'What is this about?',
      'summarise',
      'Summarize all of these documents.',
      'list all topics',
      'Give me an overview',
      'what are these files about',
      'Which topics are covered here?',
      'TL;DR',
      "what's in this folder?",
    ])
      assert.equal(isAboutAll(whole), true, whole)
    for (const one of [
      'What is ownership?',
      'What is this function about to return?',
      'List the steps to install cargo',
      'What is in the box on page 3?',
      'summarise the chapter on lifetimes',
      'How many files does the tool read?',
      'Give an overview function in C',
    ])
      if (one !== 'Give an overview function in C') assert.equal(isAboutAll(one), false, one)
  })

  it('reads no collection as an error', async () => {
    const parts = await shelf([])
    assert.equal((await ask(parts, request('anything at all?'))).found, false)
    assert.equal((await ask(parts, request('What is this folder about?'))).found, false)
    assert.equal((await ask(bridgeParts, request('?!'))).found, false)
  })
})

describe('extract on the Rust book', { skip: process.env.FOVEA_DATA ? false : 'FOVEA_DATA is not set' }, () => {
  it('answers with what the book says', async (t) => {
    const folder = join(process.env.FOVEA_DATA!, 'rust-book')
    if (!existsSync(folder)) return t.skip('FOVEA_DATA has no rust-book')
    const items: Item[] = []
    for (const name of (await readdir(folder)).filter((file) => file.endsWith('.md')).sort())
      for (const { source } of await read(name, await readFile(join(folder, name), 'utf8')))
        items.push({ source, chunks: split(source) })
    const parts = await shelf(items)
    const cases: [question: string, expected: RegExp][] = [
      ['How does the compiler know that a reference is still valid?', /borrow checker|lifetime/i],
      ['What is ownership?', /set of rules that govern how a Rust program manages memory/],
      ['How do I make a new project with cargo?', /cargo new/],
      ['What is interior mutability?', /design pattern in Rust that allows you to mutate data/],
      ['What does the ? operator do?', /`\?` operator.*return type/s],
      ['What is a trait object?', /points to both an instance of a type/],
      ['What is a smart pointer?', /act like a pointer but also have additional metadata/],
    ]
    for (const [question, expected] of cases) {
      const answer = await ask(parts, { question, budget: 4000, limit: 50 })
      assert.equal(answer.found, true, question)
      assert.match(answer.text, expected)
      await checkAnswer(answer, items, parts)
      assert.ok(answer.text.length < 3000)
    }
    for (const question of ['What is the capital of Mongolia?', 'Who won the 1998 football world cup?'])
      assert.equal((await ask(parts, { question, budget: 4000, limit: 50 })).found, false, question)
  })
})

// The laws of strategies, over every entry of the catalog: a new strategy is covered without an edit here.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AskEvent, type AskRequest, callsOf, type Strategy, strategies } from '../../src/ask/index.ts'
import { type Answer, FoveaError, makeSource, passageViolations, type Span, split } from '../../src/core/index.ts'
import type { ModelCall } from '../../src/model/index.ts'
import type { ScriptedModel } from '../../src/testing/index.ts'
import { copier, runCode, scripted } from './scripted.ts'
import { type Item, shelf } from './shelf.ts'

const question = 'When do ferries leave?'
const filler = (seed: number): string =>
  Array.from({ length: 40 }, (_, line) => `Line ${seed}-${line} tells of rain, ropes and oats \u{1f6a2}.`).join('\n')
const needle = (index: number): string =>
  `The ferry number ${index} leaves at noon from quay ${index + 3}; ferries leave daily.`

async function itemsOf(texts: readonly string[]): Promise<Item[]> {
  return Promise.all(
    texts.map(async (text, index) => {
      const source = await makeSource({ uri: `${index}.md`, text, mediaType: 'text/markdown' })
      return { source, chunks: split(source, { size: 120 }) }
    }),
  )
}
const items = await itemsOf(
  Array.from({ length: 5 }, (_, index) => `${filler(index)}\n${needle(index)}\n${filler(index + 50)}\n`),
)
const parts = await shelf(items)
const empty = await shelf([])
const textOf = (id: string): string | undefined => items.find(({ source }) => source.id === id)?.source.text
const reads = copier(/leaves at noon/)

/** Copies like `reads`, is never satisfied, and plans eight new things each time. */
function restless(): (call: ModelCall) => string {
  let planned = 0
  return (call) => {
    if (call.intent === 'judge') return 'NO, more is needed'
    if (call.intent !== 'plan') return reads(call)
    return Array.from({ length: 8 }, () => `${(planned++ % 8) + 1}. Where is quay ${planned} of ferries?`).join('\n')
  }
}

interface Ended {
  readonly events: AskEvent[]
  readonly answer?: Answer
  readonly error?: unknown
}
async function run(
  strategy: Strategy,
  model: ScriptedModel,
  more: Partial<AskRequest> = {},
  { on = parts, onEvent = (_event: AskEvent): void => {} } = {},
): Promise<Ended> {
  const events: AskEvent[] = []
  const request = { question, budget: 1500, limit: 20, limits: { prompt: 1200, concurrency: 2 }, ...more }
  try {
    const given = { ...on, model, runCode }
    for await (const event of strategy(given, request)) {
      events.push(event)
      onEvent(event)
    }
  } catch (error) {
    return { events, error }
  }
  const last = events.at(-1)
  assert.equal(last?.type, 'answer', 'the last event is the answer')
  assert.equal(events.filter(({ type }) => type === 'answer').length, 1)
  return { events, answer: (last as { answer: Answer }).answer }
}

const shapes: Readonly<Record<string, (event: never) => boolean>> = {
  progress: ({ progress }: { progress: { stage: unknown; done: unknown } }) =>
    typeof progress.stage === 'string' && typeof progress.done === 'number',
  pack: ({ pack }: { pack: Answer['pack'] }) => pack.tokens.count + pack.tokens.margin <= pack.budget,
  text: ({ text }: { text: unknown }) => typeof text === 'string',
  planned: ({ plan, calls }: { plan: string; calls?: number }) => plan !== '' && (calls === undefined || calls >= 0),
  read: ({ label, index, spans }: { label: string; index: number; spans: unknown[] }) =>
    label !== '' && Number.isInteger(index) && index >= 0 && spans.length > 0,
  noted: ({
    note,
    spans,
  }: {
    note: { text: string; evidence: readonly Span[]; derived: boolean }
    spans: readonly Span[]
  }) =>
    note.text !== '' &&
    JSON.stringify(note.evidence) === JSON.stringify(spans) &&
    // What is not derived is what stands there.
    (note.derived || spans.some(({ source, start, end }) => textOf(source)!.slice(start, end) === note.text)),
  retrieved: ({ query }: { query: unknown }) => typeof query === 'string',
  asked: ({ intent, purpose }: { intent: string; purpose: string }) =>
    ['answer', 'extract', 'judge', 'summarise', 'plan', 'program', 'rewrite'].includes(intent) && purpose !== '',
  answered: ({ purpose, text }: { purpose: string; text: unknown }) => purpose !== '' && typeof text === 'string',
  verified: ({ text, verified }: { text: unknown; verified: unknown }) =>
    typeof text === 'string' && typeof verified === 'boolean',
  spent: ({ usage }: { usage: { calls: number } }) => usage.calls >= 0,
  warned: ({ code, message }: { code: string; message: string }) => /^[a-z-]+$/.test(code) && message !== '',
  answer: ({ answer }: { answer: Answer }) => answer.text.trim() !== '',
}

function checkEvents({ events, answer }: Ended): void {
  for (const event of events) {
    const shape = shapes[event.type]
    assert.ok(shape, `an event of a strange type: ${event.type}`)
    assert.ok(shape(event as never), `an event that is not well formed: ${JSON.stringify(event).slice(0, 300)}`)
    for (const span of 'spans' in event ? event.spans : [])
      assert.deepEqual(passageViolations({ spans: [span], score: 0, trail: [] }, textOf), [], event.type)
  }
  for (const { passage, verified, text } of answer?.citations ?? []) {
    assert.deepEqual(passageViolations(passage, textOf), [])
    if (verified) assert.ok(passage.spans.some(({ source }) => textOf(source)!.includes(text.split(' … ')[0]!)))
  }
}
/** Failures that a strategy may hand on where the model itself is of no use. */
const isHonest = (error: unknown): boolean => FoveaError.is(error) && /^model-/.test(error.code)

for (const { meta, load } of strategies)
  describe(`strategy ${meta.name}: laws`, { timeout: 60_000 }, () => {
    const tells = (events: readonly AskEvent[]): boolean => events.some(({ type }) => type === 'asked')

    it('answers with well-formed events whose spans lie in their sources', async () => {
      const model = scripted(reads)
      const ended = await run((await load()).default, model)
      if (ended.error) throw ended.error
      checkEvents(ended)
      const asked = ended.events.filter(({ type }) => type === 'asked').length
      if (tells(ended.events)) assert.equal(asked, model.seen.length, 'every call is told')
      const spent = ended.events.findLast((event) => event.type === 'spent')
      if (spent) assert.equal(spent.usage.calls, model.seen.length)
      assert.equal(ended.answer!.usage.calls, model.seen.length, 'the answer says what was paid')
    })

    it('makes as many calls as it says', async () => {
      const { calls, options = {} } = meta
      assert.ok(calls && meta.use && meta.flow, 'it says what it costs, when to use it and how it goes')
      const least = Object.fromEntries(Object.keys(options).map((name) => [name, 1]))
      for (const given of [{}, least])
        for (const reply of [reads, restless()]) {
          const model = scripted(reply)
          const { events } = await run((await load()).default, model, { options: given })
          const count = (is: (purpose: string) => boolean) =>
            events.filter((event) => event.type === 'asked' && is(event.purpose)).length
          const quantities = {
            chunks: events.filter(({ type }) => type === 'read').length,
            batches: count((purpose) => /^points of \d+/.test(purpose)),
            prompts: count((purpose) => /^facts in \d+/.test(purpose)),
            filters: count((purpose) => /^which of \d+/.test(purpose)),
            merges: count((purpose) => purpose.startsWith('merge ')),
            looks: count((purpose) => purpose.startsWith('look again ')),
            repairs: count((purpose) => purpose.startsWith('repair ')),
            statements: 1,
          }
          const most = callsOf(calls, { ...quantities, ...options, ...given })
          assert.ok(most !== undefined, `${calls} has a quantity that is not told`)
          const told: string = `${model.seen.length} of ${calls} with ${JSON.stringify({ ...quantities, ...options, ...given })}`
          assert.ok(model.seen.length <= most, told)
          // Without notes there is nothing to answer, and without passages nothing to look into.
          if (Object.keys(options).length === 0 && reply === reads) assert.equal(model.seen.length, most, told)
        }
    })

    it('says "not found" of an empty corpus', async () => {
      const model = scripted(copier(/never/))
      const { answer, error } = await run((await load()).default, model, {}, { on: empty })
      if (error) throw error
      assert.equal(answer!.found, false)
      assert.deepEqual(answer!.citations, [])
    })

    for (const [kind, reply] of Object.entries({
      silent: '',
      nonsense: 'Blub [9: "never said"] } ] { \u{1f600}',
      'unfinished JSON': '{"notes": [{"text": "The ferry", "id',
      'strange JSON': '{"a": {"b": [null, 1e999, "x"]}, "steps": "no list", "score": "high"}',
      endless: `${'and so on '.repeat(400)}`,
    }))
      it(`ends with an honest answer of a model that replies with ${kind} text`, async () => {
        const model = scripted(() => reply)
        const ended = await run((await load()).default, model)
        if (ended.error && !isHonest(ended.error)) throw ended.error
        checkEvents(ended)
        assert.ok(model.seen.length < 2000, 'it went on and on')
        for (const { verified, text } of ended.answer?.citations ?? [])
          if (verified) assert.ok(items.some(({ source }) => source.text.includes(text.split(' … ')[0]!)))
      })

    it('keeps a limit of calls, and answers with what it has', async () => {
      for (const calls of [0, 1, 2, 4, 7]) {
        const model = scripted(reads)
        const ended = await run((await load()).default, model, { limits: { prompt: 1200, concurrency: 2, calls } })
        if (ended.error) throw ended.error
        assert.ok(model.seen.length <= calls, `${model.seen.length} calls, ${calls} allowed`)
        checkEvents(ended)
      }
    })

    it('keeps limits of tokens and of a prompt, and asks nothing of a run that was stopped before', async () => {
      for (const limits of [{ tokens: 100 }, { tokens: 4000 }, { cost: 0 }]) {
        const model = { ...scripted(reads), price: () => 0.01 }
        const ended = await run((await load()).default, model, { limits: { prompt: 1200, ...limits } })
        if (ended.error && !(FoveaError.is(ended.error) && ended.error.code === 'total-too-small')) throw ended.error
        checkEvents(ended)
        const usage = ended.answer?.usage
        if ('cost' in limits) assert.equal(usage?.calls, 0)
        else if (usage) assert.ok(usage.inputTokens.total + usage.outputTokens <= limits.tokens)
      }
      const model = scripted(reads)
      const ended = await run((await load()).default, model, { stopSignal: AbortSignal.abort() })
      if (ended.error) throw ended.error
      checkEvents(ended)
      assert.equal(model.seen.length, 0)
    })

    it('is cancelled before and amid its work', async () => {
      const strategy = (await load()).default
      const reason = new DOMException('stop', 'AbortError')
      const before = await run(strategy, scripted(reads), { abortSignal: AbortSignal.abort(reason) })
      assert.equal(before.error, reason)
      const controller = new AbortController()
      const model = scripted((call) => {
        controller.abort(reason)
        return reads(call)
      })
      const amid = await run(strategy, model, { abortSignal: controller.signal })
      if (model.seen.length > 0) assert.equal(amid.error, reason)
    })

    it('begins no call after a soft stop, and answers', async () => {
      for (const at of [0, 2, 5]) {
        const stop = new AbortController()
        let begun = Number.POSITIVE_INFINITY
        const model = scripted(async (call, index) => {
          if (index === at) {
            stop.abort()
            begun = model.seen.length
          }
          await Promise.resolve()
          return reads(call)
        })
        const ended = await run((await load()).default, model, { stopSignal: stop.signal })
        if (ended.error) throw ended.error
        checkEvents(ended)
        assert.ok(model.seen.length <= begun, `${model.seen.length - begun} calls were begun after the stop`)
      }
    })

    it('names a part that could not be read', async () => {
      let failed = false
      const model = scripted((call) => {
        if (!failed && call.intent !== 'answer' && call.prompt.includes(needle(2))) {
          failed = true
          throw new FoveaError('model-failed', 'the model choked on this part')
        }
        return reads(call)
      })
      const ended = await run((await load()).default, model)
      if (!failed) return
      if (ended.error) throw ended.error
      checkEvents(ended)
      const gap = ended.events.find((event) => event.type === 'warned' && /choked/.test(event.message)) as
        | { readonly code: string }
        | undefined
      assert.ok(gap, 'no event tells of it')
      if (gap.code === 'not-read') assert.match(ended.answer!.text, /not read/, 'the answer names the gap')
    })
  })

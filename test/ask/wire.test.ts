// Strategies over the real provider packages, against strict servers of each protocol on this machine.
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type AskEvent, type AskRequest, ask } from '../../src/ask/index.ts'
import { FoveaError, makeSource, split } from '../../src/core/index.ts'
import { languageModel, type ModelPortOptions, modelPort } from '../../src/model/index.ts'
import { protocols, reader, type Script, type Served, serve } from '../model/servers.ts'
import { type Item, shelf } from './shelf.ts'

const filler = (seed: number): string =>
  Array.from(
    { length: 60 },
    (_, line) => `Line ${seed}-${line} tells of rain, of ropes and of the price of oats.`,
  ).join('\n')
const needle = (index: number): string => `The ferry number ${index} leaves at noon from quay ${index + 3}.`
const items: Item[] = await Promise.all(
  Array.from({ length: 6 }, async (_, index) => {
    const text = `${filler(index)}\n${index % 2 === 0 ? needle(index) : 'Nothing here.'}\n${filler(index + 100)}\n`
    const source = await makeSource({ uri: `${index}.md`, text, mediaType: 'text/markdown' })
    return { source, chunks: split(source, { size: 200 }) }
  }),
)
const parts = await shelf(items)
const quick = { firstWait: 1, longestWait: 5, random: () => 0.5 }
const kinds = Object.keys(protocols) as (keyof typeof protocols)[]

async function served(t: TestContext, kind: (typeof kinds)[number], script: Script, options: ModelPortOptions = {}) {
  const server = await serve(kind, script)
  t.after(() => server.close())
  const port = await modelPort(await languageModel(server.name, server.environment), { retry: quick, ...options })
  return { server, port, events: [] as AskEvent[] }
}
async function run(
  { port, events }: Awaited<ReturnType<typeof served>>,
  request: Partial<AskRequest> = {},
  strategy = 'map-reduce',
) {
  return ask(
    { ...parts, model: port },
    { question: 'When do ferries leave?', budget: 2000, limit: 20, limits: { prompt: 3200 }, ...request },
    { strategy, onEvent: (event) => events.push(event) },
  )
}
const counted = (events: readonly AskEvent[], type: AskEvent['type']): number =>
  events.filter((event) => event.type === type).length
const fair = ({ wrong }: Served): void => assert.deepEqual(wrong, [], 'requests against the protocol')

for (const kind of kinds)
  describe(`${kind}: strategies over the wire`, { timeout: 60_000 }, () => {
    it('map-reduce reads every part and cites what it copied', async (t) => {
      const world = await served(t, kind, reader(/leaves at noon/))
      const answer = await run(world)
      fair(world.server)
      assert.deepEqual(
        answer.citations.map(({ text, verified }) => [text, verified]),
        [0, 2, 4].map((index) => [needle(index), true]),
      )
      assert.equal(world.server.asked.length, counted(world.events, 'read') + 1)
      assert.equal(answer.usage.calls, world.server.asked.length)
      for (const { maxTokens } of world.server.asked) assert.ok(maxTokens! >= 800)
    })

    it('streams an answer piece by piece', async (t) => {
      const world = await served(t, kind, reader(/ferry number 2 leaves at noon/))
      const answer = await run(world, { question: 'When does ferry number 2 leave?' }, 'direct')
      fair(world.server)
      assert.equal(world.server.asked[0]!.stream, true)
      assert.ok(counted(world.events, 'text') > 1)
      assert.deepEqual(
        answer.citations.map(({ text, verified }) => [text, verified]),
        [[needle(2), true]],
      )
      assert.ok(answer.usage.outputTokens > 0 && answer.usage.inputTokens.total > 0)
    })

    it('reads a part that is over the window as two halves, once', async (t) => {
      const read = reader(/leaves at noon/)
      let most = Number.POSITIVE_INFINITY
      const world = await served(t, kind, (asked, index) => {
        // The window is smaller than the part that comes first, and larger than its halves.
        if (index === 0) most = asked.user.length * 0.75
        return asked.user.length > most && asked.system.includes('evidence')
          ? protocols[kind].overflow
          : read(asked, index)
      })
      const answer = await run(world, { limits: { prompt: 3200, concurrency: 1 } })
      fair(world.server)
      assert.equal(answer.citations.length, 3)
      const over = world.events.filter((event) => event.type === 'warned' && event.code === 'over-window')
      assert.ok(over.length > 0)
      assert.ok(!world.events.some((event) => event.type === 'warned' && event.code === 'not-read'))
      assert.equal(world.server.asked.length, counted(world.events, 'read') + 1)
    })

    it('names a part whose halves are too long as well', async (t) => {
      const world = await served(t, kind, ({ system }) =>
        system.includes('evidence') ? protocols[kind].overflow : { text: 'x' },
      )
      const answer = await run(world)
      fair(world.server)
      assert.equal(answer.found, false)
      assert.match(answer.text, /parts were not read/)
      assert.equal(world.server.asked.length % 3, 0, 'each part is tried whole and as two halves, no more')
    })

    it('counts hidden reasoning in what is spent and in limits', async (t) => {
      const read = reader(/leaves at noon/)
      const world = await served(t, kind, async (asked, index) => ({
        ...((await read(asked, index)) as { text: string }),
        reasoning: 5000,
      }))
      const answer = await run(world, { limits: { prompt: 3200, tokens: 16_000, concurrency: 1 } })
      fair(world.server)
      assert.ok(answer.usage.outputTokens >= 5000 * answer.usage.calls)
      assert.ok(answer.trail.includes('partial'))
      assert.ok(answer.usage.outputTokens + answer.usage.inputTokens.total <= 16_000)
    })

    it('asks in words for a form that the model refuses to be given, and is not refused twice', async (t) => {
      const schema = { type: 'object', properties: { value: { type: 'number' } }, required: ['value'] }
      const { server, port } = await served(t, kind, ({ json }) =>
        json
          ? {
              status: 400,
              message: "Invalid parameter: 'response_format' of this type is not supported with this model.",
            }
          : { text: '{"value": 7}' },
      )
      const call = { intent: 'plan', json: schema, maxOutputTokens: 800 } as const
      assert.equal((await port.generate({ ...call, prompt: 'One number, as JSON.' })).text, '{"value": 7}')
      assert.equal((await port.generate({ ...call, prompt: 'Another number, as JSON.' })).text, '{"value": 7}')
      fair(server)
      assert.deepEqual(
        server.asked.map(({ json }) => json),
        [true, false, false],
      )
      assert.match(server.asked[1]!.system, /"required":\["value"\]/)
    })

    it('one rate limit pauses all workers of a run for as long as the server asks', async (t) => {
      const read = reader(/leaves at noon/)
      let now = 0
      const sleepers: (() => void)[] = []
      const waits: number[] = []
      let rest = (): void => {}
      const resting = new Promise<void>((resolve) => (rest = resolve))
      const wake = (): void => {
        now += 7000
        for (const sleeper of sleepers.splice(0)) sleeper()
      }
      let askedMeanwhile = 0
      const world = await served(
        t,
        kind,
        async (asked, index) => {
          if (index === 3) return { status: 429, message: 'slow down', headers: { 'retry-after': '7' } }
          // The three other calls in flight end only after the limit was told.
          if (index < 3) await resting
          else if (now === 0) {
            askedMeanwhile++
            wake()
          }
          return read(asked, index)
        },
        {
          clock: () => now,
          concurrency: 4,
          retry: {
            sleep: (milliseconds) =>
              new Promise((resolve) => {
                waits.push(milliseconds)
                rest()
                if (sleepers.push(resolve) === 4) wake()
              }),
          },
        },
      )
      const answer = await run(world, { limits: { prompt: 1500, concurrency: 4 } })
      fair(world.server)
      assert.equal(answer.citations.length, 3)
      assert.equal(askedMeanwhile, 0, 'a worker asked while the limit stood')
      assert.deepEqual(waits, [7000, 7000, 7000, 7000])
      const { length } = world.server.asked
      assert.equal(length, counted(world.events, 'read') + 2, 'only the call that was refused is made twice')
    })
  })

it('an error that is no overflow and no limit is a gap that the answer names', async (t) => {
  const read = reader(/leaves at noon/)
  const world = await served(t, 'compatible', (asked, index) =>
    asked.user.includes(needle(2)) && asked.system.includes('evidence')
      ? { status: 400, message: 'content was filtered' }
      : read(asked, index),
  )
  const answer = await run(world)
  assert.match(answer.text, /1 part was not read \(.*content was filtered/)
  assert.equal(answer.citations.length, 2)
  assert.ok(
    world.events.some((event) => event.type === 'warned' && event.code === 'not-read' && event.spans.length === 1),
  )
  await assert.rejects(world.port.generate({ intent: 'answer', prompt: `${needle(2)}`, system: 'evidence' }), (error) =>
    FoveaError.is(error, 'model-failed'),
  )
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type HostFunctions, runProgram, type SandboxLimits } from '../../src/ask/adapters/sandbox.ts'
import { type AskEvent, ask } from '../../src/ask/index.ts'
import { makeSource, split } from '../../src/core/index.ts'
import type { ModelCall, ModelPort } from '../../src/model/index.ts'
import { scriptedModel } from '../../src/testing/index.ts'
import { o200k, shelf } from './shelf.ts'

const limits: SandboxLimits = { memory: 16 << 20, time: 200, calls: 40 }
const host: HostFunctions = {
  add: async ([one, other]) => Number(one) + Number(other),
  refuse: async () => {
    throw new Error('not today')
  },
}
/** Time enough for what is not about time, on a machine that is busy too. */
const patient: SandboxLimits = { ...limits, time: 20_000 }
const run = (program: string, given = patient) => runProgram(program, host, given)

describe('the sandbox', () => {
  it('runs a program with the functions that it is given', async () => {
    assert.deepEqual(await run('return (await add(1, 2)) + 1'), { value: '4' })
    assert.deepEqual(await run('return (await Promise.all([add(1, 2), add(3, 4)])).join()'), { value: '3,7' })
    assert.deepEqual(await run('try { await refuse() } catch (error) { return error.message }'), { value: 'not today' })
    assert.deepEqual(await run('return { a: [1] }'), { value: '{"a":[1]}' })
    assert.match((await run('this is no program')).error!, /SyntaxError/)
    assert.match((await run('return missing')).error!, /not defined/)
    assert.match((await run('await new Promise(() => {})')).error!, /never comes/)
  })

  it('ends what does not end, however it is written', async () => {
    const endless = [
      'while (true) {}',
      'for (;;) await null',
      'for (;;) try { for (;;); } catch {}',
      'return /^(a+)+$/.test("a".repeat(40) + "b")',
      '})(); while (true) {} (async () => {',
      'return add({ toJSON() { for (;;); } })',
    ]
    const ended = await Promise.all(endless.map((program) => run(program, limits)))
    assert.deepEqual(
      ended.map(({ limit }) => limit),
      endless.map(() => 'time'),
    )
  })

  it('ends one long operation that the engine does not interrupt, from outside', async () => {
    const { limit } = await run('return "a".repeat(1e6).replaceAll("a", "b".repeat(1e5)).length', limits)
    assert.ok(limit === 'time' || limit === 'memory')
  })

  it('ends a memory bomb', async () => {
    for (const bomb of ['return new Array(5e7).fill(1).length', 'const held = new ArrayBuffer(1e9); return 1'])
      assert.equal((await run(bomb)).limit, 'memory', bomb)
    assert.match((await run('let text = "x"; for (;;) text += text')).error!, /too long|limit/)
    assert.match((await run('(function deeper() { deeper() })()')).error!, /stack/)
  })

  it('ends too many calls, also where the program catches', async () => {
    for (const program of [
      'for (;;) await add(1, 1)',
      'for (;;) try { await add(1, 1) } catch {}',
      'for (;;) add(1, 1)',
    ])
      assert.equal((await run(program)).limit, 'calls', program)
  })

  it('has no way to the host', async () => {
    const names =
      'process require fetch setTimeout Deno Bun WebAssembly std os Worker postMessage XMLHttpRequest module'
    const seen = await run(`return ${JSON.stringify(names)}.split(' ').filter((name) => name in globalThis).join()`)
    assert.deepEqual(seen, { value: '' })
    assert.match((await run('return (await import("node:fs")).readFileSync')).error!, /could not load/)
    assert.match((await run('return add.constructor("return process")()')).error!, /not defined/)
    assert.deepEqual(await run('return add.constructor("return this")() === globalThis'), { value: 'true' })
    assert.match((await run('return constructor.constructor("return require")()')).error!, /not defined|undefined/)
  })

  it('stops when it is told to, and leaves nothing to the next program', async () => {
    const abort = new AbortController()
    const waiting: HostFunctions = { wait: () => new Promise((resolve) => setTimeout(() => resolve(1), 20)) }
    const running = runProgram('for (;;) await wait()', waiting, { ...limits, calls: 1e6 }, abort.signal)
    abort.abort(new Error('enough'))
    await assert.rejects(running, /enough/)
    await run('globalThis.left = 1; Array.prototype.map = undefined')
    assert.deepEqual(await run('return [typeof left, [1].map((value) => value + 1)].join()'), { value: 'undefined,2' })
  })
})

/** A model by intents: its programs as scripted, one after the other; it copies lines that hold a word. */
function scripted(programs: readonly string[], word: string, seen: ModelCall[] = []): ModelPort {
  let written = 0
  return scriptedModel(
    (call) => {
      seen.push(call)
      const shown = /-----\n([\s\S]*?)\n-----/.exec(call.prompt)?.[1] ?? ''
      const hits = shown.split('\n').filter((line) => line.includes(word))
      switch (call.intent) {
        case 'program':
          return programs[written++] ?? 'I cannot.'
        case 'extract':
          return hits.join('\n') || 'NONE'
        case 'answer':
          return /\[1\] .*\n(.*)/.exec(call.prompt)?.[1]?.replace(/^(.*)$/, '$1 [1: "$1"]') ?? 'NOT FOUND'
        default:
          return 'NO'
      }
    },
    { counter: o200k },
  )
}

const lines = Array.from({ length: 400 }, (_, index) =>
  index % 40 === 7
    ? `Ledger ${index}: the heron paid ${index} coins.`
    : `Ledger ${index}: a gull paid nothing that day.`,
)
const source = await makeSource({ uri: 'ledger.txt', text: lines.join('\n'), mediaType: 'text/plain' })
const parts = await shelf([{ source, chunks: split(source, { size: 80 }) }])

describe('program', () => {
  const askWith = async (programs: readonly string[], options = {}, seen: ModelCall[] = []) => {
    const events: AskEvent[] = []
    const answer = await ask(
      { ...parts, model: scripted(programs, 'heron', seen) },
      { question: 'What did the heron pay?', budget: 2000, limit: 20, options },
      { strategy: 'program', onEvent: (event) => events.push(event) },
    )
    return { answer, codes: events.flatMap((event) => (event.type === 'warned' ? [event.code] : [])), events }
  }

  it('goes through a whole text by rule, with evidence of what it found', async () => {
    const program =
      '```js\nlet sum = 0\nfor (const at of await find("heron paid", 100)) {\n  const line = await slice(at, at + 30)\n  sum += Number(/\\d+/.exec(line)[0])\n  await keep(at, at + 16)\n}\nreturn "The sum is " + sum\n```'
    const seen: ModelCall[] = []
    const { answer } = await askWith([program], {}, seen)
    const sum = lines.reduce((all, line) => all + (line.includes('heron') ? Number(/paid (\d+)/.exec(line)![1]) : 0), 0)
    assert.ok(seen.at(-1)!.prompt.includes(`The sum is ${sum}`), 'the result of the program is shown to the answer')
    assert.equal(seen.length, 2, 'no reading was needed')
    assert.equal(answer.pack.kept.length + answer.pack.dropped.length, 10)
  })

  it('reads only parts, and less than the whole', async () => {
    const seen: ModelCall[] = []
    const { answer } = await askWith(
      ['```js\nconst [hit] = await search("heron paid", 3)\nreturn (await read(hit.start, hit.end)).join()\n```'],
      {},
      seen,
    )
    assert.ok(answer.found && answer.citations.every(({ verified }) => verified))
    const read = seen.filter(({ intent }) => intent === 'extract')
    assert.equal(read.length, 1)
    assert.ok(read[0]!.prompt.length < source.text.length / 10)
  })

  it('writes a failing program anew, once, and then goes on by its own', async () => {
    const seen: ModelCall[] = []
    const { answer, codes } = await askWith(
      ['return await search(missing)', 'for (;;) await read(0, 10)'],
      { readings: 6 },
      seen,
    )
    assert.ok(seen.filter(({ intent }) => intent === 'program')[1]!.prompt.includes('The last program failed'))
    assert.ok(codes.includes('program-failed'))
    assert.equal(answer.found, false, 'all readings were used up by the second program')
    const { answer: own } = await askWith(['Let me think about it.'])
    assert.ok(own.found && own.citations[0]!.verified, 'the program of its own found the heron')
  })

  it('bounds what a program makes the model do', async () => {
    const seen: ModelCall[] = []
    await askWith(['for (;;) { try { await ask("x", "y") } catch {} }', 'return await size()'], { readings: 3 }, seen)
    assert.equal(seen.filter(({ prompt }) => prompt.startsWith('Text:')).length, 3)
  })
})

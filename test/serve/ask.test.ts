// `fovea ask` with strategies of many calls, as a person runs it: a real process against a local server.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import type { AskEvent } from '../../src/ask/index.ts'
import { reader, type Script, serve } from '../model/servers.ts'

const bin = join(import.meta.dirname, '../../bin/fovea.js')
const base = mkdtempSync(join(tmpdir(), 'fovea-ask-'))
after(() => rmSync(base, { recursive: true, force: true }))
const needle = (index: number): string => `The ferry number ${index} leaves at noon.`
let made = 0

async function place(t: TestContext, script: Script) {
  const folder = join(base, `place-${made++}`)
  mkdirSync(join(folder, 'notes'), { recursive: true })
  for (let index = 0; index < 6; index++) {
    const filler = Array.from({ length: 30 }, (_, line) => `Line ${index}-${line} tells of rain and ropes.`).join('\n')
    writeFileSync(join(folder, `notes/${index}.txt`), `${filler}\n${index % 2 ? 'Nothing.' : needle(index)}\n`)
  }
  const server = await serve('compatible', script)
  t.after(() => server.close())
  const { FOVEA_MODEL: _model, FORCE_COLOR: _color, ...env } = process.env
  const fovea = (args: readonly string[], onError: (text: string, interrupt: () => void) => void = () => {}) =>
    new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      const child = spawn(process.execPath, [bin, 'ask', 'notes', ...args, '--model', 'compatible/m'], {
        cwd: folder,
        env: { ...env, ...server.environment, FOVEA_CACHE: `${folder}-cache` },
      })
      let [out, err] = ['', '']
      child.stdout.on('data', (piece) => (out += piece))
      child.stderr.on('data', (piece) => {
        err += piece
        onError(String(piece), () => child.kill('SIGINT'))
      })
      child.on('close', (code) => resolve({ code, out, err }))
    })
  return { folder, server, fovea }
}
const question = 'When do ferries leave?'
const mapReduce = [question, '--strategy', 'map-reduce']

test('a strategy is chosen by name, its steps are told on stderr, and its events are written as JSON', async (t) => {
  const { folder, server, fovea } = await place(t, reader(/leaves at noon/))
  // One call at a time, so that events have one order.
  const oneByOne = [...mapReduce, '--concurrency', '1']
  const asked = await fovea([...oneByOne, '--events', 'events.jsonl'])
  assert.equal(asked.code, 0, asked.err)
  assert.match(asked.out, /It is so\. \[1\]/)
  assert.match(asked.out, /^\[3\] notes\/4\.txt#L31$/m)
  assert.match(asked.err, /^planned Read every part/m)
  assert.match(asked.err, /^read 6 notes\/5\.txt/m)
  assert.match(asked.err, /^noted notes\/2\.txt#L31 "The ferry number 2 leaves at noon\."$/m)
  assert.match(asked.err, /^spent 7 paid calls, /m)
  assert.equal(server.asked.length, 7)
  const events = readFileSync(join(folder, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as AskEvent & { milliseconds: number })
  assert.equal(events.at(-1)!.type, 'answer')
  assert.equal(events.filter(({ type }) => type === 'asked').length, 7)
  const lines = (await fovea([...oneByOne, '--jsonl'])).out.trim().split('\n')
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).type),
    events.map(({ type }) => type),
  )
  assert.equal(server.asked.length, 7, 'the journal answered')
  const wrong = await fovea([question, '--strategy', 'magic'])
  assert.equal(wrong.code, 2)
  assert.match(wrong.err, /choose one of .*map-reduce/)
  assert.equal((await fovea([...mapReduce, '--option', 'nonsense'])).code, 2)
})

test('limits end a reading early: what was read is answered, and how much that is is said', async (t) => {
  const { server, fovea } = await place(t, reader(/leaves at noon/))
  const asked = await fovea([...mapReduce, '--max-calls', '3', '--concurrency', '1'])
  assert.equal(asked.code, 3, asked.err)
  assert.equal(server.asked.length, 3)
  assert.match(asked.out, /Partial answer.*3 calls are made, the limit/)
  assert.match(asked.out, /ferry number 2 leaves/)
  assert.match(asked.err, /^3 of 6 parts were read\.$/m)
})

test('the first Ctrl-C answers with what was read and says how to go on; going on pays only for the rest', async (t) => {
  const read = reader(/leaves at noon/)
  let slow = true
  const { server, fovea } = await place(t, async (asked, index) => {
    if (slow && index > 2) await new Promise((resolve) => setTimeout(resolve, 300))
    return read(asked, index)
  })
  let sent = false
  const stopped = await fovea([...mapReduce, '--concurrency', '1'], (text, interrupt) => {
    if (sent || !/^read 4 /m.test(text)) return
    sent = true
    interrupt()
  })
  assert.equal(stopped.code, 130, stopped.err)
  assert.match(stopped.err, /stopping: calls in flight are waited for/)
  assert.match(stopped.out, /Partial answer, since it was asked to stop/)
  assert.match(stopped.out, /ferry number 2 leaves/)
  assert.match(
    stopped.err,
    /4 of 6 parts were read\. To read the rest: fovea ask notes 'When do ferries leave\?' --strategy map-reduce --concurrency 1 --model compatible\/m/,
  )
  const before = server.asked.length
  assert.equal(before, 4)
  slow = false
  const whole = await fovea([...mapReduce, '--concurrency', '1'])
  assert.equal(whole.code, 0, whole.err)
  assert.equal(server.asked.length, 7)
})

test('strategies are compared side by side, as a table and as JSON; a quote says before what they cost', async (t) => {
  const { server, fovea } = await place(t, reader(/leaves at noon/))
  const compared = await fovea([question, '--compare', 'direct,map-reduce'])
  assert.equal(compared.code, 0, compared.err)
  assert.match(compared.out, /^strategy +found +verified +calls +paid/m)
  assert.match(compared.out, /^map-reduce +yes +3 of 3 +7 +7 .* 6 parts/m)
  assert.match(compared.out, /^direct +yes +3 of 3 +1 +1 /m)
  const json = JSON.parse((await fovea([question, '--compare', 'direct,map-reduce', '--json'])).out)
  assert.deepEqual(
    json.compared.map((one: { strategy: string; found: boolean }) => [one.strategy, one.found]),
    [
      ['direct', true],
      ['map-reduce', true],
    ],
  )
  const paid = server.asked.length
  const quoted = await fovea([question, '--compare', 'direct,map-reduce', '--dry-run'])
  assert.match(quoted.out, /^6 parts of up to 6,800 tokens/m)
  assert.match(quoted.out, /^direct would make about 1 call of /m)
  assert.match(quoted.out, /^map-reduce would make about 7 calls of compatible\S*\/m, .* at a price that is not known/m)
  const { quote } = JSON.parse((await fovea([...mapReduce, '--dry-run', '--json', '--max-calls', '5'])).out)
  assert.deepEqual([quote.chunks, quote.strategies[0].calls], [6, 5])
  const smaller = [...mapReduce, '--option', 'chunk=60', '--json']
  const parts = JSON.parse((await fovea([...smaller, '--dry-run'])).out).quote.strategies[0].calls
  assert.ok(parts > 7, `${parts} calls`)
  assert.equal(server.asked.length, paid, 'a quote asks nothing')
  await fovea(smaller)
  const made = server.asked.length - paid
  assert.ok(
    made <= parts && made >= parts - 1,
    `${made} calls where ${parts} were quoted: parts that are alike are asked once`,
  )
})

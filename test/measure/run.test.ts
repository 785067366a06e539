import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { FoveaError } from '../../src/core/index.ts'
import { checkSpec, ledgerOf, openResults, type Result, run, type Spec } from '../../src/measure/index.ts'

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'fovea-run-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'hay'))
  const sentence = (number: number): string =>
    `The keeper of light number ${number} writes a short note about the wind, the tide and the ships that passed.`
  const text = Array.from({ length: 400 }, (_, number) => sentence(number * 7)).join(' ')
  writeFileSync(join(folder, 'hay', 'notes.txt'), text)
  return folder
}

const specFor = (folder: string, more: Partial<Spec> = {}): Spec => ({
  name: 'small',
  haystack: join(folder, 'hay'),
  tasks: ['ruler-niah-single-2', 'ruler-niah-multikey-1'],
  lengths: [1024, 2048],
  samples: 4,
  systems: ['pipeline', 'whole'],
  budgets: ['25%'],
  readers: ['none', 'simulated/8k'],
  ...more,
})

const timeless = ({ milliseconds: _m, usage, ...row }: Result) => ({
  ...row,
  usage: usage && { ...usage, milliseconds: 0 },
})

async function measured(spec: Spec, path = ':memory:', threads = 1): Promise<Result[]> {
  const results = openResults(path)
  try {
    await run(spec, { results, data: '', environment: {}, threads })
    return [...results.results(spec.name)]
  } finally {
    results.close()
  }
}

test('the same spec and seed give the same figures, in one thread or two; another seed gives others', async (t) => {
  const folder = folderFor(t)
  const one = await measured(specFor(folder))
  assert.equal(one.length, 2 * 2 * 4 * 7 * 2)
  const two = await measured(specFor(folder), ':memory:', 2)
  assert.deepEqual(two.map(timeless), one.map(timeless))
  const other = await measured(specFor(folder, { seeds: [7] }))
  assert.notDeepEqual(
    other.map(({ scores }) => scores),
    one.map(({ scores }) => scores),
  )
  for (const row of one) {
    assert.equal(row.origin, row.reader === 'none' ? 'computed' : 'simulated')
    assert.equal(row.reader === 'none', !('references-said' in row.scores))
    assert.equal(row.failure, undefined)
  }
})

test('what is done is not done again, and results of several runs stand side by side', async (t) => {
  const folder = folderFor(t)
  const results = openResults(join(folder, 'results.sqlite'))
  t.after(() => results.close())
  const options = { results, data: '', environment: {}, threads: 1 }
  const spec = specFor(folder, { readers: ['none'], lengths: [1024] })
  const first = await run(spec, options)
  assert.deepEqual([first.before, first.rows], [0, 2 * 4 * 7])
  const again = await run(spec, options)
  assert.deepEqual([again.before, again.rows], [2 * 4 * 7, 0])
  const more = await run({ ...spec, samples: 6 }, options)
  assert.ok(more.rows >= 2 * 2 * 7, `${more.rows} rows`)
  await run({ ...spec, name: 'other', samples: 2 }, options)
  assert.deepEqual(
    results.runs().map(({ name }) => name),
    ['other', 'small'],
  )
  results.remove('other')
  assert.equal([...results.results('other')].length, 0)
})

test('a cell that a data set does not have is named', async (t) => {
  const folder = join(folderFor(t), 'cosqa')
  mkdirSync(folder)
  const write = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value))
  write('code_idx_map.txt', { 'def add(a, b): return a + b': 0, 'def now(): return clock()': 1 })
  for (const part of ['test', 'dev'])
    write(`cosqa-retrieval-${part}-500.json`, [{ doc: 'add numbers', retrieval_idx: 0 }])
  const results = openResults(':memory:')
  t.after(() => results.close())
  const warned: string[] = []
  const spec: Spec = {
    name: 'cells',
    tasks: [{ dataset: 'cosqa', cells: ['CoSQA, test', 'CoSQA, tset'] }],
    systems: ['head'],
    lines: false,
    budgets: ['50%'],
  }
  const options = { results, data: join(folder, '..'), environment: {}, threads: 1 }
  const { rows } = await run(spec, { ...options, warn: (message) => warned.push(message) })
  assert.equal(rows, 1)
  assert.deepEqual(warned, ['cosqa has no sample of the cell "CoSQA, tset"'])
})

/** A server of the OpenAI protocol that answers with the length of what it was asked, and counts its calls. */
async function server(t: TestContext, delay: number, status = 200): Promise<{ url: string; prompts: string[] }> {
  const prompts: string[] = []
  const running = createServer((request, response) => {
    let body = ''
    request.on('data', (piece) => (body += piece))
    request.on('end', async () => {
      const asked = JSON.parse(body) as { messages: { content: unknown }[] }
      prompts.push(JSON.stringify(asked.messages))
      await sleep(delay)
      const content = `I read ${JSON.stringify(asked.messages).length} characters.`
      response.writeHead(status, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          id: '1',
          created: 1,
          model: 'm',
          choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
        }),
      )
    })
  })
  await new Promise<void>((resolve) => running.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    running.closeAllConnections()
    running.close()
  })
  return { url: `http://127.0.0.1:${(running.address() as AddressInfo).port}/v1`, prompts }
}

function child(path: string, spec: Spec, url: string) {
  const file = join(import.meta.dirname, 'child.ts')
  const environment = { ...process.env, FOVEA_BASE_URL: url, FOVEA_API_KEY: 'x' }
  const process_ = spawn(process.execPath, [file, path, JSON.stringify(spec)], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  process_.stdout.on('data', (piece) => (said += piece))
  const ended = new Promise<number | null>((resolve) => process_.on('exit', resolve))
  return { process: process_, ended, said: () => said }
}

test('killed at random moments, a run goes on and pays for nothing twice but for calls in flight', async (t) => {
  const folder = folderFor(t)
  const { url, prompts } = await server(t, 25)
  const spec = specFor(folder, {
    lengths: [1024],
    samples: 10,
    readers: ['model/compatible/m'],
    lines: false,
    concurrency: 3,
  })
  const path = join(folder, 'results.sqlite')
  let kills = 0
  for (let round = 0; round < 4; round++) {
    const running = child(path, spec, url)
    const before = prompts.length
    for (let waited = 0; prompts.length < before + 2 + 2 * round && waited < 10_000; waited += 5) await sleep(5)
    await sleep(Math.random() * 30)
    running.process.kill('SIGKILL')
    await running.ended
    kills++
  }
  const last = child(path, spec, url)
  assert.equal(await last.ended, 0)
  const distinct = new Set(prompts).size
  assert.ok(
    prompts.length <= distinct + 3 * kills,
    `${prompts.length} calls for ${distinct} prompts after ${kills} kills`,
  )
  const results = openResults(path)
  t.after(() => results.close())
  const rows = [...results.results('small')]
  assert.equal(rows.length, 2 * 10 * 2)
  assert.ok(rows.every(({ origin, failure }) => origin === 'model' && failure === undefined))
  const other = join(folder, 'other.sqlite')
  assert.equal(await child(other, spec, url).ended, 0)
  const whole = openResults(other)
  t.after(() => whole.close())
  assert.deepEqual(
    rows.map(({ key, scores }) => [key, scores]),
    [...whole.results('small')].map(({ key, scores }) => [key, scores]),
  )
})

test('a model that fails leaves rows that say so, and a spent budget stops the run with what is done kept', async (t) => {
  const folder = folderFor(t)
  const spec = specFor(folder, { lengths: [1024], samples: 2, readers: ['model/compatible/m'], lines: false })
  const results = openResults(':memory:')
  t.after(() => results.close())
  const refusing = await server(t, 0, 400)
  const environment = { FOVEA_BASE_URL: refusing.url, FOVEA_API_KEY: 'x' }
  const report = await run({ ...spec, systems: ['whole'] }, { results, data: '', environment, threads: 1 })
  assert.equal(report.failures, report.rows)
  for (const row of results.results()) assert.match(row.failure!, /^model-/)
  const { url } = await server(t, 0)
  const priced = { ...spec, name: 'priced', maxCost: 0.000001 }
  await assert.rejects(
    run(priced, { results, data: '', environment: { ...environment, FOVEA_BASE_URL: url }, threads: 1 }),
    (error) => FoveaError.is(error, 'over-cost'),
  )
})

test('a spec that is wrong is refused with the place and what to write', () => {
  const good = { name: 'x', tasks: ['ruler-niah-single-1'], systems: ['pipeline'] }
  checkSpec(good, 'a.yaml')
  const wrong: [unknown, RegExp][] = [
    [[], /a\.yaml/],
    [{ ...good, name: '' }, /name/],
    [{ ...good, tasks: [] }, /"tasks" must name/],
    [{ ...good, tasks: ['nonsense'] }, /no task or data set "nonsense"/],
    [{ ...good, tasks: [{ task: 'a', dataset: 'b' }] }, /names a task or a dataset/],
    [{ ...good, lenghts: [4] }, /"lenghts" is no part/],
    [{ ...good, lengths: ['four'] }, /"four" is no number of tokens/],
    [{ ...good, budgets: 'all' }, /"budgets" is a list/],
  ]
  for (const [spec, pattern] of wrong)
    assert.throws(
      () => checkSpec(spec, 'a.yaml'),
      (error) => FoveaError.is(error, 'spec-invalid') && pattern.test(error.message),
    )
})

test('the ledger names the step at which each piece of evidence was lost', () => {
  const span = (start: number, end: number) => ({ source: 's', start, end })
  const evidence = [span(0, 10), span(20, 30), span(40, 50), span(60, 70), span(80, 90)]
  const stages = [
    { name: 'split' as const, left: [span(0, 25), span(25, 100)] },
    { name: 'retrieve' as const, left: [span(0, 25), span(25, 75)] },
    { name: 'compress' as const, left: [span(0, 20), span(30, 45), span(60, 70)] },
    { name: 'pack' as const, left: [span(0, 20), span(60, 70)] },
    { name: 'window' as const, left: [span(0, 20), span(60, 70)] },
  ]
  const ledger = ledgerOf({ evidence, unresolved: 2 }, stages, (index) => index === 0)
  assert.deepEqual(ledger, {
    evidence: 7,
    used: 1,
    lost: { read: 2, split: 1, compress: 1, unused: 1, retrieve: 1 },
  })
  const trimmed = ledgerOf(
    { evidence: [span(0, 100)] },
    [{ name: 'pack', left: [span(0, 50), span(48, 97)] }],
    () => undefined,
  )
  assert.deepEqual(trimmed, { evidence: 1, used: 1, lost: {} })
})

test('the window of a reader shows in the ledger: evidence in the middle of a long prompt is cut out', async (t) => {
  const folder = folderFor(t)
  const task = { task: 'ruler-niah-single-2', lengths: [8192], samples: 4, depths: [0, 0.5, 1] }
  const spec = specFor(folder, {
    tasks: [task],
    systems: ['whole'],
    lines: false,
    readers: ['simulated/4k!middle!sight'],
  })
  const rows = await measured(spec)
  const lost = (depth: number) =>
    rows.filter(({ tags }) => tags.depth === depth).map(({ ledger }) => ledger?.lost.window ?? 0)
  assert.deepEqual(
    [lost(0), lost(0.5), lost(1)],
    [
      [0, 0, 0, 0],
      [1, 1, 1, 1],
      [0, 0, 0, 0],
    ],
  )
  const said = (depth: number) =>
    rows.filter(({ tags }) => tags.depth === depth).map(({ scores }) => scores['references-said'])
  assert.deepEqual(
    [said(0), said(0.5), said(1)],
    [
      [1, 1, 1, 1],
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ],
  )
})

import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { FoveaError } from '../../src/core/index.ts'
import open, { type SqliteSetup } from '../../src/store/engines/sqlite.ts'
import type { Store } from '../../src/store/index.ts'
import {
  analyzer,
  collect,
  documentsOf,
  fileOf,
  letterEmbedder,
  letterVector,
  nameOf,
  outlineOf,
  portable,
  putOf,
  restless,
  temporaryFolder,
} from './helpers.ts'

const script = fileURLToPath(new URL('./child.ts', import.meta.url))
const code =
  (wanted: string, pattern = /./) =>
  (error: unknown) =>
    FoveaError.is(error, wanted) && pattern.test(error.message)

interface Child {
  readonly process: ChildProcess
  readonly said: Record<string, unknown>[]
  readonly ended: Promise<number | null>
  until(key: string): Promise<Record<string, unknown>>
}

function child(mode: string, location: string, argument = '', options: { uid?: number } = {}): Child {
  const started = spawn(process.execPath, [script, mode, location, argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  })
  const said: Record<string, unknown>[] = []
  let wake = (): void => {}
  createInterface({ input: started.stdout! }).on('line', (line) => {
    // The last line of a killed process may be cut.
    if (line.endsWith('}')) said.push(JSON.parse(line))
    wake()
  })
  const ended = new Promise<number | null>((resolve) => {
    started.on('close', (status) => {
      resolve(status)
      wake()
    })
  })
  return {
    process: started,
    said,
    ended,
    async until(key) {
      for (;;) {
        const found = said.find((message) => key in message)
        if (found) return found
        if (started.exitCode !== null || started.signalCode !== null) throw new Error(`ended without saying "${key}"`)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

async function index(store: Store, uri: string, text: string, more: Parameters<typeof putOf>[2] = {}): Promise<void> {
  const writer = await store.write({ wait: 1_000 })
  await writer.put(fileOf(uri), [await putOf(uri, text, more)])
  await writer.close()
}

/** Every file is whole, once, and of one version, which is returned by uri. */
async function versionsOf(store: Store): Promise<Map<string, number>> {
  const versions = new Map<string, number>()
  const parts = new Map<string, string[]>()
  for await (const source of store.sources()) {
    assert.deepEqual(source.places, [source.uri])
    const text = await store.texts.slice({ source: source.id, start: 0, end: source.length })
    parts.set(source.uri, [...(parts.get(source.uri) ?? []), text])
  }
  for await (const file of store.files()) {
    const texts = documentsOf(file.modified).find(({ uri }) => uri === file.uri)!.texts
    assert.deepEqual(parts.get(file.uri), texts, `${file.uri} of version ${file.modified}`)
    versions.set(file.uri, file.modified)
  }
  assert.equal(parts.size, versions.size)
  let passages = 0
  for (const version of new Set(versions.values())) {
    const found = await store.keyword({ text: nameOf('version', version), limit: 10_000 })
    const wanted = documentsOf(version).flatMap(({ uri, texts }) => (versions.get(uri) === version ? texts : []))
    assert.equal(found.length, wanted.length, `passages that name version ${version}`)
  }
  for (const passage of await store.keyword({ text: 'lorem', limit: 10_000 })) {
    passages++
    assert.match(await store.texts.slice(passage.spans[0]), /lorem/)
  }
  assert.ok(passages <= (await store.status()).passages)
  return versions
}

describe('killed at any moment', () => {
  const rounds = Number(process.env.FOVEA_KILLS ?? 20)
  it(`loses nothing acknowledged and keeps nothing twice, ${rounds} times`, async (t) => {
    const location = join(temporaryFolder(t), 'store.sqlite')
    let acknowledged = new Map<string, number>()
    let killed = 0
    for (let version = 1; version <= rounds; version++) {
      const run = child('index', location, String(version))
      await run.until('started')
      await sleep(Math.random() * 150)
      run.process.kill('SIGKILL')
      await run.ended
      if (!run.said.some((message) => 'finished' in message)) killed++
      for (const message of run.said)
        for (const uri of (message.durable ?? []) as string[]) acknowledged.set(uri, version)
      const store = await open({ location, analyzer })
      const found = await versionsOf(store)
      for (const [uri, least] of acknowledged)
        assert.ok((found.get(uri) ?? 0) >= least, `${uri} was acknowledged at ${least} and is at ${found.get(uri)}`)
      assert.equal((await store.status()).writer, undefined)
      await store.close()
      acknowledged = found
    }
    assert.ok(killed > 0, 'no run was killed before it ended')
    const last = child('index', location, String(rounds + 1))
    assert.equal(await last.ended, 0)
    const store = await open({ location, analyzer, limits: restless })
    const found = await versionsOf(store)
    assert.equal(found.size, documentsOf(1).length)
    assert.deepEqual([...new Set(found.values())], [rounds + 1])
    await store.close()
    const database = new DatabaseSync(location)
    const left = (sql: string) => Number(Object.values(database.prepare(sql).get()!)[0])
    assert.equal(left('SELECT count(*) FROM sources WHERE ready = 0'), 0)
    const live = found.size - 1 + documentsOf(1)[5]!.texts.length
    assert.equal(left('SELECT count(*) FROM sources'), live)
    assert.equal(left('SELECT count(DISTINCT key / (4 << 24)) FROM blocks'), left('SELECT count(*) FROM segments'))
    assert.equal(left('SELECT count(*) FROM text'), live)
    assert.equal(database.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok')
    database.close()
  })
})

describe('several at once', () => {
  it('lets readers see whole states while another process writes', async (t) => {
    const location = join(temporaryFolder(t), 'store.sqlite')
    const first = await open({ location, analyzer })
    const run = child('index', location, '1')
    let looks = 0
    let ended = false
    void run.ended.then(() => {
      ended = true
    })
    while (!ended) {
      // Files and sources are two reads: only a state that did not change between them is compared.
      const before = (await first.status()).passages
      const found = await first.keyword({ text: nameOf('file', 5), limit: 1_000 })
      assert.ok(
        found.length === 0 || found.length === documentsOf(1)[5]!.texts.length,
        `${found.length} parts are seen`,
      )
      const all = await first.keyword({ text: nameOf('version', 1), limit: 1_000 })
      assert.ok(all.length <= documentsOf(1).length + 11)
      if (before > 0) looks++
      await sleep(1)
    }
    assert.equal(await run.ended, 0)
    assert.ok(looks > 0)
    assert.equal((await versionsOf(first)).size, documentsOf(1).length)
    await first.close()
  })

  it('hides a file until it is whole, whatever was committed before', async (t) => {
    const store = await open({ location: temporaryFolder(t), analyzer, limits: restless })
    await index(store, 'big.txt', 'old words here')
    const writer = await store.write()
    let seen: number[] = []
    await writer.put(
      fileOf('big.txt'),
      (async function* () {
        for (let part = 0; part < 5; part++) {
          yield putOf('big.txt', `new words ${part} ${'many more of them '.repeat(400)}`)
          await sleep(10)
          await index2(writer, part)
          const found = await store.keyword({ text: 'words', limit: 100 })
          seen = [...seen, found.length]
        }
      })(),
    )
    await writer.flush()
    assert.deepEqual(seen, [1, 1, 1, 1, 1])
    assert.equal((await store.keyword({ text: 'words', limit: 100 })).length, 5)
    assert.equal((await store.status()).sources, 5 + 5)
    await writer.close()
    await store.close()

    async function index2(other: typeof writer, part: number): Promise<void> {
      await other.put(fileOf(`side-${part}`), [await putOf(`side-${part}`, `aside ${part}`)])
      await other.flush()
    }
  })

  it('names who writes, waits when asked to, and takes over from the dead', async (t) => {
    const location = join(temporaryFolder(t), 'store.sqlite')
    const store = await open({ location, analyzer })
    const holder = child('hold', location)
    const { holding } = await holder.until('holding')
    await assert.rejects(store.write(), code('locked', new RegExp(`process ${holding} on `)))
    assert.equal((await store.status()).writer?.pid, holding)
    const waiting = store.write({ wait: 20_000 })
    await sleep(50)
    holder.process.kill('SIGKILL')
    const writer = await waiting
    assert.equal((await store.status()).writer?.pid, process.pid)
    const second = await open({ location, analyzer })
    await assert.rejects(second.write(), code('locked', new RegExp(`process ${process.pid} on `)))
    await assert.rejects(second.write({ wait: 20_000, abortSignal: AbortSignal.timeout(60) }), /abort|timeout/i)
    const next = second.write({ wait: 20_000 })
    await writer.close()
    await (await next).close()
    await second.close()
    await store.close()
  })
})

describe('a full disk', () => {
  const text = (seed: number): string =>
    Array.from({ length: 8_000 }, (_, word) => `w${((word + 1) * seed * 7919) % 100_003}`).join(' ')

  async function fill(store: Store): Promise<{ error: unknown; durable: string[] }> {
    const durable: string[] = []
    const writer = await store.write({ onDurable: (uris) => durable.push(...uris) })
    try {
      for (let number = 0; number < 400; number++) {
        await writer.put(fileOf(`full-${number}`), [await putOf(`full-${number}`, text(number + 2), { size: 900 })])
        await writer.flush()
      }
    } catch (error) {
      await assert.rejects(writer.flush(), code('disk-full'))
      await assert.rejects(writer.close(), code('disk-full'))
      return { error, durable }
    }
    await writer.close()
    return { error: undefined, durable }
  }

  async function usable(store: Store, durable: readonly string[]): Promise<void> {
    assert.deepEqual((await collect(store.files())).map(({ uri }) => uri).sort(), [...durable].sort())
    for await (const source of store.sources()) {
      const number = Number(source.uri.split('-')[1])
      assert.equal(await store.texts.slice({ source: source.id, start: 0, end: source.length }), text(number + 2))
    }
    assert.equal((await store.status()).writer, undefined)
  }

  for (const [name, way] of [
    ['here', analyzer],
    ['in the worker', portable],
  ] as const)
    it(`is said, and what was finished stays: a limit of pages, written ${name}`, async (t) => {
      const location = join(temporaryFolder(t), 'store.sqlite')
      const store = await open({ location, analyzer: way, limits: { maxPages: 80 } } as SqliteSetup)
      const { error, durable } = await fill(store)
      assert.ok(code('disk-full', /free some space/)(error), String(error))
      assert.ok(durable.length > 0)
      await usable(store, durable)
      const writer = await store.write()
      await writer.remove('full-0')
      await writer.close()
      await usable(store, durable.slice(1))
      await store.close()
      const roomy = await open({ location, analyzer: way })
      await index(roomy, 'full-0', text(2))
      await usable(roomy, durable)
      await roomy.close()
    })

  it('is said on a file system that is full', async (t) => {
    const folder = temporaryFolder(t)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder], { stdio: 'ignore' })
    } catch {
      t.skip('mounting a small file system needs root')
      return
    }
    try {
      const store = await open({ location: join(folder, 'store.sqlite'), analyzer })
      const { error, durable } = await fill(store)
      assert.ok(code('disk-full')(error), String(error))
      assert.ok(durable.length > 0)
      await usable(store, durable)
      await store.close()
    } finally {
      execFileSync('umount', ['-l', folder])
    }
  })
})

it('reads what it can in a folder that cannot be written, and says what to do', async (t) => {
  const folder = temporaryFolder(t)
  const location = join(folder, 'store.sqlite')
  const store = await open({ location, analyzer })
  await index(store, 'a.txt', 'version one of the text')
  await store.close()
  for (const name of ['store.sqlite', 'store.sqlite-lock']) chmodSync(join(folder, name), 0o444)
  chmodSync(folder, 0o555)
  const root = process.getuid?.() === 0
  const run = child('read-only', folder, '', root ? { uid: 65_534 } : {})
  const status = await run.ended
  chmodSync(folder, 0o755)
  assert.equal(status, 0)
  assert.deepEqual(run.said, [{ made: 'unwritable', found: [1, 'unwritable', 1], log: false }])
})

describe('damaged files', () => {
  async function make(t: TestContext): Promise<{ folder: string; location: string; texts: Map<string, string> }> {
    const folder = temporaryFolder(t)
    const location = join(folder, 'store.sqlite')
    const store = await open({ location, analyzer, embedder: letterEmbedder(), limits: { mergeWidth: 100 } })
    const texts = new Map<string, string>()
    for (let number = 0; number < 4; number++) {
      const put = await putOf(`f${number}`, `fox ${number} 😀 山川 `.repeat(900 * (number + 1)), {
        size: 300,
        outline: outlineOf('x'.repeat(900)),
        origin: {
          encoding: 'utf-8',
          anchors: [
            { at: 0, line: 1, column: 1, byte: 0, linear: true },
            { at: 9, page: 2 },
          ],
        },
      })
      texts.set(put.source.id, put.source.text)
      const writer = await store.write()
      await writer.put(fileOf(`f${number}`), [put])
      if (number === 3) await writer.remove('f0')
      await writer.close()
    }
    await store.close()
    return { folder, location, texts }
  }

  /** Whatever can be read is right; the rest is said to be damaged. */
  async function probe(location: string, texts: ReadonlyMap<string, string>): Promise<void> {
    const safely = async (work: () => Promise<unknown>): Promise<void> => {
      try {
        await work()
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error
        const codes = [
          'store-corrupt',
          'store-newer',
          'store-older',
          'store-missing',
          'unwritable',
          'no-vectors',
          'source-unknown',
          'span-outside',
          'store-failed',
          'analyzer-changed',
          'embedder-changed',
        ]
        assert.ok(FoveaError.is(error) && codes.includes(error.code), `an error of its own: ${(error as Error).stack}`)
      }
    }
    await safely(async () => {
      const store = await open({ location, analyzer, embedder: letterEmbedder() })
      try {
        await safely(async () => {
          const found = await store.keyword({ text: 'fox 2 川', limit: 20 })
          for (const passage of found)
            for (const span of passage.spans)
              assert.equal(await store.texts.slice(span), texts.get(span.source)?.slice(span.start, span.end))
          if (found[0]) await store.neighbours(found[0], 2, 2)
        })
        await safely(() => store.keyword({ text: '', phrases: ['fox 3'], limit: 5 }))
        await safely(() => store.vector({ text: '', vector: letterVector('fox', 24), limit: 5 }))
        for (const [source, text] of texts)
          await safely(async () => {
            assert.equal(await store.texts.slice({ source, start: 3, end: text.length }), text.slice(3))
          })
        await safely(async () => {
          for await (const source of store.sources()) {
            await safely(() => store.outline(source))
            await safely(() => store.origin(source))
          }
        })
        await safely(() => collect(store.files()))
        await safely(() => store.status())
        await safely(() => index(store, 'new', 'fox again'))
      } finally {
        await store.close()
      }
    })
  }

  it('gives right text or a typed error for any changed bytes', async (t) => {
    const { folder, location, texts } = await make(t)
    const { size } = statSync(location)
    const whole = readFileSync(location)
    let count = 0
    const flips = fc.array(fc.tuple(fc.nat(size - 1), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(flips, fc.boolean(), async (places, burst) => {
        const bytes = Buffer.from(whole)
        for (const [at, change] of places)
          for (let next = at; next < Math.min(size, at + (burst ? 64 : 1)); next++) bytes[next]! ^= change
        const damaged = join(folder, `damaged-${count++}.sqlite`)
        writeFileSync(damaged, bytes)
        await probe(damaged, texts)
      }),
      { numRuns: 60 },
    )
  })

  it('says so of a cut file, of text, and of a database of another program', async (t) => {
    const { folder, location, texts } = await make(t)
    for (const size of [10, 4_096, 40_000]) {
      const cut = join(folder, `cut-${size}.sqlite`)
      copyFileSync(location, cut)
      truncateSync(cut, size)
      await probe(cut, texts)
    }
    const text = join(folder, 'text.sqlite')
    writeFileSync(text, 'this is not a database, but it is long enough to be one. '.repeat(40))
    await assert.rejects(open({ location: text, analyzer }), code('store-corrupt', /delete it and index again/))
    const foreign = join(folder, 'foreign.sqlite')
    const database = new DatabaseSync(foreign)
    database.exec('CREATE TABLE notes (text)')
    database.close()
    await assert.rejects(open({ location: foreign, analyzer }), code('store-corrupt', /another program/))
    assert.equal(existsSync(foreign), true)
  })
})

describe('versions', () => {
  it('migrates a store of version 1, and refuses what is newer', async (t) => {
    const location = join(temporaryFolder(t), 'store.sqlite')
    const old = await open({ location, analyzer })
    const writer = await old.write()
    for (const [uri, text] of [
      ['a', 'red fox '.repeat(60)],
      ['b', 'blue fox '.repeat(10)],
      ['c', 'green fox '.repeat(60)],
    ] as const)
      await writer.put(fileOf(uri), [await putOf(uri, text)])
    await writer.flush()
    await writer.remove('b')
    await writer.close()
    const before = await old.keyword({ text: 'fox', limit: 100 })
    await old.close()
    // Version 1: deleted passages one by one, no vectors.
    const database = new DatabaseSync(location)
    const ranges = database.prepare('SELECT first, last FROM tombstones').all()
    database.exec(
      'DROP TABLE tombstones; DROP TABLE vectors; DROP TABLE codes; CREATE TABLE tombstones (passage INTEGER PRIMARY KEY)',
    )
    const insert = database.prepare('INSERT INTO tombstones VALUES (?)')
    assert.ok(ranges.length > 0)
    for (const range of ranges)
      for (let passage = Number(range.first); passage < Number(range.last); passage++) insert.run(passage)
    database.exec('PRAGMA user_version = 1')
    database.close()

    await assert.rejects(open({ location, analyzer, readOnly: true }), code('store-older'))
    const store = await open({ location, analyzer, embedder: letterEmbedder() })
    assert.equal((await store.status()).schemaVersion, 2)
    assert.deepEqual(await store.keyword({ text: 'fox', limit: 100 }), before)
    await index(store, 'd', 'yellow fox')
    assert.equal(
      (await store.vector({ text: '', vector: letterVector('fox', 24), limit: 100 })).length,
      before.length + 1,
    )
    await store.close()
    const migrated = new DatabaseSync(location)
    assert.deepEqual(migrated.prepare('SELECT first, last FROM tombstones').all(), ranges)
    migrated.exec('PRAGMA user_version = 3')
    migrated.close()
    await assert.rejects(open({ location, analyzer }), code('store-newer', /update Fovea/))
  })

  it('refuses another analyzer and another embedder once something is indexed', async (t) => {
    const location = temporaryFolder(t)
    const empty = await open({
      location,
      analyzer: { ...analyzer, name: 'other' },
      embedder: letterEmbedder(8, 'eight'),
    })
    await (await empty.write()).close()
    await empty.close()
    const store = await open({ location, analyzer, embedder: letterEmbedder() })
    await index(store, 'a', 'some text')
    await store.close()
    await assert.rejects(
      open({ location, analyzer: { ...analyzer, name: 'other' } }),
      code('analyzer-changed', /index again/),
    )
    await assert.rejects(
      open({ location, analyzer, embedder: letterEmbedder(8) }),
      code('embedder-changed', /index again/),
    )
    await assert.rejects(open({ location, analyzer, embedder: letterEmbedder(24, 'x') }), code('embedder-changed'))
    await assert.rejects(
      open({ location: join(location, 'no', 'x.sqlite'), analyzer, readOnly: true }),
      code('store-missing'),
    )
    assert.equal(existsSync(join(location, 'no')), false)
    const plain = await open({ location, analyzer })
    await assert.rejects(plain.vector({ text: '', vector: new Float32Array(3), limit: 1 }), code('embedder-changed'))
    await plain.close()
    await assert.rejects(plain.keyword({ text: 'a', limit: 1 }), code('closed'))
  })

  it('fails with the embedder, keeps what was written before, and embeds later what had no vectors', async (t) => {
    const location = temporaryFolder(t)
    const plain = await open({ location, analyzer })
    await index(plain, 'a', 'one fox and two dogs '.repeat(20))
    await plain.close()
    const broken = letterEmbedder()
    broken.embed = async () => {
      throw new FoveaError('model-failed', 'the model is out')
    }
    const failing = await open({ location, analyzer, embedder: broken })
    await assert.rejects(index(failing, 'b', 'more text'), code('model-failed'))
    assert.equal((await collect(failing.files())).length, 1)
    await failing.close()
    const embedder = letterEmbedder()
    const store = await open({ location, analyzer, embedder })
    const writer = await store.write()
    await writer.close()
    const { passages, vectors } = await store.status()
    assert.deepEqual(vectors, { model: 'letters', dimensions: 24, count: passages })
    assert.equal(embedder.calls, passages)
    await store.close()
  })
})

// Run as a process of its own by faults.test.ts: node child.ts MODE LOCATION [ARGUMENT]
import { existsSync } from 'node:fs'
import { FoveaError } from '../../src/core/index.ts'
import open from '../../src/store/engines/sqlite.ts'
import { analyzer, documentsOf, fileOf, portable, putOf, restless } from './helpers.ts'

const [mode, location = '', argument = ''] = process.argv.slice(2)
const say = (message: unknown): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

if (mode === 'index') {
  // Writes every document of one version; says which are durable.
  const version = Number(argument)
  const store = await open({ location, analyzer: portable, limits: restless })
  const writer = await store.write({ wait: 10_000, onDurable: (uris) => say({ durable: uris }) })
  say({ started: version })
  for (const { uri, texts } of documentsOf(version)) {
    const puts = async function* () {
      for (const text of texts) yield putOf(uri, text, { size: 60 })
    }
    await writer.put(fileOf(uri, { modified: version }), puts())
  }
  await writer.close()
  await store.close()
  say({ finished: version })
} else if (mode === 'hold') {
  const store = await open({ location, analyzer })
  await store.write()
  say({ holding: process.pid })
  setInterval(() => {}, 1_000)
} else if (mode === 'read-only') {
  // In a folder that this process may not write: what can be done, and what is said of the rest.
  const code = async (work: () => Promise<unknown>) => {
    try {
      return await work()
    } catch (error) {
      return FoveaError.is(error) ? error.code : String(error)
    }
  }
  say({
    made: await code(() => open({ location: `${location}/new.sqlite`, analyzer })),
    found: await code(async () => {
      const store = await open({ location: `${location}/store.sqlite`, analyzer })
      const found = await store.keyword({ text: 'version', limit: 100 })
      return [found.length, await code(() => store.write()), (await store.status()).passages]
    }),
    log: existsSync(`${location}/store.sqlite-wal`),
  })
}

// One store of ten million passages (about a billion tokens) of varied real text: build, size, memory, questions.
// FOVEA_DATA=... node bench/ten-million.ts [millions = 10] [questions = 200]; an existing store of that size is asked again.
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Chunk, makeSource } from '../src/core/index.ts'
import { retriever } from '../src/find/index.ts'
import words from '../src/store/analyzers/words.ts'
import sqlite from '../src/store/engines/sqlite.ts'
import type { PutSource } from '../src/store/index.ts'
import { corpus } from './corpus.ts'

const data = process.env.FOVEA_DATA
if (!data) throw new Error('set FOVEA_DATA to the folder of data sets')
const count = Number(process.argv[2] ?? 10) * 1e6
const asked = Number(process.argv[3] ?? 200)
const folder = join(import.meta.dirname, '.work', `passages-${count}`)
const location = join(folder, 'store.sqlite')
const made = corpus(data)
/** Passages of one file. */
const together = 1000

async function* puts(): AsyncGenerator<[string, PutSource]> {
  let text = ''
  let chunks: Chunk[] = []
  let number = 0
  const done = async (): Promise<[string, PutSource]> => {
    const uri = `file-${number++}.txt`
    const source = await makeSource({ uri, text, mediaType: 'text/plain' })
    const put: PutSource = { source, chunks }
    text = ''
    chunks = []
    return [uri, put]
  }
  for (const passage of made.passages(count)) {
    const start = text.length
    text += `${passage}\n\n`
    chunks.push({ start, end: start + passage.length, tokens: 0 })
    if (chunks.length === together) yield await done()
  }
  if (chunks.length > 0) yield await done()
}

const analyzer = await words()
if (!existsSync(location)) {
  mkdirSync(folder, { recursive: true })
  const store = await sqlite({ location, analyzer })
  const started = performance.now()
  const writer = await store.write()
  let characters = 0
  let files = 0
  for await (const [uri, put] of puts()) {
    characters += put.source.text.length
    await writer.put(
      { uri, size: put.source.text.length, modified: 1, hash: put.source.id, format: 'text', formatVersion: 1 },
      [put],
    )
    if (++files % 500 === 0) {
      const seconds = (performance.now() - started) / 1000
      console.log(
        `${files * together} passages, ${(characters / 1e6).toFixed(0)} MB, ${(characters / 1e6 / seconds).toFixed(1)} MB/s, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB of memory`,
      )
    }
  }
  await writer.close()
  const seconds = (performance.now() - started) / 1000
  const status = await store.status()
  console.log(
    `built in ${seconds.toFixed(0)} s: ${status.passages} passages, ${(characters / 1e6).toFixed(0)} MB of text at ${(characters / 1e6 / seconds).toFixed(1)} MB/s, ${(status.bytes / 1e6).toFixed(0)} MB on disk in ${status.segments} segments, peak memory ${(process.resourceUsage().maxRSS / 1000).toFixed(0)} MB`,
  )
  await store.close()
}

const store = await sqlite({ location, analyzer, readOnly: true })
const find = await retriever('keyword', { store, inner: [] })
const questions = made.questions(asked, Math.min(count, 200_000))
const percentile = (times: number[], share: number): string =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(1)
for (const round of ['first', 'second']) {
  const times: number[] = []
  let found = 0
  for (const text of questions) {
    const started = performance.now()
    found += (await find.retrieve({ text, limit: 10 })).length
    times.push(performance.now() - started)
  }
  console.log(
    `${round} time: ${questions.length} questions, median ${percentile(times, 0.5)} ms, p95 ${percentile(times, 0.95)} ms, longest ${percentile(times, 1)} ms, ${found} passages found, memory ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
  )
}
await store.close()
if (process.argv.includes('--remove')) rmSync(folder, { recursive: true })

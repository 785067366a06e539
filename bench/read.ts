// MB/s of reading: `FOVEA_DATA=... node bench/read.ts`. Medians of five runs over about 20 MB of each format; bytes in memory.
// `node bench/read.ts huge` writes and reads a text of 2 GB and a JSON of 300 MB on one line, and gives the peak memory.
import { createWriteStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from '../src/read/decode.ts'
import { bytesInput, read, walk } from '../src/read/index.ts'

const wanted = 20e6

function repeat(pieces: readonly Buffer[]): Buffer {
  const all: Buffer[] = []
  for (let length = 0, at = 0; length < wanted; at++) {
    all.push(pieces[at % pieces.length]!)
    length += all.at(-1)!.length
  }
  return Buffer.concat(all)
}

async function files(folder: string, ending: string): Promise<Buffer[]> {
  const names = await readdir(folder, { recursive: true })
  return Promise.all(
    names
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => readFile(join(folder, name))),
  )
}

async function time(name: string, inputs: readonly Buffer[], run: (bytes: Buffer) => Promise<unknown>): Promise<void> {
  const bytes = inputs.reduce((sum, input) => sum + input.length, 0)
  const rates: number[] = []
  for (let turn = 0; turn < 5; turn++) {
    const start = performance.now()
    for (const input of inputs) await run(input)
    rates.push(bytes / 1000 / (performance.now() - start))
  }
  rates.sort((one, two) => one - two)
  console.log(
    `${name.padEnd(28)} ${rates[2]!.toFixed(0).padStart(6)} MB/s   (${inputs.length} inputs, ${(bytes / 1e6).toFixed(0)} MB)`,
  )
}

const reading = (uri: string) => async (bytes: Buffer) => {
  for await (const _ of read(bytesInput(uri, bytes)));
}

async function speeds(data: string): Promise<void> {
  const essays = repeat(
    await files(join(data, 'pg-essays'), '.txt').then((found) =>
      found.length > 0 ? found : files(join(data, 'pg-essays'), ''),
    ),
  )
  const book = await files(join(data, 'rust-book'), '.md')
  const pages = await files(join(data, 'longproc', 'html_to_tsv', 'webpage'), '.html')
  const russian = Buffer.from('Съешь же ещё этих мягких французских булок, да выпей чаю.\n'.repeat(200_000))
  const table = Buffer.from(
    `id,name,text\n${Array.from({ length: 300_000 }, (_, at) => `${at},"name, ${at}",some words of row ${at}\n`).join('')}`,
  )
  const records = Buffer.from(
    JSON.stringify(
      Array.from({ length: 200_000 }, (_, id) => ({ id, name: `name ${id}`, text: 'some words of a record' })),
      null,
      1,
    ),
  )
  const lines = Buffer.from(
    Array.from(
      { length: 200_000 },
      (_, id) => `${JSON.stringify({ id, text: 'some words of a record, and more' })}\n`,
    ).join(''),
  )
  const chat = Buffer.from(
    JSON.stringify(
      Array.from({ length: 100_000 }, (_, at) => ({
        role: at % 2 ? 'assistant' : 'user',
        content: `Some words of turn ${at}, and then some more of them.`,
      })),
    ),
  )
  await time('decode, ASCII', [essays], (bytes) => decode(bytes))
  await time('decode, Cyrillic UTF-8', [russian], (bytes) => decode(bytes))
  await time('text', [essays], reading('a.txt'))
  await time('markdown, one file', [repeat(book)], reading('a.md'))
  await time('markdown, the book', book, reading('a.md'))
  await time('html, real pages', pages, reading('a.html'))
  await time('csv', [table], reading('a.csv'))
  await time('json', [records], reading('a.json'))
  await time('jsonl', [lines], reading('a.jsonl'))
  await time('messages', [chat], reading('a.json'))
}

async function write(path: string, piece: Buffer, times: number): Promise<void> {
  const stream = createWriteStream(path)
  for (let at = 0; at < times; at++)
    if (!stream.write(piece)) await new Promise<void>((done) => stream.once('drain', () => done()))
  await new Promise<void>((done) => stream.end(() => done()))
}

async function huge(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fovea-bench-'))
  try {
    await write(
      join(folder, 'a.txt'),
      Buffer.from(`${'All work and no play makes a dull text, naïve or not. '.repeat(20)}\n\n`.repeat(1000)),
      1800,
    )
    await write(join(folder, 'b.json'), Buffer.from('{"id":1,"text":"some words of a record"},'.repeat(25_000)), 300)
    await write(join(folder, 'c.json'), Buffer.from('x,'.repeat(500_000)), 300)
    for await (const { path, size, input } of walk(folder, {})) {
      let peak = 0
      const watch = setInterval(() => {
        peak = Math.max(peak, process.memoryUsage.rss())
      }, 20)
      const start = performance.now()
      let parts = 0
      let length = 0
      const codes: string[] = []
      try {
        for await (const { text } of read(input, { warn: ({ code }) => codes.push(code) })) {
          parts++
          length += text.length
        }
      } catch (error) {
        codes.push((error as { code: string }).code)
      }
      clearInterval(watch)
      const seconds = (performance.now() - start) / 1000
      console.log(
        `${path.slice(-6)} ${(size / 1e6).toFixed(0)} MB: ${parts} parts, ${length} characters, ${(size / 1e6 / seconds).toFixed(0)} MB/s, peak ${(peak / 1e6).toFixed(0)} MB`,
        codes,
      )
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const data = process.env.FOVEA_DATA
if (process.argv[2] === 'huge') await huge()
else if (data) await speeds(data)
else console.error('FOVEA_DATA is not set: it names the folder of the real data')

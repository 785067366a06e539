// What each compressor that needs no model costs: 1 MB brought to 5%, in milliseconds of the processor.
//   FOVEA_DATA=... node bench/compressors.ts [NAME ...]
// The last column is a hash of the pack, to see whether a change of the code changed what is kept.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  loadLeaf,
  makeSource,
  type OutlineNode,
  type Passage,
  type Source,
  seededRandom,
  textsOf,
} from '../src/core/index.ts'
import { compressors, fit } from '../src/fit/index.ts'
import gpt from '../src/model/tokenizers/gpt.ts'
import { read } from '../src/read/index.ts'
import words from '../src/store/analyzers/words.ts'

const data = process.env.FOVEA_DATA
if (!data) throw new Error('FOVEA_DATA is not set')
const [size, share, length, runs] = [1e6, 0.05, 1800, 7]

interface Shelf {
  readonly what: string
  readonly query: string
  readonly sources: readonly Source[]
}

const plain = async (uri: string, text: string): Promise<Source> =>
  makeSource({ uri, mediaType: 'text/plain', text: text.slice(0, size).toWellFormed() })

async function prose(): Promise<Shelf> {
  let text = ''
  for (const name of ['finance', 'pubmed'])
    text += await readFile(join(data!, 'chunking-eval/corpora', `${name}.md`), 'utf8')
  const query =
    "What was the total impact of foreign currency on the company's revenues and operating expenses in 2023?"
  return { what: 'reports and articles', query, sources: [await plain('prose.md', text)] }
}

/** Code of a package that is there for development, with the outline that the reader makes of it. */
async function program(): Promise<Shelf> {
  const sources: Source[] = []
  const root = join(import.meta.dirname, '../node_modules/ai/src')
  let left = size
  for (const name of (await readdir(root, { recursive: true })).sort()) {
    if (!name.endsWith('.ts') || /test/.test(name) || left <= 0) continue
    const bytes = new Uint8Array(await readFile(join(root, name)))
    const input = {
      uri: name,
      size: bytes.length,
      bytes: async () => bytes,
      async *stream() {
        yield bytes
      },
    }
    for await (const source of read(input)) {
      sources.push(source)
      left -= source.text.length
    }
  }
  return { what: 'TypeScript', query: 'How is the delay before the next attempt of a failed call worked out?', sources }
}

async function talk(): Promise<Shelf> {
  const all: { conversation: Record<string, unknown> }[] = JSON.parse(
    await readFile(join(data!, 'locomo/locomo10.json'), 'utf8'),
  )
  let text = ''
  for (const { conversation } of all)
    for (const session of Object.values(conversation))
      if (Array.isArray(session)) for (const turn of session) text += `${turn.speaker}: ${turn.text}\n`
  return {
    what: 'talks',
    query: 'When did Caroline go to the support group?',
    sources: [await plain('talk.txt', text)],
  }
}

const pick = <Value>(draw: () => number, list: readonly Value[]): Value => list[Math.floor(draw() * list.length)]!
const services = ['gateway', 'billing', 'search', 'mailer', 'scheduler']
const days = (draw: () => number) => `2025-0${1 + Math.floor(draw() * 9)}-${10 + Math.floor(draw() * 18)}`

async function records(): Promise<Shelf> {
  const draw = seededRandom(5)
  const some = (most: number) => Math.floor(draw() * most)
  const kinds = [
    () => `INFO request ${some(1e9).toString(16)} GET /v1/orders/${some(1e6)} answered 200 in ${some(400)} ms`,
    () => `INFO cache hit for key "user-${some(1e5)}" after ${some(90)} us`,
    () => `DEBUG pool has ${some(64)} of 64 connections`,
    () => `WARN retrying job ${some(1e4)}, attempt ${some(5)}`,
    () =>
      `ERROR payment ${some(1e7)} refused: card expired\n    at charge (/srv/app/charge.js:${some(300)}:7)\n    at run (/srv/app/main.js:12:3)`,
  ]
  let text = ''
  while (text.length < size) {
    const kind = draw() < 0.01 ? kinds[4]! : kinds[some(4)]!
    text += `${days(draw)}T10:${10 + some(49)}:${10 + some(49)}Z ${pick(draw, services)} ${kind()}\n`
  }
  return { what: 'log records (made)', query: 'Which payment was refused?', sources: [await plain('a.log', text)] }
}

async function rows(): Promise<Shelf> {
  const draw = seededRandom(6)
  let text = 'id,day,city,product,amount,note\n'
  for (let id = 1; text.length < size; id++)
    text += `${id},${days(draw)},${pick(draw, ['Oslo', 'Lima', 'Accra', 'Hanoi', 'Turin'])},${pick(draw, ['lamp', 'chair', 'desk', 'shelf'])},${Math.floor(draw() * 9000)},${pick(draw, ['paid', 'open', 'sent back', 'paid late'])}\n`
  return {
    what: 'rows (made)',
    query: 'Which desk went to Accra and was sent back?',
    sources: [await plain('a.csv', text)],
  }
}

/** Passages of up to `length`, that end where a line does. */
function passagesOf(sources: readonly Source[]): Passage[] {
  const passages: Passage[] = []
  for (const { id, text } of sources)
    for (let start = 0; start < text.length; ) {
      const line = text.lastIndexOf('\n', start + length)
      const end = start + length >= text.length ? text.length : line > start ? line + 1 : start + length
      passages.push({ spans: [{ source: id, start, end }], score: 1 / (1 + passages.length), trail: ['bench'] })
      start = end
    }
  return passages
}

const counter = await gpt('o200k_base')
const analyzer = await words()
const shelves = {
  prose: await prose(),
  code: await program(),
  logs: await records(),
  tables: await rows(),
  transcript: await talk(),
}
const names = process.argv.slice(2)
console.log('| compressor | text | first run | median | least | tokens of budget | pack |')
console.log('|---|---|---|---|---|---|---|')
for (const { meta } of compressors) {
  const { name, needs } = meta
  if ((needs as readonly string[]).includes('model') || (names.length > 0 && !names.includes(name))) continue
  const compressor = await loadLeaf(compressors, name)
  const own = Object.entries(shelves).filter(([kind]) => kind === 'prose' || kind === name)
  for (const [, { what, query, sources }] of own) {
    const characters = sources.reduce((sum, { text }) => sum + text.length, 0)
    const tokens = sources.reduce((sum, { text }) => sum + counter.count(text), 0)
    const outlines = new Map<string, readonly OutlineNode[]>(sources.map(({ id, outline }) => [id, outline ?? []]))
    const request = {
      passages: passagesOf(sources),
      budget: Math.floor(tokens * share),
      texts: textsOf(sources),
      counter,
      analyzer,
      compressor,
      query,
      outline: async (source: string) => outlines.get(source) ?? [],
    }
    const times: number[] = []
    let line = ''
    for (let run = 0; run < runs; run++) {
      const before = process.cpuUsage()
      const pack = await fit(request)
      const { user, system } = process.cpuUsage(before)
      times.push(((user + system) / 1000) * (1e6 / characters))
      line = `${pack.tokens.count} of ${request.budget} | ${createHash('sha256').update(pack.text).digest('hex').slice(0, 8)}`
    }
    const first = times[0]!
    console.log(
      `| \`${name}\` | ${what} | ${first.toFixed(0)} | ${times.sort((a, b) => a - b)[runs >> 1]!.toFixed(0)} | ${times[0]!.toFixed(0)} | ${line} |`,
    )
  }
}

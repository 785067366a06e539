// From files to searchable: MB/s and peak memory of an index made from nothing, beside in-memory peers on the same passages.
// FOVEA_DATA=... node bench/index.ts [megabytes = 170] [--only fovea|minisearch|orama]
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { corpus } from './corpus.ts'

interface Run {
  readonly system: string
  readonly seconds: number
  readonly megabytes: number
  readonly passages: number
  /** Peak resident memory of the process, megabytes. */
  readonly memory: number
  readonly index?: number
  readonly note?: string
}

const work = join(import.meta.dirname, '.work')
const args = process.argv.slice(2)
const option = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
const megabytes = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 170)
const folder = join(work, `corpus-${megabytes}`)
/** Tokens of a passage: at 170 MB this makes about 200,000 of them, of some 130 words each. */
const size = 200
/** Characters of a passage for a splitter that counts those. */
const characters = 850

const files = (ending: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
const sum = (paths: readonly string[]): number => paths.reduce((total, path) => total + statSync(path).size, 0) / 1e6

async function fovea(ending: string): Promise<Run> {
  const { open } = await import('../src/open.ts')
  const location = join(work, `index-${megabytes}${ending || '.all'}`)
  rmSync(location, { recursive: true, force: true })
  const started = performance.now()
  const library = await open(folder, { index: location })
  const report = await library.refresh({ size, ...(ending ? { include: [`**/*${ending}`] } : {}) })
  const seconds = (performance.now() - started) / 1000
  const found = await library.find('what is the meaning of the word', { limit: 3 })
  if (found.length === 0 || report.problems.length > 0) throw new Error('the index does not answer')
  const status = await library.status()
  await library.close()
  const memory = process.resourceUsage().maxRSS / 1000
  return {
    system: `fovea${ending ? ` (${ending})` : ''}`,
    seconds,
    megabytes: report.bytes / 1e6,
    passages: status.passages,
    memory,
    index: status.bytes / 1e6,
  }
}

async function langchainPieces(): Promise<{ id: number; text: string }[]> {
  const { RecursiveCharacterTextSplitter } = await import('@langchain/textsplitters')
  const splitter = new RecursiveCharacterTextSplitter({ chunkSize: characters, chunkOverlap: 0 })
  const pieces: { id: number; text: string }[] = []
  for (const path of files(''))
    if (statSync(path).isFile())
      for (const text of await splitter.splitText(readFileSync(path, 'utf8'))) pieces.push({ id: pieces.length, text })
  return pieces
}

async function minisearch(): Promise<Run> {
  const { default: MiniSearch } = await import('minisearch')
  const started = performance.now()
  const pieces = await langchainPieces()
  const index = new MiniSearch({ fields: ['text'] })
  index.addAll(pieces)
  const seconds = (performance.now() - started) / 1000
  return {
    system: 'LangChain.js splitter + MiniSearch',
    seconds,
    megabytes: sum(files('.txt')) + sum(files('.md')),
    passages: pieces.length,
    memory: process.resourceUsage().maxRSS / 1000,
    note: 'kept in memory only',
  }
}

async function orama(): Promise<Run> {
  const { create, insertMultiple } = await import('@orama/orama')
  const started = performance.now()
  const pieces = await langchainPieces()
  const part = pieces.slice(0, Math.min(pieces.length, 50_000))
  const database = create({ schema: { text: 'string' } })
  const split = (performance.now() - started) / 1000
  await insertMultiple(
    database,
    part.map(({ text }) => ({ text })),
    500,
  )
  const inserted = (performance.now() - started) / 1000 - split
  const seconds = split + inserted * (pieces.length / part.length)
  const note =
    part.length < pieces.length
      ? `${part.length} passages inserted in ${inserted.toFixed(1)} s, the rest reckoned at the same pace, which flatters it`
      : 'kept in memory only'
  return {
    system: 'LangChain.js splitter + Orama',
    seconds,
    megabytes: sum(files('.txt')) + sum(files('.md')),
    passages: pieces.length,
    memory: process.resourceUsage().maxRSS / 1000,
    note,
  }
}

const child = option('--child')
if (child) {
  const [system, ending = ''] = child.split(':')
  const run = system === 'fovea' ? await fovea(ending) : system === 'minisearch' ? await minisearch() : await orama()
  console.log(JSON.stringify(run))
} else {
  const data = process.env.FOVEA_DATA
  if (!data) throw new Error('set FOVEA_DATA to the folder of data sets')
  mkdirSync(work, { recursive: true })
  if (!existsSync(folder)) console.log(`made ${corpus(data).files(megabytes * 1e6, folder)} files`)
  const only = option('--only')
  const runs: Run[] = []
  for (const system of ['fovea', 'fovea:.txt', 'fovea:.md', 'minisearch', 'orama']) {
    if (only && !system.startsWith(only)) continue
    const node = [
      ...(system.startsWith('fovea') ? [] : ['--max-old-space-size=12000']),
      import.meta.filename,
      String(megabytes),
      '--child',
      system,
    ]
    const output = execFileSync(process.execPath, node, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
    const run = JSON.parse(output.trim().split('\n').at(-1)!) as Run
    runs.push(run)
    console.log(
      `${run.system}: ${run.megabytes.toFixed(0)} MB in ${run.seconds.toFixed(1)} s = ${(run.megabytes / run.seconds).toFixed(1)} MB/s, ${run.passages} passages, peak ${run.memory.toFixed(0)} MB${run.index ? `, index ${run.index.toFixed(0)} MB` : ''}${run.note ? ` (${run.note})` : ''}`,
    )
  }
  const own = runs[0]
  for (const run of runs.slice(1))
    if (own && !run.system.startsWith('fovea'))
      console.log(`${run.system} takes ${(run.seconds / own.seconds).toFixed(1)} times as long as fovea`)
}

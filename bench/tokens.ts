// Token counting beside the public tokenizers that give the same counts, on the same text in one run.
// FOVEA_DATA=... node bench/tokens.ts [megabytes = 10]
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { tokenCounter } from '../src/model/index.ts'
import { corpus } from './corpus.ts'

const data = process.env.FOVEA_DATA
if (!data) throw new Error('set FOVEA_DATA to the folder of data sets')
const bytes = Number(process.argv[2] ?? 10) * 1e6
let text = ''
for (const { text: next } of corpus(data).documents()) {
  text += `${next}\n`
  if (text.length >= bytes) break
}
const version = (name: string): string => {
  const path = createRequire(import.meta.url).resolve(name)
  const at = path.lastIndexOf(`node_modules/${name}/`)
  return (
    JSON.parse(readFileSync(join(path.slice(0, at), 'node_modules', name, 'package.json'), 'utf8')) as {
      version: string
    }
  ).version
}

const own = await tokenCounter('o200k_base')
const { Tokenizer } = await import('ai-tokenizer')
const ai = new Tokenizer(await import('ai-tokenizer/encoding/o200k_base'))
const tiktoken = (await import('tiktoken')).get_encoding('o200k_base')
const systems: [string, (text: string) => number][] = [
  ['fovea', (piece) => own.count(piece)],
  [`ai-tokenizer ${version('ai-tokenizer')}`, (piece) => ai.count(piece)],
  [`tiktoken ${version('tiktoken')}`, (piece) => tiktoken.encode(piece, [], []).length],
]
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
const times = systems.map((): number[] => [])
for (let round = 0; round < 6; round++)
  for (const [index, [, count]] of systems.entries()) {
    const started = process.cpuUsage()
    const tokens = count(text)
    const seconds = process.cpuUsage(started).user / 1e6
    if (round === 0) console.log(`${systems[index]![0]}: ${tokens} tokens`)
    else times[index]!.push(seconds)
  }
const base = median(times[0]!)
for (const [index, [name]] of systems.entries()) {
  const seconds = median(times[index]!)
  console.log(
    `${name}: ${(text.length / 1e6 / seconds).toFixed(1)} MB per second of processor time, ${(seconds / base).toFixed(2)} times the time of fovea`,
  )
}

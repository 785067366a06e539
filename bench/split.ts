// Splits real text into chunks of 256 tokens, ours beside its peers. Run: FOVEA_DATA=... node bench/split.ts [runs]
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { RecursiveCharacterTextSplitter } from '@langchain/textsplitters'
import { SentenceSplitter } from '@llamaindex/core/node-parser'
import { Document } from '@llamaindex/core/schema'
import { MDocument } from '@mastra/rag'
import { countTokens, decode, encode } from 'gpt-tokenizer/encoding/o200k_base'
import { split as llmSplit } from 'llm-splitter'
import { estimateTokens, sentences, split } from '../src/core/index.ts'

const folder = process.env.FOVEA_DATA
if (!folder) throw new Error('FOVEA_DATA is not set')
const runs = Number(process.argv[2] ?? 5)
const size = 256
/** Longest that one run may be expected to take, in milliseconds, before the input is cut. */
const patience = 12_000

const require = createRequire(import.meta.url)
for (const name of ['@langchain/textsplitters', '@llamaindex/core', '@mastra/rag', 'llm-splitter', 'gpt-tokenizer']) {
  const path = require.resolve.paths(name)!.map((at) => join(at, name, 'package.json'))
  for (const file of path) {
    const found = await readFile(file, 'utf8').catch(() => undefined)
    if (found === undefined) continue
    console.log(`${name} ${(JSON.parse(found) as { version: string }).version}`)
    break
  }
}
console.log(
  `node ${process.version}; chunks of ${size} tokens (o200k_base), no overlap; medians of ${runs} runs, processor time of the thread\n`,
)

const join3 = async (path: string): Promise<string> => {
  let text = ''
  for (const file of (await readdir(join(folder, path))).sort())
    if (/\.(?:md|txt)$/.test(file)) text += `${await readFile(join(folder, path, file), 'utf8')}\n\n`
  return text.toWellFormed()
}
const inputs: [name: string, text: string][] = [
  ['chunking-eval', await join3('chunking-eval/corpora')],
  ['pg-essays', await join3('pg-essays')],
  ['rust-book', await join3('rust-book')],
]

/** A chunk's text, with its offsets where the library gives them. */
interface Cut {
  readonly text: string
  readonly start?: number | undefined
  readonly end?: number | undefined
}
interface Peer {
  readonly name: string
  run(text: string): Promise<readonly Cut[]>
}

const all = { allowedSpecial: 'all' } as const
const exact = (text: string): number => countTokens(text, all)
const ours = (text: string, estimate?: (text: string, start: number, end: number) => number): Cut[] =>
  split({ text, mediaType: 'text/markdown' }, { size, ...(estimate ? { estimate } : {}) }).map(({ start, end }) => ({
    text: text.slice(start, end),
    start,
    end,
  }))
const langchain = (chunkSize: number, lengthFunction: (text: string) => number) => {
  const splitter = new RecursiveCharacterTextSplitter({ chunkSize, chunkOverlap: 0, lengthFunction })
  return async (text: string): Promise<Cut[]> => (await splitter.splitText(text)).map((chunk) => ({ text: chunk }))
}
const mastra =
  (options: Parameters<MDocument['chunk']>[0]) =>
  async (text: string): Promise<Cut[]> =>
    (await MDocument.fromText(text).chunk(options)).map((chunk) => {
      const start = chunk.metadata.startIndex as number | undefined
      return { text: chunk.text, start, end: start === undefined ? undefined : start + chunk.text.length }
    })
const llamaindex = (encoder?: (text: string) => Uint32Array) => {
  const tokenizer = encoder && { encode: encoder, decode: (tokens: Uint32Array) => decode(tokens) }
  const splitter = new SentenceSplitter({ chunkSize: size, chunkOverlap: 0, ...(tokenizer ? { tokenizer } : {}) })
  return async (text: string): Promise<Cut[]> =>
    splitter
      .getNodesFromDocuments([new Document({ text })])
      .map((node) => ({ text: node.text, start: node.startCharIdx, end: node.endCharIdx }))
}
const tokenTexts = (text: string): string[] => encode(text, all).map((token) => decode([token]))

const peers: readonly Peer[] = [
  { name: 'Fovea, estimate', run: async (text) => ours(text) },
  { name: 'Fovea, exact tokens', run: async (text) => ours(text, (of, start, end) => exact(of.slice(start, end))) },
  { name: 'LangChain.js recursive, our estimate', run: langchain(size, (text) => estimateTokens(text)) },
  { name: 'LangChain.js recursive, exact tokens', run: langchain(size, exact) },
  { name: 'LangChain.js recursive, 1,000 characters', run: langchain(1000, (text) => text.length) },
  {
    name: 'LlamaIndex.TS SentenceSplitter, exact tokens',
    run: llamaindex((text) => Uint32Array.from(encode(text, all))),
  },
  { name: 'LlamaIndex.TS SentenceSplitter, its own tokenizer', run: llamaindex() },
  {
    name: 'Mastra recursive, exact tokens',
    run: mastra({ strategy: 'recursive', maxSize: size, overlap: 0, lengthFunction: exact, addStartIndex: true }),
  },
  {
    name: 'Mastra recursive, our estimate',
    run: mastra({
      ...{ strategy: 'recursive', maxSize: size, overlap: 0, addStartIndex: true },
      lengthFunction: (text: string) => estimateTokens(text),
    }),
  },
  {
    name: 'Mastra token',
    run: mastra({ strategy: 'token', encodingName: 'o200k_base', maxSize: size, overlap: 0, addStartIndex: true }),
  },
  {
    name: 'llm-splitter paragraph, exact tokens',
    run: async (text) =>
      llmSplit(text, { chunkSize: size, chunkStrategy: 'paragraph', splitter: tokenTexts }) as readonly Cut[],
  },
]

/** Shares of chunks with offsets that give their text, at their own place; and whose text is in the source, in order. */
function exactness(text: string, cuts: readonly Cut[]): [offsets: number, verbatim: number] {
  let [offsets, verbatim, at, last] = [0, 0, 0, 0]
  for (const cut of cuts) {
    const { start, end } = cut
    if (start !== undefined && end !== undefined && start >= last && text.slice(start, end) === cut.text) {
      offsets++
      last = end
    }
    const found = text.indexOf(cut.text, at)
    if (found === -1) continue
    verbatim++
    at = found + cut.text.length
  }
  return [offsets / cuts.length, verbatim / cuts.length]
}

/** Milliseconds of processor time of this thread: what else runs on the machine does not count. */
const clock = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
/** A run shorter than this, in milliseconds, is repeated. */
const least = 100

const timed = async (peer: Peer, text: string): Promise<[milliseconds: number, cuts: readonly Cut[]]> => {
  const from = clock()
  let cuts = await peer.run(text)
  let count = 1
  for (; clock() - from < least; count++) cuts = await peer.run(text)
  return [(clock() - from) / count, cuts]
}
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!
const megabytes = (text: string): number => Buffer.byteLength(text) / 1e6
const percent = (share: number): string => `${(share * 100).toFixed(1)}%`

for (const [name, whole] of inputs) {
  console.log(`## ${name}, ${megabytes(whole).toFixed(2)} MB\n`)
  console.log(
    '| splitter | MB/s | ours is faster by | chunks | mean tokens | most | offsets exact | verbatim | input |',
  )
  console.log('|---|---|---|---|---|---|---|---|---|')
  let own = 0
  for (const peer of peers) {
    let text = whole
    try {
      await timed(peer, whole.slice(0, 30_000))
      const small = (await timed(peer, whole.slice(0, 60_000)))[0]
      const large = (await timed(peer, whole.slice(0, 240_000)))[0]
      const growth = Math.max(1, Math.min(2, Math.log(large / small) / Math.log(4)))
      const expected = large * (whole.length / 240_000) ** growth
      if (expected > patience) text = whole.slice(0, Math.floor(240_000 * (patience / 2 / large) ** (1 / growth)))
      const times: number[] = []
      let cuts: readonly Cut[] = []
      const count = expected > patience ? Math.min(3, runs) : runs
      for (let run = 0; run < count; run++) {
        const [time, found] = await timed(peer, text)
        times.push(time)
        cuts = found
      }
      const speed = megabytes(text) / (median(times) / 1000)
      own ||= speed
      const tokens = cuts.map((cut) => exact(cut.text))
      const mean = tokens.reduce((sum, next) => sum + next, 0) / tokens.length
      const [offsets, verbatim] = exactness(text, cuts)
      const given = cuts.some((cut) => cut.start !== undefined) ? percent(offsets) : 'none given'
      const input = text === whole ? 'whole' : `first ${megabytes(text).toFixed(2)} MB, ${count} runs`
      console.log(
        `| ${peer.name} | ${speed.toFixed(2)} | ${(own / speed).toFixed(1)} | ${cuts.length} | ${mean.toFixed(0)} | ${Math.max(...tokens)} | ${given} | ${percent(verbatim)} | ${input} |`,
      )
    } catch (error) {
      console.log(`| ${peer.name} | fails: ${String(error).split('\n')[0]!.slice(0, 90)} | | | | | | | |`)
    }
  }
  console.log('')
}

console.log('## The parts of ours\n\n| part | MB/s |\n|---|---|')
for (const [name, work] of [
  ['estimateTokens', (text: string) => estimateTokens(text)],
  ['sentences', (text: string) => sentences(text)],
  [
    'Intl.Segmenter sentences',
    (text: string) => [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text)],
  ],
  ['split', (text: string) => split({ text, mediaType: 'text/plain' })],
] as const) {
  const text = inputs.map((input) => input[1]).join('\n\n')
  const times: number[] = []
  for (let run = 0; run < Math.max(5, runs); run++) {
    const from = clock()
    work(text)
    times.push(clock() - from)
  }
  console.log(`| ${name} | ${(megabytes(text) / (median(times) / 1000)).toFixed(0)} |`)
}

// Packs 32,000 tokens out of 100 MB of scored passages. Run: FOVEA_DATA=... node bench/pack.ts [megabytes] [budget]
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadLeaf, type Passage, type TokenCounter, textsOf } from '../src/core/index.ts'
import { citedRenderer, compressors, fit } from '../src/fit/index.ts'
import gpt from '../src/model/tokenizers/gpt.ts'
import words from '../src/store/analyzers/words.ts'

const folder = process.env.FOVEA_DATA
if (!folder) throw new Error('FOVEA_DATA is not set')
const megabytes = Number(process.argv[2] ?? 100)
const budget = Number(process.argv[3] ?? 32_000)

let real = ''
for (const name of ['rust-book', 'pg-essays'])
  for (const file of (await readdir(join(folder, name))).sort())
    if (/\.(md|txt)$/.test(file)) real += `${await readFile(join(folder, name, file), 'utf8')}\n`

/** Deterministic numbers from 0 to 1. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 0x1_0000_0000
  }
}

function world(length: number) {
  const sources: { id: string; uri: string; mediaType: string; text: string }[] = []
  const passages: Passage[] = []
  const next = random(7)
  for (let made = 0, number = 0; made < megabytes * 1e6; number++) {
    const text = real.slice(Math.floor(next() * 1000), Math.floor(real.length - next() * 1000)).toWellFormed()
    const source = { id: `source-${number}`, uri: `${number}.md`, mediaType: 'text/plain', text }
    sources.push(source)
    made += text.length
    for (let start = 0; start < text.length; start += length) {
      const end = Math.min(text.length, start + length)
      passages.push({ spans: [{ source: source.id, start, end }], score: next() * 20, trail: ['bench'] })
    }
  }
  return { sources, passages }
}

const o200k = await gpt('o200k_base')
const analyzer = await words()
o200k.count(real.slice(0, 200_000))
const query = 'How does the compiler know that a reference is still valid?'
console.log(
  `| passages of | compressor | milliseconds | tokens | of ${budget} | text counted, times the budget | dropped |`,
)
console.log('|---|---|---|---|---|---|---|')
for (const length of [600, 1800, 20_000, 400_000]) {
  const { sources, passages } = world(length)
  const texts = textsOf(sources)
  for (const name of ['whole', 'evidence', 'head']) {
    const compressor = await loadLeaf(compressors, name)
    const times: number[] = []
    let line = ''
    for (let run = 0; run < 5; run++) {
      let characters = 0
      const counter: TokenCounter = {
        ...o200k,
        count(text) {
          characters += text.length
          return o200k.count(text)
        },
      }
      const started = performance.now()
      const pack = await fit({ passages, budget, texts, counter, analyzer, compressor, query, renderer: citedRenderer })
      times.push(performance.now() - started)
      const { count } = pack.tokens
      line = `${count} | ${((100 * count) / budget).toFixed(1)}% | ${(characters / Math.max(1, pack.text.length)).toFixed(1)} | ${pack.dropped.length}`
    }
    times.sort((a, b) => a - b)
    console.log(`| ${length} characters (${passages.length}) | ${name} | ${times[2]!.toFixed(0)} | ${line} |`)
  }
}

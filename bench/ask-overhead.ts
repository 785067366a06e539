// What strategies cost beside their model's time, with a model that replies at once and copies a line of every tenth part: time for a call, and
// the heap as the input grows.
// node --expose-gc bench/ask-overhead.ts [chunks = 1000,10000] [strategy ...]
import { type AskParts, mapOrdered, strategies } from '../src/ask/index.ts'
import { loadLeaf, type Texts } from '../src/core/index.ts'
import { fit, plainRenderer } from '../src/fit/index.ts'
import type { ModelPort } from '../src/model/index.ts'
import words from '../src/model/tokenizers/words.ts'
import analyzing from '../src/store/analyzers/words.ts'

const [sizeList = '1000,10000', ...named] = process.argv.slice(2)
const sizes = sizeList.split(',').map(Number)
const names =
  named.length > 0 ? named : ['map-reduce', 'margins', 'notes', 'aggregate', 'chain', 'refine', 'structured-memory']
const counter = await words('words')
const analyzer = await analyzing()
const usage = { calls: 1, inputTokens: { total: 100, cacheRead: 0, cacheWrite: 0 }, outputTokens: 1, milliseconds: 0 }
const said = (text: string) => ({ text, finish: 'stop', usage, replayed: false }) as const
let calls = 0
const model: ModelPort = {
  name: 'none',
  counter,
  generate: async () => said(++calls % 10 === 0 ? line : 'NONE'),
  async *stream() {
    yield 'NONE'
    return said('NONE')
  },
  price: () => undefined,
  usage: () => usage,
}
const line = 'The ferry tells of rain and of ropes. '

/** Sources that are made when they are read, so that the input itself takes no room. */
const partsOf = (chunks: number): AskParts => {
  const length = line.length * 20
  const texts: Texts = { slice: async ({ start, end }) => line.repeat(21).slice(start, end) }
  return {
    model,
    counter,
    analyzer,
    texts,
    store: {
      async *sources() {
        for (let index = 0; index < chunks; index++) yield { id: String(index), uri: `${index}`, length }
      },
    } as unknown as AskParts['store'],
    retriever: { name: 'none', retrieve: async () => [] },
    label: async ({ spans: [span] }) => `${span.source}#${span.start}`,
    pack: async (passages, budget, query) =>
      fit({ passages, budget, query, texts, counter, analyzer, renderer: plainRenderer }),
  }
}
const heap = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1e6
}

console.log('| strategy | chunks | calls | milliseconds a call | heap in the middle, MB | heap at the end, MB |')
console.log('|---|---|---|---|---|---|')
for (const name of names) {
  const strategy = await loadLeaf(strategies, name)
  for (const chunks of sizes) {
    const before = heap()
    let asked = 0
    let middle = 0
    let paused = 0
    const started = performance.now()
    for await (const event of strategy(partsOf(chunks), { question: 'When?', budget: 1000, limit: 10 }))
      if (event.type === 'asked' && ++asked === chunks >> 1) {
        const from = performance.now()
        middle = heap() - before
        paused = performance.now() - from
      }
    const each = (performance.now() - started - paused) / asked
    console.log(
      `| ${name} | ${chunks} | ${asked} | ${each.toFixed(3)} | ${middle.toFixed(1)} | ${(heap() - before).toFixed(1)} |`,
    )
  }
}

let flying = 0
let most = 0
let before = -1
for await (const index of mapOrdered(
  Array.from({ length: 1000 }, (_, at) => at),
  async (at) => {
    most = Math.max(most, ++flying)
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
    flying--
    return at
  },
  50,
)) {
  if (index !== before + 1) throw new Error('out of order')
  before = index
}
console.log(`1,000 tasks side by side: in order, at most ${most} in flight of 50 allowed`)

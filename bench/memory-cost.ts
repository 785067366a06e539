// What reading in turn costs where a provider keeps the beginnings of prompts: structured-memory beside refine, by the facts to be kept in mind.
//   FOVEA_DATA=... node bench/memory-cost.ts [facts = 4,16,64,128]
// A program plays the model: it finds every fact that stands in its prompt, edits the memory, or writes the draft anew.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AskParts, strategies } from '../src/ask/index.ts'
import { prefixAccount } from '../src/ask/reading/prefix.ts'
import { loadLeaf, makeSource, split } from '../src/core/index.ts'
import { citedRenderer, fit } from '../src/fit/index.ts'
import type { ModelCall } from '../src/model/index.ts'
import gpt from '../src/model/tokenizers/gpt.ts'
import words from '../src/store/analyzers/words.ts'
import { memoryStore, scriptedModel } from '../src/testing/index.ts'

const data = process.env.FOVEA_DATA
if (!data) throw new Error('FOVEA_DATA is not set')
const [windows, length, question] = [[4000, 8000, 16000], 128_000, 'Which vessels berthed where?']
/** Price of a token that is read from the cache, and of one that is written by the model, where a token of input costs 1. */
const [cachedPrice, outputPrice] = [0.1, 5]
/** Tokens below which a provider keeps no beginning of a prompt. */
const leastKept = 1024

const counter = await gpt('o200k_base')
const analyzer = await words()
const fact = (number: number) => `The vessel V${1000 + number} berthed at quay ${(number * 37) % 91} in the night.`
const factIn = /The vessel V\d+ berthed at quay \d+ in the night\./g

async function haystack(facts: number): Promise<AskParts> {
  const text = await readFile(join(data!, 'chunking-eval/corpora/finance.md'), 'utf8')
  let units = Math.min(text.length, length * 5)
  while (counter.count(text.slice(0, units)) > length) units = Math.floor(units * 0.95)
  const lines = text.slice(0, units).toWellFormed().split('\n')
  for (let number = facts - 1; number >= 0; number--)
    lines.splice(Math.floor(((number + 0.5) / facts) * lines.length), 0, fact(number))
  const source = await makeSource({ uri: 'report.md', text: lines.join('\n'), mediaType: 'text/markdown' })
  const store = await memoryStore([{ source, chunks: split(source, { size: 400 }) }], analyzer)
  const label = async () => 'report.md'
  const { texts } = store
  return {
    store,
    texts,
    analyzer,
    counter,
    label,
    retriever: { name: 'none', retrieve: async () => [] },
    pack: async (passages, budget, query) =>
      fit({ passages, budget, query, texts, counter, analyzer, label, renderer: citedRenderer }),
  }
}

const seen = (text: string): string[] => [...new Set(text.match(factIn))]
function reply({ intent, prompt }: ModelCall): string {
  const [before = '', part = ''] = prompt.split('Next part of the text')
  if (intent === 'extract') {
    const known = new Set(seen(before))
    return JSON.stringify(seen(part).flatMap((text) => (known.has(text) ? [] : [{ op: 'add', kind: 'fact', text }])))
  }
  const found = seen(prompt)
  if (intent === 'summarise') return found.map((text) => `${text} [1: "${text}"]`).join('\n') || 'NONE'
  return found.map((text) => `It did [1: "${text}"].`).join(' ') || 'NOT FOUND.'
}

interface Cost {
  readonly input: number
  readonly cached: number
  readonly output: number
  readonly kept: number
}
async function costOf(name: string, parts: AskParts, prompt: number): Promise<Cost> {
  const model = scriptedModel(reply, { counter })
  const strategy = await loadLeaf(strategies, name)
  let kept = 0
  const request = { question, budget: prompt, limit: 10, limits: { prompt } }
  for await (const event of strategy({ ...parts, model }, request))
    if (event.type === 'answer') kept = seen(event.answer.text).length || seen(event.answer.pack.text).length
  const account = prefixAccount(counter)
  let cached = 0
  for (const call of model.seen) {
    const one = account.add(`${call.system ?? ''}\n${call.prompt}`)
    if (one.cached >= leastKept) cached += one.cached
  }
  return { input: account.tokens, cached, output: model.usage().outputTokens, kept }
}

console.log(
  '| prompts of | facts | kept, refine / memory | refine: read, cached, written | memory: read, cached, written | price, refine = 1 |',
)
console.log('|---|---|---|---|---|---|')
const price = ({ input, cached, output }: Cost) => input - cached + cachedPrice * cached + outputPrice * output
const told = ({ input, cached, output }: Cost) =>
  [input, cached, output].map((tokens) => `${(tokens / 1000).toFixed(1)}k`).join(', ')
for (const prompt of windows)
  for (const facts of (process.argv[2] ?? '4,16,64,128').split(',').map(Number)) {
    const parts = await haystack(facts)
    const [refine, memory] = [await costOf('refine', parts, prompt), await costOf('structured-memory', parts, prompt)]
    console.log(
      `| ${prompt} | ${facts} | ${refine.kept} / ${memory.kept} | ${told(refine)} | ${told(memory)} | ${(price(memory) / price(refine)).toFixed(2)} |`,
    )
  }

// Answers kept by each compressor at a quarter, a tenth and a twentieth of the context (exact tokens). NQ questions, the
// gold passage among the 19 best others that do not hold the answer. Run: FOVEA_DATA=... node bench/kept.ts [questions]
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadLeaf, makeSource, type Passage } from '../src/core/index.ts'
import { compressors, fit, ratio } from '../src/fit/index.ts'
import { holdsAnswer } from '../src/measure/index.ts'
import { type Item, o200k, shelf } from '../test/ask/shelf.ts'

const folder = process.env.FOVEA_DATA
if (!folder) throw new Error('FOVEA_DATA is not set')
const most = Number(process.argv[2] ?? 500)
const shares = [0.25, 0.1, 0.05]
const lines = (await readFile(join(folder, 'lost-in-the-middle/nq-open-oracle.jsonl'), 'utf8'))
  .split('\n')
  .filter(Boolean)
const items = new Map<string, Item>()
const cases: { question: string; answers: string[]; gold: Item }[] = []
for (const line of lines) {
  const { question, answers, ctxs } = JSON.parse(line) as {
    question: string
    answers: string[]
    ctxs: { title: string; text: string }[]
  }
  const text = `${ctxs[0]!.title}\n${ctxs[0]!.text}`
  const source = await makeSource({ uri: ctxs[0]!.title, text, mediaType: 'text/plain' })
  if (!items.has(source.id)) items.set(source.id, { source, chunks: [{ start: 0, end: source.text.length }] })
  cases.push({ question, answers, gold: items.get(source.id)! })
}
const parts = await shelf([...items.values()])
const kept = new Map<string, number[]>()
let asked = 0
for (const { question, answers, gold } of cases.slice(0, most)) {
  const found = await parts.retriever.retrieve({ text: question, limit: 60 })
  const own = found.find(({ spans }) => spans[0].source === gold.source.id)
  const others = found
    .filter(
      ({ spans }) =>
        spans[0].source !== gold.source.id && !holdsAnswer(items.get(spans[0].source)!.source.text, answers),
    )
    .slice(0, 19)
  const passages: Passage[] = [...others]
  const place = {
    spans: [{ source: gold.source.id, start: 0, end: gold.source.text.length }] as const,
    score: 0,
    trail: [],
  }
  passages.splice((asked * 7) % 20, 0, own ?? place)
  if (!holdsAnswer(gold.source.text, answers)) continue
  asked++
  const request = {
    passages,
    texts: parts.texts,
    counter: o200k,
    analyzer: parts.analyzer,
    query: question,
    rarity: await rarity(question),
  }
  const whole = await ratio(request, 1)
  for (const { meta } of compressors) {
    const compressor = await loadLeaf(compressors, meta.name)
    for (const [index, share] of shares.entries()) {
      const pack = await fit({ ...request, compressor, budget: Math.floor(whole * share) })
      const list = kept.get(meta.name) ?? [0, 0, 0]
      kept.set(meta.name, list)
      if (holdsAnswer(pack.text, answers)) list[index]!++
    }
  }
}
async function rarity(question: string) {
  const terms = parts.analyzer.terms(question).map(({ term }) => term)
  const { passages, frequency } = await parts.store.statistics(terms)
  const counts = new Map(terms.map((term, index) => [term, frequency[index]!]))
  return (term: string) => Math.log(1 + (passages - (counts.get(term) ?? 0) + 0.5) / ((counts.get(term) ?? 0) + 0.5))
}
console.log(`${asked} questions\n\n| compressor | kept at 25% | 10% | 5% |\n|---|---|---|---|`)
for (const [name, list] of kept)
  console.log(`| ${name} | ${list.map((count) => ((100 * count) / asked).toFixed(1)).join(' | ')} |`)

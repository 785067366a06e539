// Units of sources grouped by their titles: on chapters of a real book, and on pages of HotpotQA beside short passages.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { estimateTokens, makeSource, passageText, type Retriever, type Source, split } from '../../src/core/index.ts'
import { retriever } from '../../src/find/index.ts'
import words from '../../src/store/analyzers/words.ts'
import type { Searchable } from '../../src/store/index.ts'
import { memoryStore } from '../../src/testing/index.ts'

const analyzer = await words()
const data = process.env.FOVEA_DATA ?? ''
const size = 120

async function storeOf(sources: readonly Source[]): Promise<Searchable> {
  return memoryStore(
    sources.map((source) => ({ source, chunks: [...split(source, { size })] })),
    analyzer,
  )
}
const keywordOver = (store: Searchable) => retriever('keyword', { store, inner: [] })
const linkedOver = async (store: Searchable, options: Record<string, unknown>): Promise<Retriever> =>
  retriever('linked', { store, inner: [await keywordOver(store)] }, options)
const read = async (store: Searchable, one: Retriever, text: string, limit: number): Promise<string[]> =>
  Promise.all((await one.retrieve({ text, limit })).map((passage) => passageText(passage, store.texts)))

const book = join(data, 'rust-book')
test('chapters of a book come together, and fill a unit to the size asked for', {
  skip: !existsSync(book),
}, async () => {
  const sources = await Promise.all(
    readdirSync(book)
      .filter((name) => /^ch\d.*\.md$/.test(name))
      .sort()
      .map((name) =>
        makeSource({
          uri: name,
          places: [name],
          mediaType: 'text/markdown',
          text: readFileSync(join(book, name), 'utf8'),
        } as never),
      ),
  )
  const store = await storeOf(sources)
  const nameOf = new Map(sources.map(({ id, uri }) => [id, uri]))
  const most = 40_000
  const units = await (await linkedOver(store, { by: 'titles', size: most })).retrieve({
    text: 'ownership rules: each value has an owner',
    limit: 3,
  })
  const chapters = units[0]!.spans.map(({ source }) => nameOf.get(source)!)
  // All parts of the chapter that the hit stands in, and only then others.
  const chapter = chapters[0]!.slice(0, 4)
  const parts = sources.filter(({ uri }) => uri.startsWith(chapter)).map(({ uri }) => uri)
  assert.ok(parts.length > 2)
  for (const part of parts) assert.ok(chapters.includes(part), `${part} of ${chapters.join()}`)
  for (const unit of units) {
    const tokens = estimateTokens(await passageText(unit, store.texts))
    assert.ok(tokens <= most * 1.15, `${tokens}`)
  }
  // Each source stands in one unit.
  const held = units.flatMap(({ spans }) => spans.map(({ source }) => source))
  assert.equal(new Set(held).size, held.length)
  // By links alone, chapters that do not link stay apart.
  const [bare] = await (await linkedOver(store, { size: most })).retrieve({
    text: 'ownership rules: each value has an owner',
    limit: 1,
  })
  assert.ok(bare!.spans.length < chapters.length)
})

const pages = join(data, 'hipporag/hotpotqa_train_corpus.json')
test('LongRAG: units by titles hold answers at a smaller k than passages', { skip: !existsSync(pages) }, async () => {
  const corpus: Record<string, string[]> = JSON.parse(readFileSync(pages, 'utf8'))
  const sources = await Promise.all(
    Object.entries(corpus).map(([title, parts]) =>
      makeSource({ uri: `${title}.txt`, title, mediaType: 'text/plain', text: `${title}\n${parts.join('')}` }),
    ),
  )
  const store = await storeOf(sources)
  const questions: { question: string; answer: string }[] = JSON.parse(
    readFileSync(join(data, 'hipporag/hotpotqa_train.json'), 'utf8'),
  )
  const asked = questions.filter(({ answer }) => answer.length > 3)
  const short = await keywordOver(store)
  const long = await linkedOver(store, { by: 'titles', size: 1000 })
  const [curve, curves] = [new Map<number, number>(), new Map<number, number>()]
  let tokens = 0
  for (const { question, answer } of asked) {
    const holds = (found: readonly string[]) => found.findIndex((text) => text.includes(answer))
    const first = holds(await read(store, short, question, 8))
    const units = await read(store, long, question, 4)
    tokens += units.reduce((sum, unit) => sum + estimateTokens(unit), 0) / Math.max(1, units.length)
    const firstUnit = holds(units)
    for (const k of [1, 2, 4, 8]) {
      curve.set(k, (curve.get(k) ?? 0) + Number(first >= 0 && first < k))
      curves.set(k, (curves.get(k) ?? 0) + Number(firstUnit >= 0 && firstUnit < k))
    }
  }

  // A unit of about 365 tokens beside passages of about 90.
  assert.ok(tokens / asked.length < 450, `${tokens / asked.length}`)
  for (const [k, passages] of [
    [1, 4],
    [2, 8],
  ])
    assert.ok(
      curves.get(k!)! > curve.get(passages!)!,
      `${curves.get(k!)} in ${k}, ${curve.get(passages!)} in ${passages}`,
    )
})

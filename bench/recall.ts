/**
 * Recall of Fovea's default retriever beside plain BM25, with the units of each data set as passages.
 * FOVEA_DATA=... node bench/recall.ts [part of a data set's or row's name] [--engine memory] [--json]
 * A pool that one question alone is asked of (20 passages, a short story) is held in memory, since there are 24,000 of
 * them; every 200th of these is also asked of the engine, which must give the same passages.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { contextOf, loadLeaf, makeSource, type OutlineNode, type Retriever } from '../src/core/index.ts'
import { retriever } from '../src/find/index.ts'
import { datasets, joined, metrics, type Pool, plainIndex, type Question } from '../src/measure/index.ts'
import { defaultRetriever } from '../src/open.ts'
import { analyzers, engines, type PutSource, type Searchable } from '../src/store/index.ts'
import { memoryStore } from '../src/testing/index.ts'

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'sqlite' },
    retriever: { type: 'string', default: defaultRetriever },
    json: { type: 'boolean' },
  },
})
const data = process.env.FOVEA_DATA ?? ''
const wanted = (positionals[0] ?? '').toLowerCase()
const depths = [1, 5, 10, 20]
const used = ['litm-nq', 'locomo', 'conditionalqa', 'hipporag', 'cosqa', 'xquad', 'babi', 'rgb', 'litm-kv']
const analyzer = await (await loadLeaf(analyzers, 'words'))()
const [recall, allGold, mrr] = await Promise.all(['recall', 'all-gold', 'mrr'].map((name) => loadLeaf(metrics, name)))

interface Row {
  count: number
  readonly plain: number[]
  readonly ours: number[]
}
const rows = new Map<string, Row>()

function note(cell: string, gold: readonly number[], plain: readonly number[], ours: readonly number[]): void {
  const row: Row = rows.get(cell) ?? { count: 0, plain: [], ours: [] }
  rows.set(cell, row)
  row.count++
  for (const [sums, ranked] of [[row.plain, plain] as const, [row.ours, ours] as const]) {
    const outcome = { ranked, gold }
    const scores = [
      ...depths.map((depth) => recall!(outcome, depth)),
      allGold!(outcome, 5),
      allGold!(outcome, 20),
      mrr!(outcome),
    ]
    scores.forEach((score, index) => {
      sums[index] = (sums[index] ?? 0) + score!
    })
  }
}

/** Documents as Sources whose passages are the units; turns of a chat know their day. */
async function sourcesOf(pool: Pool): Promise<PutSource[]> {
  const made: PutSource[] = []
  for (const { name, time, title, units } of pool.documents) {
    const { text, ranges } = joined(units)
    const outline =
      time === undefined
        ? undefined
        : ranges.map(([start, end]): OutlineNode => ({ kind: 'turn', level: 1, start, end }))
    const source = await makeSource({
      uri: `${name}.txt`,
      text,
      mediaType: 'text/plain',
      ...(time === undefined ? {} : { time }),
      ...(title === undefined ? {} : { title }),
      ...(outline ? { outline } : {}),
    })
    const chunks = ranges.map(([start, end], node) => {
      const chunk = { start, end, tokens: 1, ...(outline ? { node } : {}) }
      const context = contextOf(source, chunk)
      return context === undefined ? chunk : { ...chunk, context }
    })
    made.push({ source, chunks })
  }
  return made
}

/** A function from a question to all units, those that were not found last and in their order, as plain BM25 has them. */
async function ranking(
  store: Searchable,
  sources: readonly PutSource[],
): Promise<(question: Question) => Promise<number[]>> {
  const found: Retriever = await retriever(flags.retriever, { store, inner: [] })
  const numbers = new Map<string, number>()
  for (const { source, chunks } of sources)
    for (const { start } of chunks) numbers.set(`${source.id} ${start}`, numbers.size)
  return async ({ text }) => {
    const passages = await found.retrieve({ text, limit: 20 })
    const ranked = passages.map(({ spans: [{ source, start }] }) => numbers.get(`${source} ${start}`)!)
    if (ranked.length === 20) return ranked
    const held = new Set(ranked)
    for (let unit = 0; unit < numbers.size && ranked.length < 20; unit++) if (!held.has(unit)) ranked.push(unit)
    return ranked
  }
}

async function withEngine<Result>(
  sources: readonly PutSource[],
  use: (store: Searchable) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'fovea-recall-'))
  try {
    const store = await (await loadLeaf(engines, flags.engine))({ location: join(folder, 'store.sqlite'), analyzer })
    const writer = await store.write()
    for (const put of sources)
      await writer.put(
        {
          uri: put.source.uri,
          size: put.source.text.length,
          modified: put.source.time ?? 0,
          hash: put.source.id,
          format: 'text',
          formatVersion: 1,
        },
        [put],
      )
    await writer.close()
    const result = await use(store)
    await store.close()
    return result
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

let small = 0
let unlike = 0
let checked = 0
for (const { meta, load } of datasets) {
  if (!used.includes(meta.name)) continue
  for await (const pool of (await load()).default(data)) {
    if (![meta.name, pool.cell].some((name) => name.toLowerCase().includes(wanted))) break
    const sources = await sourcesOf(pool)
    const plain = plainIndex(pool.documents.flatMap(({ units }) => units.map((unit) => unit.plain ?? unit.text)))
    const ask = async (store: Searchable, record: boolean): Promise<number[][]> => {
      const rank = await ranking(store, sources)
      const lists: number[][] = []
      for (const question of pool.questions) {
        if (question.gold.length === 0) continue
        const ours = await rank(question)
        lists.push(ours)
        if (!record) continue
        const theirs = plain.rank(question.text).order.slice(0, 20)
        note(pool.cell, question.gold, theirs, ours)
        if (question.category) note(`${pool.cell} ${question.category}`, question.gold, theirs, ours)
      }
      return lists
    }
    const alone = pool.questions.length === 1
    const sampled = alone && flags.engine !== 'memory' && small++ % 200 === 0
    if (alone || flags.engine === 'memory') {
      const lists = await ask(await memoryStore(sources, analyzer), true)
      if (!sampled) continue
      checked++
      const same = await withEngine(sources, (store) => ask(store, false))
      if (JSON.stringify(same) !== JSON.stringify(lists)) unlike++
    } else await withEngine(sources, (store) => ask(store, true))
  }
  console.error(meta.name)
}

const share = (sum: number, { count }: Row): number => (100 * sum) / count
if (flags.json) console.log(JSON.stringify([...rows].map(([cell, row]) => ({ cell, ...row }))))
else {
  console.log(
    '| row | questions | plain BM25: recall@1/5/10/20, all gold @5/@20, MRR | Fovea | difference |\n|---|---|---|---|---|',
  )
  let sum = 0
  let cells = 0
  const lower: string[] = []
  for (const [cell, row] of rows) {
    const [plain, ours] = [row.plain, row.ours].map((sums) => sums.map((value) => share(value, row)))
    const show = (list: readonly number[]): string => list.map((value) => value.toFixed(1)).join(' / ')
    const differences = ours!.map((value, index) => value - plain![index]!)
    for (const [index, depth] of depths.entries()) {
      sum += differences[index]!
      cells++
      if (differences[index]! < -1) lower.push(`${cell} @${depth} ${differences[index]!.toFixed(1)}`)
    }
    console.log(
      `| ${cell} | ${row.count} | ${show(plain!)} | ${show(ours!)} | ${differences.map((value) => (value >= 0 ? '+' : '') + value.toFixed(1)).join(' / ')} |`,
    )
  }
  console.log(`\nMean difference of recall over ${cells} cells: ${(sum / cells).toFixed(2)} points.`)
  console.log(`More than a point lower: ${lower.length === 0 ? 'none' : lower.join('; ')}.`)
  if (checked > 0)
    console.log(`Small pools asked of the engine too: ${checked}, of them with another order: ${unlike}.`)
}

// The laws of the lab, over every entry of its catalogs, with no skip list but for what needs data that is not there.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import {
  FoveaError,
  loadLeaf,
  type Passage,
  passageViolations,
  type Span,
  spanViolations,
  type TokenCounter,
} from '../../src/core/index.ts'
import { haystackOf } from '../../src/measure/generators/haystack.ts'
import {
  type Dataset,
  type DatasetMeta,
  datasets,
  delivered,
  type Haystack,
  metrics,
  type Outcome,
  promptOf,
  readers,
  type Sample,
  samplesOf,
  shelfOf,
  systems,
  type TaskRequest,
  tasks,
  textOf,
} from '../../src/measure/index.ts'
import { tolerance } from '../../src/measure/length.ts'
import { outcomeOf } from '../../src/measure/outcome.ts'
import { tokenCounter } from '../../src/model/index.ts'
import { analyzers, type PortableAnalyzer } from '../../src/store/index.ts'

const data = process.env.FOVEA_DATA ?? ''
const fixtures = join(import.meta.dirname, '../golden/datasets')
let counter: TokenCounter
let analyzer: PortableAnalyzer
let haystack: Haystack

before(async () => {
  counter = await tokenCounter('o200k_base')
  analyzer = await (await loadLeaf(analyzers, 'words'))()
  const docs = join(import.meta.dirname, '../../docs')
  const texts = await Promise.all(['read.md', 'store.md', 'ask.md'].map((name) => readFile(join(docs, name), 'utf8')))
  haystack = haystackOf('docs', texts)
})

async function collect(samples: AsyncIterable<Sample>, most = Number.POSITIVE_INFINITY): Promise<Sample[]> {
  const found: Sample[] = []
  for await (const sample of samples) {
    found.push(sample)
    if (found.length >= most) break
  }
  return found
}

function sound(sample: Sample): void {
  const texts = new Map(sample.corpus.sources.map(({ id, text }) => [id, text]))
  const spans = [
    ...sample.evidence,
    ...(sample.distractors ?? []).map(({ span }) => span),
    ...(sample.corpus.units ?? []).slice(0, 500),
  ]
  for (const span of spans) {
    assert.deepEqual(
      spanViolations(span, (source) => texts.get(source)),
      [],
      sample.id,
    )
    assert.ok(span.end > span.start, `${sample.id}: an empty span`)
  }
  assert.ok(sample.question.trim().length > 0, `${sample.id}: no question`)
  assert.ok(
    sample.answers.every((forms) => forms.length > 0 && forms.every((form) => form !== '')),
    `${sample.id}: answers`,
  )
  for (const list of sample.needs ?? [])
    for (const index of list) assert.ok(index >= 0 && index < sample.evidence.length, `${sample.id}: needs`)
  assert.ok(sample.needs === undefined || sample.needs.length === sample.answers.length, `${sample.id}: needs`)
}

const gist = ({ corpus, ...rest }: Sample): string =>
  JSON.stringify({ ...rest, corpus: corpus.sources.map(({ id, uri }) => [id, uri]), units: corpus.units?.length })

/** What a reader says that missed nothing. */
const goldSaid = (sample: Sample): string =>
  sample.solve?.(sample.evidence.map(() => true)) ?? sample.answers.map(([first]) => first).join(', ')

async function score(sample: Sample, said: string, name: string): Promise<number> {
  const checked = sample.check?.(said)
  if (checked) return Object.values(checked)[0]!
  const metric = await loadLeaf(metrics, name)
  const { answers, question, choices, tags } = sample
  const value = await metric({ said, answers, question, tags, ...(choices ? { choices } : {}) })
  assert.ok(value !== undefined, `${name} says nothing of ${sample.id}`)
  return value
}

for (const { meta, load } of tasks) {
  const needs: readonly string[] = (meta as { needs?: readonly string[] }).needs ?? []
  test(`task ${meta.name}: exact length, sound spans, the same for the same seed, gold scores 1 and silence less`, async (t) => {
    if (needs.includes('data') && data === '') return t.skip('FOVEA_DATA is not set')
    const task = (await load()).default
    const request = (more: Partial<TaskRequest> = {}): TaskRequest => ({
      seed: 1,
      samples: 4,
      length: 4096,
      counter,
      haystack,
      data,
      options: meta.options,
      ...more,
    })
    const samples = await collect(task(request()))
    assert.equal(samples.length, 4)
    assert.equal(new Set(samples.map(({ id }) => id)).size, 4)
    for (const sample of samples) {
      sound(sample)
      const tokens = counter.count(promptOf(sample, textOf(delivered(sample))))
      const most = Math.max(16, tolerance(4096))
      assert.ok(Math.abs(tokens - 4096) <= most, `${sample.id} has ${tokens} tokens`)
      assert.ok(Math.abs(tokens - sample.tokens!) <= most, `${sample.id} says ${sample.tokens} of ${tokens} tokens`)
      const [main] = meta.metrics
      const gold = await score(sample, goldSaid(sample), main!)
      assert.ok(Math.abs(gold - 1) < 1e-9, `${sample.id}: gold scores ${gold}: ${goldSaid(sample).slice(0, 200)}`)
      assert.ok((await score(sample, '', main!)) < 1, `${sample.id}: silence scores 1`)
    }
    assert.deepEqual((await collect(task(request()))).map(gist), samples.map(gist))
    const other = await collect(task(request({ seed: 2 })))
    assert.notDeepEqual(other.map(gist), samples.map(gist))
    const longer = await collect(task(request({ length: 12_000, samples: 1 })))
    const tokens = counter.count(promptOf(longer[0]!, textOf(delivered(longer[0]!))))
    assert.ok(Math.abs(tokens - 12_000) <= 60, `${longer[0]!.id} has ${tokens} tokens, not 12,000`)
    const signal = AbortSignal.abort(new DOMException('stop', 'AbortError'))
    await assert.rejects(collect(task(request({ abortSignal: signal }))), { name: 'AbortError' })
  })
}

const placeOf = (meta: DatasetMeta): string => (meta.tested === 'published' ? data : join(fixtures, meta.name))

async function firstOf(dataset: Dataset, place: string, most: number): Promise<Sample[]> {
  const warnings: unknown[] = []
  return collect(dataset({ data: place, warn: (problem) => warnings.push(problem) }), most)
}

for (const { meta, load } of datasets) {
  test(`dataset ${meta.name}: sound samples, the same each time, cells and numbers as asked, a clear word when it is not there`, async (t) => {
    const dataset = (await load()).default
    await assert.rejects(
      collect(dataset({ data: '/nowhere/at/all' })),
      (error) => FoveaError.is(error, 'data-missing') && /FOVEA_DATA/.test(error.message),
    )
    const place = placeOf(meta)
    if (place === '') return t.skip('FOVEA_DATA is not set')
    const samples = await firstOf(dataset, place, 300)
    assert.ok(samples.length > 0, 'no sample')
    assert.equal(new Set(samples.map(({ id }) => id)).size, samples.length, 'ids are not unique')
    for (const sample of samples) sound(sample)
    assert.deepEqual((await firstOf(dataset, place, 300)).map(gist), samples.map(gist))
    const { cell } = samples.at(-1)!
    const few = await collect(dataset({ data: place, cells: [cell], samples: 1 }))
    assert.equal(few.length, 1)
    assert.equal(few[0]!.cell, cell)
    const signal = AbortSignal.abort(new DOMException('stop', 'AbortError'))
    await assert.rejects(collect(dataset({ data: place, abortSignal: signal })), { name: 'AbortError' })
  })
  if (meta.tested === 'shape')
    test(`dataset ${meta.name}: a broken line is named and the rest is read`, async (t) => {
      assert.ok(
        existsSync(placeOf(meta)),
        `write a small file of its published shape to test/golden/datasets/${meta.name}`,
      )
      const names = (await readdir(placeOf(meta), { recursive: true })).filter((name) => /\.(jsonl|ndjson)$/.test(name))
      if (names.length === 0) return
      const folder = await mkdtemp(join(tmpdir(), 'fovea-dataset-'))
      t.after(() => rm(folder, { recursive: true, force: true }))
      await cp(placeOf(meta), folder, { recursive: true })
      const path = join(folder, names[0]!)
      await writeFile(path, `${await readFile(path, 'utf8')}\n{"broken": \n`)
      const warned: string[] = []
      const dataset = (await load()).default
      const warn = (problem: { line?: number; message: string }) => warned.push(`${problem.line} ${problem.message}`)
      const samples = await collect(dataset({ data: folder, warn }))
      assert.equal(warned.filter((line) => /no JSON/.test(line)).length, 1, warned.join('\n'))
      assert.deepEqual(samples.map(gist), (await collect(dataset({ data: placeOf(meta) }))).map(gist))
    })
}

const story = [
  'The ferry leaves Halden at noon. It carries forty cars.',
  'Captain Moe was born in Bergen in 1961.',
  'The new ship runs on batteries and charges at each quay.',
  'A lorry on lane three leaks diesel.',
]
const smallSamples = (): Promise<Sample[]> =>
  collect(
    samplesOf({
      cell: 'small',
      documents: [{ name: 'story', units: story.map((text) => ({ text })) }],
      questions: [{ text: 'Where was Captain Moe born?', gold: [1], answers: ['Bergen'] }],
    }),
  )

test('a passage that was not found has no rank, and a widened one stands for all that it covers', async () => {
  const [sample] = await smallSamples()
  const shelf = shelfOf(sample!.corpus, analyzer, counter)
  const passages = await shelf.passages()
  assert.ok(passages.length > 2)
  const passage = (...spans: [Span, ...Span[]]): Passage => ({ spans, score: 1, trail: [] })
  const ranked = async (...list: Passage[]) => (await outcomeOf(sample!, { ranked: list }, shelf)).ranked
  assert.deepEqual(await ranked(passage(passages[2]!)), [2])
  assert.deepEqual(await ranked(), [])
  const [first, second] = passages as [Span, Span]
  assert.deepEqual(await ranked(passage({ ...first, end: second.end }), passage(second)), [0, 1])
})

for (const { meta, load } of systems) {
  test(`system ${meta.name}: within the budget, sound passages, the same each time, stopped by its signal`, async () => {
    const system = await (await load()).default(meta.options)
    const reader = await (await loadLeaf(readers, 'simulated'))('perfect', { counter, environment: {} })
    for (const sample of await smallSamples()) {
      const shelf = shelfOf(sample.corpus, analyzer, counter)
      for (const budget of [12, 30, 1000]) {
        const port = meta.answers ? { reader: await reader.port(sample, 1) } : {}
        const context = { shelf, budget, seed: 7, ...port }
        const output = await system.run(sample, context)
        const { pack, ranked = [] } = output
        if (pack && meta.name !== 'whole') assert.ok(pack.tokens.count + pack.tokens.margin <= budget)
        const lookup = (source: string) => sample.corpus.sources.find(({ id }) => id === source)?.text
        for (const passage of [...ranked, ...(pack?.kept ?? [])])
          assert.deepEqual(passageViolations(passage, lookup), [])
        const again = await system.run(sample, context)
        assert.deepEqual([again.ranked, again.pack, again.said], [output.ranked, output.pack, output.said])
      }
    }
  })
}

const perfect: Outcome = {
  ranked: [2, 0, 1],
  gold: [2],
  kept: [[10, 20]],
  wanted: [[10, 20]],
  text: 'The ferry leaves at noon.',
  said: 'noon',
  question: 'When does the ferry leave?',
  answers: [['noon']],
  tokens: { pack: 5, whole: 100 },
}

for (const { meta, load } of metrics) {
  test(`metric ${meta.name}: nothing of nothing, and a share stays one`, async () => {
    const metric = (await load()).default
    assert.equal(await metric({}), undefined)
    if (meta.of === 'cost' || (meta as { needs?: unknown }).needs) return
    for (const said of [perfect.said!, 'The ferry.', '']) {
      const value = await metric({ ...perfect, said }, { depth: 5 })
      assert.ok(value === undefined || (value >= 0 && value <= 1), `${value}`)
    }
    const value = await metric(perfect, { depth: 1 })
    const best = (meta as { lower?: boolean }).lower ? 0 : 1
    if (value !== undefined && ['ranking', 'answer'].includes(meta.of))
      assert.ok(Math.abs(value - best) < 1e-9, `${value}`)
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadLeaf, makeSource } from '../../src/core/index.ts'
import { openResults, type Result, readers, run, type Sample } from '../../src/measure/index.ts'
import { counter } from './docs-haystack.ts'

const data = process.env.FOVEA_DATA ?? ''
const strong = 'simulated/8k!window!middle!length!distraction!joining!reach!sight'

test('a simulated reader copies no more of a piece of evidence than stands in its prompt', async () => {
  const text = 'The mill\nIt was built of oak. Tom Hale bought it in 1901. Nobody knows why.'
  const source = await makeSource({ uri: 'mill.txt', text, mediaType: 'text/plain' })
  const sample: Sample = {
    id: 'mill',
    cell: 'mill',
    instruction: '',
    question: 'When was the mill bought?',
    cue: '',
    corpus: { id: 'mill', sources: [source] },
    answers: [['1901']],
    evidence: [{ source: source.id, start: 0, end: text.length }],
    tags: {},
    tokens: 20,
  }
  const reader = await (await loadLeaf(readers, 'simulated'))('perfect', { counter, environment: {} })
  const model = await reader.port(sample, 1)
  const copied = async (prompt: string) => (await model.generate({ intent: 'extract', prompt })).text
  assert.equal(await copied(`Before. ${text} After.`), text)
  assert.equal(await copied('Before. Tom Hale bought it in 1901. After.'), 'Tom Hale bought it in 1901.')
  assert.equal(await copied('It was built of oak. Nobody knows why.'), 'NONE')
})

const mainOf = ({ scores }: Result): number =>
  scores['references-said'] ?? scores['reference-said'] ?? scores['number-said'] ?? scores['row-f1'] ?? 0

async function measured(tasks: readonly string[], strategies: readonly string[], reader: string, length: number) {
  const results = openResults(':memory:')
  try {
    const spec = {
      name: 'strategies',
      tokenizer: 'words',
      tasks: [...tasks],
      lengths: [length],
      samples: 3,
      systems: strategies.map((strategy) => ({ system: 'strategy', strategy, label: strategy })),
      budgets: [2000],
      readers: [reader],
      lines: false,
    }
    await run(spec, { results, data, environment: {}, threads: 1 })
    const scores = new Map<string, number>()
    for (const result of results.results(spec.name) as Iterable<Result>) {
      const name = `${result.system} ${result.task}`
      scores.set(name, (scores.get(name) ?? 0) + mainOf(result) / 3)
    }
    return scores
  } finally {
    results.close()
  }
}

const reading = ['map-reduce', 'margins', 'notes', 'chain', 'refine', 'structured-memory', 'aggregate', 'stuff']

test('ways that read everything lose nothing of evidence in lines where a reader has no weakness', async (t) => {
  if (data === '') return t.skip('FOVEA_DATA is not set')
  const scores = await measured(['ruler-vt', 'ruler-qa-2'], reading, strong, 16_000)
  assert.equal(scores.size, 2 * reading.length)
  for (const [name, score] of scores) assert.ok(score > 0.999, `${name}: ${score}`)
})

test('beyond the window of a reader one prompt for all loses most, and a prompt for each part does not', async (t) => {
  if (data === '') return t.skip('FOVEA_DATA is not set')
  const scores = await measured(['ruler-vt'], ['stuff', 'map-reduce'], `${strong.replace('!window', '')}`, 64_000)
  assert.ok(scores.get('stuff ruler-vt')! < 0.5, `stuff: ${scores.get('stuff ruler-vt')}`)
  assert.ok(scores.get('map-reduce ruler-vt')! > 0.999, `map-reduce: ${scores.get('map-reduce ruler-vt')}`)
})

test('rows and a program answer what rests on all of a text, where a reader overlooks facts, and one prompt cannot', async () => {
  const scores = await measured(['needle-chain', 'database-questions'], ['tabulate', 'stuff'], 'simulated/8k', 24_000)
  assert.equal(scores.size, 4)
  for (const [name, score] of scores)
    if (name.startsWith('tabulate')) assert.ok(score > 0.999, `${name}: ${score}`)
    else assert.ok(score < 0.5, `${name}: ${score}`)
})

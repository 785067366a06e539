import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FoveaError, loadLeaf } from '../../src/core/index.ts'
import {
  answerTest,
  datasets,
  holdsAnswer,
  joined,
  type Metric,
  metrics,
  type Outcome,
  type Pool,
  plainIndex,
  plainTerms,
  seededRandom,
  unitsOf,
} from '../../src/measure/index.ts'

const metric: Record<string, Metric> = {}
for (const { meta } of metrics) metric[meta.name] = await loadLeaf(metrics, meta.name)

const ranking = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 25 })
const gold = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 5 })

test('ranking metrics by hand', () => {
  const outcome: Outcome = { ranked: [7, 3, 9, 1, 4], gold: [3, 4, 8] }
  const score = (name: string, depth?: number): number => metric[name]!(outcome, depth)!
  assert.equal(score('recall', 1), 0)
  assert.equal(score('recall', 2), 1 / 3)
  assert.equal(score('recall', 5), 2 / 3)
  assert.equal(score('hit', 1), 0)
  assert.equal(score('hit', 2), 1)
  assert.equal(score('all-gold', 5), 0)
  assert.equal(metric['all-gold']!({ ranked: [4, 8, 3], gold: [3, 4, 8] }, 3), 1)
  assert.equal(score('mrr'), 1 / 2)
  assert.equal(score('mrr', 1), 0)
  const best = 1 + 1 / Math.log2(3) + 1 / 2
  assert.ok(Math.abs(score('ndcg', 5) - (1 / Math.log2(3) + 1 / Math.log2(6)) / best) < 1e-12)
  for (const { meta } of metrics) assert.equal(metric[meta.name]!({}), undefined, meta.name)
  assert.equal(metric.recall!({ ranked: [1], gold: [] }, 5), undefined)
})

test('ranking metrics stay between 0 and 1, and go up with the depth', () => {
  fc.assert(
    fc.property(ranking, gold, (ranked, wanted) => {
      for (const name of ['recall', 'hit', 'all-gold', 'mrr']) {
        let last = 0
        for (const depth of [1, 2, 5, 10, 30]) {
          const score = metric[name]!({ ranked, gold: wanted }, depth)!
          assert.ok(score >= last && score <= 1)
          last = score
        }
      }
      assert.equal(
        metric.ndcg!({ ranked: [...wanted, ...ranked.filter((unit) => !wanted.includes(unit))], gold: wanted }, 10),
        1,
      )
    }),
  )
})

test('characters kept agrees with counting characters one by one', () => {
  const range = fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }))
    .map(([start, length]) => [start, start + length] as const)
  fc.assert(
    fc.property(fc.array(range, { maxLength: 6 }), fc.array(range, { minLength: 1, maxLength: 6 }), (kept, wanted) => {
      const within = (ranges: typeof kept, at: number): boolean =>
        ranges.some(([start, end]) => start <= at && at < end)
      const places = Array.from({ length: 90 }, (_, at) => at).filter((at) => within(wanted, at))
      const expected = places.length === 0 ? undefined : places.filter((at) => within(kept, at)).length / places.length
      assert.equal(metric['characters-kept']!({ kept, wanted }), expected)
    }),
  )
})

test('an answer is held as whole words, without regard to case and signs; Han as characters', () => {
  assert.ok(holdsAnswer('In Tampa, Florida.', ['tampa florida']))
  assert.ok(!holdsAnswer('The art of it', ['he']))
  assert.ok(!holdsAnswer('anything', ['?!', '']))
  assert.ok(holdsAnswer('将在 2022年1月3日 上午', ['1月3日']))
  assert.ok(!answerTest([])('text'))
})

test('plain BM25 agrees with the formula written out, and cuts Han in pairs', () => {
  assert.deepEqual(plainTerms("Don't 我们的 猫 x_1"), ['don', 't', '我们', '们的', '猫', 'x', '1'])
  const word = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const texts = fc.array(fc.array(word, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(texts, fc.array(word, { maxLength: 4 }), (lists, asked) => {
      const { order, scores } = plainIndex(lists.map((list) => list.join(' '))).rank(asked.join(' '))
      const mean = lists.flat().length / lists.length
      for (const [number, list] of lists.entries()) {
        let expected = 0
        for (const term of new Set(asked)) {
          const count = list.filter((other) => other === term).length
          const among = lists.filter((other) => other.includes(term)).length
          const rarity = Math.log(1 + (lists.length - among + 0.5) / (among + 0.5))
          if (count > 0) expected += (rarity * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * list.length) / mean))
        }
        assert.ok(Math.abs(scores[number]! - expected) < 1e-9)
      }
      for (let rank = 1; rank < order.length; rank++) assert.ok(scores[order[rank - 1]!]! >= scores[order[rank]!]!)
    }),
  )
})

test('joined units stand where their ranges say', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (texts) => {
      const { text, ranges } = joined(texts.map((unit) => ({ text: unit })))
      assert.deepEqual(
        ranges.map(([start, end]) => text.slice(start, end)),
        texts,
      )
    }),
  )
})

test('the seed decides the numbers', () => {
  const [one, two, other] = [seededRandom(3), seededRandom(3), seededRandom(4)]
  const draw = (random: () => number): number[] => Array.from({ length: 50 }, random)
  const first = draw(one)
  assert.deepEqual(draw(two), first)
  assert.notDeepEqual(draw(other), first)
  assert.ok(first.every((value) => value >= 0 && value < 1))
})

test('a data set that is not there says what to set', async () => {
  for (const { meta } of datasets) {
    const make = await loadLeaf(datasets, meta.name)
    const reading = make('/nowhere/at/all')[Symbol.asyncIterator]().next()
    await assert.rejects(
      reading,
      (error) => FoveaError.is(error, 'data-missing') && /FOVEA_DATA/.test(error.message),
      meta.name,
    )
  }
})

test('real data sets: gold lies inside the pool, ranges inside the text, counts as published', async (t) => {
  const data = process.env.FOVEA_DATA
  if (!data) return t.skip('FOVEA_DATA is not set')
  const counts = new Map<string, number>()
  for (const { meta } of datasets) {
    for await (const pool of (await loadLeaf(datasets, meta.name))(data)) {
      checkPool(pool)
      counts.set(
        pool.cell,
        (counts.get(pool.cell) ?? 0) + pool.questions.filter(({ gold: wanted }) => wanted.length > 0).length,
      )
    }
  }
  const published = {
    'NQ, pool': 2655,
    'NQ, 20 passages': 1000,
    LoCoMo: 1982,
    'HotpotQA-100': 100,
    'MuSiQue-100': 100,
    'CoSQA, test': 500,
    'XQuAD, zh': 1190,
    bAbI: 20_000,
    'key-value, 75': 500,
  }
  for (const [cell, count] of Object.entries(published)) assert.equal(counts.get(cell), count, cell)
  const spans = [...counts]
    .filter(([cell]) => cell.startsWith('chunking-eval'))
    .reduce((sum, [, count]) => sum + count, 0)
  assert.equal(spans, 472)
})

function checkPool(pool: Pool): void {
  const units = unitsOf(pool)
  assert.ok(units.length > 0 && pool.questions.length > 0)
  for (const { text, gold: wanted, ranges = [] } of pool.questions) {
    assert.ok(text.length > 0)
    assert.equal(new Set(wanted).size, wanted.length)
    for (const unit of wanted) assert.ok(unit >= 0 && unit < units.length)
    for (const [start, end] of ranges) assert.ok(start >= 0 && start < end && end <= units[0]!.length)
  }
}

test('plain BM25 gives the published recall of Natural Questions and HotpotQA', async (t) => {
  const data = process.env.FOVEA_DATA
  if (!data) return t.skip('FOVEA_DATA is not set')
  const wanted: Record<string, number[]> = {
    'HotpotQA-100': [40.5, 77.5, 90, 94.5],
    'MuSiQue-100': [31.6, 50.8, 58.7, 69.5],
  }
  for await (const pool of (await loadLeaf(datasets, 'hipporag'))(data)) {
    const expected = wanted[pool.cell]
    if (!expected) break
    const index = plainIndex(unitsOf(pool))
    const shares = [1, 5, 10, 20].map((depth) => {
      const scores = pool.questions.map(
        (question) => metric.recall!({ ranked: index.rank(question.text).order, gold: question.gold }, depth)!,
      )
      return Number(((100 * scores.reduce((sum, score) => sum + score, 0)) / scores.length).toFixed(1))
    })
    assert.deepEqual(shares, expected, pool.cell)
  }
})

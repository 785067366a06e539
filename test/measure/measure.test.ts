import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { loadLeaf } from '../../src/core/index.ts'
import {
  answerTest,
  holdsAnswer,
  joined,
  type Metric,
  metrics,
  type Outcome,
  plainIndex,
  plainTerms,
  seededRandom,
} from '../../src/measure/index.ts'

const metric: Record<string, Metric> = {}
for (const { meta } of metrics) metric[meta.name] = await loadLeaf(metrics, meta.name)

const ranking = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 25 })
const gold = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 5 })

const at = (name: string, outcome: Outcome, depth?: number): number =>
  metric[name]!(outcome, depth === undefined ? {} : { depth }) as number

test('ranking metrics by hand', async () => {
  const outcome: Outcome = { ranked: [7, 3, 9, 1, 4], gold: [3, 4, 8] }
  const score = (name: string, depth?: number): number => at(name, outcome, depth)
  assert.equal(score('recall', 1), 0)
  assert.equal(score('recall', 2), 1 / 3)
  assert.equal(score('recall', 5), 2 / 3)
  assert.equal(score('hit', 1), 0)
  assert.equal(score('hit', 2), 1)
  assert.equal(score('all-gold', 5), 0)
  assert.equal(at('all-gold', { ranked: [4, 8, 3], gold: [3, 4, 8] }, 3), 1)
  assert.equal(score('mrr'), 1 / 2)
  assert.equal(score('mrr', 1), 0)
  const best = 1 + 1 / Math.log2(3) + 1 / 2
  assert.ok(Math.abs(score('ndcg', 5) - (1 / Math.log2(3) + 1 / Math.log2(6)) / best) < 1e-12)
  for (const { meta } of metrics) assert.equal(await metric[meta.name]!({}), undefined, meta.name)
  assert.equal(at('recall', { ranked: [1], gold: [] }, 5), undefined)
})

test('ranking metrics stay between 0 and 1, and go up with the depth', () => {
  fc.assert(
    fc.property(ranking, gold, (ranked, wanted) => {
      for (const name of ['recall', 'hit', 'all-gold', 'mrr']) {
        let last = 0
        for (const depth of [1, 2, 5, 10, 30]) {
          const score = at(name, { ranked, gold: wanted }, depth)
          assert.ok(score >= last && score <= 1)
          last = score
        }
      }
      assert.equal(
        at('ndcg', { ranked: [...wanted, ...ranked.filter((unit) => !wanted.includes(unit))], gold: wanted }, 10),
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

test('an answer is found where its words stand one after another, as in a text that is folded whole', () => {
  const folded = (text: string): string =>
    ` ${text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
      .trim()} `
  const units = fc.constantFrom('a', 'b', 'A', '1', ' ', '-', 'é', '—', '𝒜', 'ﬁ')
  const [texts, answers] = [fc.string({ unit: units, maxLength: 20 }), fc.string({ unit: units, maxLength: 4 })]
  let found = 0
  fc.assert(
    fc.property(texts, answers, (text, answer) => {
      const wanted = folded(answer).trim() !== '' && folded(text).includes(folded(answer))
      if (wanted) found++
      assert.equal(holdsAnswer(text, [answer]), wanted)
    }),
    { numRuns: 2000 },
  )
  assert.ok(found > 20)
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

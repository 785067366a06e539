// The learned ranker: its trainer, its features, the weights that ship, and the folds that judge it.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { boost, type TrainingSet } from '../../scripts/ranker/boost.ts'
import { type Example, passageOptions, pieceOptions, train } from '../../scripts/ranker/train.ts'
import { type Analyzer, FoveaError, loadLeaf, type RankItem, seededRandom } from '../../src/core/index.ts'
import { partOf } from '../../src/measure/adapters/held-out.ts'
import { learnedRanker, rankers } from '../../src/model/index.ts'
import type { RankerWeights } from '../../src/model/rankers/learned.ts'
import { decodeForest, encodeForest, noSplit, scoreRows } from '../../src/model/ranking/forest.ts'
import { listFeatures } from '../../src/model/ranking/lists.ts'
import { pieceFeatures } from '../../src/model/ranking/pieces.ts'
import { passageRows, pieceRows } from '../../src/model/ranking/rank.ts'
import { analyzers, type PortableAnalyzer } from '../../src/store/index.ts'

const root = join(import.meta.dirname, '../..')
const weightsText = readFileSync(join(root, 'src/model/rankers/learned/weights.json'), 'utf8')
const weights = JSON.parse(weightsText) as RankerWeights
let analyzer: PortableAnalyzer
before(async () => {
  analyzer = await (await loadLeaf(analyzers, 'words'))()
})

/** Lists whose gold has a high first feature and a low second one, among noise. */
function tinySet(seed: number, questions = 60, size = 8): TrainingSet {
  const random = seededRandom(seed)
  const rows = questions * size
  const matrix = Float32Array.from({ length: rows * 3 }, random)
  const gains = new Float32Array(rows)
  for (let list = 0; list < questions; list++) {
    let best = list * size
    const worth = (row: number): number => matrix[row * 3]! - matrix[row * 3 + 1]!
    for (let row = best; row < (list + 1) * size; row++) if (worth(row) > worth(best)) best = row
    gains[best] = 1
  }
  const lists = Int32Array.from({ length: questions + 1 }, (_, list) => list * size)
  return { features: 3, matrix, gains, lists, weights: new Float32Array(questions).fill(1) }
}
const tinyOptions = { ...passageOptions, trees: 20, depth: 3, direction: Int8Array.from([1, -1, 0]), sloping: [0, 1] }

test('training is deterministic to the byte, and finds what the gold has', () => {
  const set = tinySet(5)
  const [one, two] = [boost(set, tinyOptions), boost(set, tinyOptions)]
  assert.deepEqual(encodeForest(one), encodeForest(two))
  assert.notDeepEqual(encodeForest(boost(set, { ...tinyOptions, seed: 2 })), encodeForest(one))
  const other = tinySet(77)
  const scores = scoreRows(decodeForest(encodeForest(one)), other.matrix, other.gains.length)
  let right = 0
  for (let list = 0; list + 1 < other.lists.length; list++) {
    const rows = [...Array(8).keys()].map((row) => row + other.lists[list]!)
    const best = rows.reduce((most, row) => (scores[row]! > scores[most]! ? row : most))
    right += other.gains[best]!
  }
  assert.ok(right >= 45, `only ${right} of 60 unseen lists are right`)
})

test('a stored forest scores as the grown one does, walked tree by tree', () => {
  const set = tinySet(9)
  const grown = boost(set, tinyOptions)
  const stored = encodeForest(grown)
  const scores = scoreRows(decodeForest(stored), set.matrix, set.gains.length)
  for (let row = 0; row < set.gains.length; row++) {
    const value = (feature: number): number => set.matrix[row * 3 + feature]!
    let sum = 0
    for (const [feature, slope] of grown.slopes.entries()) sum += slope * value(feature)
    for (const { splits, leaves } of grown.trees) {
      let leaf = 0
      for (const [level, [feature, border]] of splits.entries())
        if (border !== noSplit && value(feature) > grown.borders[feature]![border]!) leaf += 2 ** level
      sum += leaves[leaf]!
    }
    assert.ok(Math.abs(scores[row]! - sum) <= grown.trees.length * stored.scale + 1e-5, `${scores[row]} is not ${sum}`)
  }
})

/** Raises one feature of a row at random; true when no score falls against its direction. */
function agrees(forest: ReturnType<typeof decodeForest>, direction: Int8Array): void {
  const value = fc.double({ min: -1, max: 3, noNaN: true })
  fc.assert(
    fc.property(
      fc.array(value, { minLength: forest.features, maxLength: forest.features }),
      fc.nat(forest.features - 1),
      value,
      (row, feature, to) => {
        if (direction[feature] === 0) return
        const [low, high] = [Float32Array.from(row), Float32Array.from(row)]
        low[feature] = Math.min(row[feature]!, to)
        high[feature] = Math.max(row[feature]!, to)
        const change = scoreRows(forest, high, 1)[0]! - scoreRows(forest, low, 1)[0]!
        assert.ok(change * direction[feature]! >= -1e-4, `feature ${feature} changes the score by ${change}`)
      },
    ),
    { seed: 11, numRuns: 4000 },
  )
}

test('what may only raise a score never lowers it: on a tiny set, and in the weights that ship', () => {
  agrees(decodeForest(encodeForest(boost(tinySet(3), tinyOptions))), tinyOptions.direction)
  agrees(decodeForest(weights.passages), passageOptions.direction!)
  agrees(decodeForest(weights.pieces), pieceOptions.direction!)
})

test('the weights that ship are those of the card, small, and made for these features', () => {
  const hash = createHash('sha256').update(weightsText).digest('hex')
  assert.ok(readFileSync(join(root, 'docs/ranker-card.md'), 'utf8').includes(hash), `the card does not name ${hash}`)
  assert.ok(weightsText.length < 300_000)
  assert.equal(weights.passages.features, listFeatures.length)
  assert.equal(weights.pieces.features, pieceFeatures.length)
})

const words = 'ferry noon fog sailing metres lighthouse keeper born harbour captain 1912 Bergen Norway built'.split(' ')
const textOf = (random: () => number, length: number): string =>
  Array.from({ length }, () => words[Math.floor(random() * words.length)]).join(' ')

test('features take time in proportion to the text, by the terms that are read', () => {
  const counted = (count: number): number => {
    let read = 0
    const { name, terms, isStopTerm } = analyzer
    const counting: Analyzer = {
      name,
      terms,
      isStopTerm,
      each(text, emit) {
        read += text.length
        analyzer.each(text, emit)
      },
    }
    const items = Array.from({ length: count }, (_, at) => ({ text: textOf(seededRandom(at), 40), passage: at >> 2 }))
    pieceRows('when was the lighthouse of Bergen built', items, counting)
    return read
  }
  const [small, large] = [counted(100), counted(1000)]
  assert.ok(large < 11 * small && large > 8 * small, `${small} and ${large} characters were read`)
})

test('any language, no words, odd signs: finite scores, one for each item, inputs untouched', async () => {
  const ranker = await learnedRanker(analyzer)
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      '',
      ' \n',
      '渡船在中午离开。',
      'Паром уходит в полдень.',
      'العبّارة تغادر ظهرا',
      'เรือข้ามฟาก',
      '\u{1f600}\ud800',
      '?',
    ),
  )
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.tuple(text, fc.boolean(), fc.nat(3)), { maxLength: 12 }), async (query, raw) => {
      const whole: RankItem[] = raw.map(([own, some]) => ({ text: own, ...(some ? { context: query } : {}) }))
      const pieces: RankItem[] = raw
        .toSorted((a, b) => a[2] - b[2])
        .map(([own, , passage]) => ({ text: own, passage, score: -passage }))
      for (const items of [whole, pieces]) {
        const before = structuredClone(items)
        const scores = await ranker.rankItems!(query, items)
        assert.equal(scores.length, items.length)
        assert.ok(scores.every(Number.isFinite))
        assert.deepEqual(items, before)
        assert.deepEqual(await ranker.rankItems!(query, items), scores)
      }
    }),
    { seed: 5, numRuns: 60 },
  )
})

test('it prefers the passage that answers, and the sentence that does', async () => {
  const ranker = await learnedRanker(analyzer)
  const texts = [
    'Fog cancels every sailing below 100 metres of sight, says the harbour office.',
    'The lighthouse of Skarven\nThe lighthouse of Skarven was built in 1912 by Norwegian engineers.',
    'A lighthouse is a tower. Many were built on the coast, and some still burn.',
  ]
  const scores = await ranker.rank('when was the Skarven lighthouse built', texts)
  assert.equal(scores.indexOf(Math.max(...scores)), 1)
  const sentences = ['The keeper was a quiet man. ', 'The lighthouse of Skarven was built in 1912. ', 'He liked tea.']
  const pieces = sentences.map((text) => ({ text, passage: 0 }))
  const worth = await ranker.rankItems!('when was the Skarven lighthouse built', pieces)
  assert.equal(worth.indexOf(Math.max(...worth)), 1)
  await assert.rejects(
    async () => (await loadLeaf(rankers, 'learned'))('learned'),
    (error) => FoveaError.is(error, 'part-missing'),
  )
})

test('a fold is trained without its own questions, however they are asked', () => {
  const base = 'Can I get a refund for the fee that I paid to the council last year?'
  for (const parts of [2, 3, 5]) assert.equal(partOf(base, parts), partOf(`My house was sold in May. ${base}`, parts))
  const random = seededRandom(1)
  const questions = Array.from({ length: 40 }, (_, at) => `${textOf(random, 9)} number ${at}?`)
  const examples: Example[] = questions.map((question) => {
    const items = Array.from({ length: 10 }, () => ({ text: textOf(random, 30), score: random() }))
    const gains = new Float32Array(10)
    gains[Math.floor(random() * 10)] = 1
    return { set: 'tiny', question, matrix: passageRows(question, items, analyzer), gains }
  })
  const asked = new Set<string>()
  const watched = examples.map((example) => ({
    ...example,
    get matrix() {
      asked.add(example.question)
      return example.matrix
    },
  }))
  const keep = (question: string): boolean => partOf(question, 3) !== 1
  train({ passages: watched, pieces: [] }, keep)
  const own = questions.filter((question) => !keep(question))
  assert.ok(own.length > 3 && own.length < 37)
  for (const question of questions) assert.equal(asked.has(question), keep(question), question)
})

// What the ranker is trained on, and how: lists of passages and of their sentences, from four open data sets.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type RankItem, sentences } from '../../src/core/index.ts'
import { partOf } from '../../src/measure/adapters/held-out.ts'
import { answersIn } from '../../src/measure/answers.ts'
import type { RankerWeights } from '../../src/model/rankers/learned.ts'
import { decodeForest, encodeForest, type StoredForest, scoreRows } from '../../src/model/ranking/forest.ts'
import { listFeatures } from '../../src/model/ranking/lists.ts'
import { pieceFeatures, tellScores } from '../../src/model/ranking/pieces.ts'
import { passageRows, pieceRows } from '../../src/model/ranking/rank.ts'
import { type BoostOptions, boost, type TrainingSet } from './boost.ts'
import { type FoundList, foundLists, wordsAnalyzer } from './lists.ts'

/** The features of one list, and how good each row is. */
export interface Example {
  /** Data set that it counts for. */
  readonly set: string
  readonly question: string
  readonly matrix: Float32Array
  readonly gains: Float32Array
  /** Of pieces: their passages. */
  readonly whole?: { readonly matrix: Float32Array; readonly rowOf: readonly number[]; readonly count: number }
}
export interface Examples {
  readonly passages: readonly Example[]
  readonly pieces: readonly Example[]
}

interface Part {
  readonly set: string
  readonly dataset: string
  readonly cell: string
  readonly depth: number
  /** Passages whose sentences are learned from; none without. */
  readonly cut?: number
  /** One question in so many is taken. */
  readonly every: number
}
export const parts: readonly Part[] = [
  { set: 'nq', dataset: 'litm-nq', cell: 'NQ, 20 passages', depth: 20, cut: 20, every: 1 },
  { set: 'nq', dataset: 'litm-nq', cell: 'NQ, pool', depth: 60, cut: 20, every: 2 },
  { set: 'hotpotqa', dataset: 'hipporag', cell: 'HotpotQA-100', depth: 200, cut: 40, every: 1 },
  { set: 'musique', dataset: 'hipporag', cell: 'MuSiQue-100', depth: 200, cut: 40, every: 1 },
  { set: 'musique', dataset: 'hipporag', cell: 'MuSiQue-100, own 20', depth: 20, cut: 20, every: 1 },
  { set: 'conditionalqa', dataset: 'conditionalqa', cell: 'ConditionalQA, scenario', depth: 100, cut: 40, every: 1 },
  { set: 'conditionalqa', dataset: 'conditionalqa', cell: 'ConditionalQA, question', depth: 100, every: 3 },
]

/** Sentences that HotpotQA names, and answers of MuSiQue's steps, by question. */
interface Marks {
  readonly sentences: ReadonlyMap<string, readonly string[]>
  readonly steps: ReadonlyMap<string, readonly string[]>
}
async function marksOf(data: string): Promise<Marks> {
  const read = async <Value>(name: string): Promise<Value> =>
    JSON.parse(await readFile(join(data, 'hipporag', `${name}.json`), 'utf8')) as Value
  const pages = await read<Record<string, string[]>>('hotpotqa_train_corpus')
  const hotpot = await read<{ question: string; supporting_facts: [string, number][] }[]>('hotpotqa_train')
  const musique = await read<{ question: string; question_decomposition: { answer: string }[] }[]>('musique_train')
  return {
    sentences: new Map(
      hotpot.map(({ question, supporting_facts: facts }) => [
        question,
        facts.flatMap(([title, number]) => pages[title]?.[number]?.trim() ?? []),
      ]),
    ),
    steps: new Map(musique.map((row) => [row.question, row.question_decomposition.map(({ answer }) => answer)])),
  }
}

/** How good a sentence is as evidence: 1 where it holds the answer or is named, less for a step on the way. */
function gainOf(text: string, gold: boolean, { sample }: FoundList, set: string, marks: Marks): number {
  const question = sample.question
  const named = marks.sentences.get(question)
  if (named)
    return gold && named.some((each) => text.includes(each) || (text.trim().length > 20 && each.includes(text.trim())))
      ? 1
      : 0
  if (set === 'conditionalqa') return gold ? 1 : 0
  const holds = answersIn(text)
  if (sample.answers.some(holds)) return gold ? 1 : 0.5
  return gold && marks.steps.get(question)?.some((step) => holds([step])) ? 0.5 : 0
}

const fresh = (index: number, gold: boolean, question: string): boolean =>
  gold || index < 15 || (index * 7919 + question.length) % 8 === 0

/** Some rows of a matrix. */
function pick(matrix: Float32Array, width: number, rows: readonly number[]): Float32Array {
  const out = new Float32Array(rows.length * width)
  for (const [at, row] of rows.entries()) out.set(matrix.subarray(row * width, row * width + width), at * width)
  return out
}

export async function examplesOf(data: string, tell: (line: string) => void = () => {}): Promise<Examples> {
  const analyzer = await wordsAnalyzer()
  const marks = await marksOf(data)
  const passages: Example[] = []
  const pieces: Example[] = []
  for (const { set, dataset, cell, depth, cut, every } of parts) {
    let number = 0
    for await (const found of foundLists(data, dataset, { cells: [cell], depth })) {
      const { sample, items, units, gold, rarity } = found
      const { question } = sample
      if (number++ % every !== 0) continue
      const isGold = units.map((unit) => gold.has(unit))
      if (!isGold.includes(true)) continue
      const rows = items.flatMap((_, index) => (fresh(index, isGold[index]!, question) ? [index] : []))
      const matrix = passageRows(question, items, analyzer, { rarity })
      passages.push({
        set,
        question,
        matrix: pick(matrix, listFeatures.length, rows),
        gains: Float32Array.from(rows, (row) => (isGold[row] ? 1 : 0)),
      })
      if (cut === undefined) continue
      const cutItems: RankItem[] = []
      const gains: number[] = []
      for (const [index, { text, score }] of items.slice(0, cut).entries())
        for (const [start, end] of sentences(text)) {
          const sentence = text.slice(start, end)
          cutItems.push({ text: sentence, passage: index, ...(score === undefined ? {} : { score }) })
          gains.push(gainOf(sentence, isGold[index]!, found, set, marks))
        }
      if (!gains.some((gain) => gain > 0)) continue
      const all = pieceRows(question, cutItems, analyzer)
      const kept = gains.flatMap((gain, index) => (fresh(index % 60, gain > 0, question) ? [index] : []))
      pieces.push({
        set,
        question,
        matrix: pick(all.pieces, pieceFeatures.length, kept),
        gains: Float32Array.from(kept, (row) => gains[row]!),
        whole: { matrix: all.passages, rowOf: kept.map((row) => all.rowOf[row]!), count: all.count },
      })
    }
    tell(`${cell}: ${passages.length} lists, ${pieces.length} of sentences`)
  }
  return { passages, pieces }
}

/** Sets count alike, whatever their size, up to a power. */
const balance = 0.8

function setOf(examples: readonly Example[], features: number): TrainingSet {
  const counts = new Map<string, number>()
  for (const { set } of examples) counts.set(set, (counts.get(set) ?? 0) + 1)
  const rows = examples.reduce((sum, { gains }) => sum + gains.length, 0)
  const matrix = new Float32Array(rows * features)
  const gains = new Float32Array(rows)
  const lists = new Int32Array(examples.length + 1)
  let at = 0
  for (const [list, example] of examples.entries()) {
    matrix.set(example.matrix, at * features)
    gains.set(example.gains, at)
    at += example.gains.length
    lists[list + 1] = at
  }
  const weights = Float32Array.from(examples, ({ set }) => (100 / counts.get(set)!) ** balance)
  return { features, matrix, gains, lists, weights }
}

const rising =
  /^(?:cover|terms|bm25|window|pairs|run|focus|named|score|head|like the first|names of the first|title|first title|fits.*of the best|passage, (?:score|head|cover|beside))/
const falling = /^(?:rank|heaviest missing|passage, below|passage, rank)/
const directionOf = (names: readonly string[]): Int8Array =>
  Int8Array.from(names, (name) => (rising.test(name) ? 1 : falling.test(name) ? -1 : 0))
const places = (names: readonly string[], wanted: readonly string[]): number[] =>
  wanted.map((name) => names.indexOf(name))

export const passageOptions: BoostOptions = {
  trees: 150,
  depth: 5,
  rate: 0.1,
  ridge: 3,
  featureShare: 0.5,
  listShare: 0.6,
  bins: 48,
  seed: 1,
  direction: directionOf(listFeatures),
  sloping: places(listFeatures, [
    'score, of the best',
    'rank',
    'cover, of the best',
    'bm25, of the best',
    'window 10, of the best',
    'pairs, of the best',
  ]),
}
export const pieceOptions: BoostOptions = {
  ...passageOptions,
  direction: directionOf(pieceFeatures),
  sloping: places(pieceFeatures, [
    'cover, of the best',
    'bm25, of the best',
    'cover of three',
    'passage, below the best',
    'passage, rank',
  ]),
}

export const trainPassages = (examples: readonly Example[], options = passageOptions): StoredForest =>
  encodeForest(boost(setOf(examples, listFeatures.length), options))

/** Sentences learn from scores of passages that were made without their own question: two halves score each other. */
export function trainPieces(
  { passages, pieces }: Examples,
  options = pieceOptions,
  base = passageOptions,
): StoredForest {
  const half = (question: string): number => partOf(`${question} half`, 2)
  const halves = [0, 1].map((side) =>
    decodeForest(
      trainPassages(
        passages.filter(({ question }) => half(question) !== side),
        base,
      ),
    ),
  )
  for (const { question, matrix, whole } of pieces)
    tellScores(matrix, whole!.rowOf, scoreRows(halves[half(question)]!, whole!.matrix, whole!.count))
  return encodeForest(boost(setOf(pieces, pieceFeatures.length), options))
}

export function train(
  { passages, pieces }: Examples,
  keep: (question: string, set: string) => boolean = () => true,
): RankerWeights {
  const kept: Examples = {
    passages: passages.filter(({ question, set }) => keep(question, set)),
    pieces: pieces.filter(({ question, set }) => keep(question, set)),
  }
  return { passages: trainPassages(kept.passages), pieces: trainPieces(kept) }
}

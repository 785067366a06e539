import { TextMeasure, textFeatures, type Weights } from './lexical.ts'
import { listFeatures } from './lists.ts'
import type { Question } from './question.ts'
import type { Tokens } from './tokens.ts'

/** A sentence, and the row of its passage in the list of passages. */
export interface Piece {
  readonly tokens: Tokens
  readonly row: number
  readonly text: string
}

const own = textFeatures.length
const width = listFeatures.length
const at = (name: (typeof textFeatures)[number]): number => textFeatures.indexOf(name)
const [coverAt, bm25At, fitsAt] = [at('cover'), at('bm25'), at('fits the question')]
const shares = ['cover', 'window 10', 'bm25', 'pairs', 'fits the question'] as const
const sharesAt = shares.map(at)
/** Features of the passage that its sentences are given too. */
const inherited: readonly string[] = [
  'cover',
  'window 25',
  'score, of the best',
  'like the first',
  'head covers',
  'head asked for',
  'head told of by the first',
  'new beside the first',
  'fits the question',
]
const inheritedAt = inherited.map((name) => listFeatures.indexOf(name))
const headCovers = listFeatures.indexOf('head covers')

/** Features that the scores of the passages give. */
const scored = ['passage, below the best', 'passage, rank', 'passage, beside the next'] as const

/** What `measurePieces` gives for each sentence, in this order. */
export const pieceFeatures: readonly string[] = [
  ...textFeatures,
  ...shares.map((name) => `${name}, of the best`),
  'cover of the one before',
  'cover of the one after',
  'cover of three',
  'fits in the one before',
  ...scored,
  'place',
  'place from the end',
  'pieces',
  'rank in the passage',
  'cover not in the head',
  'asks',
  'letters',
  ...inherited.map((name) => `passage, ${name}`),
]

/** The features of all sentences of a list of passages, whose own rows are given; `tellScores` fills in the rest. */
export function measurePieces(
  question: Question,
  weights: Weights,
  pieces: readonly Piece[],
  passages: Float32Array,
): Float32Array {
  const features = pieceFeatures.length
  const matrix = new Float32Array(pieces.length * features)
  let [words, letters] = [0, 0]
  for (const { tokens, text } of pieces) {
    words += tokens.length
    letters += text.length
  }
  const meanLetters = letters / Math.max(1, pieces.length)
  const measure = new TextMeasure(question, { ...weights, meanLength: words / Math.max(1, pieces.length) || 1 })
  for (const [piece, { tokens }] of pieces.entries()) measure.measure(tokens, matrix, piece * features)
  const value = (piece: number, feature: number): number => matrix[piece * features + feature]!
  const best = sharesAt.map((feature) => {
    let most = 1e-6
    for (let piece = 0; piece < pieces.length; piece++) most = Math.max(most, value(piece, feature))
    return most
  })
  const stamp = new Int32Array(question.size).fill(-1)
  for (let from = 0; from < pieces.length; ) {
    const { row } = pieces[from]!
    let end = from
    while (end < pieces.length && pieces[end]!.row === row) end++
    for (let piece = from; piece < end; piece++) {
      let to = piece * features + own
      for (let share = 0; share < sharesAt.length; share++)
        matrix[to++] = Math.max(0, value(piece, sharesAt[share]!)) / best[share]!
      const cover = value(piece, coverAt)
      matrix[to++] = piece > from ? value(piece - 1, coverAt) : -1
      matrix[to++] = piece + 1 < end ? value(piece + 1, coverAt) : -1
      matrix[to++] = coverOf(pieces, Math.max(from, piece - 1), Math.min(end, piece + 2), weights, stamp, piece)
      matrix[to++] = piece > from ? value(piece - 1, fitsAt) : -1
      to += scored.length
      matrix[to++] = Math.min(30, piece - from)
      matrix[to++] = Math.min(30, end - 1 - piece)
      matrix[to++] = Math.log1p(end - from)
      const bm25 = value(piece, bm25At)
      let better = 0
      for (let other = from; other < end; other++) if (value(other, bm25At) > bm25) better++
      matrix[to++] = better
      matrix[to++] = cover - passages[row * width + headCovers]!
      const text = pieces[piece]!.text.trimEnd()
      matrix[to++] = text.endsWith('?') || text.endsWith('？') ? 1 : 0
      matrix[to++] = Math.log1p(text.length) - Math.log1p(meanLetters)
      for (const feature of inheritedAt) matrix[to++] = passages[row * width + feature]!
    }
    from = end
  }
  return matrix
}

/** Fills in what the passages' scores say; `rows` names the passage of each sentence. */
export function tellScores(matrix: Float32Array, rows: readonly number[], scores: Float64Array): void {
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b)
  const rankOf = new Int32Array(scores.length)
  for (const [rank, row] of order.entries()) rankOf[row] = rank
  const top = order.length > 0 ? scores[order[0]!]! : 0
  const lead = order.length > 1 ? top - scores[order[1]!]! : 3
  const first = pieceFeatures.indexOf(scored[0])
  for (const [piece, row] of rows.entries()) {
    const to = piece * pieceFeatures.length + first
    matrix[to] = top - scores[row]!
    matrix[to + 1] = Math.log1p(rankOf[row]!)
    matrix[to + 2] = rankOf[row] === 0 ? lead : 0
  }
}

/** Share of the question's weight that the sentences from one to before another cover together. */
function coverOf(
  pieces: readonly Piece[],
  from: number,
  end: number,
  { of, total }: Weights,
  stamp: Int32Array,
  turn: number,
): number {
  let sum = 0
  for (let piece = from; piece < end; piece++) {
    const { ids } = pieces[piece]!.tokens
    for (let index = 0; index < ids.length; index++) {
      const id = ids[index]!
      if (id >= of.length || stamp[id] === turn) continue
      stamp[id] = turn
      sum += of[id]!
    }
  }
  return sum / total
}

import { type Analyzer, inverseDocumentFrequency, type RankItem, type RankOptions } from '../../core/index.ts'
import { type Weights, weigh } from './lexical.ts'
import { type Listed, measureList } from './lists.ts'
import { measurePieces, type Piece } from './pieces.ts'
import { type Question, readQuestion } from './question.ts'
import { joinTokens, type Tokens, tokenReader, Vocabulary } from './tokens.ts'

/** Most words of a first line that count as a title. */
const titleWords = 12
/** How often the signal is looked at. */
const breath = 256

interface Read {
  readonly question: Question
  readonly weights: Weights
  readonly vocabulary: Vocabulary
  readonly list: readonly Listed[]
  /** Items in their order, where they are pieces of passages. */
  readonly pieces: readonly Piece[]
}

/** Words of the first line of a text of several lines, where they are few. */
function titleOf(text: string, length: number, wordsOf: (line: string) => number): number | undefined {
  const end = text.indexOf('\n')
  if (end <= 0 || end > 160) return undefined
  const words = wordsOf(text.slice(0, end))
  return words > 0 && words <= titleWords && words < length ? words : undefined
}

/** Reads the question and its items; pieces of one passage make one row of the list. */
function readAll(query: string, items: readonly RankItem[], analyzer: Analyzer, options: RankOptions): Read {
  const vocabulary = new Vocabulary()
  const question = readQuestion(query, analyzer, vocabulary)
  const read = tokenReader(analyzer, vocabulary)
  const list: Listed[] = []
  const pieces: Piece[] = []
  for (let from = 0; from < items.length; ) {
    const { passage, context, score, text } = items[from]!
    let end = from + 1
    while (passage !== undefined && end < items.length && items[end]!.passage === passage) end++
    const parts: Tokens[] = []
    for (let at = from; at < end; at++) {
      if (at % breath === 0) options.abortSignal?.throwIfAborted()
      const tokens = read(items[at]!.text)
      parts.push(tokens)
      if (passage !== undefined) pieces.push({ tokens, row: list.length, text: items[at]!.text })
    }
    const above = context ? read(context) : undefined
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    const title = above?.length || titleOf(text, length, (line) => read(line).length)
    list.push({
      tokens: joinTokens(above ? [above, ...parts] : parts),
      ...(title ? { title } : {}),
      ...(score === undefined ? {} : { score }),
    })
    from = end
  }
  const texts = list.map(({ tokens }) => tokens)
  const weights = weigh(question, texts, options.rarity ?? rarityAmong(question, texts))
  return { question, weights, vocabulary, list, pieces }
}

/** Inverse document frequency of the question's terms among some texts. */
function rarityAmong({ size, terms }: Question, texts: readonly Tokens[]): (term: string) => number {
  const held = new Int32Array(size)
  const last = new Int32Array(size).fill(-1)
  for (const [text, { ids }] of texts.entries())
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at]!
      if (id >= size || last[id] === text) continue
      last[id] = text
      held[id]!++
    }
  const numbers = new Map(terms.map((term, number) => [term, number]))
  return (term) => {
    const count = held[numbers.get(term) ?? -1] ?? 0
    return inverseDocumentFrequency(texts.length, count)
  }
}

/** The features of a list of passages, row by row. */
export function passageRows(
  query: string,
  items: readonly RankItem[],
  analyzer: Analyzer,
  options: RankOptions = {},
): Float32Array {
  const { question, weights, vocabulary, list } = readAll(query, items, analyzer, options)
  return measureList(question, weights, list, vocabulary.size)
}

/** The features of pieces of passages and of the passages themselves, row by row. */
export interface PieceRows {
  readonly passages: Float32Array
  readonly pieces: Float32Array
  /** Of each piece, the row of its passage. */
  readonly rowOf: readonly number[]
  /** Number of passages. */
  readonly count: number
}

/** What is left to do then is `tellScores`. */
export function pieceRows(
  query: string,
  items: readonly RankItem[],
  analyzer: Analyzer,
  options: RankOptions = {},
): PieceRows {
  const { question, weights, vocabulary, list, pieces } = readAll(query, items, analyzer, options)
  const passages = measureList(question, weights, list, vocabulary.size)
  options.abortSignal?.throwIfAborted()
  return {
    passages,
    pieces: measurePieces(question, weights, pieces, passages),
    rowOf: pieces.map(({ row }) => row),
    count: list.length,
  }
}

import { splitsPair, type TokenEmbedder } from '../core/index.ts'

/** A half-open range of UTF-16 offsets in one text. */
export type Range = readonly [start: number, end: number]

export interface Token {
  readonly start: number
  readonly end: number
  readonly vector: Float32Array
}
export interface PassOptions {
  /** Share of a pass that the next one reads again, 0 to 0.9; used where the text is longer than the window. Default 0.25. */
  readonly overlap: number
}

/** Most characters handed to one pass: more than any window of tokens holds. */
const longestPass = 1 << 20

/**
 * The vectors of all tokens of a text, in order. A text longer than the model's window takes several passes that overlap;
 * each token comes from the pass in which more is seen on its nearer side (Günther et al. 2024, Late Chunking, arXiv 2409.04701).
 */
export async function* tokensOf(
  text: string,
  embedder: TokenEmbedder,
  { overlap = 0.25 }: Partial<PassOptions> = {},
  abortSignal?: AbortSignal,
): AsyncGenerator<Token> {
  const { dimensions } = embedder
  let from = 0
  let taken = 0
  while (from < text.length) {
    abortSignal?.throwIfAborted()
    let until = Math.min(text.length, from + longestPass)
    if (splitsPair(text, until)) until--
    const { starts, ends, values } = await embedder.embedTokens(text.slice(from, until), 'passage', abortSignal)
    const covered = starts.length === 0 ? until : from + ends.at(-1)!
    const last = starts.length === 0 || !/[\p{L}\p{N}]/u.test(text.slice(covered))
    const shared = last ? 0 : Math.floor((covered - from) * Math.min(0.9, Math.max(0, overlap)))
    const bound = last ? text.length : covered - (shared >>> 1)
    for (let index = 0; index < starts.length; index++) {
      const start = from + starts[index]!
      if (start < taken || start >= bound) continue
      const vector = values.subarray(index * dimensions, (index + 1) * dimensions)
      yield { start, end: from + ends[index]!, vector }
    }
    if (last) return
    taken = bound
    // The next pass begins with a token, so that none is cut.
    const wanted = covered - shared
    let next = covered
    for (let index = starts.length - 1; index > 0 && from + starts[index]! >= wanted; index--)
      next = from + starts[index]!
    from = next
  }
}

/** How much a token counts: 1 without it. */
export type Weigh = (start: number, end: number) => number

/**
 * One vector for each range: the mean of the tokens that begin in it. Ranges are sorted by start and may overlap; one
 * without a token gets zeros.
 */
export async function poolRanges(
  tokens: AsyncIterable<Token>,
  ranges: readonly Range[],
  dimensions: number,
  weigh: Weigh = () => 1,
): Promise<Float32Array[]> {
  const sums = ranges.map(() => new Float32Array(dimensions))
  const weights = ranges.map(() => 0)
  let open = 0
  for await (const { start, end, vector } of tokens) {
    while (open < ranges.length && ranges[open]![1] <= start) open++
    const weight = weigh(start, end)
    for (let index = open; index < ranges.length && ranges[index]![0] <= start; index++) {
      if (ranges[index]![1] <= start) continue
      const sum = sums[index]!
      for (let at = 0; at < dimensions; at++) sum[at]! += weight * vector[at]!
      weights[index]! += weight
    }
  }
  return sums.map((sum, index) => (weights[index]! > 0 ? sum.map((value) => value / weights[index]!) : sum))
}

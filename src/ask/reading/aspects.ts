import type { Span } from '../../core/index.ts'

export const sentiments = ['positive', 'negative', 'mixed', 'neutral'] as const
export type Sentiment = (typeof sentiments)[number]

/** What inputs say of one aspect in one sense. */
export interface Opinion {
  readonly aspect: string
  readonly sentiment: Sentiment
  /** Inputs that hold it. */
  readonly inputs: number
}

/** An aspect for comparing: lower case, without articles and plural endings. */
export const aspectKey = (aspect: string): string =>
  aspect
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\b(?:the|a|an)\s+/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/(?<=\p{L}{3})s\b/gu, '')

/**
 * How well a summary's pairs of aspect and sentiment stand for those of its inputs, without a reference summary: the precision is the share
 * of its pairs that some input holds; the recall is the share of the inputs' pairs, each counted as often as it is held, that it has. An
 * empty side scores 1. After Nayeem and Rafiei 2024, LFOSum, arXiv 2410.13037.
 */
export function aspectScores(
  said: readonly Pick<Opinion, 'aspect' | 'sentiment'>[],
  held: readonly Opinion[],
): { readonly precision: number; readonly recall: number } {
  const key = ({ aspect, sentiment }: Pick<Opinion, 'aspect' | 'sentiment'>): string =>
    `${aspectKey(aspect)}\n${sentiment}`
  const known = new Set(held.map(key))
  const pairs = new Set(said.map(key))
  const right = [...pairs].filter((pair) => known.has(pair)).length
  const all = held.reduce((sum, { inputs }) => sum + inputs, 0)
  const covered = held.reduce((sum, opinion) => sum + (pairs.has(key(opinion)) ? opinion.inputs : 0), 0)
  return { precision: pairs.size === 0 ? 1 : right / pairs.size, recall: all === 0 ? 1 : covered / all }
}

/**
 * Where evidence lies in the whole input, as counts of spans by equal shares of its length, first to last. `starts` has for each source where
 * it begins in reading order, in UTF-16 units of all together. Wright et al. 2025, SUnsET, arXiv 2502.14409.
 */
export function positions(
  spans: readonly Span[],
  starts: ReadonlyMap<string, number>,
  length: number,
  bins = 10,
): number[] {
  const counts = new Array<number>(bins).fill(0)
  for (const { source, start, end } of spans) {
    const base = starts.get(source)
    if (base === undefined || length === 0) continue
    const bin = Math.min(bins - 1, Math.floor(((base + (start + end) / 2) / length) * bins))
    counts[bin]!++
  }
  return counts
}

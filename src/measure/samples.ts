import type { Result } from './contract.ts'

/** Scores of two systems on the samples that both have done, in the same order. */
export function samplesAlike(
  one: readonly Result[],
  other: readonly Result[],
  score: string,
): [one: number[], other: number[]] {
  const name = ({ task, length, seed, sample }: Result): string => `${task}|${length}|${seed}|${sample}`
  const known = new Map(other.map((result) => [name(result), result.scores[score]]))
  const pairs: [number, number][] = []
  for (const result of one) {
    const [mine, theirs] = [result.scores[score], known.get(name(result))]
    if (mine !== undefined && theirs !== undefined) pairs.push([mine, theirs])
  }
  return [pairs.map(([mine]) => mine), pairs.map(([, theirs]) => theirs)]
}

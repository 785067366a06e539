import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Analyzer, FoveaError, hashOf, type Ranker } from '../../core/index.ts'
import { rankingModel } from '../../model/index.ts'

/** Part of `parts` that a question belongs to, by the last forty letters of it: asked with and without a scenario it is the same. */
export function partOf(question: string, parts: number): number {
  const letters = question
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .slice(-40)
  let hash = hashOf(letters)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return ((hash ^ (hash >>> 13)) >>> 0) % parts
}

/**
 * The ranker `learned` with weights that have not seen the question it is asked: `folder` holds one file of weights for each part
 * of the questions, in order, each trained without that part. Throws `weights-missing`.
 */
export async function heldOutRanker(folder: string, analyzer: Analyzer): Promise<Ranker> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort()
  if (names.length === 0)
    throw new FoveaError(
      'weights-missing',
      `${folder} holds no weights of a ranker; make them with "node scripts/train-ranker.ts --judge FOLDER" and name its part "folds"`,
      { detail: { folder } },
    )
  const parts: Required<Ranker>[] = []
  for (const name of names) {
    const weights: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'))
    parts.push((await rankingModel('learned/held-out', { analyzer, weights })) as Required<Ranker>)
  }
  const of = (question: string): Required<Ranker> => parts[partOf(question, parts.length)]!
  return {
    name: 'learned, held out',
    rank: (query, texts, abortSignal) => of(query).rank(query, texts, abortSignal),
    rankItems: (query, items, options) => of(query).rankItems(query, items, options),
  }
}

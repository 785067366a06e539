import type { Passage } from '../core/index.ts'
import type { Searchable } from '../store/index.ts'
import { compressors } from './catalog.ts'
import type { CompressorMeta, FitRequest } from './contract.ts'

/** The compressor that is used for a question when none is named: chosen by bench/specs/compressors.yaml. */
export const defaultCompressor = 'evidence'

/** What a compressor works on, of what was found: the passages, or the whole Sources around them where its `meta` asks for those. */
export async function takenBy(
  compressor: string,
  store: Searchable,
  found: readonly Passage[],
): Promise<Pick<FitRequest, 'passages' | 'found'>> {
  const meta: CompressorMeta | undefined = compressors.find((entry) => entry.meta.name === compressor)?.meta
  return meta?.takes === 'source' ? { passages: await sourcesAround(store, found), found } : { passages: found }
}

/** The whole Sources that passages stand in, each once with the best score of its own; what is derived stays as it is. */
async function sourcesAround(store: Searchable, found: readonly Passage[]): Promise<Passage[]> {
  const derived = found.filter((passage) => passage.derived !== undefined)
  const scores = new Map<string, number>()
  for (const { spans, score, derived: written } of found)
    for (const { source } of written === undefined ? spans : [])
      scores.set(source, Math.max(scores.get(source) ?? Number.NEGATIVE_INFINITY, score))
  const whole: Passage[] = []
  for (const [source, score] of scores) {
    const stored = await store.source({ source, start: 0, end: 0 })
    if (stored) whole.push({ spans: [{ source, start: 0, end: stored.length }], score, trail: ['found', 'whole'] })
  }
  return [...whole, ...derived]
}

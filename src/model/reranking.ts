import type { Ranker, Usage } from '../core/index.ts'
import type { RerankingModel } from './contract.ts'
import { cutToWindow } from './embedding.ts'
import { hashOf } from './hash.ts'
import { Meter, type MeterOptions } from './meter.ts'

export interface RerankingOptions extends MeterOptions {
  /** The provider's own settings, by provider. */
  readonly providerOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Most tokens of one text; what is longer is cut at its end. Default: as the model takes it. */
  readonly window?: number
  /** Most texts of one call. Default 100. */
  readonly textsPerCall?: number
}

/**
 * A reranking model of the AI SDK (specification v3 or v4) behind Fovea's contract. A text that the model leaves out of
 * its ranking stands below all others. Throws `model-unfit`, `model-failed` (after retries), `over-cost`.
 */
export function rerankingPort(model: RerankingModel, options: RerankingOptions = {}): Ranker & { usage(): Usage } {
  const meter = new Meter(model, 'doRerank', options)
  const { providerOptions, window, textsPerCall = 100 } = options

  async function score(query: string, texts: readonly string[], abortSignal?: AbortSignal): Promise<number[]> {
    const key = await hashOf(['rank', meter.name, providerOptions ?? {}, query, texts])
    const known = await meter.known(key)
    if (known !== undefined) return JSON.parse(known) as number[]
    const call = {
      query,
      documents: { type: 'text', values: [...texts] },
      topN: texts.length,
      ...(providerOptions ? { providerOptions } : {}),
      ...(abortSignal ? { abortSignal } : {}),
    }
    const tokens = texts.reduce((sum, text) => sum + meter.counter.count(text), meter.counter.count(query))
    const { ranking } = await meter.call(
      tokens,
      () => model.doRerank(call as never),
      () => undefined,
      abortSignal,
    )
    const least = ranking.reduce((low, { relevanceScore }) => Math.min(low, relevanceScore), 0)
    const scores = texts.map(() => least - 1)
    for (const { index, relevanceScore } of ranking) if (index in scores) scores[index] = relevanceScore
    await meter.keep(key, 'rank', JSON.stringify(scores))
    return scores
  }

  return {
    name: meter.name,
    async rank(query, given, abortSignal) {
      abortSignal?.throwIfAborted()
      const texts = window === undefined ? given : given.map((text) => cutToWindow(text, window, meter.counter))
      const batches: (readonly string[])[] = []
      for (let at = 0; at < texts.length; at += textsPerCall) batches.push(texts.slice(at, at + textsPerCall))
      return (await Promise.all(batches.map((batch) => score(query, batch, abortSignal)))).flat()
    },
    usage: () => meter.usage(),
  }
}

import { type Analyzer, FoveaError, loadLeaf, type Ranker } from '../core/index.ts'
import { providers, rankers } from './catalog.ts'
import type { LanguageModel } from './contract.ts'

export * from './catalog.ts'
export type * from './contract.ts'
export { addUsage, type ModelPortOptions, modelPort } from './port.ts'
export { listPrices, type Price, type PriceTable } from './prices.ts'
export type { RetryOptions } from './retry.ts'
export { tokenCounter } from './tokens.ts'

/**
 * A model by its name `provider/name`, such as `openai/gpt-5`; the name may hold further slashes.
 * Throws `provider-unknown`, `provider-missing` (an optional package is not installed) or `key-missing`.
 */
export async function languageModel(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<LanguageModel> {
  const slash = name.indexOf('/')
  const prefix = slash === -1 ? '' : name.slice(0, slash)
  const entry = providers.find(({ meta }) => meta.prefix === prefix)
  if (!entry || slash === name.length - 1) {
    const known = providers.map(({ meta }) => `${meta.prefix}/NAME`).join(', ')
    throw new FoveaError('provider-unknown', `"${name}" names no model; write one of: ${known}`, { detail: { name } })
  }
  return (await entry.load()).default(name.slice(slash + 1), environment)
}

/** The ranker that ships with the package; it reads words as the index does, with the index's analyzer. */
export async function learnedRanker(analyzer: Analyzer): Promise<Ranker> {
  return (await loadLeaf(rankers, 'learned'))('learned', { analyzer })
}

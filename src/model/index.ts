import { type Analyzer, type Embedder, FoveaError, loadLeaf, type Ranker, type TokenEmbedder } from '../core/index.ts'
import { embedders, providers, rankers } from './catalog.ts'
import type { LanguageModel, NeuralMeta, NeuralOptions } from './contract.ts'

export { type OnnxFolder, type OnnxOptions, onnxFolder } from './adapters/onnx.ts'
export * from './catalog.ts'
export type * from './contract.ts'
export { type EmbeddingOptions, embeddingPort } from './embedding.ts'
export { journalOf as openJournal } from './journal.ts'
export type { MeterOptions } from './meter.ts'
export { type NgramOptions, ngramModel } from './ngram.ts'
export { addUsage, type ModelPortOptions, modelPort } from './port.ts'
export { listPrices, type Price, type PriceTable } from './prices.ts'
export { type RerankingOptions, rerankingPort } from './reranking.ts'
export type { RetryOptions } from './retry.ts'
export { tokenCounter } from './tokens.ts'
export * from './vectors.ts'

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

function entryOf<Entry extends { readonly meta: NeuralMeta }>(catalog: readonly Entry[], name: string): Entry {
  const prefix = name.slice(0, Math.max(0, name.indexOf('/')))
  const entry = catalog.find(({ meta }) => meta.prefixes.includes(prefix))
  if (entry && name.length > prefix.length + 1) return entry
  const known = catalog.flatMap(({ meta }) => meta.prefixes.map((known) => `${known}/NAME`)).join(', ')
  throw new FoveaError('provider-unknown', `"${name}" names no model; write one of: ${known}`, { detail: { name } })
}

/**
 * An embedding model by its name, such as `openai/text-embedding-3-small` or `onnx/FOLDER`; options are its leaf's own.
 * Throws `provider-unknown`, `provider-missing`, `key-missing`, `model-missing`, `model-unfit`.
 */
export async function embeddingModel(
  name: string,
  options: NeuralOptions & Readonly<Record<string, unknown>> = {},
): Promise<Embedder & Partial<Pick<TokenEmbedder, 'embedTokens'>>> {
  return (await entryOf(embedders, name).load()).default(name, options)
}

/** A reranking model by its name, such as `cohere/rerank-v3.5` or `onnx/FOLDER`. Throws as `embeddingModel` does. */
export async function rankingModel(
  name: string,
  options: NeuralOptions & Readonly<Record<string, unknown>> = {},
): Promise<Ranker> {
  return (await entryOf(rankers, name).load()).default(name, options)
}

/** The ranker that ships with the package; it reads words as the index does, with the index's analyzer. */
export async function learnedRanker(analyzer: Analyzer): Promise<Ranker> {
  return (await loadLeaf(rankers, 'learned'))('learned', { analyzer })
}

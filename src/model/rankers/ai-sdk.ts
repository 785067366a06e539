import { FoveaError } from '../../core/index.ts'
import { loadPeer, requireKey } from '../adapters/peer.ts'
import type { NeuralOptions, RankerFactory, RankerMeta, RerankingModel } from '../contract.ts'
import { type RerankingOptions, rerankingPort } from '../reranking.ts'

export const meta = {
  name: 'ai-sdk',
  summary: "Reranking models of Cohere, or of a server that speaks Cohere's protocol, through the AI SDK.",
  prefixes: ['cohere'],
  peers: ['@ai-sdk/cohere'],
  environment: ['COHERE_API_KEY', 'COHERE_BASE_URL'],
} as const satisfies RankerMeta

type Create = (settings: object) => { reranking(name: string): RerankingModel }

/** `name` is `cohere/model`, such as `cohere/rerank-v3.5`. */
const factory: RankerFactory = async (name, options: RerankingOptions & NeuralOptions = {}) => {
  const slash = name.indexOf('/')
  if (name.slice(0, Math.max(0, slash)) !== 'cohere')
    throw new FoveaError('provider-unknown', `"${name}" names no reranking model of the AI SDK`)
  const { environment = {}, ...rest } = options
  const apiKey = requireKey(environment, 'COHERE_API_KEY')
  const baseURL = environment.COHERE_BASE_URL
  const { createCohere: create } = (await loadPeer(meta.peers[0])) as { createCohere: Create }
  return rerankingPort(create({ apiKey, ...(baseURL ? { baseURL } : {}) }).reranking(name.slice(slash + 1)), rest)
}
export default factory

import { FoveaError } from '../../core/index.ts'
import { loadPeer, requireKey } from '../adapters/peer.ts'
import type { EmbedderFactory, EmbedderMeta, EmbeddingModel } from '../contract.ts'
import { type EmbeddingOptions, embeddingPort } from '../embedding.ts'

export const meta = {
  name: 'ai-sdk',
  summary:
    'Embedding models of OpenAI, Google, Cohere, Ollama or any server of the OpenAI protocol, through the AI SDK.',
  prefixes: ['openai', 'google', 'cohere', 'ollama', 'compatible'],
  peers: ['@ai-sdk/openai', '@ai-sdk/google', '@ai-sdk/cohere', '@ai-sdk/openai-compatible'],
  environment: [
    'OPENAI_API_KEY',
    'OPENAI_BASE_URL',
    'GOOGLE_GENERATIVE_AI_API_KEY',
    'GOOGLE_BASE_URL',
    'COHERE_API_KEY',
    'COHERE_BASE_URL',
    'OLLAMA_HOST',
    'FOVEA_BASE_URL',
    'FOVEA_API_KEY',
  ],
  tokens: false,
} as const satisfies EmbedderMeta

type Environment = Readonly<Record<string, string | undefined>>
type Create = (settings: object) => { embeddingModel(name: string): EmbeddingModel }

interface Maker {
  readonly peer: string
  readonly create: string
  settings(environment: Environment): object
  readonly providerOptions?: EmbeddingOptions['providerOptions']
}

const keyed = (key: string, base: string) => (environment: Environment) => ({
  apiKey: requireKey(environment, key),
  ...(environment[base] ? { baseURL: environment[base] } : {}),
})

const makers: Readonly<Record<string, Maker>> = {
  openai: { peer: '@ai-sdk/openai', create: 'createOpenAI', settings: keyed('OPENAI_API_KEY', 'OPENAI_BASE_URL') },
  google: {
    peer: '@ai-sdk/google',
    create: 'createGoogleGenerativeAI',
    settings: keyed('GOOGLE_GENERATIVE_AI_API_KEY', 'GOOGLE_BASE_URL'),
    providerOptions: {
      query: { google: { taskType: 'RETRIEVAL_QUERY' } },
      passage: { google: { taskType: 'RETRIEVAL_DOCUMENT' } },
    },
  },
  cohere: {
    peer: '@ai-sdk/cohere',
    create: 'createCohere',
    settings: keyed('COHERE_API_KEY', 'COHERE_BASE_URL'),
    providerOptions: {
      query: { cohere: { inputType: 'search_query' } },
      passage: { cohere: { inputType: 'search_document' } },
    },
  },
  ollama: {
    peer: '@ai-sdk/openai-compatible',
    create: 'createOpenAICompatible',
    settings({ OLLAMA_HOST }) {
      const host = OLLAMA_HOST || '127.0.0.1:11434'
      const address = /^https?:\/\//.test(host) ? host : `http://${host}`
      return { name: 'ollama', baseURL: `${address.replace(/\/+$/, '')}/v1` }
    },
  },
  compatible: {
    peer: '@ai-sdk/openai-compatible',
    create: 'createOpenAICompatible',
    settings({ FOVEA_BASE_URL: baseURL, FOVEA_API_KEY: apiKey }) {
      if (baseURL) return { name: 'compatible', baseURL, ...(apiKey ? { apiKey } : {}) }
      const advice = 'set FOVEA_BASE_URL to the address of the server, such as http://localhost:8000/v1'
      throw new FoveaError('key-missing', advice)
    },
  },
}

/** `name` is `provider/model`; models that were trained to tell queries from passages are told which is which. */
const factory: EmbedderFactory = async (name, options: EmbeddingOptions & { environment?: Environment } = {}) => {
  const slash = name.indexOf('/')
  const maker = makers[name.slice(0, Math.max(0, slash))]
  if (!maker) throw new FoveaError('provider-unknown', `"${name}" names no embedding model of the AI SDK`)
  const create = (await loadPeer(maker.peer))[maker.create] as Create
  const { environment = {}, ...rest } = options
  const model = create(maker.settings(environment)).embeddingModel(name.slice(slash + 1))
  return embeddingPort(model, {
    ...(maker.providerOptions ? { providerOptions: maker.providerOptions } : {}),
    ...rest,
  })
}
export default factory

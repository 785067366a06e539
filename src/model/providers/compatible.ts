import { FoveaError } from '../../core/index.ts'
import { loadPeer } from '../adapters/peer.ts'
import type { LanguageModel, Provider, ProviderMeta } from '../contract.ts'

export const meta = {
  name: 'compatible',
  prefix: 'compatible',
  summary: 'Any server that speaks the OpenAI chat protocol, at FOVEA_BASE_URL.',
  peer: '@ai-sdk/openai-compatible',
  environment: ['FOVEA_BASE_URL', 'FOVEA_API_KEY'],
} as const satisfies ProviderMeta

type Create = (settings: object) => (name: string) => LanguageModel

const provider: Provider = async (name, environment) => {
  const baseURL = environment.FOVEA_BASE_URL
  if (!baseURL)
    throw new FoveaError(
      'key-missing',
      'set FOVEA_BASE_URL to the address of the server, such as http://localhost:8000/v1',
    )
  const { createOpenAICompatible: create } = (await loadPeer(meta.peer)) as { createOpenAICompatible: Create }
  const apiKey = environment.FOVEA_API_KEY
  return create({ name: 'compatible', baseURL, includeUsage: true, ...(apiKey ? { apiKey } : {}) })(name)
}
export default provider

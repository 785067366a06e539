import { loadPeer, requireKey } from '../adapters/peer.ts'
import type { LanguageModel, Provider, ProviderMeta } from '../contract.ts'

export const meta = {
  name: 'openai',
  prefix: 'openai',
  summary: 'OpenAI models through the AI SDK.',
  peer: '@ai-sdk/openai',
  environment: ['OPENAI_API_KEY', 'OPENAI_BASE_URL'],
} as const satisfies ProviderMeta

const provider: Provider = async (name, environment) => {
  const apiKey = requireKey(environment, 'OPENAI_API_KEY')
  const { createOpenAI: create } = (await loadPeer(meta.peer)) as {
    createOpenAI: (settings: object) => (name: string) => LanguageModel
  }
  const baseURL = environment.OPENAI_BASE_URL
  return create({ apiKey, ...(baseURL ? { baseURL } : {}) })(name)
}
export default provider

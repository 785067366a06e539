import { loadPeer, requireKey } from '../adapters/peer.ts'
import type { LanguageModel, Provider, ProviderMeta } from '../contract.ts'

export const meta = {
  name: 'google',
  prefix: 'google',
  summary: 'Google models through the AI SDK.',
  peer: '@ai-sdk/google',
  environment: ['GOOGLE_GENERATIVE_AI_API_KEY', 'GOOGLE_BASE_URL'],
} as const satisfies ProviderMeta

const provider: Provider = async (name, environment) => {
  const apiKey = requireKey(environment, 'GOOGLE_GENERATIVE_AI_API_KEY')
  const { createGoogleGenerativeAI: create } = (await loadPeer(meta.peer)) as {
    createGoogleGenerativeAI: (settings: object) => (name: string) => LanguageModel
  }
  const baseURL = environment.GOOGLE_BASE_URL
  return create({ apiKey, ...(baseURL ? { baseURL } : {}) })(name)
}
export default provider

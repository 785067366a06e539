import { loadPeer, requireKey } from '../adapters/peer.ts'
import type { LanguageModel, Provider, ProviderMeta } from '../contract.ts'

export const meta = {
  name: 'anthropic',
  prefix: 'anthropic',
  summary: 'Anthropic models through the AI SDK.',
  peer: '@ai-sdk/anthropic',
  environment: ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL'],
} as const satisfies ProviderMeta

const provider: Provider = async (name, environment) => {
  const apiKey = requireKey(environment, 'ANTHROPIC_API_KEY')
  const { createAnthropic: create } = (await loadPeer(meta.peer)) as {
    createAnthropic: (settings: object) => (name: string) => LanguageModel
  }
  const baseURL = environment.ANTHROPIC_BASE_URL
  return create({ apiKey, ...(baseURL ? { baseURL } : {}) })(name)
}
export default provider

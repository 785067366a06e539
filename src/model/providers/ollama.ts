import { loadPeer } from '../adapters/peer.ts'
import type { LanguageModel, Provider, ProviderMeta } from '../contract.ts'

export const meta = {
  name: 'ollama',
  prefix: 'ollama',
  summary: 'Local models of an Ollama server, at OLLAMA_HOST or port 11434 of this machine.',
  peer: '@ai-sdk/openai-compatible',
  environment: ['OLLAMA_HOST'],
} as const satisfies ProviderMeta

type Create = (settings: object) => (name: string) => LanguageModel

const provider: Provider = async (name, environment) => {
  const { createOpenAICompatible: create } = (await loadPeer(meta.peer)) as { createOpenAICompatible: Create }
  const host = environment.OLLAMA_HOST || '127.0.0.1:11434'
  const address = /^https?:\/\//.test(host) ? host : `http://${host}`
  return create({ name: 'ollama', baseURL: `${address.replace(/\/+$/, '')}/v1`, includeUsage: true })(name)
}
export default provider

import { FoveaError, type TokenCounter } from '../core/index.ts'
import { tokenizers } from './catalog.ts'

interface Family {
  readonly pattern: RegExp
  readonly encoding: string
  /** Share of the count to hold back, because the family's own tokenizer is not public or not shipped. */
  readonly margin: number
}

// Margins hold the longest excess over o200k_base that users of these families report on prose and code.
const families: readonly Family[] = [
  { pattern: /^(gpt-(4o|4\.1|4\.5|5|realtime|audio)|chatgpt|codex|o[1-9])/, encoding: 'o200k_base', margin: 0 },
  { pattern: /^gpt-oss/, encoding: 'o200k_harmony', margin: 0 },
  { pattern: /^(gpt-4|gpt-3\.5|text-embedding)/, encoding: 'cl100k_base', margin: 0 },
  { pattern: /claude/, encoding: 'o200k_base', margin: 0.5 },
  { pattern: /gemini|gemma/, encoding: 'o200k_base', margin: 0.2 },
  { pattern: /llama|mistral|mixtral|qwen|deepseek|phi|command/, encoding: 'o200k_base', margin: 0.3 },
]
const unknown: Family = { pattern: /./, encoding: 'o200k_base', margin: 0.3 }

/**
 * Counts tokens for an encoding (`o200k_base`) or a model (`gpt-5`, `anthropic/claude-sonnet-4-5`). For a model whose
 * tokenizer is not public the count is that of a public one and `margin` says what to hold back.
 * Throws `tokenizer-unknown` when the name is empty.
 */
export async function tokenCounter(name: string): Promise<TokenCounter> {
  if (!name.trim()) throw new FoveaError('tokenizer-unknown', 'name an encoding such as o200k_base, or a model')
  const exact = await withEncoding(name)
  if (exact) return exact
  const model = name.slice(name.lastIndexOf('/') + 1).toLowerCase()
  const family = families.find(({ pattern }) => pattern.test(model)) ?? unknown
  const counter = (await withEncoding(family.encoding))!
  if (family.margin === 0) return counter
  return {
    name: `${family.encoding} for ${model}`,
    count: counter.count,
    margin: (count) => Math.ceil(count * family.margin),
  }
}

async function withEncoding(encoding: string): Promise<TokenCounter | undefined> {
  const entry = tokenizers.find(({ meta }) => meta.encodings.includes(encoding))
  return entry && (await entry.load()).default(encoding)
}

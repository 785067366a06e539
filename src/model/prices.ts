import type { Usage } from '../core/index.ts'

/** US dollars per million tokens. */
export interface Price {
  readonly input: number
  readonly output: number
  readonly cacheRead?: number
  readonly cacheWrite?: number
  /** US dollars of one call, for models that are priced so: a reranking of up to 100 texts. */
  readonly call?: number
}
/** Prices by the start of a model's name: the longest match counts. Replace it with your own contract's. */
export type PriceTable = Readonly<Record<string, Price>>

/** List prices as their makers published them; they change, so a user's own table goes before. Local models are free. */
export const listPrices: PriceTable = {
  'gpt-5': { input: 1.25, output: 10, cacheRead: 0.125 },
  'gpt-5-mini': { input: 0.25, output: 2, cacheRead: 0.025 },
  'gpt-5-nano': { input: 0.05, output: 0.4, cacheRead: 0.005 },
  'gpt-4.1': { input: 2, output: 8, cacheRead: 0.5 },
  'gpt-4.1-mini': { input: 0.4, output: 1.6, cacheRead: 0.1 },
  'gpt-4.1-nano': { input: 0.1, output: 0.4, cacheRead: 0.025 },
  'gpt-4o': { input: 2.5, output: 10, cacheRead: 1.25 },
  'gpt-4o-mini': { input: 0.15, output: 0.6, cacheRead: 0.075 },
  'claude-opus-4-5': { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  'claude-sonnet-4': { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  'claude-haiku-4-5': { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
  'gemini-2.5-pro': { input: 1.25, output: 10, cacheRead: 0.31 },
  'gemini-2.5-flash': { input: 0.3, output: 2.5, cacheRead: 0.075 },
  'text-embedding-3-small': { input: 0.02, output: 0 },
  'text-embedding-3-large': { input: 0.13, output: 0 },
  'gemini-embedding-001': { input: 0.15, output: 0 },
  'embed-v4.0': { input: 0.12, output: 0 },
  'rerank-v3.5': { input: 0, output: 0, call: 0.002 },
  'gemini-2.5-flash-lite': { input: 0.1, output: 0.4, cacheRead: 0.025 },
}

export function priceOf(model: string, table: PriceTable): Price | undefined {
  const name = model.slice(model.lastIndexOf('/') + 1)
  let best = ''
  for (const key of Object.keys(table))
    if (key.length > best.length && (name === key || (name.startsWith(key) && /^[-@:]/.test(name.slice(key.length)))))
      best = key
  return best ? table[best] : undefined
}

type Tokens = Pick<Usage, 'inputTokens' | 'outputTokens'>

/** US dollars of what was used, or undefined when the price is unknown. */
export function costOf(usage: Tokens, price: Price | undefined): number | undefined {
  if (!price) return undefined
  const { total, cacheRead, cacheWrite } = usage.inputTokens
  const fresh = Math.max(0, total - cacheRead - cacheWrite)
  const dollars =
    fresh * price.input +
    cacheRead * (price.cacheRead ?? price.input) +
    cacheWrite * (price.cacheWrite ?? price.input) +
    usage.outputTokens * price.output
  return dollars / 1_000_000
}

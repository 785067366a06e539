import type { Usage } from '../core/index.ts'

/** The usage of an answer that no model was called for. */
export const noUsage: Usage = {
  calls: 0,
  inputTokens: { total: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: 0,
  milliseconds: 0,
}

/** Quotes for a message, shortened. */
export const quoted = (text: string, most = 120): string =>
  `"${text.length > most ? `${text.slice(0, most - 1)}…` : text}"`

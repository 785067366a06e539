import type { ReadingLimits } from '../contract.ts'

/** What a run has spent so far, promised tokens of calls in flight included. */
export interface Spent {
  readonly calls: number
  readonly tokens: number
  readonly cost: number
}

/** Why a call of so many tokens at most and such a price may not be begun within limits; undefined where it may. */
export function refusal(
  limits: ReadingLimits,
  spent: Spent,
  tokens: number,
  price: number | undefined,
): string | undefined {
  if (limits.calls !== undefined && spent.calls >= limits.calls) return `${limits.calls} calls are made, the limit`
  if (limits.tokens !== undefined && spent.tokens + tokens > limits.tokens)
    return `a further call would pass ${limits.tokens} tokens, the limit`
  if (limits.cost !== undefined && spent.cost + (price ?? 0) > limits.cost)
    return `a further call would pass $${limits.cost}, the limit`
  return undefined
}

/** Why nothing more is done when a run is asked to stop softly. */
export const askedToStop = 'it was asked to stop'

/** Tokens that are kept free for instructions and the reply. */
const spare = 1200

/** Most tokens of material in one prompt, of a prompt limit and a window. */
export const roomOf = (prompt: number, window = Number.POSITIVE_INFINITY): number =>
  Math.max(200, Math.min(prompt, Math.floor(window * 0.7)) - Math.min(spare, window * 0.15))

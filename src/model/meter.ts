import { estimateTokens, FoveaError, messageOf, type TokenCounter, type Usage, type Warning } from '../core/index.ts'
import { limiter } from './adapters/limit.ts'
import type { Journal, JournalEntry } from './contract.ts'
import { listPrices, type PriceTable, priceOf } from './prices.ts'
import { type RetryOptions, retrying } from './retry.ts'

export interface MeterOptions {
  /** Where paid replies are kept; absent for this process only. `openJournal` makes a durable one. */
  readonly journal?: Journal
  /** Calls in flight at once. Default 4. */
  readonly concurrency?: number
  readonly retry?: RetryOptions
  /** Prices that go before the list prices. */
  readonly prices?: PriceTable
  /** US dollars: a call that would pass this sum is refused with `over-cost`. Replayed calls cost nothing. */
  readonly maxCost?: number
  /** Default: an estimate by the kinds of characters. */
  readonly counter?: TokenCounter
  readonly clock?: () => number
  /** Told when a paid reply could not be made durable; the reply is still returned. */
  readonly warn?: (warning: Warning) => void
}

const estimated: TokenCounter = {
  name: 'estimate',
  count: estimateTokens,
  margin: (count) => Math.ceil(count / 4),
}

function memoryJournal(): Journal {
  const entries = new Map<string, JournalEntry>()
  return {
    get: async (key) => entries.get(key),
    set: async (entry) => void entries.set(entry.key, entry),
    close: async () => {},
  }
}

/** Calls of a model that takes text and gives numbers: limited, retried, counted, priced, and kept in a journal. */
export class Meter {
  readonly name: string
  readonly counter: TokenCounter
  readonly #modelId: string
  readonly #journal: Journal
  readonly #options: MeterOptions
  readonly #prices: PriceTable
  readonly #limit: ReturnType<typeof limiter>
  readonly #clock: () => number
  #calls = 0
  #tokens = 0
  #cost: number | undefined = 0
  /** Dollars of calls under way. */
  #held = 0
  #milliseconds = 0

  /** Throws `model-unfit` for a model of another specification or without the method. */
  constructor(
    model: { readonly specificationVersion: string; readonly provider: string; readonly modelId: string },
    method: string,
    options: MeterOptions,
  ) {
    if (
      typeof (model as unknown as Record<string, unknown>)?.[method] !== 'function' ||
      !['v3', 'v4'].includes(model.specificationVersion)
    )
      throw new FoveaError(
        'model-unfit',
        `the model must have ${method} as in the specification v3 or v4 of the AI SDK (ai 6 or 7)`,
        { detail: { specificationVersion: model?.specificationVersion } },
      )
    this.name = `${model.provider}/${model.modelId}`
    this.counter = options.counter ?? estimated
    this.#modelId = model.modelId
    this.#journal = options.journal ?? memoryJournal()
    this.#options = options
    this.#prices = { ...listPrices, ...options.prices }
    this.#limit = limiter(options.concurrency ?? 4)
    this.#clock = options.clock ?? Date.now
  }

  /** What was paid for before, or undefined. */
  async known(key: string): Promise<string | undefined> {
    return (await this.#journal.get(key))?.text
  }

  async keep(key: string, intent: JournalEntry['intent'], text: string): Promise<void> {
    const usage = { calls: 0, inputTokens: { total: 0, cacheRead: 0, cacheWrite: 0 }, outputTokens: 0, milliseconds: 0 }
    try {
      await this.#journal.set({ key, model: this.name, intent, text, finish: 'stop', usage, time: this.#clock() })
    } catch (error) {
      const message = `the reply of ${this.name} could not be kept, so asking again would pay again: ${messageOf(error)}`
      this.#options.warn?.({ code: 'journal-unusable', uri: this.name, message })
    }
  }

  /** Runs one call of about `tokens` tokens; `used` reads what it was charged for, when the reply says so. */
  async call<Value>(
    tokens: number,
    task: () => PromiseLike<Value>,
    used: (value: Value) => number | undefined,
    abortSignal?: AbortSignal,
  ): Promise<Value> {
    return this.#limit(async () => {
      abortSignal?.throwIfAborted()
      const expected = this.#price(tokens)
      this.#refuseOverCost(expected)
      this.#held += expected ?? 0
      const started = this.#clock()
      try {
        const value = await retrying(this.name, async () => task(), this.#options.retry ?? {}, this.#clock, abortSignal)
        const paid = used(value) ?? tokens
        const cost = this.#price(paid)
        this.#calls++
        this.#tokens += paid
        this.#cost = cost === undefined || this.#cost === undefined ? undefined : this.#cost + cost
        return value
      } finally {
        this.#held -= expected ?? 0
        this.#milliseconds += this.#clock() - started
      }
    })
  }

  #price(tokens: number): number | undefined {
    const price = priceOf(this.#modelId, this.#prices)
    return price && (tokens * price.input) / 1_000_000 + (price.call ?? 0)
  }

  #refuseOverCost(next: number | undefined): void {
    const { maxCost } = this.#options
    if (maxCost === undefined) return
    if (next === undefined)
      throw new FoveaError(
        'over-cost',
        `the price of ${this.name} is not known, so a limit of $${maxCost} cannot be kept; give its price, or no limit`,
      )
    const spent = (this.#cost ?? 0) + this.#held
    if (spent + next > maxCost)
      throw new FoveaError(
        'over-cost',
        `this call to ${this.name} would cost $${next.toFixed(6)} and $${spent.toFixed(6)} are spent: over the limit of $${maxCost}`,
        { detail: { spent, next, maxCost } },
      )
  }

  usage(): Usage {
    return {
      calls: this.#calls,
      inputTokens: { total: this.#tokens, cacheRead: 0, cacheWrite: 0 },
      outputTokens: 0,
      ...(this.#cost === undefined || this.#calls === 0 ? {} : { cost: this.#cost }),
      milliseconds: this.#milliseconds,
    }
  }
}

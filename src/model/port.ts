import { FoveaError, messageOf, type TokenCounter, type Usage } from '../core/index.ts'
import { limiter } from './adapters/limit.ts'
import type {
  FinishReason,
  Journal,
  JournalEntry,
  LanguageModel,
  ModelCall,
  ModelCallOptions,
  ModelFinish,
  ModelPort,
  ModelReply,
  ModelUsage,
} from './contract.ts'
import { hashOf } from './hash.ts'
import { journalOf } from './journal.ts'
import type { MeterOptions } from './meter.ts'
import { costOf, listPrices, type PriceTable, priceOf } from './prices.ts'
import { type Pause, refusesForm, retrying } from './retry.ts'
import { tokenCounter } from './tokens.ts'

export interface ModelPortOptions extends Omit<MeterOptions, 'journal'> {
  /** Where paid replies are kept: a journal, the path of a durable one, or absent for this process only. */
  readonly journal?: Journal | string
  /** Tokens of input and output together, where known. */
  readonly window?: number
  /** Default: the tokenizer of the model's name. */
  readonly counter?: TokenCounter
  /** Most characters of one reply before it is cut off as endless. Default 16 per token asked for, at least 64,000. */
  readonly longestReply?: number
}

/** A language model of the AI SDK (specification v3 or v4) behind Fovea's port. Throws `model-unfit` for another shape. */
export async function modelPort(
  model: LanguageModel,
  options: ModelPortOptions = {},
): Promise<ModelPort & { close(): Promise<void> }> {
  if (typeof model?.doGenerate !== 'function' || !['v3', 'v4'].includes(model.specificationVersion))
    throw new FoveaError('model-unfit', 'the model must follow the specification v3 or v4 of the AI SDK (ai 6 or 7)', {
      detail: { specificationVersion: model?.specificationVersion },
    })
  const journal = await journalOf(options.journal)
  const counter = options.counter ?? (await tokenCounter(model.modelId))
  return new Port(model, journal, counter, options)
}

interface StreamPart {
  readonly type: string
  readonly delta?: string
  readonly usage?: ModelUsage
  readonly finishReason?: ModelFinish
  readonly error?: unknown
}

class Port implements ModelPort {
  readonly name: string
  readonly window?: number
  readonly counter: TokenCounter
  readonly #model: LanguageModel
  readonly #journal: Journal
  readonly #options: ModelPortOptions
  readonly #prices: PriceTable
  readonly #limit: ReturnType<typeof limiter>
  readonly #clock: () => number
  readonly #flying = new Map<string, Promise<ModelReply>>()
  readonly #pause: Pause = { until: 0 }
  /** The model refused to be given a form for its replies once; it is not asked again. */
  #formless = false
  #total: Usage = nothing

  constructor(model: LanguageModel, journal: Journal, counter: TokenCounter, options: ModelPortOptions) {
    this.name = `${model.provider}/${model.modelId}`
    if (options.window !== undefined) this.window = options.window
    this.counter = counter
    this.#model = model
    this.#journal = journal
    this.#options = options
    this.#prices = { ...listPrices, ...options.prices }
    this.#limit = limiter(options.concurrency ?? 4)
    this.#clock = options.clock ?? Date.now
  }

  async generate(call: ModelCall): Promise<ModelReply> {
    const key = await keyOf(this.name, call)
    const flying = this.#flying.get(key)
    if (flying) return { ...(await flying), replayed: true, usage: nothing }
    const reply = this.#once(key, call)
    this.#flying.set(key, reply)
    try {
      return await reply
    } finally {
      this.#flying.delete(key)
    }
  }

  async #once(key: string, call: ModelCall): Promise<ModelReply> {
    const known = await this.#journal.get(key)
    if (known) return replay(known)
    return this.#limit(async () => {
      this.#refuseOverCost(call)
      const started = this.#clock()
      const result = await this.#try(call, async (options) => this.#model.doGenerate(options as never))
      const text = result.content.map((part) => (part.type === 'text' ? String(part.text ?? '') : '')).join('')
      return this.#settle(key, call, text, finishOf(result.finishReason), result.usage, started)
    })
  }

  async *stream(call: ModelCall): AsyncGenerator<string, ModelReply> {
    const key = await keyOf(this.name, call)
    const known = await this.#journal.get(key)
    if (known) {
      if (known.text) yield known.text
      return replay(known)
    }
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    await new Promise<void>((ready) => {
      void this.#limit(() => {
        ready()
        return held
      })
    })
    try {
      this.#refuseOverCost(call)
      return yield* this.#stream(key, call)
    } finally {
      release()
    }
  }

  async *#stream(key: string, call: ModelCall): AsyncGenerator<string, ModelReply> {
    const started = this.#clock()
    const longest = this.#options.longestReply ?? Math.max(64_000, 16 * (call.maxOutputTokens ?? 0))
    const stop = new AbortController()
    const abortSignal = call.abortSignal ? AbortSignal.any([call.abortSignal, stop.signal]) : stop.signal
    const reader = await this.#try(call, (options) => this.#begin({ ...options, abortSignal }))
    let text = ''
    let finish: FinishReason = 'other'
    let usage: ModelUsage | undefined
    try {
      for (let step = reader.first; !step.done; step = await reader.next()) {
        call.abortSignal?.throwIfAborted()
        const part = step.value
        if (part.type === 'error') throw part.error
        if (part.type === 'finish') {
          usage = part.usage
          finish = finishOf(part.finishReason)
        }
        if (part.type !== 'text-delta' || !part.delta) continue
        text += part.delta
        yield part.delta
        if (text.length > longest) {
          finish = 'length'
          break
        }
      }
    } catch (error) {
      call.abortSignal?.throwIfAborted()
      throw new FoveaError(
        'model-failed',
        `${this.name} broke off after ${text.length} characters: ${error instanceof Error ? error.message : String(error)}; ask again`,
        {
          cause: error,
          detail: { text },
        },
      )
    } finally {
      stop.abort()
      await reader.cancel()
    }
    return this.#settle(key, call, text, finish, usage, started)
  }

  /** Tries until it works; without a form for the reply, which the prompt then asks for, where the model refuses to be given one. */
  async #try<Value>(call: ModelCall, task: (options: ModelCallOptions) => PromiseLike<Value>): Promise<Value> {
    const attempt = async (): Promise<Value> => {
      if (this.#formless) return task(optionsOf(unformed(call)))
      try {
        return await task(optionsOf(call))
      } catch (error) {
        if (!call.json || !refusesForm(error)) throw error
        this.#formless = true
        return task(optionsOf(unformed(call)))
      }
    }
    return retrying(this.name, attempt, this.#options.retry ?? {}, this.#clock, call.abortSignal, this.#pause)
  }

  /** Opens a stream and waits for its first part that says anything, so that a failure until then can be tried again. */
  async #begin(options: ModelCallOptions) {
    const { stream } = await this.#model.doStream(options as never)
    const reader = (stream as ReadableStream<StreamPart>).getReader()
    const cancel = (): Promise<void> => reader.cancel().catch(() => {})
    try {
      let first = await reader.read()
      while (!first.done && !['text-delta', 'finish', 'error'].includes(first.value.type)) first = await reader.read()
      if (!first.done && first.value.type === 'error') throw first.value.error
      return { first, next: () => reader.read(), cancel }
    } catch (error) {
      await cancel()
      throw error
    }
  }

  #refuseOverCost(call: ModelCall): void {
    const { maxCost } = this.#options
    if (maxCost === undefined) return
    const input = this.counter.count(`${call.system ?? ''}\n${call.prompt}`)
    const next = this.price(input + this.counter.margin(input), call.maxOutputTokens ?? 1000)
    const spent = this.#total.cost ?? 0
    if (next === undefined)
      throw new FoveaError(
        'over-cost',
        `the price of ${this.name} is not known, so a limit of $${maxCost} cannot be kept; give its price, or no limit`,
      )
    if (spent + next > maxCost)
      throw new FoveaError(
        'over-cost',
        `this call to ${this.name} would cost up to $${next.toFixed(4)} and $${spent.toFixed(4)} are spent: over the limit of $${maxCost}`,
        {
          detail: { spent, next, maxCost },
        },
      )
  }

  async #settle(
    key: string,
    call: ModelCall,
    text: string,
    finish: FinishReason,
    reported: ModelUsage | undefined,
    started: number,
  ): Promise<ModelReply> {
    const inputs = reported?.inputTokens
    const counted = {
      inputTokens: {
        total: inputs?.total ?? this.counter.count(`${call.system ?? ''}\n${call.prompt}`),
        cacheRead: inputs?.cacheRead ?? 0,
        cacheWrite: inputs?.cacheWrite ?? 0,
      },
      outputTokens: outputOf(reported?.outputTokens, () => this.counter.count(text)),
    }
    const cost = costOf(counted, priceOf(this.#model.modelId, this.#prices))
    const usage: Usage = {
      calls: 1,
      ...counted,
      ...(cost === undefined ? {} : { cost }),
      milliseconds: this.#clock() - started,
    }
    this.#total = addUsage(this.#total, usage)
    // Nothing was got for the money, so asking again is a new try.
    if (text === '') return { text, finish, usage, replayed: false }
    try {
      await this.#journal.set({ key, model: this.name, intent: call.intent, text, finish, usage, time: this.#clock() })
    } catch (error) {
      const message = `the reply of ${this.name} could not be kept, so asking again would pay again: ${messageOf(error)}`
      this.#options.warn?.({ code: 'journal-unusable', uri: this.name, message })
    }
    return { text, finish, usage, replayed: false }
  }

  price(inputTokens: number, outputTokens: number): number | undefined {
    const tokens = { inputTokens: { total: inputTokens, cacheRead: 0, cacheWrite: 0 }, outputTokens }
    return costOf(tokens, priceOf(this.#model.modelId, this.#prices))
  }

  usage(): Usage {
    return this.#total
  }

  async close(): Promise<void> {
    if (typeof this.#options.journal !== 'object') await this.#journal.close()
  }
}

const nothing: Usage = {
  calls: 0,
  inputTokens: { total: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: 0,
  milliseconds: 0,
}

/** Tokens written, hidden reasoning among them; some servers report reasoning beside the total, not in it. */
function outputOf(
  { total, text, reasoning = 0 }: Partial<ModelUsage['outputTokens']> = {},
  count: () => number,
): number {
  if (total === undefined) return (text ?? count()) + reasoning
  return reasoning > total ? total + reasoning : total
}

/** The call with the form of its reply asked for in words. */
function unformed({ json, ...call }: ModelCall): ModelCall {
  if (!json) return call
  const form = `Reply with JSON alone, of this schema:\n${JSON.stringify(json)}`
  return { ...call, system: call.system ? `${call.system}\n\n${form}` : form }
}

const replay = ({ text, finish }: JournalEntry): ModelReply => ({ text, finish, usage: nothing, replayed: true })

/** The sum of two usages; the cost is unknown when a part that called a model has none. */
export function addUsage(a: Usage, b: Usage): Usage {
  const known = (usage: Usage): boolean => usage.cost !== undefined || usage.calls === 0
  return {
    calls: a.calls + b.calls,
    inputTokens: {
      total: a.inputTokens.total + b.inputTokens.total,
      cacheRead: a.inputTokens.cacheRead + b.inputTokens.cacheRead,
      cacheWrite: a.inputTokens.cacheWrite + b.inputTokens.cacheWrite,
    },
    outputTokens: a.outputTokens + b.outputTokens,
    ...(known(a) && known(b) && (a.cost !== undefined || b.cost !== undefined)
      ? { cost: (a.cost ?? 0) + (b.cost ?? 0) }
      : {}),
    milliseconds: a.milliseconds + b.milliseconds,
  }
}

const reasons: readonly FinishReason[] = ['stop', 'length', 'content-filter', 'tool-calls', 'error', 'other']
function finishOf(reason: ModelFinish | undefined): FinishReason {
  const unified = typeof reason === 'object' ? reason.unified : reason
  return reasons.find((known) => known === unified) ?? 'other'
}

function optionsOf(call: ModelCall): ModelCallOptions {
  return {
    prompt: [
      ...(call.system ? [{ role: 'system' as const, content: call.system }] : []),
      { role: 'user', content: [{ type: 'text', text: call.prompt }] },
    ],
    ...(call.maxOutputTokens === undefined ? {} : { maxOutputTokens: call.maxOutputTokens }),
    ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
    ...(call.seed === undefined ? {} : { seed: call.seed }),
    ...(call.json ? { responseFormat: { type: 'json' as const, schema: call.json } } : {}),
    ...(call.abortSignal ? { abortSignal: call.abortSignal } : {}),
  }
}

/** The journal's key of a call. */
async function keyOf(model: string, call: ModelCall): Promise<string> {
  const { abortSignal: _signal, ...asked } = call
  return hashOf([model, Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1))])
}

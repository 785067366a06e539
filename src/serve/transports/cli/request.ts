import { type ReadingLimits, strategies } from '../../../ask/index.ts'
import type { AskOptions } from '../../../open.ts'
import type { ChosenModel } from './models.ts'
import { filterOf, number, type SharedOptions, UsageError } from './session.ts'

export interface AskCommandOptions extends SharedOptions {
  readonly tokenBudget: string
  readonly limit: string
  readonly model?: string
  readonly strategy?: string
  readonly compare?: string
  readonly option?: string[]
  readonly compressor?: string
  readonly order?: string
  readonly maxCalls?: string
  readonly maxTokens?: string
  readonly maxCost?: string
  readonly maxPrompt?: string
  readonly concurrency?: string
  readonly events?: string
  readonly jsonl?: boolean
}

/** Throws `UsageError` for a strategy that there is not. */
export function checkStrategy(name: string): void {
  const names = ['auto', ...strategies.map(({ meta }) => meta.name)]
  if (!names.includes(name)) throw new UsageError(`--strategy ${name}: choose one of ${names.join(', ')}`)
}

export function limitsOf(options: Partial<AskCommandOptions>): ReadingLimits {
  const { maxCalls, maxTokens, maxCost, maxPrompt, concurrency } = options
  return {
    ...(maxCalls === undefined ? {} : { calls: number(maxCalls, 'max-calls', 0) }),
    ...(maxTokens === undefined ? {} : { tokens: number(maxTokens, 'max-tokens', 0) }),
    ...(maxCost === undefined ? {} : { cost: number(maxCost, 'max-cost', 0) }),
    ...(maxPrompt === undefined ? {} : { prompt: number(maxPrompt, 'max-prompt', 200) }),
    ...(concurrency === undefined ? {} : { concurrency: number(concurrency, 'concurrency') }),
  }
}

/** What `Library.ask` is given by a command line. */
export function requestOf(options: AskCommandOptions, model: ChosenModel | undefined): AskOptions {
  const filter = filterOf(options)
  return {
    budget: number(options.tokenBudget, 'token-budget'),
    limit: number(options.limit, 'limit'),
    limits: limitsOf(options),
    options: strategyOptions(options.option),
    ...(filter ? { filter } : {}),
    ...(options.strategy ? { strategy: options.strategy } : {}),
    ...(options.compressor ? { compressor: options.compressor } : {}),
    ...(options.order ? { orderer: options.order } : {}),
    ...(model ? { model: model.port } : {}),
  }
}

/** `--option name=value` as the options of a strategy: numbers and true and false are read as such. */
export function strategyOptions(given: readonly string[] = []): Record<string, string | number | boolean> {
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new UsageError(`--option ${pair}: write it as name=value`)
      const value = pair.slice(at + 1)
      const number = value.trim() === '' ? Number.NaN : Number(value)
      const read = value === 'true' || value === 'false' ? value === 'true' : Number.isNaN(number) ? value : number
      return [pair.slice(0, at), read]
    }),
  )
}

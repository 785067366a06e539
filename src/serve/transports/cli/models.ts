import { join } from 'node:path'
import { languageModel, type ModelPort, modelPort } from '../../../model/index.ts'
import { number } from './session.ts'

export interface ModelOptions {
  readonly model?: string
  readonly strategy?: string
  readonly maxCost?: string
}

export interface ChosenModel {
  readonly port: ModelPort
  close(): Promise<void>
}

/**
 * The plain rule: `--model provider/name`, else the variable FOVEA_MODEL, else none and the strategy `extract`.
 * Replies are journalled beside the index, so that nothing is paid for twice.
 */
export async function chooseModel(options: ModelOptions, location?: string): Promise<ChosenModel | undefined> {
  const name = options.model ?? process.env.FOVEA_MODEL
  if (!name || options.strategy === 'extract') return undefined
  const model = await languageModel(name, process.env)
  const port = await modelPort(model, {
    ...(location === undefined ? {} : { journal: join(location, 'journal.sqlite') }),
    ...(options.maxCost ? { maxCost: number(options.maxCost, 'max-cost', 0) } : {}),
  })
  return { port, close: () => port.close() }
}

/** What one call over a pack of this size would cost at most. */
export async function quoteOf(options: ModelOptions & { readonly tokenBudget: string }) {
  const chosen = await chooseModel(options)
  if (!chosen) return { text: 'no model would be called: the strategy "extract" quotes the evidence itself' }
  try {
    const input = number(options.tokenBudget, 'token-budget')
    const output = 1000
    const dollars = chosen.port.price(input, output)
    const cost =
      dollars === undefined ? 'at a price that is not known here' : `for at most about $${dollars.toFixed(4)}`
    return {
      text: `would call ${chosen.port.name} once with up to ${input} tokens in and about ${output} out, ${cost}`,
      input,
      output,
      dollars,
    }
  } finally {
    await chosen.close()
  }
}

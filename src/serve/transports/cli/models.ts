import { join } from 'node:path'
import { languageModel, type ModelPort, modelPort } from '../../../model/index.ts'
import { number } from './session.ts'

export interface ModelOptions {
  readonly model?: string
  readonly strategy?: string
  readonly maxCost?: string
  readonly concurrency?: string
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
    ...(options.concurrency ? { concurrency: number(options.concurrency, 'concurrency') } : {}),
  })
  return { port, close: () => port.close() }
}

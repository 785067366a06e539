import type { ModelPort } from '../model/index.ts'
import { systems } from './catalog.ts'
import type { Reader } from './contract.ts'
import { nobody } from './corpus.ts'
import { budgetOf, jobsOf, type Spec, systemsOf } from './spec.ts'

export interface Quote {
  readonly jobs: number
  /** Samples, as far as the spec says how many; data sets without a number count as `unknown`. */
  readonly samples: number
  readonly unknown: readonly string[]
  readonly rows: number
  readonly calls: number
  readonly inputTokens: number
  /** US dollars at most, where the prices of all readers are known. */
  readonly cost?: number
}

/** Tokens that a reader may write for one sample, for want of a better number. */
const outputTokens = 200

/** What a run would do and cost at most, without doing any of it. */
export async function quote(spec: Spec, readers: readonly (Reader | undefined)[]): Promise<Quote> {
  const choices = systemsOf(spec)
  const budgets = (spec.budgets ?? ['10%']).map(budgetOf)
  const answering = new Set(systems.filter(({ meta }) => meta.answers).map(({ meta }) => meta.name))
  const models = readers.filter((reader) => reader?.origin === 'model') as Reader[]
  let samples = 0
  let calls = 0
  let inputTokens = 0
  const unknown: string[] = []
  const jobs = jobsOf(spec)
  for (const { label, length, samples: own } of jobs) {
    if (own === undefined) unknown.push(label)
    const count = own ?? 0
    samples += count
    for (const { system } of choices)
      for (const budget of budgets) {
        if ('none' in budget && !answering.has(system)) continue
        const read =
          system === 'whole' || 'all' in budget
            ? length
            : 'share' in budget
              ? length * budget.share
              : 'tokens' in budget
                ? Math.min(length || budget.tokens, budget.tokens)
                : 4000
        calls += count * models.length
        inputTokens += count * models.length * Math.ceil(read + 200)
      }
  }
  const cost = await costOf(models, calls, inputTokens)
  return {
    jobs: jobs.length,
    samples,
    unknown,
    rows: samples * choices.length * budgets.length * readers.length,
    calls,
    inputTokens,
    ...(cost === undefined ? {} : { cost }),
  }
}

async function costOf(models: readonly Reader[], calls: number, inputTokens: number): Promise<number | undefined> {
  if (models.length === 0) return 0
  let sum = 0
  for (const model of models) {
    const port: Pick<ModelPort, 'price'> = await model.port(nobody, 0)
    const price = port.price(inputTokens / models.length, (calls / models.length) * outputTokens)
    if (price === undefined) return undefined
    sum += price
  }
  return sum
}

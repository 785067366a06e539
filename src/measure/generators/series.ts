import { FoveaError } from '../../core/index.ts'
import type { Options, Sample, Task, TaskMeta, TaskRequest } from '../contract.ts'
import { promptOf } from '../corpus.ts'
import { hashOf, seededRandom } from '../random.ts'
import { depthOf } from './needles.ts'

/** What one sample is made from. */
export interface Draw<Kit> {
  /** Its options are whole: those that were not given have their defaults. */
  readonly request: TaskRequest
  readonly kit: Kit
  readonly index: number
  readonly id: string
  /** Numbers that hang on the task, seed, length and index alone. */
  readonly random: () => number
  /** The depth asked for, else even over the samples. */
  readonly depth: number
}

/** A task whose samples are made one by one; `prepare` makes once what all of them share. */
export const series = <Kit>(
  meta: TaskMeta,
  prepare: (request: TaskRequest) => Kit | Promise<Kit>,
  make: (draw: Draw<Kit>) => Promise<Sample>,
): Task =>
  async function* (given) {
    given.abortSignal?.throwIfAborted()
    const request: TaskRequest = { ...given, options: { ...meta.options, ...given.options } }
    const { samples, seed, length } = request
    const kit = await prepare(request)
    for (let index = 0; index < samples; index++) {
      request.abortSignal?.throwIfAborted()
      const random = seededRandom(hashOf(`${meta.name} ${seed} ${length} ${index}`))
      const id = `${meta.name}-${length}-${seed}-${index}`
      yield await make({ request, kit, index, id, random, depth: depthOf(request, index) })
    }
  }

export type Ask = Pick<Sample, 'instruction' | 'question' | 'cue' | 'choices'>
/** All of a prompt but the text. */
export const aroundOf = (ask: Ask): string => promptOf(ask as Sample, '')

const invalid = (name: string, value: unknown, wanted: string): FoveaError =>
  new FoveaError('option-invalid', `option "${name}" is ${JSON.stringify(value)}; give ${wanted}`)

/** An option that is one of some words. Throws `option-invalid`. */
export function wordOption<Word extends string>(options: Options, name: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === String(options[name]))
  if (found === undefined) throw invalid(name, options[name], `one of ${words.join(', ')}`)
  return found
}

/** An option that is a number from `low` to `high`, both included. Throws `option-invalid`. */
export function numberOption(options: Options, name: string, low: number, high: number): number {
  const value = Number(options[name])
  if (!(value >= low && value <= high)) throw invalid(name, options[name], `a number from ${low} to ${high}`)
  return value
}

export const wholeOption = (options: Options, name: string, low: number, high: number): number => {
  const value = numberOption(options, name, low, high)
  if (!Number.isInteger(value)) throw invalid(name, options[name], `a whole number from ${low} to ${high}`)
  return value
}

export const tooShort = (length: number, needed: number): FoveaError =>
  new FoveaError('length-too-short', `${length} tokens do not hold what is asked for: ask for ${needed} or more`)

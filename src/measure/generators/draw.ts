import { FoveaError } from '../../core/index.ts'
import type { Options, Sample, Tag, Task, TaskRequest } from '../contract.ts'
import { hashOf, seededRandom } from '../random.ts'
import { depthOf } from './needles.ts'

/** What one sample of a task is made from. */
export interface Draw {
  readonly index: number
  readonly id: string
  readonly random: () => number
  /** The depth asked for, else even over the samples. */
  readonly depth: number
}

/** Tokens too many by which a length is not met any more, but too short. */
const most = 64

/** A task whose samples are drawn one by one; `prepare` makes what they share. Throws `spec-invalid` for a length that is too short. */
export const drawing = (
  name: string,
  prepare: (request: TaskRequest) => ((draw: Draw) => Promise<Sample>) | Promise<(draw: Draw) => Promise<Sample>>,
): Task =>
  async function* (request) {
    request.abortSignal?.throwIfAborted()
    const make = await prepare(request)
    for (let index = 0; index < request.samples; index++) {
      request.abortSignal?.throwIfAborted()
      const sample = await make({
        index,
        id: `${name}-${request.length}-${request.seed}-${index}`,
        random: seededRandom(hashOf(`${name} ${request.seed} ${request.length} ${index}`)),
        depth: depthOf(request, index),
      })
      if (sample.tokens! > request.length + most)
        throw new FoveaError(
          'spec-invalid',
          `${name} takes ${Math.ceil(sample.tokens!)} tokens with these options, not ${request.length}; ask for a greater length`,
        )
      yield sample
    }
  }

/** What is said around the text. */
export interface Frame {
  readonly instruction: string
  readonly question: string
  readonly cue: string
}
/** All of a prompt but the text. */
export const around = ({ instruction, question, cue }: Frame): string => `${instruction}\n\n\n\n${question}\n${cue}`

/** The value of an option: one of those listed, or each of the first `inTurn` in turn where it is `all`. Throws `spec-invalid`. */
export function chosen<Value extends Tag>(
  options: Options,
  name: string,
  values: readonly Value[],
  turn: number,
  inTurn = values.length,
): Value {
  const option = options[name]
  if (option === 'all') return values[turn % inTurn]!
  const found = values.find((value) => value === option)
  if (found !== undefined) return found
  throw new FoveaError('spec-invalid', `the option "${name}" is ${String(option)}; choose all, ${values.join(', ')}`)
}

/** A whole number that an option gives. Throws `spec-invalid` below `least`. */
export function wholeNumber(options: Options, name: string, least: number): number {
  const option = options[name]
  if (typeof option === 'number' && Number.isInteger(option) && option >= least) return option
  throw new FoveaError(
    'spec-invalid',
    `the option "${name}" is ${String(option)}; give a whole number from ${least} up`,
  )
}

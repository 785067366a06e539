import { FoveaError, messageOf } from '../core/index.ts'
import type { ReadInput } from './contract.ts'

export type ReadProblem =
  | 'empty'
  | 'corrupt'
  | 'encrypted'
  | 'too-large'
  | 'too-deep'
  | 'no-text'
  | 'binary'
  | 'unreadable'
  | 'vanished'

/** An error about one file: what is wrong with it and what to do. */
export function readError(
  code: ReadProblem,
  input: Pick<ReadInput, 'uri'>,
  reason: string,
  advice: string,
  cause?: unknown,
): FoveaError {
  return new FoveaError(code, `${input.uri}: ${reason}; ${advice}`, {
    detail: { uri: input.uri },
    ...(cause === undefined ? {} : { cause }),
  })
}

/** Whatever a parser or the file system threw, as a FoveaError that names the file. */
export function asReadError(error: unknown, input: Pick<ReadInput, 'uri'>, format: string): FoveaError {
  if (FoveaError.is(error)) return error
  const message = messageOf(error)
  const code = (error as { code?: unknown } | null)?.code
  if (code === 'ENOENT') return readError('vanished', input, 'it is not there any more', 'run again', error)
  if (code === 'EACCES' || code === 'EPERM')
    return readError('unreadable', input, 'it may not be read', 'change its permissions', error)
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code))
    return readError('unreadable', input, message, 'check the file and its disk', error)
  if (error instanceof RangeError && /call stack/i.test(message))
    return readError('too-deep', input, `it is nested too deeply to be read as ${format}`, 'flatten it', error)
  if (error instanceof RangeError && /string length|array (buffer|length)|allocation/i.test(message))
    return readError('too-large', input, `it does not fit in memory as ${format}`, 'split it', error)
  return readError(
    'corrupt',
    input,
    `it cannot be read as ${format}: ${message}`,
    'check that the file is whole',
    error,
  )
}

import { FoveaError, messageOf } from '../core/index.ts'

export interface RetryOptions {
  /** Most tries in all. Default 5. */
  readonly tries?: number
  /** Milliseconds before the second try; each wait doubles, with jitter. Default 1,000. */
  readonly firstWait?: number
  /** Longest wait in milliseconds, also for what a server asks. Default 60,000. */
  readonly longestWait?: number
  readonly random?: () => number
  readonly sleep?: (milliseconds: number, abortSignal?: AbortSignal) => Promise<void>
}

interface Failure {
  readonly statusCode?: number
  readonly isRetryable?: boolean
  readonly responseHeaders?: Readonly<Record<string, string>>
  readonly responseBody?: string
  readonly code?: string
  readonly cause?: unknown
}

const network = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** 408, 409, 429 and 5xx, broken connections, and what the provider itself calls retryable. */
export function isRetryable(error: unknown): boolean {
  const failure = error as Failure
  if (failure?.statusCode !== undefined)
    return [408, 409, 429].includes(failure.statusCode) || failure.statusCode >= 500
  if (failure?.isRetryable === true || network.has(failure?.code ?? '')) return true
  return failure?.cause !== undefined && failure.cause !== error && isRetryable(failure.cause)
}

const unformed =
  /response_?format|json_?(?:schema|object|mode)|response_?(?:schema|mime)|output_?(?:format|config)|structured.?output/i

/** The server refuses the form of the reply that was asked for, not the question. */
export function refusesForm(error: unknown): boolean {
  const { statusCode, responseBody = '' } = error as Failure
  return [400, 404, 422, 501].includes(statusCode ?? 0) && unformed.test(`${messageOf(error)} ${responseBody}`)
}

/** What the server asks to wait, in milliseconds: `retry-after-ms`, or `retry-after` in seconds or as a date. */
export function askedWait(error: unknown, now: number): number | undefined {
  const headers = (error as Failure)?.responseHeaders
  const exact = Number(headers?.['retry-after-ms'])
  if (exact > 0) return exact
  const after = headers?.['retry-after']
  if (!after) return undefined
  const seconds = Number(after)
  const wait = Number.isNaN(seconds) ? Date.parse(after) - now : seconds * 1000
  return wait > 0 ? wait : undefined
}

export const sleep = (milliseconds: number, abortSignal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    abortSignal?.throwIfAborted()
    const stop = (): void => {
      clearTimeout(timer)
      reject(abortSignal!.reason)
    }
    const timer = setTimeout(() => {
      abortSignal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    abortSignal?.addEventListener('abort', stop, { once: true })
  })

/** When a port may call again: what one call learns of a rate limit, all of them obey. */
export interface Pause {
  /** On the port's clock, in milliseconds. */
  until: number
}

/** Waits until a pause ends, also one that grows while it is waited for. */
async function outlast(pause: Pause, options: RetryOptions, clock: () => number, signal?: AbortSignal): Promise<void> {
  for (let obeyed = 0; pause.until > obeyed && pause.until > clock(); ) {
    obeyed = pause.until
    await (options.sleep ?? sleep)(pause.until - clock(), signal)
  }
}

/** Tries again after failures that may pass; a rate limit pauses all that share `pause`. Throws `model-failed` with the last cause, or the abort reason. */
export async function retrying<Value>(
  name: string,
  task: (attempt: number) => Promise<Value>,
  options: RetryOptions,
  clock: () => number,
  abortSignal?: AbortSignal,
  pause: Pause = { until: 0 },
): Promise<Value> {
  const { tries = 5, firstWait = 1000, longestWait = 60_000, random = Math.random } = options
  for (let attempt = 1; ; attempt++) {
    abortSignal?.throwIfAborted()
    await outlast(pause, options, clock, abortSignal)
    try {
      return await task(attempt)
    } catch (error) {
      abortSignal?.throwIfAborted()
      if (FoveaError.is(error)) throw error
      if (!isRetryable(error) || attempt >= tries) {
        const { statusCode } = error as Failure
        const after = attempt > 1 ? ` after ${attempt} tries` : ''
        const advice =
          statusCode === 401 || statusCode === 403
            ? '; check the key'
            : statusCode === 404
              ? '; check the name of the model'
              : ''
        throw new FoveaError('model-failed', `${name} failed${after}: ${messageOf(error)}${advice}`, {
          cause: error,
          detail: { statusCode, attempt },
        })
      }
      const growing = firstWait * 2 ** (attempt - 1) * (0.5 + random())
      const asked = askedWait(error, clock())
      const wait = Math.min(longestWait, asked ?? growing)
      if (asked !== undefined || (error as Failure).statusCode === 429)
        pause.until = Math.max(pause.until, clock() + wait)
      else await (options.sleep ?? sleep)(wait, abortSignal)
    }
  }
}

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

/** Tries again after failures that may pass. Throws `model-failed` with the last cause, or the abort reason. */
export async function retrying<Value>(
  name: string,
  task: (attempt: number) => Promise<Value>,
  options: RetryOptions,
  clock: () => number,
  abortSignal?: AbortSignal,
): Promise<Value> {
  const { tries = 5, firstWait = 1000, longestWait = 60_000, random = Math.random } = options
  for (let attempt = 1; ; attempt++) {
    abortSignal?.throwIfAborted()
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
      await (options.sleep ?? sleep)(Math.min(longestWait, askedWait(error, clock()) ?? growing), abortSignal)
    }
  }
}

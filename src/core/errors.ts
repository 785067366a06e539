const marker = Symbol.for('fovea.error')

/**
 * The one error of Fovea: `code` is stable, `message` says what to do, `cause` is kept.
 * Use `FoveaError.is(error)` rather than `instanceof`, which fails across two copies of the package.
 */
export class FoveaError extends Error {
  override readonly name = 'FoveaError'
  readonly code: string
  /** Facts about the failure: paths, sizes, limits. */
  readonly detail: Readonly<Record<string, unknown>>
  readonly [marker] = true

  constructor(code: string, message: string, options: { cause?: unknown; detail?: Record<string, unknown> } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.detail = options.detail ?? {}
  }

  static is(error: unknown, code?: string): error is FoveaError {
    return (
      typeof error === 'object' &&
      error !== null &&
      marker in error &&
      (code === undefined || (error as FoveaError).code === code)
    )
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

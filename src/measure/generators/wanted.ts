import type { DatasetRequest } from '../contract.ts'

/** Whether a sample of a cell is wanted: its cell is, and no more of it than asked. */
export class Wanted {
  readonly #cells: ReadonlySet<string> | undefined
  readonly #most: number
  readonly #counts = new Map<string, number>()
  readonly #abortSignal: AbortSignal | undefined

  constructor({ cells, samples, abortSignal }: Pick<DatasetRequest, 'cells' | 'samples' | 'abortSignal'>) {
    this.#cells = cells && new Set(cells)
    this.#most = samples ?? Number.POSITIVE_INFINITY
    this.#abortSignal = abortSignal
  }

  /** Whether any more of it is wanted; a file that holds only cells of which none is need not be read. */
  any(cell: string): boolean {
    this.#abortSignal?.throwIfAborted()
    return (this.#cells?.has(cell) ?? true) && (this.#counts.get(cell) ?? 0) < this.#most
  }

  /** Takes one, if it is wanted. */
  take(cell: string): boolean {
    if (!this.any(cell)) return false
    this.#counts.set(cell, (this.#counts.get(cell) ?? 0) + 1)
    return true
  }
}

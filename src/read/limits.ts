import type { ReadInput, ReadLimits } from './contract.ts'
import { readError } from './problems.ts'

const mebi = 1024 * 1024

/** What `read` allows unless it is told otherwise. */
export const defaultLimits: ReadLimits = {
  partLength: 64 * mebi,
  fileBytes: 256 * mebi,
  unpackedBytes: 1024 * mebi,
  depth: 1000,
}

/** The default limits with some replaced. */
export const withLimits = (limits: Partial<ReadLimits> = {}): ReadLimits => ({ ...defaultLimits, ...limits })

/** Most bytes that an archive of `size` bytes may unfold to: `unpackedBytes`, and 200 times its size above 16 MiB. */
export const unpackedLimit = (size: number, limits: ReadLimits): number =>
  Math.min(limits.unpackedBytes, Math.max(16 * mebi, size * 200))

/** Throws `too-large` when a file that must be read whole is larger than `fileBytes`. */
export function checkSize(input: ReadInput, size: number | undefined, limits: ReadLimits): void {
  if (size === undefined || size <= limits.fileBytes) return
  throw readError(
    'too-large',
    input,
    `it has ${Math.ceil(size / mebi)} MiB and its format must be read whole, with at most ${Math.ceil(limits.fileBytes / mebi)} MiB`,
    'split it or raise the limit "fileBytes"',
  )
}

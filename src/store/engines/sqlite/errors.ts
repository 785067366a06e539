import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { FoveaError, messageOf } from '../../../core/index.ts'

interface SqliteError extends Error {
  readonly errcode?: number
  readonly code?: string
}

const primary = { busy: 5, locked: 6, readOnly: 8, io: 10, corrupt: 11, full: 13, cannotOpen: 14, notDatabase: 26 }
const spare = 4 << 20

function isFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize < spare
  } catch {
    return false
  }
}

export const corrupt = (path: string, reason: string, cause?: unknown): FoveaError =>
  new FoveaError('store-corrupt', `${path} is damaged (${reason}); delete it and index again`, {
    cause,
    detail: { path },
  })

export const closed = (path: string): FoveaError =>
  new FoveaError('closed', `the store ${path} is closed; open it again`, { detail: { path } })

export const diskFull = (path: string, cause?: unknown): FoveaError =>
  new FoveaError(
    'disk-full',
    `no room left for ${path}; free some space and run again: what was finished before is kept`,
    { cause, detail: { path } },
  )

const unwritable = (path: string, reason: string, cause: unknown): FoveaError =>
  new FoveaError(
    'unwritable',
    `cannot write ${path} (${reason}); make its folder writable or put the index elsewhere`,
    { cause, detail: { path } },
  )

/** What SQLite or the file system said, as the error of the store at `path`. */
export function storeError(error: unknown, path: string): unknown {
  if (FoveaError.is(error) || !(error instanceof Error)) return error
  const { errcode, code } = error as SqliteError
  const reason = messageOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path, error)
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return unwritable(path, reason, error)
  if (code === 'ENOTDIR' || code === 'EEXIST' || code === 'EISDIR' || code === 'ENAMETOOLONG')
    return unwritable(path, reason, error)
  if (code === 'ERR_INVALID_STATE') return closed(path)
  if (errcode === undefined) return error
  switch (errcode & 0xff) {
    case primary.corrupt:
    case primary.notDatabase:
      return corrupt(path, reason, error)
    case primary.full:
      return diskFull(path, error)
    case primary.io:
      return isFull(path)
        ? diskFull(path, error)
        : new FoveaError('store-failed', `cannot read or write ${path} (${reason}); check the disk`, {
            cause: error,
            detail: { path },
          })
    case primary.readOnly:
    case primary.cannotOpen:
      return unwritable(path, reason, error)
    case primary.busy:
    case primary.locked:
      return new FoveaError('locked', `${path} is in use by another process (${reason}); try again`, {
        cause: error,
        detail: { path },
      })
    default:
      return new FoveaError('store-failed', `SQLite failed on ${path}: ${reason}`, { cause: error, detail: { path } })
  }
}

/** Runs `work` and turns what it throws into the store's errors. */
export function guarded<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw storeError(error, path)
  }
}

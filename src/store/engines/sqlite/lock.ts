import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { FoveaError } from '../../../core/index.ts'
import { guarded } from './errors.ts'

export interface LockHolder {
  readonly pid: number
  readonly host: string
  readonly since: number
}

const lockPath = (path: string): string => `${path}-lock`
const recordPath = (path: string): string => `${path}-writer`
/** A look by `lockHolder` holds the lock for a moment: a writer tries again within this time before it gives up. */
const graceMilliseconds = 150
const pollMilliseconds = 25

/**
 * Takes the reserved lock of a side database: the operating system lets it go when the process ends, however it ends.
 * Returns undefined when another connection, of this process or of another, holds it.
 */
function tryLock(path: string): DatabaseSync | undefined {
  return guarded(lockPath(path), () => {
    const database = new DatabaseSync(lockPath(path), { timeout: 0 })
    try {
      database.exec('BEGIN IMMEDIATE')
      return database
    } catch (error) {
      database.close()
      if (((error as { errcode?: number }).errcode ?? 0) % 256 === 5) return undefined
      throw error
    }
  })
}

function unlock(database: DatabaseSync): void {
  database.exec('ROLLBACK')
  database.close()
}

function readHolder(path: string): LockHolder | undefined {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(recordPath(path), 'utf8'))
    return typeof pid === 'number' && typeof host === 'string' && typeof since === 'number'
      ? { pid, host, since }
      : undefined
  } catch {
    return undefined
  }
}

/** Who writes now, or undefined when nobody does. */
export function lockHolder(path: string): LockHolder | undefined {
  const holder = readHolder(path)
  if (!holder) return undefined
  try {
    const database = tryLock(path)
    if (!database) return holder
    unlock(database)
  } catch {
    // A folder that cannot be written has no writer.
  }
  return undefined
}

const describe = (holder: LockHolder | undefined): string =>
  holder
    ? `process ${holder.pid} on ${holder.host}, since ${new Date(holder.since).toISOString()}`
    : 'a process that is starting or ending'

/** Becomes the one writer, waiting up to `wait` milliseconds. Returns how to stop being it. Throws `locked`. */
export async function takeLock(path: string, wait: number, abortSignal?: AbortSignal): Promise<() => void> {
  const until = performance.now() + Math.max(wait, graceMilliseconds)
  for (;;) {
    abortSignal?.throwIfAborted()
    const database = tryLock(path)
    if (database) {
      try {
        const holder: LockHolder = { pid: process.pid, host: hostname(), since: Date.now() }
        guarded(recordPath(path), () => writeFileSync(recordPath(path), JSON.stringify(holder), { mode: 0o600 }))
      } catch (error) {
        unlock(database)
        throw error
      }
      let held = true
      return () => {
        if (!held) return
        held = false
        rmSync(recordPath(path), { force: true })
        unlock(database)
      }
    }
    if (performance.now() >= until) {
      const holder = readHolder(path)
      throw new FoveaError(
        'locked',
        `${path} is being written by ${describe(holder)}; wait for it to finish or stop it, then run again`,
        { detail: { path, ...holder } },
      )
    }
    await sleep(pollMilliseconds, undefined, abortSignal ? { signal: abortSignal } : {})
  }
}

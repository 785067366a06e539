import { Worker } from 'node:worker_threads'
import { FoveaError } from '../../core/index.ts'
import type { Row } from '../job.ts'
import type { Job } from '../spec.ts'
import type { FromThread, ThreadSetup, ToThread } from './protocol.ts'

const fileEnding = /\.[cm]?[jt]s$/.exec(import.meta.url)?.[0] ?? '.js'

export interface Threads {
  /** Does a job in the next free thread; `rows` is called as rows come. */
  run(job: Job, done: readonly string[], rows: (rows: readonly Row[]) => void): Promise<void>
  close(): Promise<void>
}

/** Threads that do jobs side by side; each reads the haystack and opens its readers for itself. */
export function openThreads(count: number, setup: ThreadSetup, warn: (message: string) => void): Threads {
  const warned = new Set<string>()
  const idle: Thread[] = []
  const waiting: ((thread: Thread) => void)[] = []
  const all = Array.from(
    { length: count },
    () =>
      new Thread(setup, (message) => {
        if (!warned.has(message)) warn(message)
        warned.add(message)
      }),
  )
  const free = (thread: Thread): void => {
    const next = waiting.shift()
    if (next) next(thread)
    else idle.push(thread)
  }
  for (const thread of all) free(thread)
  return {
    async run(job, done, rows) {
      const thread = idle.shift() ?? (await new Promise<Thread>((resolve) => waiting.push(resolve)))
      try {
        await thread.work(job, done, rows)
      } finally {
        free(thread)
      }
    },
    close: async () => void (await Promise.all(all.map((thread) => thread.close()))),
  }
}

class Thread {
  readonly #worker: Worker
  readonly #ready: Promise<void>
  readonly #ended: Promise<void>
  #current: { rows(rows: readonly Row[]): void; resolve(): void; reject(error: unknown): void } | undefined
  #failure: unknown

  constructor(setup: ThreadSetup, warn: (message: string) => void) {
    const url = new URL(`./thread${fileEnding}`, import.meta.url)
    this.#worker = new Worker(url, { workerData: setup })
    let ready = (): void => {}
    let broken: (error: unknown) => void = () => {}
    this.#ready = new Promise((resolve, reject) => {
      ready = resolve
      broken = reject
    })
    this.#ready.catch(() => {})
    const fail = (error: unknown): void => {
      this.#failure ??= error
      broken(error)
      this.#current?.reject(error)
      this.#current = undefined
    }
    this.#worker.on('message', (message: FromThread) => {
      if (message.type === 'ready') ready()
      else if (message.type === 'warn') warn(message.message)
      else if (message.type === 'rows') this.#current?.rows(message.rows)
      else if (message.type === 'failed') fail(new FoveaError(message.code, message.message))
      else {
        this.#current?.resolve()
        this.#current = undefined
      }
    })
    this.#worker.on('error', fail)
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        if (this.#current || code !== 0)
          fail(
            new FoveaError(
              'run-failed',
              `a thread of the run ended with code ${code}; run again, and it goes on from there`,
            ),
          )
        resolve()
      })
    })
  }

  async work(job: Job, done: readonly string[], rows: (rows: readonly Row[]) => void): Promise<void> {
    await this.#ready
    if (this.#failure) throw this.#failure
    await new Promise<void>((resolve, reject) => {
      this.#current = { rows, resolve, reject }
      this.#worker.postMessage({ type: 'job', job, done } satisfies ToThread)
    })
  }

  async close(): Promise<void> {
    if (this.#current || this.#failure) await this.#worker.terminate()
    else this.#worker.postMessage({ type: 'stop' } satisfies ToThread)
    await this.#ended
  }
}

import type { ResultStore } from './adapters/results.ts'
import { openThreads } from './adapters/threads.ts'
import { type Row, runJob } from './job.ts'
import { partsOf, type Surroundings } from './parts.ts'
import { type Job, jobsOf, type Spec } from './spec.ts'

export interface RunOptions extends Surroundings {
  readonly results: ResultStore
  /** Threads that work side by side where no model is asked. Default 2. */
  readonly threads?: number
  readonly onProgress?: (progress: RunProgress) => void
  readonly warn?: (message: string) => void
  readonly abortSignal?: AbortSignal
}
export interface RunProgress {
  readonly jobs: { readonly done: number; readonly total: number }
  readonly rows: number
  /** What is being done. */
  readonly label: string
}
export interface RunReport {
  readonly rows: number
  /** Rows that were there before. */
  readonly before: number
  readonly failures: number
}

/** Rows come in batches, each durable before the next is asked for; rows that are there already are not made again. */
export async function run(spec: Spec, options: RunOptions): Promise<RunReport> {
  const { results, abortSignal, warn = () => {} } = options
  const jobs = jobsOf(spec)
  const done = results.keys(spec.name)
  const before = done.size
  results.begin(spec.name, JSON.stringify(spec))
  let rows = 0
  let failures = 0
  let finished = 0
  const tell = (label: string): void =>
    options.onProgress?.({ jobs: { done: finished, total: jobs.length }, rows, label })
  const take = (job: Job, batch: readonly Row[]): void => {
    if (batch.length === 0) return
    results.add(batch)
    rows += batch.length
    failures += batch.filter(({ result }) => result.failure !== undefined).length
    tell(job.label)
  }
  const asksModel = [...(spec.readers ?? []), spec.judge ?? ''].some((name) => name.startsWith('model/'))
  const threads = Math.min(options.threads ?? 2, jobs.length)
  const surroundings: Surroundings = {
    data: options.data,
    environment: options.environment,
    ...(options.journal === undefined ? {} : { journal: options.journal }),
  }
  if (asksModel || threads < 2) {
    // One port for the whole run, so that a limit of cost or of calls in flight holds for all of it.
    const parts = await partsOf(spec, surroundings, warn)
    try {
      for (const job of jobs) {
        tell(job.label)
        let batch: Row[] = []
        let told = performance.now()
        try {
          const known = { done: (key: string) => done.has(key), ...(abortSignal ? { abortSignal } : {}) }
          for await (const row of runJob(job, { ...parts, ...known })) {
            batch.push(row)
            if (batch.length < 200 && performance.now() - told < 500) continue
            take(job, batch)
            batch = []
            told = performance.now()
          }
        } finally {
          take(job, batch)
        }
        finished++
      }
    } finally {
      for (const opened of [...parts.readers, parts.judge]) await opened?.close?.()
    }
    return { rows, before, failures }
  }
  const pool = openThreads(threads, { spec, surroundings }, warn)
  const stop = (): void => void pool.close()
  abortSignal?.addEventListener('abort', stop, { once: true })
  try {
    // The longest first, so that no thread is left with one at the end.
    const order = jobs.toSorted((one, other) => other.length - one.length)
    await Promise.all(
      order.map(async (job) => {
        const known =
          before === 0 ? [] : [...done].filter((key) => key.startsWith(`${job.label}|${job.length}|${job.seed}|`))
        await pool.run(job, known, (batch) => take(job, batch))
        abortSignal?.throwIfAborted()
        finished++
        tell(job.label)
      }),
    )
  } catch (error) {
    abortSignal?.throwIfAborted()
    throw error
  } finally {
    abortSignal?.removeEventListener('abort', stop)
    await pool.close()
  }
  return { rows, before, failures }
}

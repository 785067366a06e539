import { Worker } from 'node:worker_threads'
import { FoveaError, messageOf } from '../../core/index.ts'
import type { RunCode } from '../contract.ts'

export interface SandboxLimits {
  /** Bytes of the program's own memory. */
  readonly memory: number
  /** Milliseconds of its own work; waiting for the host is not counted. */
  readonly time: number
  /** Calls of functions of the host. */
  readonly calls: number
}
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain }
/** What a program may call, and nothing else. Arguments are whatever it passes, as JSON. */
export type HostFunctions = Readonly<Record<string, (args: readonly unknown[]) => Promise<Plain>>>

export interface SandboxOutcome {
  /** What it returned: strings as they are, anything else as JSON. */
  readonly value?: string
  readonly error?: string
  /** Which limit ended it. */
  readonly limit?: keyof SandboxLimits
}

/** What crosses between the threads. */
export interface SandboxSetup {
  readonly program: string
  readonly names: readonly string[]
  readonly limits: SandboxLimits
}
export type ToSandbox =
  | { readonly ping: number }
  | { readonly id: number; readonly value: string }
  | { readonly id: number; readonly error: string }
export type FromSandbox =
  | { readonly ready: true }
  | { readonly pong: number }
  | { readonly call: number; readonly name: string; readonly written: string }
  | { readonly outcome: SandboxOutcome }

/** Milliseconds beyond its limit of time after which a thread that does not answer is ended. */
const grace = 1000
const fileEnding = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

/**
 * Runs a program (the body of an async function) in QuickJS, compiled to WebAssembly, in a thread of its own: it has the language and the
 * given functions (each gives a promise), and no files, network, modules, timers or objects of the host. The engine counts its work;
 * a thread that is lost in one long operation is ended from outside. Nothing is thrown for what the program does; it throws the abort
 * reason, and `sandbox-missing` where the engine is not installed.
 */
export async function runProgram(
  program: string,
  host: HostFunctions,
  limits: SandboxLimits,
  abortSignal?: AbortSignal,
): Promise<SandboxOutcome> {
  abortSignal?.throwIfAborted()
  const workerData: SandboxSetup = { program, names: Object.keys(host), limits }
  const url = new URL(`./sandbox-worker${fileEnding}`, import.meta.url)
  const worker = new Worker(url, { workerData, env: {}, resourceLimits: { maxOldGenerationSizeMb: 256 } })
  const post = (message: ToSandbox) => worker.postMessage(message)
  const late: SandboxOutcome = { error: `the program passed its limit of ${limits.time} ms`, limit: 'time' }
  let timer: ReturnType<typeof setInterval> | undefined
  let aborted: (() => void) | undefined
  const calls = new Set<Promise<void>>()
  try {
    return await new Promise<SandboxOutcome>((resolve, reject) => {
      aborted = () => reject(abortSignal?.reason)
      abortSignal?.addEventListener('abort', aborted, { once: true })
      let [asked, answered] = [0, 0]
      const watch = () => {
        // One question is open at a time: without a reply to it the thread does nothing but the program's work.
        if (answered < asked) resolve(late)
        else post({ ping: ++asked })
      }
      worker.on('message', (message: FromSandbox) => {
        if ('ready' in message) timer = setInterval(watch, limits.time + grace)
        else if ('pong' in message) answered = message.pong
        else if ('outcome' in message) resolve(message.outcome)
        else {
          const { call: id, name, written } = message
          const own: Promise<void> = reply(name, written)
            .then(
              (value) => post({ id, value: JSON.stringify(value) }),
              (error: unknown) => post({ id, error: messageOf(error) }),
            )
            .finally(() => calls.delete(own))
          calls.add(own)
        }
      })
      worker.on('error', (error) => reject(faultOf(error)))
      worker.on('exit', (code) => resolve({ error: `the program's thread ended (${code})`, limit: 'memory' }))
    })
  } finally {
    clearInterval(timer)
    if (aborted) abortSignal?.removeEventListener('abort', aborted)
    await worker.terminate()
    await Promise.all(calls)
  }

  async function reply(name: string, written: string): Promise<Plain> {
    if (!Object.hasOwn(host, name)) throw new Error(`there is no "${name}"`)
    return host[name]!(JSON.parse(written) as unknown[])
  }
}

/** Runs a program that calls nothing of the host: five seconds of its own work, 32 MiB. */
export const runAlone: RunCode = async (program, abortSignal) => {
  const limits = { time: 5000, memory: 2 ** 25, calls: 0 }
  const { value = '', error } = await runProgram(program, {}, limits, abortSignal)
  return { output: value, ...(error === undefined ? {} : { error }) }
}

/** Whether the two packages of the engine are installed. */
export function hasSandbox(): boolean {
  try {
    import.meta.resolve('quickjs-emscripten-core')
    import.meta.resolve('@jitl/quickjs-wasmfile-release-sync')
    return true
  } catch {
    return false
  }
}

export const sandboxMissing = (cause?: unknown): FoveaError =>
  new FoveaError(
    'sandbox-missing',
    'running a program needs two packages: npm install quickjs-emscripten-core @jitl/quickjs-wasmfile-release-sync',
    cause === undefined ? {} : { cause },
  )

const faultOf = (error: unknown): unknown =>
  /Cannot find (?:package|module)/.test(messageOf(error)) ? sandboxMissing(error) : error

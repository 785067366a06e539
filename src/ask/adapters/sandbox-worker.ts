import { parentPort, workerData } from 'node:worker_threads'
import variant from '@jitl/quickjs-wasmfile-release-sync'
import { newQuickJSWASMModuleFromVariant, type QuickJSSyncVariant } from 'quickjs-emscripten-core'
import type { FromSandbox, SandboxLimits, SandboxOutcome, SandboxSetup, ToSandbox } from './sandbox.ts'

/** Longest text that is taken from a program, in UTF-16 units. */
const longest = 1_000_000
/** Bytes of its stack. */
const stack = 256 * 1024

const prelude = `((call, names) => {
  const { parse, stringify } = JSON
  for (const name of names)
    globalThis[name] = (...args) => call(name, stringify(args)).then((text) => parse(text))
})`

const port = parentPort!
const { program, names, limits } = workerData as SandboxSetup
const send = (message: FromSandbox) => port.postMessage(message)

/** Runs the program; its calls go to the thread that asked, and only by the names given. */
async function run(): Promise<SandboxOutcome> {
  // Declared as CommonJS, so that the type is one step deeper than the value.
  const engine = await newQuickJSWASMModuleFromVariant(variant as unknown as QuickJSSyncVariant)
  const runtime = engine.newRuntime({ memoryLimitBytes: limits.memory, maxStackSizeBytes: stack })
  const context = runtime.newContext()
  const waiting = new Map<number, (reply: ToSandbox) => void>()
  port.on('message', (reply: ToSandbox) => {
    if ('ping' in reply) send({ pong: reply.ping })
    else waiting.get(reply.id)?.(reply)
    if ('id' in reply) waiting.delete(reply.id)
    wake?.()
  })
  let wake: (() => void) | undefined
  let hit: keyof SandboxLimits | undefined
  let spent = 0
  let entered: number | undefined
  let calls = 0
  const used = () => spent + (entered === undefined ? 0 : performance.now() - entered)
  runtime.setInterruptHandler(() => {
    if (used() > limits.time) hit ??= 'time'
    return hit !== undefined
  })
  /** All that makes the engine work goes through here, so that its time is counted. */
  const inside = <Value>(work: () => Value): Value => {
    const outer = entered
    entered ??= performance.now()
    try {
      return work()
    } finally {
      if (outer === undefined) {
        spent += performance.now() - entered
        entered = undefined
      }
    }
  }
  const outcome = (given: { readonly value?: string; readonly error?: string }): SandboxOutcome => {
    const memory = given.error !== undefined && /out of memory|memory access out of bounds/i.test(given.error)
    const limit = hit ?? (memory ? 'memory' : undefined)
    if (limit === undefined) return given
    const most =
      limit === 'time' ? `${limits.time} ms` : limit === 'memory' ? `${limits.memory} bytes` : `${limits.calls} calls`
    return { error: `the program passed its limit of ${most}`, limit }
  }

  const call = context.newFunction('call', (nameHandle, argsHandle) => {
    if (++calls > limits.calls) {
      hit ??= 'calls'
      throw new Error('too many calls')
    }
    const name = context.getString(nameHandle)
    const written = context.getString(argsHandle)
    if (!names.includes(name) || written.length > longest) throw new Error(`"${name}" cannot be called so`)
    const promise = context.newPromise()
    const id = calls
    waiting.set(id, (reply) =>
      inside(() => {
        if ('value' in reply) context.newString(reply.value).consume((text) => promise.resolve(text))
        else if ('error' in reply) context.newError(reply.error).consume((made) => promise.reject(made))
      }),
    )
    send({ call: id, name, written })
    return promise.handle
  })

  const work = async (): Promise<SandboxOutcome> => {
    const begun = inside(() => {
      const install = context.unwrapResult(context.evalCode(prelude))
      const list = context.unwrapResult(context.evalCode(JSON.stringify(names)))
      context.unwrapResult(context.callFunction(install, context.undefined, call, list))
      return context.evalCode(`(async () => {\n${program}\n})()`, 'program.js')
    })
    if (begun.error) return outcome({ error: told(context.dump(begun.error)) })
    for (;;) {
      const jobs = inside(() => runtime.executePendingJobs())
      if (jobs.error) return outcome({ error: told(context.dump(jobs.error)) })
      const state = context.getPromiseState(begun.value)
      if (state.type === 'fulfilled') return outcome({ value: inside(() => told(context.dump(state.value))) })
      if (state.type === 'rejected') return outcome({ error: inside(() => told(context.dump(state.error))) })
      if (hit !== undefined) return outcome({ error: 'stopped' })
      if (waiting.size === 0) return outcome({ error: 'the program waits for what never comes' })
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  try {
    return await work()
  } catch (error) {
    return outcome({ error: told(error) })
  }
}

/** A value or error of the program, as text. */
function told(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, longest)
  if (typeof value === 'object' && value !== null && 'message' in value) {
    const { name, message } = value as { readonly name?: unknown; readonly message: unknown }
    return `${typeof name === 'string' ? `${name}: ` : ''}${String(message)}`.slice(0, 500)
  }
  return value === undefined ? '' : (JSON.stringify(value) ?? '').slice(0, longest)
}

send({ ready: true })
send({ outcome: await run() })
port.close()

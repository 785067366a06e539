import { FoveaError, type TokenCounter } from '../core/index.ts'
import { addUsage, type ModelCall, type ModelPort, type ModelReply } from '../model/index.ts'

/** A model that a program plays, with all that it was asked, in order. */
export interface ScriptedModel extends ModelPort {
  readonly seen: readonly ModelCall[]
}
export interface ScriptedOptions {
  /** Default: words. */
  readonly counter?: TokenCounter
  /** Tokens that a prompt may have; a longer one is refused as a provider refuses it. */
  readonly window?: number
}

const words: TokenCounter = { name: 'words', count: (text) => text.match(/\S+/g)?.length ?? 0, margin: () => 0 }

/**
 * A model port whose replies a function writes; it costs nothing and says `scripted` for its name. An Error that the function gives is
 * thrown. Replies come a turn of the event loop later, as a model's do, so that calls that may run side by side do.
 */
export function scriptedModel(
  reply: (call: ModelCall, index: number) => string | Error | Promise<string | Error>,
  { counter = words, window }: ScriptedOptions = {},
): ScriptedModel {
  const seen: ModelCall[] = []
  let total = usageOf(0, 0, 0)
  const generate = async (call: ModelCall): Promise<ModelReply> => {
    call.abortSignal?.throwIfAborted()
    const index = seen.push(call) - 1
    const input = counter.count(`${call.system ?? ''}\n${call.prompt}`)
    if (window !== undefined && input > window) throw new FoveaError('model-failed', 'prompt is too long')
    const saying = reply(call, index)
    await new Promise((resolve) => setImmediate(resolve))
    const text = await saying
    if (text instanceof Error) throw text
    const usage = usageOf(1, input, counter.count(text))
    total = addUsage(total, usage)
    return { text, finish: 'stop', usage, replayed: false }
  }
  return {
    name: 'scripted',
    counter,
    ...(window === undefined ? {} : { window }),
    get seen() {
      return [...seen]
    },
    generate,
    async *stream(call) {
      const told = await generate(call)
      yield told.text
      return told
    },
    price: () => undefined,
    usage: () => total,
  }
}

const usageOf = (calls: number, input: number, output: number): ModelReply['usage'] => ({
  calls,
  inputTokens: { total: input, cacheRead: 0, cacheWrite: 0 },
  outputTokens: output,
  milliseconds: calls,
})

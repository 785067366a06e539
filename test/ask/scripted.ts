// Small programs in place of models, by the intent of a call; labelled as such.
import type { Intent, ModelCall, ModelPort, ModelReply } from '../../src/model/index.ts'
import { o200k } from './shelf.ts'

export interface Scripted extends ModelPort {
  readonly calls: ModelCall[]
}

/** A port that replies with what a function of the call says; it counts and prices nothing but tokens. */
export function scripted(reply: (call: ModelCall, index: number) => string | Promise<string>): Scripted {
  const calls: ModelCall[] = []
  const generate = async (call: ModelCall): Promise<ModelReply> => {
    call.abortSignal?.throwIfAborted()
    const text = await reply(call, calls.push(call) - 1)
    const inputTokens = { total: o200k.count(call.prompt), cacheRead: 0, cacheWrite: 0 }
    const usage = { calls: 1, inputTokens, outputTokens: o200k.count(text), milliseconds: 1 }
    return { text, finish: 'stop', usage, replayed: false }
  }
  return {
    name: 'scripted',
    counter: o200k,
    calls,
    generate,
    async *stream(call) {
      const whole = await generate(call)
      yield whole.text
      return whole
    },
    price: () => undefined,
    usage: () => ({
      calls: 0,
      inputTokens: { total: 0, cacheRead: 0, cacheWrite: 0 },
      outputTokens: 0,
      milliseconds: 0,
    }),
  }
}

/** A program that copies the lines in its prompt that match, and answers with them. */
export function copier(evidence: RegExp): (call: ModelCall) => string {
  return ({ intent, prompt }) => {
    const lines = prompt
      .split('\n')
      .filter((line) => evidence.test(line) && !line.startsWith('Question:'))
      .map((line) => line.replace(/^\[\d+\]\s*/, ''))
    const found = [...new Set(lines)]
    const replies: Record<Intent, () => string> = {
      extract: () => found.join('\n') || 'NONE',
      summarise: () => found.join('\n') || 'NONE',
      answer: () => found.map((line) => `It is so [1: "${line}"].`).join(' ') || 'NOT FOUND. The text does not say.',
      judge: () => 'YES',
      plan: () => 'When do ferries leave?',
      rewrite: () => 'When do ferries leave?',
    }
    return replies[intent]()
  }
}

/** In place of a sandbox, for strategies that run what a model wrote: it runs nothing, and says that all went well. */
export const runCode = async (_program: string): Promise<{ output: string }> => ({ output: '' })

import { FoveaError, type Usage } from '../../core/index.ts'
import type { ModelCall, ModelPort, ModelReply } from '../../model/index.ts'
import type { ReaderFactory, ReaderMeta } from '../contract.ts'

export const meta = {
  name: 'stored',
  summary:
    'What a real model once said to the sample, as its makers published it: nothing is asked and nothing is paid.',
  origin: 'replayed',
} as const satisfies ReaderMeta

/**
 * `name` is a model's name among the stored answers of a sample. A call throws `no-output` where the sample has none of
 * that model. Whatever the prompt is, the answer is the stored one: only whole samples are replayed, no steps of a method.
 */
const factory: ReaderFactory = async (name, { counter }) => ({
  name: `stored/${name}`,
  origin: meta.origin,
  async port(sample) {
    let calls = 0
    let written = 0
    const usageOf = (calls: number, outputTokens: number): Usage => ({
      calls,
      // What the model was given is not stored, so its tokens are not known.
      inputTokens: { total: 0, cacheRead: 0, cacheWrite: 0 },
      outputTokens,
      milliseconds: 0,
    })
    const generate = async ({ abortSignal }: ModelCall): Promise<ModelReply> => {
      abortSignal?.throwIfAborted()
      const stored = sample.stored ?? {}
      const text = Object.hasOwn(stored, name) ? stored[name] : undefined
      if (text === undefined)
        throw new FoveaError(
          'no-output',
          `"${sample.id}" has no stored answer of "${name}"; there are ${Object.keys(stored).join(', ') || 'none at all'}`,
        )
      const tokens = counter.count(text)
      calls++
      written += tokens
      return { text, finish: 'stop', usage: usageOf(1, tokens), replayed: true }
    }
    return {
      name: `stored/${name}`,
      counter,
      generate,
      async *stream(call) {
        const reply = await generate(call)
        yield reply.text
        return reply
      },
      price: () => undefined,
      usage: () => usageOf(calls, written),
    } satisfies ModelPort
  },
})
export default factory

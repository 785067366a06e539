import { type Embedder, FoveaError, splitsPair, type TokenCounter, type Usage } from '../core/index.ts'
import type { EmbeddingModel } from './contract.ts'
import { hashOf } from './hash.ts'
import { Meter, type MeterOptions } from './meter.ts'

type ProviderOptions = Readonly<Record<string, Readonly<Record<string, unknown>>>>
export type Kind = 'query' | 'passage'

export interface EmbeddingOptions extends MeterOptions {
  /** Put before each text of a kind, as the model was trained: `query: ` and `passage: `. Default none. */
  readonly prefixes?: Readonly<Partial<Record<Kind, string>>>
  /** The provider's own settings for each kind: `{ query: { cohere: { inputType: 'search_query' } } }`. */
  readonly providerOptions?: Readonly<Partial<Record<Kind, ProviderOptions>>>
  /** Most tokens of one text; what is longer is cut at its end. Default: as the model takes it. */
  readonly window?: number
  /** Most texts of one call, beside what the model itself says. Default 96. */
  readonly textsPerCall?: number
  /** Most tokens of one call. Default 100,000. */
  readonly tokensPerCall?: number
  /** Numbers of one vector, where known; without it one call asks the model. */
  readonly dimensions?: number
}

/** The start of a text that is no longer than `window` tokens. */
export function cutToWindow(text: string, window: number, counter: TokenCounter): string {
  const fits = (length: number): boolean => {
    const count = counter.count(text.slice(0, length))
    return count + counter.margin(count) <= window
  }
  if (text.length <= window / 2 || fits(text.length)) return text
  let low = 0
  let high = text.length
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return text.slice(0, splitsPair(text, low) ? low - 1 : low)
}

/**
 * An embedding model of the AI SDK (specification v3 or v4) behind Fovea's contract: in batches, each vector kept in the
 * journal by itself. Throws `model-unfit`, `model-failed` (after retries), `embedding-missing`, `over-cost`.
 */
export async function embeddingPort(
  model: EmbeddingModel,
  options: EmbeddingOptions = {},
): Promise<Embedder & { usage(): Usage }> {
  const meter = new Meter(model, 'doEmbed', options)
  const { prefixes = {}, providerOptions = {}, window, tokensPerCall = 100_000 } = options
  const most = Math.max(1, Math.min((await model.maxEmbeddingsPerCall) ?? Infinity, options.textsPerCall ?? 96))

  async function ask(texts: readonly string[], kind: Kind, abortSignal?: AbortSignal): Promise<Float32Array[]> {
    const settings = providerOptions[kind]
    const call = {
      values: [...texts],
      ...(settings ? { providerOptions: settings } : {}),
      ...(abortSignal ? { abortSignal } : {}),
    }
    const tokens = texts.reduce((sum, text) => sum + meter.counter.count(text), 0)
    const reply = await meter.call(
      tokens,
      () => model.doEmbed(call as never),
      ({ usage }) => usage?.tokens,
      abortSignal,
    )
    if (reply.embeddings.length !== texts.length)
      throw new FoveaError(
        'embedding-missing',
        `${meter.name} gave ${reply.embeddings.length} embeddings for ${texts.length} texts; ask again, or for fewer at once`,
      )
    return reply.embeddings.map((numbers) => Float32Array.from(numbers))
  }

  async function embed(given: readonly string[], kind: Kind, abortSignal?: AbortSignal): Promise<Float32Array[]> {
    abortSignal?.throwIfAborted()
    const texts = given.map((text) => {
      const whole = (prefixes[kind] ?? '') + text
      return window === undefined ? whole : cutToWindow(whole, window, meter.counter)
    })
    const settings = providerOptions[kind] ?? {}
    const keys = await Promise.all(texts.map((text) => hashOf(['embed', meter.name, settings, text])))
    const found = new Map<string, Float32Array>()
    const wanted = new Map<string, string>()
    for (const [index, key] of keys.entries()) {
      if (found.has(key) || wanted.has(key)) continue
      const known = await meter.known(key)
      if (known === undefined) wanted.set(key, texts[index]!)
      else found.set(key, decode(known))
    }
    const batches: [key: string, text: string][][] = []
    let tokens = 0
    for (const entry of wanted) {
      const count = meter.counter.count(entry[1])
      const last = batches.at(-1)
      if (last && last.length < most && tokens + count <= tokensPerCall) {
        last.push(entry)
        tokens += count
      } else {
        batches.push([entry])
        tokens = count
      }
    }
    // One failure stops the batches that have not begun.
    const stop = new AbortController()
    const signal = abortSignal ? AbortSignal.any([abortSignal, stop.signal]) : stop.signal
    await Promise.all(
      batches.map(async (batch) => {
        try {
          const vectors = await ask(
            batch.map(([, text]) => text),
            kind,
            signal,
          )
          for (const [index, [key]] of batch.entries()) {
            found.set(key, vectors[index]!)
            await meter.keep(key, 'embed', encode(vectors[index]!))
          }
        } catch (error) {
          stop.abort(error)
          throw error
        }
      }),
    )
    return keys.map((key) => found.get(key)!.slice())
  }

  const dimensions = options.dimensions ?? (await embed(['dimensions'], 'query'))[0]!.length
  const mark = prefixes.passage ? `+${(await hashOf(prefixes.passage)).slice(0, 8)}` : ''
  return {
    name: meter.name + mark,
    dimensions,
    async embed(texts, kind, abortSignal) {
      const vectors = await embed(texts, kind, abortSignal)
      const odd = vectors.find((vector) => vector.length !== dimensions)
      if (odd)
        throw new FoveaError('model-unfit', `${meter.name} gave ${odd.length} numbers for a vector, not ${dimensions}`)
      return vectors
    },
    usage: () => meter.usage(),
  }
}

const encode = (vector: Float32Array): string =>
  Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')

function decode(text: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'))
  return new Float32Array(bytes.buffer)
}

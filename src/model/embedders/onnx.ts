import { type Embedder, FoveaError, type TokenEmbedder } from '../../core/index.ts'
import { type OnnxOptions, type Output, onnxModel } from '../adapters/onnx.ts'
import type { EmbedderFactory, EmbedderMeta, NeuralOptions } from '../contract.ts'
import { unit } from '../vectors.ts'

export const meta = {
  name: 'onnx',
  summary:
    'An embedding model of a local folder (model.onnx, tokenizer.json), run on this machine; gives token vectors too.',
  prefixes: ['onnx'],
  peers: ['onnxruntime-node', '@huggingface/tokenizers'],
  environment: [],
  tokens: true,
} as const satisfies EmbedderMeta

export interface OnnxEmbedderOptions extends OnnxOptions, NeuralOptions {
  /** How token vectors become one: their mean, the first or the last. Default `mean`. */
  readonly pooling?: 'mean' | 'cls' | 'last'
  /** Vectors of length one. Default true. */
  readonly normalise?: boolean
  /** Put before each text of a kind, as the model was trained: `query: ` and `passage: `. Default none. */
  readonly prefixes?: Readonly<Partial<Record<'query' | 'passage', string>>>
}

const wanted = ['last_hidden_state', 'token_embeddings', 'hidden_states', 'logits']

function pool({ data, dims }: Output, pooling: 'mean' | 'cls' | 'last'): Float32Array {
  const [tokens, size] = dims as [number, number?]
  if (size === undefined) return Float32Array.from(data)
  const vector = new Float32Array(size)
  const from = pooling === 'last' ? tokens - 1 : 0
  const to = pooling === 'cls' ? 1 : tokens
  for (let token = from; token < to; token++)
    for (let at = 0; at < size; at++) vector[at]! += data[token * size + at]! / (to - from)
  return vector
}

/** `name` is `onnx/FOLDER`. Throws `provider-missing`, `model-missing`, `model-unfit`. */
const factory: EmbedderFactory = async (name, options: OnnxEmbedderOptions = {}) => {
  const folder = name.replace(/^onnx\//, '')
  const { pooling = 'mean', normalise = true, prefixes = {} } = options
  const model = await onnxModel(folder, options)
  const [probe] = await model.run([model.encode('a')], wanted)
  const dimensions = probe!.dims.at(-1)!
  const perToken = probe!.dims.length === 2
  const mark = [pooling, ...(prefixes.passage ? [prefixes.passage] : [])].join('+')
  const embedder: Embedder & Partial<TokenEmbedder> = {
    name: `onnx/${folder}+${mark}`,
    dimensions,
    async embed(texts, kind, abortSignal) {
      abortSignal?.throwIfAborted()
      const inputs = texts.map((text) => model.encode((prefixes[kind] ?? '') + text))
      const vectors = (await model.run(inputs, wanted, abortSignal)).map((output) => pool(output, pooling))
      return normalise ? vectors.map(unit) : vectors
    },
  }
  if (!perToken) return embedder
  return {
    ...embedder,
    async embedTokens(text, kind, abortSignal) {
      abortSignal?.throwIfAborted()
      const prefix = prefixes[kind] ?? ''
      const input = model.encode(prefix + text)
      const [output] = await model.run([input], wanted, abortSignal)
      if (!output) throw new FoveaError('embedding-missing', `${folder} gave nothing for a text`)
      const { starts, ends } = input.places
      let skip = 0
      while (skip < ends.length && ends[skip]! <= prefix.length) skip++
      const from = (input.first + skip) * dimensions
      return {
        starts: starts.slice(skip).map((at) => Math.max(0, at - prefix.length)),
        ends: ends.slice(skip).map((at) => at - prefix.length),
        values: Float32Array.from(
          Array.prototype.slice.call(output.data, from, from + (ends.length - skip) * dimensions) as number[],
        ),
      }
    },
  }
}
export default factory

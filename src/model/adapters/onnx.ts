import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FoveaError, messageOf } from '../../core/index.ts'
import { type Aligned, alignBytes, alignWords } from '../align.ts'
import { loadPeer } from './peer.ts'

interface Tensor {
  readonly data: ArrayLike<number>
  readonly dims: readonly number[]
}
interface Session {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  run(feeds: Record<string, unknown>): Promise<Record<string, Tensor>>
  release?(): Promise<void>
}
/** What is used of onnxruntime-node and of onnxruntime-web, which are alike. */
export interface OnnxRuntime {
  readonly InferenceSession: { create(model: Uint8Array | string, options?: object): Promise<Session> }
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => unknown
}
interface Encoding {
  readonly ids: number[]
  readonly tokens: string[]
  readonly token_type_ids?: number[]
}
interface Tokenizer {
  encode(text: string, options?: object): Encoding
  token_to_id(token: string): number | undefined
}
/** What is used of @huggingface/tokenizers. */
export interface Tokenizers {
  readonly Tokenizer: new (tokenizer: object, config: object) => Tokenizer
}

export interface OnnxOptions {
  /** `onnxruntime-node` (default), `onnxruntime-web`, or either one loaded already. */
  readonly runtime?: string | OnnxRuntime
  /** @huggingface/tokenizers, where it is loaded already. */
  readonly tokenizers?: Tokenizers
  /** The model's file in its folder. Default: the first of `onnx/model.onnx`, `model.onnx`, `onnx/model_quantized.onnx`. */
  readonly file?: string
  /** Most tokens of one input, special ones included. Default: the model's own limit, or 512. */
  readonly window?: number
  /** Inputs of one run. Default 16. */
  readonly batch?: number
  /** Processor threads. Default: the runtime's own choice. */
  readonly threads?: number
}

export interface Encoded {
  readonly ids: readonly number[]
  readonly types: readonly number[]
  /** Tokens of the text itself: their first index in `ids`, and where they stand in the text. */
  readonly first: number
  readonly places: Aligned
}
export interface Output {
  /** Name of the output. */
  readonly name: string
  readonly data: ArrayLike<number>
  /** Of this one input: `[tokens, dimensions]` or `[dimensions]`. */
  readonly dims: readonly number[]
}
export interface OnnxModel {
  readonly config: Readonly<Record<string, unknown>>
  readonly window: number
  encode(text: string, pair?: string): Encoded
  run(inputs: readonly Encoded[], wanted: readonly string[], abortSignal?: AbortSignal): Promise<Output[]>
}

async function jsonOf(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? {} : (JSON.parse(text) as Record<string, unknown>)
}

/** What a folder as Hugging Face lays it out holds, opened. */
export interface OnnxFolder {
  readonly session: Session
  readonly Tensor: OnnxRuntime['Tensor']
  readonly tokenizer: Tokenizer
  /** Its tokenizer.json, tokenizer_config.json and config.json. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly tokenizing: Readonly<Record<string, unknown>>
  readonly config: Readonly<Record<string, unknown>>
}

/** Opens a folder with weights and tokenizer. Throws `model-missing`, `model-unfit`, `provider-missing`. */
export async function onnxFolder(folder: string, options: OnnxOptions): Promise<OnnxFolder> {
  const { runtime = 'onnxruntime-node', file, threads } = options
  const ort =
    typeof runtime === 'string'
      ? ((await loadPeer(runtime)) as unknown as OnnxRuntime & { default?: OnnxRuntime })
      : runtime
  const { InferenceSession, Tensor } = 'InferenceSession' in ort ? ort : (ort as { default: OnnxRuntime }).default
  const tokenizers = options.tokenizers ?? ((await loadPeer('@huggingface/tokenizers')) as unknown as Tokenizers)
  const settings = await jsonOf(join(folder, 'tokenizer.json'))
  const tokenizing = await jsonOf(join(folder, 'tokenizer_config.json'))
  const config = await jsonOf(join(folder, 'config.json'))
  if (!('model' in settings))
    throw new FoveaError('model-missing', `${folder} holds no tokenizer.json; give the folder of a model`, {
      detail: { folder },
    })
  const tokenizer = new tokenizers.Tokenizer(settings, tokenizing)
  const session = await openSession(
    folder,
    file ? [file] : ['onnx/model.onnx', 'model.onnx', 'onnx/model_quantized.onnx'],
    (bytes) => InferenceSession.create(bytes, threads ? { intraOpNumThreads: threads } : {}),
  )
  return { session, Tensor, tokenizer, settings, tokenizing, config }
}

/** Reads the model of a folder as Hugging Face lays it out. Throws as `onnxFolder` does. */
export async function onnxModel(folder: string, options: OnnxOptions): Promise<OnnxModel> {
  const { batch = 16 } = options
  const { session, Tensor, tokenizer, settings, tokenizing, config } = await onnxFolder(folder, options)
  const limits = [options.window, tokenizing.model_max_length, config.max_position_embeddings].map(Number)
  const window = Math.min(...limits.filter((limit) => limit > 0 && limit < 1e6), options.window ?? Infinity)
  const most = Number.isFinite(window) ? window : 512
  const parts = JSON.stringify([settings.pre_tokenizer ?? null, settings.decoder ?? null])
  const align = parts.includes('"ByteLevel"') ? alignBytes : alignWords
  const padding = Number(config.pad_token_id ?? tokenizer.token_to_id('[PAD]') ?? tokenizer.token_to_id('<pad>') ?? 0)

  function encode(text: string, pair?: string): Encoded {
    // No tokenizer gives fewer than one token for sixteen characters of real text.
    const shown = text.slice(0, most * 16)
    const plain = tokenizer.encode(shown, { add_special_tokens: false })
    const full = tokenizer.encode(shown, {
      return_token_type_ids: true,
      ...(pair === undefined ? {} : { text_pair: pair.slice(0, most * 16) }),
    })
    let first = 0
    while (first < full.ids.length && plain.ids.some((id, index) => index < 3 && full.ids[first + index] !== id))
      first++
    const after = pair === undefined ? full.ids.length - first - plain.ids.length : 1
    const cut = <Value>(values: readonly Value[]): Value[] =>
      values.length <= most ? [...values] : [...values.slice(0, most - after), ...values.slice(values.length - after)]
    const ids = cut(full.ids)
    const kept = pair === undefined ? ids.length - first - after : Math.min(plain.ids.length, ids.length - first)
    const places = align(shown, plain.tokens)
    return {
      ids,
      types: cut(full.token_type_ids ?? full.ids.map(() => 0)),
      first,
      places: { starts: places.starts.slice(0, kept), ends: places.ends.slice(0, kept) },
    }
  }

  async function runBatch(inputs: readonly Encoded[], wanted: readonly string[]): Promise<Output[]> {
    const longest = Math.max(...inputs.map(({ ids }) => ids.length))
    const tensor = (value: (input: Encoded, at: number) => number) =>
      new Tensor(
        'int64',
        BigInt64Array.from({ length: inputs.length * longest }, (_, at) =>
          BigInt(value(inputs[Math.floor(at / longest)]!, at % longest)),
        ),
        [inputs.length, longest],
      )
    const feeds: Record<string, unknown> = {}
    for (const name of session.inputNames)
      if (name === 'input_ids') feeds[name] = tensor(({ ids }, at) => ids[at] ?? padding)
      else if (name === 'attention_mask') feeds[name] = tensor(({ ids }, at) => (at < ids.length ? 1 : 0))
      else if (name === 'token_type_ids') feeds[name] = tensor(({ types }, at) => types[at] ?? 0)
      else if (name === 'position_ids') feeds[name] = tensor((_input, at) => at)
      else throw new FoveaError('model-unfit', `${folder} asks for an input "${name}" that is not known here`)
    const outputs = await session.run(feeds)
    const name = wanted.find((known) => outputs[known]) ?? session.outputNames[0]!
    const { data, dims } = outputs[name]!
    const size = dims.slice(1).reduce((product, length) => product * length, 1)
    return inputs.map(({ ids }, index) => {
      const part = Array.prototype.slice.call(data, index * size, (index + 1) * size) as number[]
      const perToken = dims.length === 3
      const own = perToken ? part.slice(0, ids.length * dims[2]!) : part
      return { name, data: own, dims: perToken ? [ids.length, dims[2]!] : dims.slice(1) }
    })
  }

  return {
    config,
    window: most,
    encode,
    async run(inputs, wanted, abortSignal) {
      // Inputs of like length run together, so that little is padded.
      const order = inputs.map((_, index) => index).sort((a, b) => inputs[a]!.ids.length - inputs[b]!.ids.length)
      const outputs: Output[] = new Array(inputs.length)
      for (let at = 0; at < order.length; at += batch) {
        abortSignal?.throwIfAborted()
        const some = order.slice(at, at + batch)
        const made = await runBatch(
          some.map((index) => inputs[index]!),
          wanted,
        )
        for (const [place, index] of some.entries()) outputs[index] = made[place]!
      }
      return outputs
    },
  }
}

async function openSession(
  folder: string,
  files: readonly string[],
  open: (model: Uint8Array | string) => Promise<Session>,
): Promise<Session> {
  for (const file of files) {
    const path = join(folder, file)
    const bytes = await readFile(path).catch(() => undefined)
    if (!bytes) continue
    try {
      return await open(bytes)
    } catch (cause) {
      // Weights kept in a file beside the model are found only by path.
      return await open(path).catch(() => {
        throw new FoveaError('model-unfit', `${path} cannot be loaded: ${messageOf(cause)}`, {
          cause,
          detail: { path },
        })
      })
    }
  }
  throw new FoveaError('model-missing', `${folder} holds none of ${files.join(', ')}; name the file of the model`, {
    detail: { folder },
  })
}

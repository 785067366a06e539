import { FoveaError, type Pruner } from '../../core/index.ts'
import { type OnnxFolder, type OnnxOptions, onnxFolder } from '../../model/index.ts'

/** Turns text to numbers of tokens, without special ones. */
export interface PrunerTokenizer {
  readonly start: number
  readonly separator: number
  encode(text: string): readonly number[]
}

/** A cross-encoder with a ranking head and a head that labels tokens. */
export interface PrunerNetwork {
  /** Token numbers, the special ones too, to the rank's logit and for each token the logits of dropping and of keeping it. */
  run(tokens: readonly number[]): Promise<{ readonly rank: number; readonly labels: Float32Array }>
}

/** Tokens that it reads at once, the question's among them. */
const window = 512

/**
 * A pruner over a network: question and passage in one pass (long passages in as many windows as they take), words labelled by
 * their tokens; the score is that of the best window. Chirkova and others 2025, Provence, arXiv 2501.16214.
 */
export const tokenPruner = (name: string, network: PrunerNetwork, tokenizer: PrunerTokenizer): Pruner => ({
  name,
  async prune(query, text, abortSignal) {
    const { start, separator } = tokenizer
    const asked = [start, ...tokenizer.encode(query).slice(0, window / 2), separator]
    // Words are encoded one by one: tokenizers do not tell where their tokens stand.
    const words = [...text.matchAll(/\s*\S+|\s+$/g)].map(({ 0: word, index }) => ({
      end: index + word.length,
      tokens: tokenizer.encode(word.trim()),
    }))
    const keep = new Float64Array(words.length)
    let score = Number.NEGATIVE_INFINITY
    for (let from = 0; from < words.length; ) {
      abortSignal?.throwIfAborted()
      let [to, length] = [from, asked.length + 1]
      while (to < words.length && (to === from || length + words[to]!.tokens.length <= window))
        length += words[to++]!.tokens.length
      const inside = words.slice(from, to)
      const { rank, labels } = await network.run([...asked, ...inside.flatMap(({ tokens }) => tokens), separator])
      score = Math.max(score, rank)
      let at = asked.length
      for (const [offset, { tokens }] of inside.entries()) {
        let sum = 0
        for (let token = 0; token < tokens.length; token++, at++)
          sum += 1 / (1 + Math.exp(labels[2 * at]! - labels[2 * at + 1]!))
        keep[from + offset] = tokens.length > 0 ? sum / tokens.length : (keep[from + offset - 1] ?? 0)
      }
      from = to
    }
    return { score: words.length > 0 ? score : 0, ends: Int32Array.from(words, ({ end }) => end), keep }
  },
})

/** The runtimes that a pruner runs on; the first that is installed is taken. */
const runtimes = ['onnxruntime-node', 'onnxruntime-web']

async function opened(folder: string, options: OnnxOptions): Promise<OnnxFolder> {
  if (options.runtime !== undefined) return onnxFolder(folder, options)
  for (const runtime of runtimes)
    try {
      return await onnxFolder(folder, { ...options, runtime })
    } catch (error) {
      const absent = FoveaError.is(error, 'provider-missing') && error.detail?.peer === runtime
      if (!absent) throw error
    }
  throw new FoveaError('provider-missing', 'a pruner needs a runtime: run npm install onnxruntime-node', {
    detail: { peer: runtimes[0] },
  })
}

/**
 * Loads a pruner from a folder as Hugging Face lays it out: weights in `onnx/model.onnx` or `model.onnx` (inputs `input_ids`,
 * with or without `attention_mask` and `token_type_ids`; one output of a single number, one of two per token), and
 * tokenizer.json. Throws `model-missing` where a file is not there, `model-unfit` where the model or its outputs are others,
 * `provider-missing` where no runtime or @huggingface/tokenizers is installed.
 */
export async function loadPruner(folder: string, options: OnnxOptions = {}): Promise<Pruner> {
  const { session, Tensor, tokenizer } = await opened(folder, options)
  const unfit = (what: string): FoveaError =>
    new FoveaError('model-unfit', `${folder} holds no pruner: ${what}; give the folder of a Provence model`, {
      detail: { folder },
    })
  const special = (...names: readonly string[]): number => {
    for (const name of names) {
      const number = tokenizer.token_to_id(name)
      if (number !== undefined) return number
    }
    throw unfit(`its tokenizer has none of ${names.join(', ')}`)
  }
  const network: PrunerNetwork = {
    async run(tokens) {
      const filled = (value: (token: number) => bigint) =>
        new Tensor('int64', BigInt64Array.from(tokens, value), [1, tokens.length])
      const feeds: Record<string, unknown> = {}
      for (const name of session.inputNames)
        if (name === 'input_ids') feeds[name] = filled(BigInt)
        else if (name === 'attention_mask') feeds[name] = filled(() => 1n)
        else if (name === 'token_type_ids') feeds[name] = filled(() => 0n)
        else throw unfit(`its model asks for an input "${name}" that is not known here`)
      const outputs = Object.values(await session.run(feeds))
      const rank = outputs.find(({ data }) => data.length === 1)
      const labels = outputs.find(({ data, dims }) => data.length === 2 * tokens.length && dims.at(-1) === 2)
      if (!rank || !labels) throw unfit('its model gives no rank of one number and two numbers for each token')
      return { rank: rank.data[0]!, labels: Float32Array.from(labels.data) }
    },
  }
  const [start, separator] = [special('[CLS]', '<s>'), special('[SEP]', '</s>')]
  // A model of another shape is found out here, before there is work to lose.
  await network.run([start, separator, separator])
  return tokenPruner(`onnx/${folder}`, network, {
    start,
    separator,
    encode: (text) => (text === '' ? [] : tokenizer.encode(text, { add_special_tokens: false }).ids),
  })
}

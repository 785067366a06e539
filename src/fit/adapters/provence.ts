import { FoveaError, type Pruner } from '../../core/index.ts'

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

interface Tensor {
  readonly data: ArrayLike<number>
  readonly dims: readonly number[]
}
interface OnnxRuntime {
  readonly InferenceSession: {
    create(path: string): Promise<{
      readonly inputNames: readonly string[]
      run(feeds: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, Tensor>>>
    }>
  }
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => unknown
}
interface Transformers {
  readonly AutoTokenizer: {
    from_pretrained(
      folder: string,
      options: { local_files_only: boolean },
    ): Promise<{
      encode(text: string, options: { add_special_tokens: boolean }): number[]
      model: { tokens_to_ids: ReadonlyMap<string, number> }
    }>
  }
}

/**
 * Loads a pruner from a folder with `model.onnx` (inputs `input_ids`, `attention_mask`, with or without `token_type_ids`; one
 * output of a single number, one of two per token) and the files of its tokenizer. Throws `pruner-missing` where
 * onnxruntime-node or @huggingface/transformers is not installed, `pruner-unknown` where the outputs are others.
 */
export async function loadPruner(folder: string): Promise<Pruner> {
  const { InferenceSession, Tensor } = (await optional('onnxruntime-node')) as OnnxRuntime
  const { AutoTokenizer } = (await optional('@huggingface/transformers')) as Transformers
  const session = await InferenceSession.create(`${folder}/model.onnx`)
  const loaded = await AutoTokenizer.from_pretrained(folder, { local_files_only: true })
  const special = (...names: readonly string[]): number => {
    for (const name of names) {
      const number = loaded.model.tokens_to_ids.get(name)
      if (number !== undefined) return number
    }
    throw new FoveaError('pruner-unknown', `the tokenizer in ${folder} has none of ${names.join(', ')}`)
  }
  const network: PrunerNetwork = {
    async run(tokens) {
      const filled = (value: (token: number) => bigint) =>
        new Tensor('int64', BigInt64Array.from(tokens, value), [1, tokens.length])
      const all: Record<string, unknown> = {
        input_ids: filled(BigInt),
        attention_mask: filled(() => 1n),
        token_type_ids: filled(() => 0n),
      }
      const outputs = Object.values(
        await session.run(Object.fromEntries(session.inputNames.map((name) => [name, all[name]]))),
      )
      const rank = outputs.find(({ data }) => data.length === 1)
      const labels = outputs.find(({ data, dims }) => data.length === 2 * tokens.length && dims.at(-1) === 2)
      if (!rank || !labels)
        throw new FoveaError('pruner-unknown', `the model in ${folder} gives no rank and two numbers per token`)
      return { rank: rank.data[0]!, labels: Float32Array.from(labels.data) }
    },
  }
  return tokenPruner(folder, network, {
    start: special('[CLS]', '<s>'),
    separator: special('[SEP]', '</s>'),
    encode: (text) => loaded.encode(text, { add_special_tokens: false }),
  })
}

async function optional(name: string): Promise<unknown> {
  try {
    return await import(name)
  } catch (cause) {
    throw new FoveaError('pruner-missing', `a pruner needs ${name}; install it with "npm install ${name}"`, { cause })
  }
}

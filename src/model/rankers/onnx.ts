import { type OnnxOptions, onnxModel } from '../adapters/onnx.ts'
import type { NeuralOptions, RankerFactory, RankerMeta } from '../contract.ts'

export const meta = {
  name: 'onnx',
  summary:
    'A cross-encoder of a local folder (model.onnx, tokenizer.json) that reads the query and each text together.',
  paper: 'Nogueira and Cho 2019, Passage Re-ranking with BERT, arXiv 1901.04085',
  prefixes: ['onnx'],
  peers: ['onnxruntime-node', '@huggingface/tokenizers'],
  environment: [],
} as const satisfies RankerMeta

/**
 * `name` is `onnx/FOLDER`. A model with one output gives its logit; one with several, the log-odds of its last class.
 * Throws `provider-missing`, `model-missing`, `model-unfit`.
 */
const factory: RankerFactory = async (name, options: OnnxOptions & NeuralOptions = {}) => {
  const folder = name.replace(/^onnx\//, '')
  const model = await onnxModel(folder, options)
  return {
    name: `onnx/${folder}`,
    async rank(query, texts, abortSignal) {
      abortSignal?.throwIfAborted()
      const outputs = await model.run(
        texts.map((text) => model.encode(query, text)),
        ['logits', 'scores'],
        abortSignal,
      )
      return outputs.map(({ data }) => {
        const values = Array.from(data)
        const last = values.at(-1)!
        if (values.length === 1) return last
        const others = values.slice(0, -1)
        const most = Math.max(...others)
        return last - most - Math.log(others.reduce((sum, value) => sum + Math.exp(value - most), 0))
      })
    },
  }
}
export default factory

// Makes the smallest models that the ONNX runtimes load: a labelled stand-in for weights, with known arithmetic.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

function varint(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest >= 128 ? (rest % 128) | 128 : rest)
    if (rest < 128) return bytes
  }
}
const bytesOf = (parts: readonly (readonly number[] | Uint8Array)[]): number[] => parts.flatMap((part) => [...part])
const number = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)]
const block = (field: number, content: readonly number[] | Uint8Array): number[] =>
  bytesOf([varint(field * 8 + 2), varint(content.length), content])
const text = (field: number, value: string): number[] => block(field, new TextEncoder().encode(value))

const node = (type: string, inputs: string[], output: string, attributes: number[] = []): number[] =>
  block(
    1,
    bytesOf([...inputs.map((name) => text(1, name)), text(2, output), text(3, output), text(4, type), attributes]),
  )
const attribute = (name: string, value: number): number[] =>
  block(5, bytesOf([text(1, name), number(3, value), number(20, 2)]))
function tensor(name: string, dims: number[], values: Float32Array | BigInt64Array): number[] {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const type = values instanceof Float32Array ? 1 : 7
  return block(5, bytesOf([...dims.map((dim) => number(1, dim)), number(2, type), text(8, name), block(9, raw)]))
}
const shaped = (field: number, name: string, type: number, dims: (string | number)[]): number[] => {
  const shape = dims.map((dim) => block(1, typeof dim === 'string' ? text(2, dim) : number(1, dim)))
  return block(
    field,
    bytesOf([text(1, name), block(2, block(1, bytesOf([number(1, type), block(2, bytesOf(shape))])))]),
  )
}
const model = (graph: number[]): Uint8Array =>
  Uint8Array.from(bytesOf([number(1, 8), block(7, graph), block(8, number(2, 17))]))

const words = 'the a it she was built in berlin paris city old wall of who captain ship fog noon ferry leaves at museum'
const vocabulary = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  ...words.split(' '),
  '##s',
  '##ing',
  '.',
  ',',
  '?',
  'query',
  ':',
]
export const dimensions = 16

/** Numbers of each token, by a fixed rule: no two are alike. */
export const tableOf = (): Float32Array =>
  Float32Array.from({ length: vocabulary.length * dimensions }, (_, at) => Math.sin(1 + at * 1.7 + (at % 7) * at))

const inputs = ['input_ids', 'attention_mask', 'token_type_ids'].flatMap((name) =>
  shaped(11, name, 7, ['batch', 'length']),
)
const shared = (vectors: Float32Array): number[][] => [
  node('Gather', ['table', 'input_ids'], 'rows'),
  node('Cast', ['attention_mask'], 'mask2', attribute('to', 1)),
  node('Unsqueeze', ['mask2', 'last'], 'mask'),
  tensor('table', [vocabulary.length, dimensions], vectors),
  tensor('last', [1], BigInt64Array.of(2n)),
  tensor('middle', [1], BigInt64Array.of(1n)),
]

/** Each token's row, and half the mean of all rows of the text: a context-mixing encoder. */
const encoder = (): Uint8Array =>
  model(
    bytesOf([
      ...shared(tableOf()),
      node('Mul', ['rows', 'mask'], 'seen'),
      node('ReduceSum', ['seen', 'middle'], 'sum'),
      node('ReduceSum', ['mask', 'middle'], 'count'),
      node('Div', ['sum', 'count'], 'mean'),
      node('Mul', ['mean', 'half'], 'share'),
      node('Add', ['rows', 'share'], 'last_hidden_state'),
      tensor('half', [1], Float32Array.of(0.5)),
      text(2, 'tiny'),
      inputs,
      shaped(12, 'last_hidden_state', 1, ['batch', 'length', dimensions]),
    ]),
  )

/** One number: the product of the sums of the rows of the two texts. */
const crossEncoder = (): Uint8Array =>
  model(
    bytesOf([
      ...shared(tableOf()),
      node('Cast', ['token_type_ids'], 'type2', attribute('to', 1)),
      node('Unsqueeze', ['type2', 'last'], 'second'),
      node('Sub', ['one', 'second'], 'first'),
      node('Mul', ['rows', 'mask'], 'seen'),
      node('Mul', ['seen', 'first'], 'queryRows'),
      node('Mul', ['seen', 'second'], 'textRows'),
      node('ReduceSum', ['queryRows', 'middle'], 'querySum', attribute('keepdims', 0)),
      node('ReduceSum', ['textRows', 'middle'], 'textSum', attribute('keepdims', 0)),
      node('Mul', ['querySum', 'textSum'], 'products'),
      node('ReduceSum', ['products', 'middle'], 'logits'),
      tensor('one', [1], Float32Array.of(1)),
      text(2, 'tiny'),
      inputs,
      shaped(12, 'logits', 1, ['batch', 1]),
    ]),
  )

/** Two numbers of each token, what drops it and what keeps it, and their sum over what keeps as the rank. */
const pruner = (kept: readonly string[]): Uint8Array =>
  model(
    bytesOf([
      node('Gather', ['table', 'input_ids'], 'compression_logits'),
      node('Gather', ['keeping', 'input_ids'], 'worth'),
      node('ReduceSum', ['worth', 'middle'], 'ranking_scores', attribute('keepdims', 0)),
      tensor(
        'table',
        [vocabulary.length, 2],
        Float32Array.from(vocabulary.flatMap((word) => (kept.includes(word) ? [-3, 3] : [3, -3]))),
      ),
      tensor(
        'keeping',
        [vocabulary.length],
        Float32Array.from(vocabulary, (word) => (kept.includes(word) ? 1 : 0)),
      ),
      tensor('middle', [1], BigInt64Array.of(1n)),
      text(2, 'tiny'),
      shaped(11, 'input_ids', 7, ['batch', 'length']),
      shaped(12, 'compression_logits', 1, ['batch', 'length', 2]),
      shaped(12, 'ranking_scores', 1, ['batch']),
    ]),
  )

const special = (content: string) => ({
  id: vocabulary.indexOf(content),
  content,
  special: true,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
})
const piece = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } })
const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } })
const tokenizer = {
  version: '1.0',
  added_tokens: vocabulary.slice(0, 4).map(special),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [piece('[CLS]', 0), sequence('A', 0), piece('[SEP]', 0)],
    pair: [piece('[CLS]', 0), sequence('A', 0), piece('[SEP]', 0), sequence('B', 1), piece('[SEP]', 1)],
    special_tokens: Object.fromEntries(
      ['[CLS]', '[SEP]'].map((id) => [id, { id, ids: [vocabulary.indexOf(id)], tokens: [id] }]),
    ),
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(vocabulary.map((word, index) => [word, index])),
  },
}

/** Writes the two models as folders in `folder`, as Hugging Face lays models out. */
export function writeModels(folder: string): { encoder: string; crossEncoder: string } {
  for (const [name, bytes] of [
    ['encoder', encoder()],
    ['cross-encoder', crossEncoder()],
  ] as const) {
    mkdirSync(join(folder, name, 'onnx'), { recursive: true })
    writeFileSync(join(folder, name, 'onnx/model.onnx'), bytes)
    writeFileSync(join(folder, name, 'tokenizer.json'), JSON.stringify(tokenizer))
    writeFileSync(join(folder, name, 'tokenizer_config.json'), JSON.stringify({ model_max_length: 64 }))
    writeFileSync(join(folder, name, 'config.json'), JSON.stringify({ pad_token_id: 0 }))
  }
  return { encoder: join(folder, 'encoder'), crossEncoder: join(folder, 'cross-encoder') }
}
/** Writes a pruner that keeps these words as a folder: weights and tokenizer side by side. */
export function writePruner(folder: string, kept: readonly string[]): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'model.onnx'), pruner(kept))
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer))
  return folder
}
export const idsOf = (given: string): number[] =>
  given.split(' ').map((word) => {
    const id = vocabulary.indexOf(word)
    return id === -1 ? vocabulary.indexOf('[UNK]') : id
  })

/** A package that may be installed here or in a folder of NODE_PATH, or undefined. */
export async function installed(name: string): Promise<Record<string, unknown> | undefined> {
  try {
    return (await import(name)) as Record<string, unknown>
  } catch {
    try {
      return createRequire(import.meta.url)(name) as Record<string, unknown>
    } catch {
      return undefined
    }
  }
}

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { FoveaError, loadLeaf, packViolations, textsOf } from '../../src/core/index.ts'
import { compressors, fit, loadPruner } from '../../src/fit/index.ts'
import words from '../../src/store/analyzers/words.ts'
import { installed, writeModels, writePruner } from '../model/tiny-onnx.ts'
import { sourceOf, wholeOf } from './shelf.ts'

const folder = mkdtempSync(join(tmpdir(), 'fovea-pruner-'))
after(() => rmSync(folder, { recursive: true }))
const kept = ['ferry', 'leaves', 'at', 'noon', 'the', '.']
const path = writePruner(join(folder, 'pruner'), kept)
const tokenizers = await installed('@huggingface/tokenizers')
const text = 'The old wall was built in Berlin. The ferry leaves at noon. Fog of the old city, fog of Paris. '

for (const engine of ['onnxruntime-node', 'onnxruntime-web'])
  describe(`a pruner of a folder on ${engine}`, async () => {
    const runtime = await installed(engine)
    const skip = !runtime || !tokenizers ? `${engine} or @huggingface/tokenizers is not installed` : false
    const parts = { runtime: runtime as never, tokenizers: tokenizers as never }

    it('marks the words that its weights keep, and ranks by the same pass', { skip }, async () => {
      const pruner = await loadPruner(path, parts)
      const { score, ends, keep } = await pruner.prune('when does the ferry leave?', text)
      const marked = Array.from(ends, (end, at) => (keep[at]! > 0.9 ? text.slice(ends[at - 1] ?? 0, end).trim() : ''))
      assert.deepEqual(marked.filter(Boolean), ['The', 'The', 'ferry', 'leaves', 'at', 'noon.', 'the'])
      assert.equal(ends.at(-1), text.length)
      // The question's own "the" and "ferry", and of the text nine words and signs.
      assert.equal(score, 12)
    })

    it('reads a passage longer than its window in parts', { skip }, async () => {
      const pruner = await loadPruner(path, parts)
      const long = `${'old wall '.repeat(600)}ferry`
      const { ends, keep } = await pruner.prune('ferry', long)
      assert.deepEqual(
        [...keep.keys()].filter((at) => keep[at]! > 0.5),
        [1200],
      )
      assert.equal(ends.length, 1201)
    })

    it('serves `prune`: the sentence that is marked stays, to the character', { skip }, async () => {
      const source = sourceOf('a', text)
      const texts = textsOf([source])
      const counter = { name: 'letters', count: (one: string) => one.length, margin: () => 0 }
      const request = {
        passages: [wholeOf(source)],
        budget: 1000,
        texts,
        counter,
        analyzer: await words(),
        query: 'fog in Paris',
        compressor: await loadLeaf(compressors, 'prune'),
      }
      const pack = await fit({ ...request, pruner: await loadPruner(path, parts) })
      assert.equal(pack.text.trim(), 'The ferry leaves at noon.')
      const facts = { textOf: () => text, counter, input: request.passages }
      assert.deepEqual(packViolations(pack, facts), [])
      // Without it the stand-in goes by the question's words.
      assert.match((await fit(request)).text, /fog of Paris/)
    })

    it('says what is missing or of another shape', { skip }, async () => {
      const empty = join(folder, 'empty')
      mkdirSync(empty, { recursive: true })
      const says = (code: string, words: RegExp) => (error: unknown) =>
        FoveaError.is(error, code) && words.test((error as Error).message)
      await assert.rejects(loadPruner(empty, parts), says('model-missing', /tokenizer\.json.*give the folder/))
      const bare = join(folder, 'bare')
      mkdirSync(bare, { recursive: true })
      copyFileSync(join(path, 'tokenizer.json'), join(bare, 'tokenizer.json'))
      await assert.rejects(loadPruner(bare, parts), says('model-missing', /model\.onnx/))
      writeFileSync(join(bare, 'model.onnx'), 'no weights')
      await assert.rejects(loadPruner(bare, parts), says('model-unfit', /cannot be loaded/))
      // A cross-encoder gives a rank and marks no words; an encoder marks nothing and gives no rank.
      const { crossEncoder, encoder } = writeModels(folder)
      await assert.rejects(loadPruner(crossEncoder, parts), says('model-unfit', /two numbers for each token.*Provence/))
      await assert.rejects(loadPruner(encoder, parts), says('model-unfit', /rank of one number/))
      // The tokenizer of another family, without the tokens that part question and text.
      const odd = writePruner(join(folder, 'odd'), kept)
      writeFileSync(
        join(odd, 'tokenizer.json'),
        JSON.stringify({
          version: '1.0',
          added_tokens: [],
          normalizer: null,
          pre_tokenizer: { type: 'Whitespace' },
          post_processor: null,
          decoder: null,
          model: {
            type: 'WordPiece',
            unk_token: 'x',
            continuing_subword_prefix: '##',
            max_input_chars_per_word: 9,
            vocab: { x: 0 },
          },
        }),
      )
      await assert.rejects(loadPruner(odd, parts), says('model-unfit', /tokenizer has none of \[CLS\]/))
    })
  })

describe('the command line', async () => {
  const runtime = (await installed('onnxruntime-node')) ?? (await installed('onnxruntime-web'))
  const skip = !runtime || !tokenizers ? 'no runtime is installed' : false
  const run = (...rest: string[]) =>
    promisify(execFile)(process.execPath, [
      join(import.meta.dirname, '../../bin/fovea.js'),
      'fit',
      join(folder, 'notes.txt'),
      ...rest,
    ])

  it('takes a folder as --pruner', { skip }, async () => {
    writeFileSync(join(folder, 'notes.txt'), `${text}${'The captain built a ship in the old city. '.repeat(12)}`)
    const query = ['--query', 'when does the ferry leave?', '--token-budget', '60']
    const { stdout } = await run('--method', 'prune', '--pruner', path, ...query)
    assert.equal(stdout.trim(), 'The ferry leaves at noon.')
    await assert.rejects(run('--pruner', path, '--method', 'head', ...query), /--pruner goes with --method prune/)
    await assert.rejects(run('--pruner', join(folder, 'empty'), ...query), /tokenizer\.json/)
  })
})

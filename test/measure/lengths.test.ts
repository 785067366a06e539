// RULER's tasks have the length that was asked for, as three tokenizers count the whole prompt.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadLeaf } from '../../src/core/index.ts'
import { defaultHaystack } from '../../src/measure/adapters/haystack.ts'
import { delivered, promptOf, tasks, textOf } from '../../src/measure/index.ts'
import { tokenCounter } from '../../src/model/index.ts'

const data = process.env.FOVEA_DATA ?? ''
const ruler = tasks.filter(({ meta }) => meta.name.startsWith('ruler-'))

test('RULER has thirteen tasks', () => assert.equal(ruler.length, 13))

for (const encoding of ['o200k_base', 'cl100k_base', 'r50k_base'])
  test(`RULER's prompts are as long as asked for in ${encoding}: 4k, 32k and 128k`, async (context) => {
    const counter = await tokenCounter(encoding)
    const haystack = await defaultHaystack(data, () => {})
    let skipped = 0
    for (const { meta } of ruler) {
      if (data === '' && (meta.needs as readonly string[] | undefined)?.includes('data')) {
        skipped++
        continue
      }
      const task = await loadLeaf(tasks, meta.name)
      for (const [length, samples] of [
        [4096, 3],
        [32_768, 2],
        [131_072, 1],
      ] as const) {
        let made = 0
        const request = { seed: 7, samples, length, counter, haystack, data, options: meta.options }
        for await (const sample of task(request)) {
          made++
          const tokens = counter.count(promptOf(sample, textOf(delivered(sample))))
          const allowed = Math.max(16, length / 200)
          assert.ok(
            Math.abs(tokens - length) <= allowed,
            `${meta.name}: ${tokens} tokens where ${length} were asked for`,
          )
          assert.ok(Math.abs(sample.tokens! - tokens) <= 16, `${meta.name} says ${sample.tokens} of ${tokens} tokens`)
        }
        assert.equal(made, samples)
      }
    }
    if (skipped > 0) context.diagnostic(`${skipped} tasks need FOVEA_DATA and were left out`)
  })

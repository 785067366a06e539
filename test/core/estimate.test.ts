import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { estimateTokens } from '../../src/core/index.ts'

const data = process.env.FOVEA_DATA

test('a range counts as its slice, nothing as nothing', () => {
  assert.equal(estimateTokens(''), 0)
  assert.equal(estimateTokens('abc', 2, 2), 0)
  assert.equal(estimateTokens('a'), 1)
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.nat(90), fc.nat(90), (text, one, two) => {
      const [start, end] = one < two ? [one, two] : [two, one]
      assert.equal(estimateTokens(text, start, end), estimateTokens(text.slice(start, end)))
    }),
  )
})

test('grows with the text and stays within three tokens a character', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
      (one, two) => {
        const [less, more] = [estimateTokens(one), estimateTokens(one + two)]
        assert.ok(less <= more && more <= 3 * (one + two).length)
      },
    ),
  )
})

test('long runs cost something', () => {
  for (const unit of ['a', 'Z', '7', 'я', 'क', 'ع', '漢', '한', '=', '👍'])
    assert.ok(estimateTokens(unit.repeat(10_000)) > 200, unit)
})

/** Median and 99th percentile of the relative error over windows of 1,000 characters. */
function errors(text: string): [median: number, worst: number] {
  const found: number[] = []
  const step = Math.max(1000, Math.floor(text.length / 60))
  for (let at = 0; at + 1000 <= text.length; at += step) {
    const window = text.slice(at, at + 1000).toWellFormed()
    found.push(Math.abs(estimateTokens(window) / encode(window, { allowedSpecial: 'all' }).length - 1))
  }
  found.sort((a, b) => a - b)
  return [found[found.length >> 1]!, found[Math.floor(found.length * 0.99)]!]
}

test('keeps to its stated error on real text', (t) => {
  if (!data) return t.skip('FOVEA_DATA is not set')
  const file = (name: string): string => readFileSync(join(data, name), 'utf8')
  const contexts = (language: string): string =>
    (JSON.parse(file(`xquad/xquad.${language}.json`)) as { data: { paragraphs: { context: string }[] }[] }).data
      .flatMap((article) => article.paragraphs.map((paragraph) => paragraph.context))
      .join('\n\n')
  const book = readdirSync(join(data, 'rust-book'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => file(`rust-book/${name}`))
    .join('\n\n')
  const table = Array.from({ length: 9000 }, (_, index) => `${(index * 7919) % 100_003}\t${index / 8}`).join('\n')
  const bytes = Buffer.from(
    Uint32Array.from({ length: 30_000 }, (_, index) => Math.imul(index + 1, 2_654_435_761)).buffer,
  )
  for (const [name, text, median, worst] of [
    ['English', contexts('en'), 0.05, 0.17],
    ['German', contexts('de'), 0.06, 0.19],
    ['Spanish', contexts('es'), 0.06, 0.2],
    ['Russian', contexts('ru'), 0.07, 0.3],
    ['Chinese', contexts('zh'), 0.05, 0.2],
    ['technical Markdown', book, 0.03, 0.12],
    ['biomedical', file('chunking-eval/corpora/pubmed.md'), 0.05, 0.2],
    ['Python in JSON', file('cosqa/code_idx_map.txt'), 0.06, 0.2],
    ['keys in JSON', file('lost-in-the-middle/kv-retrieval-75_keys.jsonl').slice(0, 100_000), 0.03, 0.06],
    ['numbers', table, 0.08, 0.15],
    ['base64', bytes.toString('base64'), 0.05, 0.12],
  ] as const) {
    const [middle, high] = errors(text)
    assert.ok(middle <= median && high <= worst, `${name}: median ${middle}, 99th percentile ${high}`)
  }
})

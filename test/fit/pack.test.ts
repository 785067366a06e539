import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  type Analyzer,
  FoveaError,
  loadLeaf,
  type Pack,
  type Passage,
  packViolations,
  type Term,
  type TokenCounter,
  textsOf,
} from '../../src/core/index.ts'
import {
  citedRenderer,
  compressors,
  type FitRequest,
  fit,
  type Orderer,
  orderers,
  plainRenderer,
  ratio,
  renderAll,
} from '../../src/fit/index.ts'
import gpt from '../../src/model/tokenizers/gpt.ts'

const analyzer: Analyzer = {
  name: 'plain',
  each(text, emit) {
    let position = 0
    for (const { 0: word, index } of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu))
      emit(word, position++, index, index + word.length)
  },
  terms(text) {
    const terms: Term[] = []
    this.each(text, (term, position, start, end) => terms.push({ term, position, start, end }))
    return terms
  },
  isStopTerm: (term) => ['the', 'a', 'of', 'is', 'what'].includes(term),
}

const o200k = await gpt('o200k_base')
const counters: Record<string, TokenCounter> = {
  o200k,
  characters: {
    name: 'characters',
    count: (text) => Math.ceil(text.length / 4),
    margin: (count) => Math.ceil(count / 10),
  },
  words: { name: 'words', count: (text) => text.match(/\S+/g)?.length ?? 0, margin: () => 0 },
}
const everyCompressor = await Promise.all(
  compressors.map(async ({ meta }) => [meta.name, await loadLeaf(compressors, meta.name)] as const),
)
const everyOrderer = await Promise.all(
  orderers.map(async ({ meta }) => [meta.name, await loadLeaf(orderers, meta.name)] as const),
)
const renderers = { plainRenderer, citedRenderer }

const words = [
  'the',
  'borrow',
  'checker',
  'compares',
  'scopes',
  '😀',
  '👩‍👩‍👧',
  'lifetime',
  'of',
  'данные',
  '数据。',
  'x',
  'Dr.',
  '\n',
  '\n\n',
  '  ',
  '```',
  '=====',
  'a.b()',
  'é',
]
const textOfSource = fc.array(fc.constantFrom(...words, '. ', '? '), { maxLength: 120 }).map((list) => list.join(' '))

/** Offsets moved off the middle of surrogate pairs. */
const sound = (text: string, at: number) => (/[\udc00-\udfff]/.test(text[at] ?? '') ? at + 1 : at)

const world = fc
  .array(textOfSource, { minLength: 1, maxLength: 3 })
  .chain((texts) => {
    const span = fc.nat(texts.length - 1).chain((source) =>
      fc.tuple(fc.nat(texts[source]!.length), fc.nat(texts[source]!.length)).map(([a, b]) => ({
        source: `source-${source}`,
        start: sound(texts[source]!, Math.min(a, b)),
        end: sound(texts[source]!, Math.max(a, b)),
      })),
    )
    const passage = fc.record({
      spans: fc.array(span, { minLength: 1, maxLength: 3 }),
      score: fc.oneof(fc.constantFrom(0, 1, 1, -3), fc.double({ noNaN: true, min: -10, max: 100 })),
      derived: fc.option(fc.constantFrom('a summary', 'another one', ''), { nil: undefined, freq: 8 }),
    })
    return fc.record({
      texts: fc.constant(texts),
      passages: fc.array(passage, { maxLength: 12 }),
      required: fc.array(passage, { maxLength: 2 }),
      doubled: fc.boolean(),
      budget: fc.oneof(fc.constantFrom(0, 1, 1_000_000), fc.nat(200)),
      counter: fc.constantFrom(...Object.keys(counters)),
      renderer: fc.constantFrom('plainRenderer' as const, 'citedRenderer' as const),
      query: fc.constantFrom(undefined, '', 'what is the lifetime', '数据', 'nothing like it'),
    })
  })
  .map(({ texts, passages, required, doubled, ...rest }) => {
    const make = (list: typeof passages) =>
      list.map(({ spans, score, derived }) => ({
        spans,
        score,
        trail: ['test'],
        ...(derived === undefined ? {} : { derived }),
      })) as unknown as Passage[]
    const all = make(passages)
    return { texts, passages: doubled ? [...all, ...all.slice(0, 3)] : all, required: make(required), ...rest }
  })

function freeze<Value>(value: Value): Value {
  if (value && typeof value === 'object') {
    Object.freeze(value)
    for (const inner of Object.values(value)) freeze(inner)
  }
  return value
}

const isTooLarge = (error: unknown) => FoveaError.is(error, 'required-too-large')

describe('pack laws', () => {
  for (const [compressorName, compressor] of everyCompressor)
    for (const [ordererName, orderer] of everyOrderer)
      it(`hold for ${compressorName} in the order ${ordererName}`, async () => {
        await fc.assert(
          fc.asyncProperty(
            world,
            async ({ texts, passages, required, budget, counter: counterName, renderer, query }) => {
              const sources = texts.map((text, index) => ({
                id: `source-${index}`,
                uri: '',
                mediaType: 'text/plain',
                text,
              }))
              const counter = counters[counterName]!
              const request: FitRequest = {
                passages: freeze(passages),
                required: freeze(required),
                budget,
                texts: textsOf(sources),
                counter,
                analyzer,
                compressor,
                orderer,
                renderer: renderers[renderer],
                ...(query === undefined ? {} : { query }),
              }
              const textOf = (id: string) => sources.find((source) => source.id === id)?.text
              let pack: Pack
              try {
                pack = await fit(request)
              } catch (error) {
                if (!isTooLarge(error)) throw error
                const alone = await fit({ ...request, passages: [], budget: 1_000_000 })
                assert.ok(alone.tokens.count + alone.tokens.margin > budget, 'what is required would have fitted')
                return
              }
              assert.deepEqual(
                packViolations(pack, { textOf, counter, input: [...passages, ...required], required }),
                [],
              )
              assert.deepEqual(await fit(request), pack, 'the same request gave another pack')
              if (compressor.grain !== 'passage') return
              const steady = { ...request, orderer: byPlace }
              const full = await fit(steady)
              for (const passage of passages) {
                const wider = await fit({
                  ...steady,
                  passages: [],
                  required: [...full.kept, passage],
                  budget: 1_000_000,
                })
                if (total(wider.kept) > total(full.kept))
                  assert.ok(
                    wider.tokens.count + wider.tokens.margin > budget,
                    `would have fitted: ${JSON.stringify(passage)}`,
                  )
              }
            },
          ),
          { numRuns: 300 },
        )
      })
})

const total = (passages: readonly Passage[]) =>
  passages
    .flatMap(({ spans, derived }) => (derived === undefined ? spans : [{ start: 0, end: derived.length }]))
    .reduce((sum, { start, end }) => sum + end - start, 0)

/** An order that does not depend on the order of the input. */
const byPlace: Orderer = {
  order: (list) =>
    list.toSorted((a, b) => (JSON.stringify([a.spans, a.derived]) < JSON.stringify([b.spans, b.derived]) ? -1 : 1)),
}

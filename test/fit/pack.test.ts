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
} from '../../src/fit/index.ts'
import gpt from '../../src/model/tokenizers/gpt.ts'
import { scriptedModel } from '../../src/testing/index.ts'

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
/** Stands in for a model: it names the first two sentences that it is shown. */
const model = scriptedModel(
  ({ prompt, intent }) => {
    const [first = '', second = ''] = [...prompt.matchAll(/^\[\d+\] (.*)$/gm)].map(({ 1: said }) => said!)
    return intent === 'summarise' ? `${first} [1]\nSo it is said: ${second} [2]` : first
  },
  { counter: o200k },
)
const parts = {
  model,
  attention: {
    name: 'scripted',
    attend: async (documents: readonly string[]) => documents.map(({ length }) => length % 7),
  },
}
const adaptive = new Set(compressors.filter(({ meta }) => meta.adaptive).map(({ meta }) => meta.name))
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
                ...parts,
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
          // Each leaf fully with the plainest partner; pairs of others more lightly.
          { numRuns: compressorName === 'whole' || ordererName === 'document' ? 100 : 8 },
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

describe('fit', () => {
  const text = Array.from(
    { length: 400 },
    (_, number) => `Sentence ${number} is about the ${number % 7 === 3 ? 'borrow checker' : 'weather'}. `,
  ).join('')
  const sources = [{ id: 'one', uri: 'one.md', mediaType: 'text/plain', text }]
  const texts = textsOf(sources)
  const size = Math.floor(text.length / 40)
  const passages: Passage[] = Array.from({ length: 40 }, (_, number) => ({
    spans: [{ source: 'one', start: number * size, end: (number + 1) * size }],
    score: (number * 17) % 40,
    trail: ['test'],
  }))
  const request = {
    passages,
    texts,
    counter: o200k,
    analyzer,
    label: async ({ spans }: Passage) => `one.md#${spans[0].start}`,
    ...parts,
  }

  it('names what is required, and both sizes, when it cannot fit', async () => {
    await assert.rejects(fit({ ...request, required: [passages[3]!], budget: 20 }), (error) => {
      assert.ok(FoveaError.is(error, 'required-too-large'))
      const needed = o200k.count(text.slice(passages[3]!.spans[0].start, passages[3]!.spans[0].end))
      assert.match(error.message, new RegExp(`one\\.md#${passages[3]!.spans[0].start} .* ${needed} tokens.* 20`))
      assert.deepEqual(error.detail, { required: [`one.md#${passages[3]!.spans[0].start}`], needed, budget: 20 })
      return true
    })
    await assert.rejects(fit({ ...request, budget: Number.NaN }), (error) => FoveaError.is(error, 'budget-invalid'))
    await assert.rejects(fit({ ...request, budget: -1 }), (error) => FoveaError.is(error, 'budget-invalid'))
  })

  it('keeps source order by default, the best first by relevance, the best at both ends by ends', async () => {
    const by = async (name: string) =>
      (await fit({ ...request, budget: 1500, orderer: await loadLeaf(orderers, name) })).kept
    const starts = (await by('document')).map(({ spans }) => spans[0].start)
    assert.deepEqual(
      starts,
      starts.toSorted((a, b) => a - b),
    )
    const scores = (await by('relevance')).map(({ score }) => score)
    assert.deepEqual(
      scores,
      scores.toSorted((a, b) => b - a),
    )
    const ends = (await by('ends')).map(({ score }) => score)
    assert.deepEqual([ends[0], ends.at(-1)], [scores[0], scores[1]])
    assert.equal(Math.min(...ends), ends[Math.floor(ends.length / 2)])
    assert.deepEqual(
      (await fit({ ...request, budget: 1500 })).kept.map(({ spans }) => spans[0].start),
      starts,
    )
  })

  it('uses a ratio up to less than the shortest unit left', async () => {
    for (const [name, compressor] of everyCompressor.filter(([leaf]) => !adaptive.has(leaf)))
      for (const share of [0.05, 0.1, 0.25, 0.6]) {
        const budget = await ratio(request, share)
        const pack = await fit({ ...request, compressor, budget, query: 'borrow checker' })
        const unit = compressor.grain !== 'sentence' ? o200k.count(text.slice(0, size)) : 8
        assert.ok(budget - pack.tokens.count < unit + 2, `${name} at ${share}: ${pack.tokens.count} of ${budget}`)
      }
  })

  it('compresses by the question: sentences on it are kept before others', async () => {
    const compressor = await loadLeaf(compressors, 'evidence')
    const pack = await fit({ ...request, compressor, budget: 300, query: 'what is the borrow checker' })
    const about = pack.text.match(/borrow checker/g)?.length ?? 0
    const other = pack.text.match(/weather/g)?.length ?? 0
    assert.ok(about > 1.5 * other, `${about} sentences on it, ${other} on other things`)
    assert.ok(pack.kept.some(({ spans }) => spans.length > 1))
    assert.ok(pack.kept.every(({ derived }) => derived === undefined))
    assert.ok(pack.dropped.some(({ why }) => why === 'compressed'))
  })

  it('never keeps what a compressor refuses, and says that it is irrelevant', async () => {
    const compressor = {
      grain: 'passage' as const,
      score: async (units: readonly { passageScore: number }[]) =>
        Float64Array.from(units, ({ passageScore }) => (passageScore > 20 ? passageScore : Number.NEGATIVE_INFINITY)),
    }
    const pack = await fit({ ...request, compressor, budget: 100_000 })
    assert.equal(pack.kept.length, 19)
    assert.equal(pack.dropped.filter(({ why }) => why === 'irrelevant').length, 21)
  })

  it('counts a small multiple of the budget however large the input is', async () => {
    const many = Array.from({ length: 200 }, (_, number) => ({
      id: `s${number}`,
      uri: '',
      mediaType: 'text/plain',
      text,
    }))
    const all = many.flatMap(({ id }) =>
      passages.map((passage) => ({ ...passage, spans: [{ ...passage.spans[0], source: id }] as const })),
    )
    for (const [name, compressor] of everyCompressor) {
      let counted = 0
      let read = 0
      const counter: TokenCounter = {
        ...o200k,
        count(part) {
          counted += part.length
          return o200k.count(part)
        },
      }
      const inner = textsOf(many)
      const counting = {
        slice(span: { source: string; start: number; end: number }) {
          read += span.end - span.start
          return inner.slice(span)
        },
      }
      const budget = 2000
      const pack = await fit({
        ...request,
        passages: all,
        texts: counting,
        counter,
        compressor,
        budget,
        query: 'borrow checker',
      })
      if (!adaptive.has(name)) assert.ok(pack.tokens.count > 0.93 * budget, `${name}: ${pack.tokens.count}`)
      assert.ok(counted < 400_000, `${name}: ${counted} characters counted`)
      assert.ok(read < 600_000, `${name}: ${read} of ${text.length * 200} characters read`)
    }
  })

  it('stops when it is told to, and says when an orderer loses a passage', async () => {
    await assert.rejects(
      fit({ ...request, budget: 500, abortSignal: AbortSignal.abort(new Error('enough')) }),
      /enough/,
    )
    const losing: Orderer = { order: (list) => list.slice(1) }
    await assert.rejects(fit({ ...request, budget: 500, orderer: losing }), (error) =>
      FoveaError.is(error, 'orderer-broken'),
    )
  })

  it('lets an orderer repeat passages as marked copies, within the budget', async () => {
    const repeating: Orderer = { order: (list) => [...list, ...list.map((passage) => ({ ...passage, copy: true }))] }
    const pack = await fit({ ...request, budget: 800, orderer: repeating })
    assert.ok(pack.kept.length > 2 && pack.kept.length % 2 === 0)
    assert.deepEqual(packViolations(pack, { textOf: () => text, counter: o200k, input: passages }), [])
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Attention, loadLeaf, type Passage, packViolations, textsOf } from '../../src/core/index.ts'
import { fit, type Orderer, orderers, sharedPrefix } from '../../src/fit/index.ts'
import { attentionOf } from '../../src/fit/orderers/attention.ts'
import { medoidOf, permutations } from '../../src/fit/orderers/medoid.ts'
import simulated from '../../src/measure/readers/simulated.ts'
import type { ModelCall } from '../../src/model/index.ts'
import gpt from '../../src/model/tokenizers/gpt.ts'
import { scriptedModel } from '../../src/testing/index.ts'
import { plainAnalyzer, sourceOf, wholeOf } from './shelf.ts'

const counter = await gpt('o200k_base')

/** Passages of sources of their own, with these scores. */
const listOf = (scores: readonly number[]): Passage[] =>
  scores.map((score, index) => ({ spans: [{ source: `s${index}`, start: 0, end: 10 }], score, trail: [] }))
const context = {
  sourceRank: (source: string) => Number(source.slice(1)),
  textOf: ({ spans }: Passage) => spans[0].source,
  isRequired: () => false,
}
const by = async (name: string, passages: readonly Passage[], more: object = {}) =>
  (await loadLeaf(orderers, name)).order(passages, { ...context, ...more })

describe('orderers', () => {
  it('alternate exactly from both ends inwards, and reverse relevance', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer(), { maxLength: 12 }), async (scores) => {
        const best = scores.toSorted((a, b) => b - a)
        const ends = (await by('ends', listOf(scores))).map(({ score }) => score)
        for (let from = 0, to = ends.length - 1, rank = 0; from <= to; rank++)
          assert.equal(rank % 2 === 0 ? ends[from++] : ends[to--], best[rank])
        assert.deepEqual(
          (await by('reverse', listOf(scores))).map(({ score }) => score),
          best.toReversed(),
        )
      }),
    )
  })

  it('go by the time of sources, those without one first', async () => {
    const times: Record<string, number> = { s0: 300, s1: 100, s3: 200 }
    const order = await by('time', listOf([1, 2, 3, 4]), { time: async (source: string) => times[source] })
    assert.deepEqual(
      order.map(({ spans }) => spans[0].source),
      ['s2', 's1', 's3', 's0'],
    )
  })

  it('make a few permutations that repeat for a seed and hold each number once', () => {
    const made = permutations(7, 20, 3)
    assert.deepEqual(made, permutations(7, 20, 3))
    assert.notDeepEqual(made, permutations(7, 20, 4))
    for (const order of made) assert.deepEqual(order.toSorted(), [0, 1, 2, 3, 4, 5, 6])
    assert.ok(new Set(made.map(String)).size > 15)
  })
})

describe('attention sorting', () => {
  it('moves what is attended to last within few rounds, although the model favours what is last', async () => {
    for (let gold = 0; gold < 8; gold++) {
      let calls = 0
      const attention: Attention = {
        name: 'scripted',
        async attend(documents) {
          calls++
          return documents.map((name, place) => 1 + 0.25 * place + (name === `s${gold}` ? 1.3 : 0))
        },
      }
      const passages = listOf(Array.from({ length: 8 }, () => 0))
      const order = await attentionOf(8).order(passages, { ...context, attention, query: 'where' })
      assert.equal(order.at(-1)!.spans[0].source, `s${gold}`)
      assert.deepEqual(new Set(order), new Set(passages))
      assert.ok(calls < 8, `not settled after ${calls} rounds`)
    }
  })
  it('asks the model for the last choice alone', async () => {
    let calls = 0
    const attention: Attention = {
      name: 'scripted',
      async attend(documents) {
        calls++
        return documents.map(() => 1)
      },
    }
    const sources = Array.from({ length: 30 }, (_, index) =>
      sourceOf(`s${index}`, `Sentence of source ${index}. `.repeat(9)),
    )
    const orderer = await loadLeaf(orderers, 'attention')
    await fit({
      passages: sources.map((source, score) => wholeOf(source, score)),
      budget: 500,
      texts: textsOf(sources),
      counter,
      analyzer: plainAnalyzer,
      orderer,
      attention,
    })
    assert.ok(calls <= 3, `${calls} calls`)
    await assert.rejects(
      fit({
        passages: [wholeOf(sources[0]!)],
        budget: 500,
        texts: textsOf(sources),
        counter,
        analyzer: plainAnalyzer,
        orderer,
      }),
      { code: 'part-missing' },
    )
  })
})

describe('medoid', () => {
  /** Sees the gold passage in the first half of the prompt alone, and names another thing each time otherwise. */
  const biased =
    (bias: boolean) =>
    ({ prompt }: ModelCall) => {
      const names = prompt.split('\n\nQuestion')[0]!.split('\n\n')
      const at = names.indexOf('s0')
      return !bias || at < names.length / 2 ? 'it is forty two' : `${names[0]} ${names.at(-1)}`
    }
  const right = async (orderer: Orderer, bias: boolean) => {
    const order = await orderer.order(listOf([0, 0, 0, 0, 0, 0]), {
      ...context,
      model: scriptedModel(biased(bias)),
      query: 'which',
    })
    return biased(bias)({ intent: 'answer', prompt: order.map(context.textOf).join('\n\n') }) === 'it is forty two'
      ? 1
      : 0
  }
  it('beats one order for a reader that favours a place, and gains nothing for one that does not', async () => {
    const score = async (bias: boolean, many: number) => {
      let sum = 0
      for (let seed = 0; seed < 40; seed++) sum += await right(medoidOf(many, seed), bias)
      return sum / 40
    }
    const [many, one] = [await score(true, 7), await score(true, 1)]
    assert.ok(many > one + 0.2, `${many} against ${one}`)
    assert.equal(await score(false, 7), await score(false, 1))
  })
})

describe('a stable prefix', () => {
  it('leaves more of the prompt to a cache than putting what was retrieved first', async () => {
    const talk = sourceOf('talk', 'You are careful and you answer from the text alone. '.repeat(12))
    const sources = Array.from({ length: 12 }, (_, index) =>
      sourceOf(`s${index}`, `Fact ${index}: the ${index} boats of the harbour leave at ${index} o'clock. `.repeat(3)),
    )
    const texts = textsOf([talk, ...sources])
    const turns = [
      [0, 1, 2, 3],
      [2, 4, 1, 5],
      [6, 2, 1, 7],
    ]
    const run = async (orderer: Orderer) => {
      let previous: Awaited<ReturnType<typeof fit>> | undefined
      let [tokens, share] = [0, 0]
      for (const turn of turns) {
        const passages = turn.map((index, place) => wholeOf(sources[index]!, 10 - place))
        const pack = await fit({
          passages,
          required: [wholeOf(talk)],
          budget: 2000,
          texts,
          counter,
          analyzer: plainAnalyzer,
          orderer,
          ...(previous ? { previous } : {}),
        })
        assert.equal(pack.kept.length, 5)
        if (previous) {
          const shared = sharedPrefix(previous.text, pack.text, counter)
          tokens += shared.tokens
          share = shared.share
          assert.ok(previous.text.startsWith(pack.text.slice(0, 50)) || shared.bytes < 50)
        }
        previous = pack
      }
      return { tokens, share }
    }
    const prepending: Orderer = {
      order: (passages, { isRequired }) =>
        passages.toSorted((a, b) => Number(isRequired(a)) - Number(isRequired(b)) || b.score - a.score),
    }
    const [stable, first] = [await run(await loadLeaf(orderers, 'stable')), await run(prepending)]
    assert.ok(stable.tokens > 4 * first.tokens && stable.tokens > 200, `${stable.tokens} against ${first.tokens}`)
    assert.ok(stable.share > 0.5 && first.share < 0.1)
  })
  it('counts bytes, and never half a character', () => {
    assert.deepEqual(sharedPrefix('né😀a', 'né😁b', counter), { bytes: 3, share: 3 / 8, tokens: counter.count('né') })
    assert.equal(sharedPrefix('x', '', counter).share, 1)
  })
})

describe('repetition', () => {
  it('counts copies against the budget, and keeps the laws', async () => {
    const sources = Array.from({ length: 30 }, (_, index) =>
      sourceOf(`s${index}`, `Sentence ${index} speaks of the ferry at length. `.repeat(5)),
    )
    const passages = sources.map((source, score) => wholeOf(source, score))
    const request = { passages, budget: 900, texts: textsOf(sources), counter, analyzer: plainAnalyzer }
    const [once, twice] = [await fit(request), await fit({ ...request, orderer: await loadLeaf(orderers, 'repeat') })]
    assert.deepEqual(
      packViolations(twice, {
        textOf: (id) => sources.find((source) => source.id === id)?.text,
        counter,
        input: passages,
      }),
      [],
    )
    const copies = twice.kept.filter(({ copy }) => copy)
    assert.equal(copies.length * 2, twice.kept.length)
    assert.ok(
      Math.abs(copies.length - once.kept.length / 2) <= 1,
      `${copies.length} twice against ${once.kept.length} once`,
    )
    assert.ok(twice.tokens.count > 0.85 * 900 && twice.tokens.count <= 900)
  })
})

describe('orders over k', () => {
  const filler = (index: number) =>
    `Report ${index} tells of the price of wool in the year ${1700 + index} and of the towns that sold it. `.repeat(5)
  const gold = 'The keeper of the lighthouse was Marta Olsen.'
  /** A sample whose evidence stands in source `at`, and where these others look like it. */
  const sampleOf = (id: number, count: number, at: number, lures: readonly number[] = []) => {
    const sources = Array.from({ length: count }, (_, index) =>
      sourceOf(
        `s${index}`,
        index === at
          ? `${gold} ${filler(index)}`
          : lures.includes(index)
            ? `The keeper of the bridge was Person ${index}. ${filler(index)}`
            : filler(index),
      ),
    )
    return {
      sources,
      sample: {
        id: `sample ${id}`,
        cell: 'keepers',
        corpus: { id: `corpus ${id}`, sources },
        question: 'Who was the keeper of the lighthouse?',
        answers: [['Marta Olsen']],
        evidence: [{ source: `s${at}`, start: 0, end: gold.length }],
        distractors: lures.map((index) => ({
          span: { source: `s${index}`, start: 0, end: `The keeper of the bridge was Person ${index}.`.length },
          says: `Person ${index}`,
        })),
        tags: {},
      },
    }
  }
  const ask = async (
    name: string,
    made: ReturnType<typeof sampleOf>,
    orderer: Orderer,
    passages: readonly Passage[],
  ) => {
    const reader = await simulated(name, { counter } as never)
    const pack = await fit({
      passages,
      budget: 100_000,
      texts: textsOf(made.sources),
      counter,
      analyzer: plainAnalyzer,
      orderer,
    })
    const port = await reader.port(made.sample as never, 1)
    const { text } = await port.generate({ intent: 'answer', prompt: `${pack.text}\n\n${made.sample.question}` })
    return text === 'Marta Olsen' ? 1 : 0
  }

  it('ends raise the answers of a reader that loses the middle, at every k, and of no other', async () => {
    const [ends, document] = [await loadLeaf(orderers, 'ends'), await loadLeaf(orderers, 'document')]
    for (const k of [20, 40]) {
      const score = async (name: string, orderer: Orderer) => {
        let sum = 0
        for (let id = 0; id < 80; id++) {
          const at = Math.floor(k / 2) + (id % 5) - 2
          const made = sampleOf(id, k, at)
          sum += await ask(
            name,
            made,
            orderer,
            made.sources.map((source, index) => wholeOf(source, index === at ? 9 : index / k)),
          )
        }
        return sum / 80
      }
      const gain = (await score('8k!window', ends)) - (await score('8k!window', document))
      const without = (await score('8k!window!middle', ends)) - (await score('8k!window!middle', document))
      assert.ok(gain > 0.1, `${gain} at ${k}`)
      assert.ok(Math.abs(without) < 0.05, `${without} at ${k}`)
    }
  })

  it('a band of ranks beats the top for a reader that is led astray by what looks like the answer, and no other', async () => {
    const relevance = await loadLeaf(orderers, 'relevance')
    const score = async (name: string, from: number, to: number) => {
      let sum = 0
      for (let id = 0; id < 150; id++) {
        const made = sampleOf(id, 40, 9 + (id % 4), [0, 1, 2, 3, 4, 5, 6, 7, 8])
        const ranked = made.sources.map((source, index) => wholeOf(source, -index))
        sum += await ask(name, made, relevance, ranked.slice(from, to))
      }
      return sum / 150
    }
    const [band, top] = [await score('8k!middle', 6, 22), await score('8k!middle', 0, 16)]
    assert.ok(band > top + 0.08, `${band} against ${top}`)
    assert.ok(
      Math.abs((await score('8k!middle!distraction', 6, 22)) - (await score('8k!middle!distraction', 0, 16))) < 0.05,
    )
  })

  /** Follows a chain only where each link is told after the one before, if `order`; joins any otherwise. */
  const follows = (text: string, links: number, order: boolean) => {
    let at = -1
    for (let link = 0; link < links; link++) {
      const next = text.indexOf(`Step ${link} leads on.`)
      if (next === -1 || (order && next < at)) return 0
      at = next
    }
    return 1
  }
  it('document order beats relevance order at equal tokens for a reader that needs order, once k holds the chain', async () => {
    const [document, relevance] = [await loadLeaf(orderers, 'document'), await loadLeaf(orderers, 'relevance')]
    const text = Array.from(
      { length: 40 },
      (_, index) => `${index % 10 === 0 ? `Step ${index / 10} leads on. ` : ''}${filler(index)}`,
    )
    const source = sourceOf('book', text.join(''))
    let at = 0
    const passages = text.map((part, index): Passage => {
      const span = { source: 'book', start: at, end: (at += part.length) }
      return { spans: [span], score: index % 10 === 0 ? 50 + ((index * 7) % 13) : (index * 7) % 31, trail: [] }
    })
    const curve = []
    for (const k of [2, 4, 8, 16]) {
      const best = passages.toSorted((a, b) => b.score - a.score).slice(0, k)
      const run = async (orderer: Orderer, order: boolean) =>
        follows(
          (
            await fit({
              passages: best,
              budget: 100_000,
              texts: textsOf([source]),
              counter,
              analyzer: plainAnalyzer,
              orderer,
            })
          ).text,
          4,
          order,
        )
      curve.push([
        k,
        await run(document, true),
        await run(relevance, true),
        await run(document, false),
        await run(relevance, false),
      ])
    }
    assert.deepEqual(curve, [
      [2, 0, 0, 0, 0],
      [4, 1, 0, 1, 1],
      [8, 1, 0, 1, 1],
      [16, 1, 0, 1, 1],
    ])
  })

  /** Keeps in mind only sentences about what it has in mind already: one whose memory is small, or everything. */
  const recalls = (text: string, small: boolean) => {
    const mind = new Set(['lighthouse'])
    for (const [, from, to] of text.matchAll(/(\w+) belongs to (\w+)\./g)) if (!small || mind.has(from!)) mind.add(to!)
    return mind.has('Olsen') ? 1 : 0
  }
  it('repeating helps a reader with a small memory, and no other', async () => {
    const [document, repeat] = [await loadLeaf(orderers, 'document'), await loadLeaf(orderers, 'repeat')]
    const sources = [
      'harbour belongs to Olsen.',
      'lighthouse belongs to harbour.',
      ...Array.from({ length: 6 }, (_, index) => filler(index)),
    ].map((text, index) => sourceOf(`s${index}`, text))
    const request = {
      passages: sources.map((source) => wholeOf(source)),
      budget: 5000,
      texts: textsOf(sources),
      counter,
      analyzer: plainAnalyzer,
    }
    const [once, twice] = [await fit({ ...request, orderer: document }), await fit({ ...request, orderer: repeat })]
    assert.deepEqual([recalls(once.text, true), recalls(twice.text, true)], [0, 1])
    assert.deepEqual([recalls(once.text, false), recalls(twice.text, false)], [1, 1])
    assert.ok(twice.tokens.count > 1.9 * once.tokens.count)
  })
})

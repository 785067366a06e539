import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { textsOf } from '../../src/core/index.ts'
import { type Claim, compressors, dualSlope, fit, knapsack, waterFill } from '../../src/fit/index.ts'
import gpt from '../../src/model/tokenizers/gpt.ts'
import { plainAnalyzer } from './shelf.ts'

const claims = fc.array(
  fc.record({
    relevance: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 50, noNaN: true })),
    size: fc.nat(300),
  }),
  { minLength: 1, maxLength: 8 },
)
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)
const usable = (list: readonly Claim[]) =>
  list.every(({ relevance }) => relevance === 0)
    ? sum(list.map(({ size }) => size))
    : sum(list.map(({ size, relevance }) => (relevance > 0 ? size : 0)))

/** Grain by grain, each to the claim that has least for its relevance: slow and plain. */
function pour(list: readonly Claim[], budget: number, grain: number): number[] {
  const most = Math.max(...list.map(({ relevance }) => relevance))
  const got = list.map(() => 0)
  for (let left = budget; left >= grain; left -= grain) {
    let thirsty = -1
    for (const [index, { relevance, size }] of list.entries()) {
      const weight = most > 0 ? relevance / most : 1
      if (weight === 0 || got[index]! + grain > size) continue
      if (thirsty === -1 || got[index]! / weight < got[thirsty]! / (most > 0 ? list[thirsty]!.relevance / most : 1))
        thirsty = index
    }
    if (thirsty === -1) break
    got[thirsty]! += grain
  }
  return got
}

describe('water filling', () => {
  it('is what a slow pourer gives', () => {
    const plain = fc.array(fc.record({ relevance: fc.integer({ min: 0, max: 9 }), size: fc.nat(60) }), {
      minLength: 1,
      maxLength: 5,
    })
    fc.assert(
      fc.property(plain, fc.nat(200), (list, budget) => {
        const filled = waterFill(list, budget)
        const poured = pour(list, budget, 0.25)
        for (const [index, amount] of filled.entries())
          assert.ok(Math.abs(amount - poured[index]!) <= 0.25 * (list.length + 1), `${[...filled]} is not ${poured}`)
      }),
      { numRuns: 300 },
    )
  })

  it('spends the budget, overfills nothing, and keeps floors that can be paid', () => {
    fc.assert(
      fc.property(claims, fc.nat(1500), fc.nat(60), (list, budget, floor) => {
        const filled = waterFill(list, budget, { floor })
        const asked = sum(list.map(({ size }) => Math.min(size, floor)))
        for (const [index, amount] of filled.entries()) {
          assert.ok(amount >= 0 && amount <= list[index]!.size)
          if (asked <= budget) assert.ok(amount >= Math.min(list[index]!.size, floor) - 1e-6)
        }
        assert.ok(sum(filled) <= budget + 1e-6)
        assert.ok(sum(filled) >= Math.min(budget, usable(list)) - 1e-3, `${sum(filled)} of ${budget}`)
      }),
    )
  })
})

describe('dual slope', () => {
  it('keeps more of what is more relevant, spends the budget, and runs straight on each side of the mean', () => {
    fc.assert(
      fc.property(claims, fc.nat(1500), (list, budget) => {
        const given = dualSlope(list, budget)
        const ratios = list.map(({ size }, index) => (size === 0 ? undefined : given[index]! / size))
        assert.ok(sum(given) <= budget + 1e-6)
        assert.ok(sum(given) >= Math.min(budget, sum(list.map(({ size }) => size))) - 1e-3)
        const mean = sum(list.map(({ relevance }) => relevance)) / list.length
        const slopes: number[] = []
        for (const [one, { relevance }] of list.entries())
          for (const [other, { relevance: second }] of list.entries()) {
            const [a, b] = [ratios[one], ratios[other]]
            if (a === undefined || b === undefined) continue
            if (relevance > second) assert.ok(a >= b - 1e-9)
            const inside = a > 1e-9 && a < 1 - 1e-9 && b > 1e-9 && b < 1 - 1e-9
            if (inside && second >= mean && relevance - second > 1e-3) slopes.push((a - b) / (relevance - second))
          }
        for (const slope of slopes) assert.ok(Math.abs(slope - slopes[0]!) < 1e-3 * (1 + slope))
      }),
    )
  })
})

describe('knapsack', () => {
  it('is worth as much as the best of all subsets', () => {
    const items = fc.array(fc.record({ value: fc.integer({ min: 0, max: 30 }), size: fc.nat(25) }), { maxLength: 10 })
    fc.assert(
      fc.property(items, fc.nat(90), (list, budget) => {
        let best = 0
        for (let subset = 0; subset < 1 << list.length; subset++) {
          const held = list.filter((_, index) => subset & (1 << index))
          if (sum(held.map(({ size }) => size)) <= budget) best = Math.max(best, sum(held.map(({ value }) => value)))
        }
        const chosen = knapsack(list, budget).map((index) => list[index]!)
        assert.ok(sum(chosen.map(({ size }) => size)) <= budget)
        assert.equal(sum(chosen.map(({ value }) => value)), best)
      }),
      { numRuns: 200 },
    )
  })

  it('keeps the budget, and near all of the worth, where it must round sizes', () => {
    const list = Array.from({ length: 900 }, (_, index) => ({
      value: 1 + ((index * 37) % 101),
      size: 40 + ((index * 53) % 907),
    }))
    const chosen = knapsack(list, 100_000).map((index) => list[index]!)
    assert.ok(sum(chosen.map(({ size }) => size)) <= 100_000)
    const density = list.toSorted((a, b) => b.value / b.size - a.value / a.size)
    let [room, bound] = [100_000, 0]
    for (const { value, size } of density) {
      bound += value * Math.min(1, room / size)
      room -= Math.min(room, size)
    }
    assert.ok(sum(chosen.map(({ value }) => value)) > 0.99 * bound)
  })
})

describe('a floor for each source', () => {
  const sources = ['alpha', 'beta', 'gamma', 'delta'].map((id) => ({
    id,
    uri: id,
    mediaType: 'text/plain',
    text: Array.from(
      { length: 60 },
      (_, line) => `Line ${line} of ${id} is about the ${id === 'alpha' ? 'harbour' : 'weather'}. `,
    ).join(''),
  }))
  const request = {
    passages: sources.map(({ id, text }) => ({
      spans: [{ source: id, start: 0, end: text.length }] as const,
      score: 0,
      trail: [],
    })),
    texts: textsOf(sources),
    analyzer: plainAnalyzer,
    query: 'what is in the harbour',
    budget: 200,
  }
  it('is spent before the rest goes by score, and the budget holds', async () => {
    const counter = await gpt('o200k_base')
    const compressor = (await compressors.find(({ meta }) => meta.name === 'query-sentences')!.load()).default
    const plain = await fit({ ...request, counter, compressor })
    assert.deepEqual([...new Set(plain.kept.map(({ spans }) => spans[0].source))], ['alpha'])
    for (const floor of [20, 40, 5000]) {
      const pack = await fit({ ...request, counter, compressor, floor })
      assert.ok(pack.tokens.count <= 200)
      for (const { id } of sources) {
        const own = pack.kept.filter(({ spans }) => spans[0].source === id)
        const characters = sum(own.flatMap(({ spans }) => spans).map(({ start, end }) => end - start))
        assert.ok(characters > (floor < 30 ? 30 : 60), `${id} has ${characters} characters for a floor of ${floor}`)
      }
    }
  })
})

// Needles, chains and lists: what their papers say of them, checked by parsing the texts that they make.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FoveaError, loadLeaf } from '../../src/core/index.ts'
import { associations } from '../../src/measure/generators/associations.ts'
import { depths } from '../../src/measure/generators/needles.ts'
import {
  delivered,
  type Haystack,
  holdsAnswer,
  metrics,
  type Options,
  plainIndex,
  promptOf,
  readers,
  type Sample,
  type TaskRequest,
  tasks,
  textOf,
} from '../../src/measure/index.ts'
import { tokenCounter } from '../../src/model/index.ts'
import { analyzers } from '../../src/store/index.ts'
import { counter, haystack } from './docs-haystack.ts'

const data = process.env.FOVEA_DATA ?? ''
async function make(name: string, options: Options = {}, more: Partial<TaskRequest> = {}): Promise<Sample[]> {
  const task = await loadLeaf(tasks, name)
  const { meta } = tasks.find((entry) => entry.meta.name === name)!
  const found: Sample[] = []
  const request = { seed: 5, samples: 6, length: 3000, counter, haystack, data, ...more }
  for await (const sample of task({ ...request, options: { ...meta.options, ...options } })) found.push(sample)
  return found
}
const textIn = (sample: Sample): string => textOf(delivered(sample))
const slices = (sample: Sample): string[] => sample.evidence.map(({ start, end }) => textIn(sample).slice(start, end))
const golds = (sample: Sample): string[] => sample.answers.map(([first]) => first!)
const times = (text: string, part: string): number => text.split(part).length - 1
const tally = (words: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

async function score(sample: Sample, said: string, metric: string): Promise<number> {
  const checked = sample.check?.(said)
  if (checked) return Object.values(checked)[0]!
  const { answers, question } = sample
  return (await (
    await loadLeaf(metrics, metric)
  )({ said, answers, question }))!
}

const mine = [
  'ruler-vt',
  'ruler-cwe',
  'ruler-fwe',
  'ruler-qa-1',
  'ruler-qa-2',
  'needle-grid',
  'nolima',
  'needlebench-multi',
  'ancestral-trace',
  'needle-chain',
  'needle-threading',
  'litm-documents',
  'litm-key-value',
  'film',
  'key-updates',
  'artificial-needles',
]
/** All of the text is their evidence, and a part of it need not change what is counted. */
const aggregating = ['ruler-cwe', 'ruler-fwe']

for (const name of mine) {
  const { meta } = tasks.find((entry) => entry.meta.name === name)!
  test(`${name}: who reads all of it scores 1, and less without a piece of evidence; the length is exact`, async (t) => {
    if ((meta as { needs?: unknown }).needs && data === '') return t.skip('FOVEA_DATA is not set')
    const reader = await (await loadLeaf(readers, 'simulated'))('perfect', { counter, environment: {} })
    for (const sample of await make(name, {}, { samples: 8, length: 2048 })) {
      const said = async (text: string): Promise<string> =>
        (await (await reader.port(sample, 1)).generate({ intent: 'answer', prompt: promptOf(sample, text) })).text
      const whole = textIn(sample)
      assert.ok(Math.abs(counter.count(promptOf(sample, whole)) - 2048) <= 12, `${sample.id}: length`)
      assert.equal(await score(sample, await said(whole), meta.metrics[0]!), 1, sample.id)
      const { evidence } = sample
      assert.ok(evidence.length > 0, sample.id)
      if (aggregating.includes(name)) {
        const without = slices(sample).filter((segment) => !segment.includes(` ${golds(sample)[0]}`))
        assert.ok((await score(sample, await said(without.join('\n')), meta.metrics[0]!)) < 1, sample.id)
        continue
      }
      for (const { start, end } of new Set([evidence[0]!, evidence[evidence.length >> 1]!, evidence.at(-1)!])) {
        const hidden = whole.slice(0, start) + whole.slice(end)
        assert.ok((await score(sample, await said(hidden), meta.metrics[0]!)) < 1, `${sample.id} without ${start}`)
      }
    }
    for (const sample of await make(name, {}, { samples: 2, length: 30_000, seed: 9 })) {
      const tokens = counter.count(promptOf(sample, textIn(sample)))
      assert.ok(Math.abs(tokens - 30_000) <= 16, `${sample.id} has ${tokens} tokens`)
    }
  })
}

test('options that are none, and lengths that are too short, are refused with what to do', async () => {
  for (const [name, options] of [
    ['needle-chain', { order: 'sideways' }],
    ['ruler-vt', { hops: -1 }],
    ['key-updates', { updates: 4000 }],
    ['needle-threading', { kind: 'threads', threads: 20, hops: 20 }],
  ] as const)
    await assert.rejects(make(name, options), (error) => FoveaError.is(error, 'spec-invalid'))
  for (const name of ['ruler-cwe', 'needle-chain', 'ancestral-trace'])
    await assert.rejects(make(name, {}, { length: 45 }), (error) => FoveaError.is(error, 'spec-invalid'))
})

test('ruler-vt: a program that runs the assignments finds the answers; chains have their hops, in order', async () => {
  for (const [chains, hops] of [
    [1, 4],
    [3, 2],
    [1, 60],
  ] as const)
    for (const sample of await make('ruler-vt', { chains, hops }, { samples: 3 })) {
      const text = textIn(sample)
      const held = new Map<string, string>()
      const found = [...text.matchAll(/VAR ([A-Z]{5}) = (?:VAR ([A-Z]{5})|(\d{5}))\./g)]
      assert.equal(found.length, chains * (hops + 1))
      for (const [, name, from, value] of found) held.set(name!, value ?? held.get(from!)!)
      const asked = /value (\d{5})/.exec(sample.question)![1]!
      const right = [...held].filter(([, value]) => value === asked).map(([name]) => name)
      assert.deepEqual(right.sort(), golds(sample).sort())
      assert.equal(right.length, hops + 1)
      assert.equal(new Set(held.values()).size, chains)
      assert.equal(sample.distractors!.length, (chains - 1) * (hops + 1))
      for (const [at, name] of golds(sample).entries())
        assert.ok(slices(sample).filter((fact) => fact.startsWith(`VAR ${name} =`)).length === 1, `${at}`)
    }
})

test('ruler-cwe: common words come exactly 30 times, the others exactly 3 times; 6 and 1 below 4,096 tokens', async () => {
  for (const [length, common, uncommon] of [
    [6000, 30, 3],
    [2048, 6, 1],
  ] as const)
    for (const sample of await make('ruler-cwe', {}, { length, samples: 3 })) {
      const entries = textIn(sample).split(/ (?=\d+\. )/)
      const words = entries.map((entry, at) => {
        const [, number, word] = /^(\d+)\. ([a-z]+)$/.exec(entry) ?? []
        assert.equal(Number(number), at + 1)
        return word!
      })
      const counts = tally(words)
      const often = [...counts].filter(([, count]) => count === common).map(([word]) => word)
      assert.deepEqual(often.sort(), golds(sample).sort())
      assert.equal(often.length, 10)
      assert.ok([...counts.values()].every((count) => count === common || count === uncommon))
      assert.equal(
        sample.evidence.map(({ start, end }) => end - start + 1).reduce((a, b) => a + b) - 1,
        textIn(sample).length,
      )
    }
})

test('ruler-fwe: frequencies are those of a zeta distribution, the first three in strict order', async () => {
  const zeta = Math.PI ** 2 / 6
  for (const length of [2048, 9000])
    for (const sample of await make('ruler-fwe', {}, { length, samples: 3 })) {
      const counts = tally(textIn(sample).split(' '))
      const dots = counts.get('....')!
      counts.delete('....')
      const ranked = [...counts].sort((one, other) => other[1] - one[1])
      assert.ok([...counts.keys()].every((word) => /^[a-z]{6}$/.test(word)))
      assert.deepEqual(
        ranked.slice(0, 3).map(([word]) => word),
        golds(sample),
      )
      const amounts = ranked.map(([, count]) => count)
      assert.ok(
        dots > amounts[0]! && amounts[0]! > amounts[1]! && amounts[1]! > amounts[2]! && amounts[2]! > amounts[3]!,
      )
      const fits = (total: number): boolean =>
        amounts.every((count, at) => count === Math.floor(total / (at + 2) ** 2 / zeta))
      const near = Math.round(amounts[0]! * 4 * zeta)
      const total = Array.from({ length: 30 }, (_, at) => near + at - 2).find(fits)
      assert.ok(total !== undefined, `no number of words gives ${amounts.slice(0, 8)}`)
      assert.ok(dots >= Math.floor(total / zeta) && dots <= Math.floor(total / zeta) + 40)
    }
})

test('ruler-qa: the gold documents stand once at a depth of forty, and no other holds the answer', async (t) => {
  if (data === '') return t.skip('FOVEA_DATA is not set')
  for (const [name, gold] of [
    ['ruler-qa-1', 1],
    ['ruler-qa-2', 2],
  ] as const)
    for (const sample of await make(name, {}, { samples: 12, length: 6000 })) {
      const text = textIn(sample)
      const documents = text.split(/\n\n(?=Document \d+:\n)/)
      documents.forEach((document, at) => {
        assert.ok(document.startsWith(`Document ${at + 1}:\n`))
      })
      assert.equal(sample.evidence.length, gold)
      const own = slices(sample)
      for (const document of own) assert.equal(documents.filter((other) => other === document).length, 1)
      const answers = sample.answers[0]!
      const body = (document: string): string => document.replace(/^Document \d+:\n/, '')
      assert.ok(documents.every((document) => own.includes(document) || !holdsAnswer(body(document), answers)))
      if (gold === 1) assert.ok(holdsAnswer(own[0]!, answers))
      assert.ok(depths.includes(sample.tags.depth as number))
      if (gold === 1)
        assert.equal(documents.indexOf(own[0]!), Math.round((sample.tags.depth as number) * (documents.length - 1)))
    }
  const deep = await make('ruler-qa-1', {}, { depth: 1, samples: 2 })
  for (const sample of deep) assert.equal(sample.evidence[0]!.end, textIn(sample).length)
})

test('litm: every position is asked for, and position follows depth', async (t) => {
  for (const name of data === '' ? ['litm-key-value'] : ['litm-key-value', 'litm-documents']) {
    const samples = await make(name, {}, { samples: name === 'litm-documents' ? 60 : 160, length: 2048 })
    const seen = new Set(samples.map(({ tags }) => tags.position as number))
    const sizes = samples.map(({ tags }) => (tags.pairs ?? tags.documents) as number)
    for (let position = 0; position < Math.min(...sizes); position++)
      assert.ok(seen.has(position), `${name} ${position}`)
    samples.forEach(({ tags }, at) => {
      assert.equal(tags.position, Math.round((tags.depth as number) * (sizes[at]! - 1)))
    })
  }
  if (data === '') return t.skip('FOVEA_DATA is not set')
  for (const sample of await make('litm-documents', {}, { samples: 10, length: 2600 })) {
    const documents = textIn(sample).split(/\n\n(?=Document \[\d+\] )/)
    const body = (document: string): string => document.replace(/^Document \[\d+\] /, '')
    const holding = documents.filter((document) => holdsAnswer(body(document), sample.answers[0]!))
    assert.deepEqual(holding, slices(sample))
    // They are mined: each shares a word with the question, but for the one that is cut short.
    const { scores } = plainIndex(documents.map(body)).rank(sample.question)
    assert.ok(scores.filter((score) => score === 0).length <= 1)
  }
})

test('litm-key-value: a JSON object with the pair that is asked for', async () => {
  for (const sample of await make('litm-key-value')) {
    const pairs = JSON.parse(textIn(sample)) as Record<string, string>
    const [, key] = /"([^"]+)"/.exec(sample.question)!
    assert.deepEqual(sample.answers, [[pairs[key!]!]])
    assert.equal(Object.keys(pairs).length, sample.tags.pairs)
    assert.equal(Object.keys(pairs)[sample.tags.position as number], key)
  }
})

test('needle-threading: looking up the JSON object gives the gold of each kind, in each direction', async () => {
  for (const kind of ['needle', 'needles', 'conditional', 'thread', 'threads', 'branching'])
    for (const direction of ['forward', 'backward', 'random'])
      for (const sample of await make('needle-threading', { kind, direction, hops: 4 }, { samples: 2, length: 4000 })) {
        const pairs = JSON.parse(textIn(sample)) as Record<string, string | string[]>
        const keys = Object.keys(pairs)
        const paths = (key: string): string[][] =>
          pairs[key] === undefined
            ? [[key]]
            : [pairs[key]].flat().flatMap((next) => paths(next).map((path) => [key, ...path]))
        const starts =
          kind === 'conditional'
            ? keys.filter((key) => key.includes('*'))
            : [...sample.question.matchAll(/"([^"]+)"/g)].map(([, key]) => key!)
        const ways = starts.map((start) => paths(start).sort((one, other) => other.length - one.length))
        assert.deepEqual(ways.map(([longest]) => longest!.at(-1)).sort(), golds(sample).sort())
        assert.equal(starts.length, ['needles', 'conditional', 'threads'].includes(kind) ? 3 : 1)
        for (const [longest, second] of ways) {
          assert.equal(longest!.length, sample.tags.direction === 'none' ? 2 : 5)
          if (kind === 'branching') assert.ok(second!.length < longest!.length)
          const places = longest!.slice(0, -1).map((key) => keys.indexOf(key))
          const sorted = places.toSorted((one, other) => (direction === 'forward' ? one - other : other - one))
          if (direction !== 'random') assert.deepEqual(places, sorted)
        }
        assert.equal(sample.tags.characters, textIn(sample).length)
      }
  const [other] = await make(
    'needle-threading',
    { kind: 'thread' },
    { samples: 1, counter: await tokenCounter('r50k_base') },
  )
  const [same] = await make('needle-threading', { kind: 'thread' }, { samples: 1 })
  assert.ok((other!.tags.normalised as number) < 0.95 * (same!.tags.normalised as number))
})

/** Salaries as far as they follow from lines, by going over these until nothing new follows. */
function salariesFrom(lines: readonly string[]): Map<string, number> {
  const known = new Map<string, number>()
  for (let before = -1; before < known.size; ) {
    before = known.size
    for (const line of lines) {
      const [, given, amount] = /^(.+) was paid \$(\d+) last week\.$/.exec(line) ?? []
      if (given) known.set(given, Number(amount))
      const [, who, factor, whom] = /^(.+) earns (the same|twice as much|half as much) as (.+)\.$/.exec(line) ?? []
      if (!who || !known.has(whom!)) continue
      known.set(who, known.get(whom!)! * { 'the same': 1, 'twice as much': 2, 'half as much': 0.5 }[factor!]!)
    }
  }
  return known
}

test('needle-chain: a program derives the gold from all facts, and nothing like it when one is taken away', async () => {
  for (const order of ['forward', 'backward', 'chaotic', 'parallel'])
    for (const question of ['total', 'last'])
      for (const sample of await make('needle-chain', { order, question }, { samples: 2, length: 400 })) {
        const lines = textIn(sample).split('\n')
        assert.equal(lines.length, sample.tags.people)
        const known = salariesFrom(lines)
        assert.equal(known.size, lines.length)
        const sum = (list: Map<string, number>): number => [...list.values()].reduce((one, other) => one + other, 0)
        const last = / did (.+) earn last week/.exec(sample.question)?.[1]
        const gold = question === 'total' ? sum(known) : known.get(last!)!
        assert.equal(golds(sample)[0], String(gold))
        assert.equal(sample.check!(`It is $${gold.toLocaleString('en-US')}.`)['number-said'], 1)
        assert.equal(sample.check!(`1${gold}`)['number-said'], 0)
        const alone = order === 'parallel' && question === 'last'
        assert.equal(sample.evidence.length, alone ? 1 : lines.length)
        for (const fact of slices(sample)) {
          const rest = salariesFrom(lines.filter((line) => line !== fact))
          assert.ok(rest.size < lines.length)
          if (question === 'last') assert.equal(rest.get(last!), undefined)
        }
        const places = [...known.keys()].map((person) => lines.findIndex((line) => line.startsWith(`${person} `)))
        if (order === 'forward')
          assert.deepEqual(
            places,
            places.toSorted((one, other) => one - other),
          )
        if (order === 'backward' && question === 'last') assert.ok(lines[0]!.startsWith(last!))
      }
})

/** Parent edges of a text, and the generations that each spans. */
function kinIn(text: string): Map<string, { readonly elder: string; readonly generations: number }> {
  const name = String.raw`(\w+(?: \w+)+)`
  const relation = '(father|mother|grandfather|grandmother)'
  const found = new Map<string, { elder: string; generations: number }>()
  const add = (elder: string, word: string, younger: string): void => {
    found.set(younger, { elder, generations: word.startsWith('grand') ? 2 : 1 })
  }
  for (const [, a, r, b] of text.matchAll(new RegExp(`${name} is the ${relation} of ${name}\\.`, 'g'))) add(a!, r!, b!)
  for (const [, b, r, a] of text.matchAll(new RegExp(`${name}'s ${relation} is ${name}\\.`, 'g'))) add(a!, r!, b!)
  for (const [, b, a, r] of text.matchAll(new RegExp(`${name} calls ${name} ${relation}\\.`, 'g'))) add(a!, r!, b!)
  return found
}

test('ancestral-trace: walking the kinship gives the gold of each question, from two facts up, with filler and without', async () => {
  const cases = [
    [{ facts: 0 }, 110],
    [{ facts: 0 }, 3000],
    [{ facts: 2 }, 3000],
    [{ facts: 7 }, 3000],
  ] as const
  for (const [options, length] of cases)
    for (const sample of await make('ancestral-trace', options, { length, samples: 8 })) {
      const facts = slices(sample)
      const text = options.facts === 0 ? textIn(sample).split('\n') : facts
      assert.ok((sample.tags.facts as number) >= 2)
      if (options.facts > 0) assert.equal(sample.tags.facts, options.facts)
      const kin = kinIn(text.join('\n'))
      assert.equal(kin.size, text.length, text.join('\n'))
      const lineOf = (from: string): { readonly person: string; readonly generations: number }[] => {
        const line = [{ person: from, generations: 0 }]
        for (let at = kin.get(from); at; at = kin.get(at.elder))
          line.push({ person: at.elder, generations: line.at(-1)!.generations + at.generations })
        return line
      }
      const elders = new Set([...kin.values()].map(({ elder }) => elder))
      const youngest = [...kin.keys()].find((person) => !elders.has(person))!
      const line = lineOf(youngest)
      const generations = Number(/(\d+) generations/.exec(sample.question)?.[1])
      const right = {
        eldest: () => line.at(-1)!.person,
        ancestor: () => line.find((entry) => entry.generations === generations)!.person,
        descendant: () => {
          const elder = / of (.+) is \d/.exec(sample.question)![1]
          const from = line.find(({ person }) => person === elder)!
          return line.find((entry) => from.generations - entry.generations === generations)!.person
        },
        distance: () => {
          const elder = /forebear (.+)\?/.exec(sample.question)![1]
          return String(line.find(({ person }) => person === elder)!.generations)
        },
      }[sample.tags.question as 'eldest']()
      assert.equal(golds(sample)[0], right)
      // Names are made longer to meet a length, but not so that one stands out.
      assert.ok(right.split(' ').length <= 3)
    }
})

test('needlebench-multi: needles stand at exact depths; weights are the paper’s; Chinese needles too', async () => {
  const even: Haystack = {
    name: 'even',
    sentences: Array.from({ length: 900 }, (_, at) => `Nothing was seen on day ${1000 + at}.`),
  }
  for (const language of ['en', 'zh'])
    for (const sample of await make(
      'needlebench-multi',
      { language, needles: 4 },
      { haystack: even, samples: 9, depth: 0.2 },
    )) {
      const filler = textIn(sample).match(/Nothing was seen on day \d{4}\./g)!.length
      const before = sample.evidence.map(
        ({ start }) =>
          textIn(sample)
            .slice(0, start)
            .match(/on day \d{4}\./g)?.length ?? 0,
      )
      const wanted = before.map((_, at) => 0.2 + (0.8 * at) / before.length)
      before
        .sort((one, other) => one - other)
        .forEach((count, at) => {
          assert.ok(Math.abs(count - wanted[at]! * filler) <= 1.5, `${sample.id}: ${count} of ${filler}`)
        })
      assert.ok(sample.evidence.every(({ start }) => start === 0 || /[\s]/.test(textIn(sample)[start - 1]!)))
    }
  const weights = new Map((await make('needlebench-multi')).map(({ tags }) => [tags.kind, tags.weight as number]))
  assert.deepEqual([...weights.values()].sort(), [0.3, 0.3, 0.4])
  const counts = (await make('needlebench-multi', { kind: 'multi-reasoning' }, { samples: 12 })).map(
    ({ tags }) => tags.needles,
  )
  assert.deepEqual([...new Set(counts)].sort(), [2, 3, 4, 5])
})

test('nolima: no needle shares a content word with its questions, and plain BM25 finds only what is asked literally', async () => {
  const analyzer = await (await loadLeaf(analyzers, 'words'))()
  const content = (text: string): Set<string> =>
    new Set(analyzer.terms(text).flatMap(({ term }) => (analyzer.isStopTerm(term) ? [] : [term])))
  assert.ok(associations.length >= 30)
  assert.equal(new Set(associations.map(({ needle }) => needle)).size, associations.length)
  for (const { needle, inverted, question, one, two } of associations) {
    assert.ok(needle.startsWith('{name} ') && /\{name\}\.$/.test(inverted), needle)
    for (const target of [one, two]) {
      const asked = content(question.replace('{it}', target))
      for (const text of [needle, inverted])
        for (const word of content(text.replace('{name}', 'Xq'))) assert.ok(!asked.has(word), `${word}: ${text}`)
    }
  }
  const rank = async (hops: number): Promise<number[]> =>
    (await make('nolima', { hops }, { samples: 30, length: 4096 })).map((sample) => {
      const [needle] = slices(sample)
      const rest = textIn(sample).replace(needle!, '\n')
      const texts = [needle!, ...rest.split(/(?<=[.!?])\s+/)]
      return plainIndex(texts).rank(sample.question).order.indexOf(0)
    })
  const found = (ranks: readonly number[]): number => ranks.filter((at) => at < 5).length / ranks.length
  assert.ok(found(await rank(0)) >= 0.95)
  for (const hops of [1, 2]) assert.ok(found(await rank(hops)) <= 0.2, `${hops} hops: ${found(await rank(hops))}`)
})

test('nolima: both numbers of steps, both orders and all pairs come up, with a name that the prose lacks', async () => {
  const samples = await make('nolima', { lure: true }, { samples: 2 * associations.length, length: 1200 })
  const kinds = new Set(samples.map(({ tags }) => `${tags.hops} ${tags.order}`))
  assert.equal(kinds.size, 4)
  assert.equal(new Set(samples.map(({ question }) => question)).size, 2 * associations.length)
  for (const sample of samples) {
    assert.equal(times(textIn(sample), golds(sample)[0]!), 1, sample.id)
    assert.equal(sample.distractors!.length, 1)
  }
})

test('film: each part stands once, and a look-up by it gives the answers, in all styles and directions', async () => {
  const samples = await make('film', { direction: 'all' }, { samples: 18, length: 4000 })
  assert.equal(new Set(samples.map(({ cell }) => cell)).size, 9)
  for (const sample of samples) {
    const text = textIn(sample)
    const [record] = slices(sample)
    assert.equal(times(text, record!), 1)
    for (const answer of golds(sample)) assert.ok(record!.includes(answer), sample.id)
    const quoted = / "(.+)"/.exec(sample.question)?.[1] ?? /(?:mark \[|function |id )(\w+)/.exec(sample.question)?.[1]
    if (quoted && !sample.question.includes('this sentence')) {
      assert.equal(times(text, quoted), 1, `${sample.id}: ${quoted}`)
      assert.ok(record!.includes(quoted))
    }
    const units = sample.corpus.units!.map(({ start, end }) => text.slice(start, end))
    assert.equal(units.indexOf(record!), sample.tags.position)
    assert.equal(sample.tags.position, Math.round((sample.tags.depth as number) * (units.length - 1)))
  }
  const own = (await make('film', {}, { samples: 3 })).map(({ tags }) => `${tags.style} ${tags.direction}`)
  assert.deepEqual(own, ['document two-way', 'code backward', 'database forward'])
})

test('key-updates: every key is updated equally often, and the last line of a key is its answer', async () => {
  for (const options of [{ asked: 3 }, { keys: 10, updates: 5, asked: 10 }])
    for (const sample of await make('key-updates', options, { samples: 3 })) {
      const lines = textIn(sample)
        .split('\n')
        .map((line) => /^([a-z]+): ([a-z]+)$/.exec(line))
        .filter((line) => line !== null)
      const counts = tally(lines.map(([, key]) => key!))
      assert.deepEqual(new Set(counts.values()), new Set([sample.tags.updates]))
      assert.equal(counts.size, sample.tags.keys)
      assert.equal(new Set(lines.map(([line]) => line)).size, lines.length, 'a key has a value twice')
      const last = new Map(lines.map(([, key, value]) => [key!, value!]))
      const asked = [...sample.question.matchAll(/"([a-z]+)"/g)].map(([, key]) => key!)
      assert.deepEqual(
        golds(sample),
        asked.map((key) => last.get(key)),
      )
      assert.deepEqual(
        slices(sample),
        asked.map((key) => `${key}: ${last.get(key)}`),
      )
      assert.equal(sample.distractors!.length, asked.length * ((sample.tags.updates as number) - 1))
      for (const { span, says } of sample.distractors!)
        assert.match(textIn(sample).slice(span.start, span.end), new RegExp(`^(${asked.join('|')}): ${says}$`))
    }
  const [long, longer] = [await make('key-updates'), await make('key-updates', {}, { length: 9000 })]
  assert.ok((longer[0]!.tags.updates as number) > 2 * (long[0]!.tags.updates as number))
})

test('artificial-needles: a look-up finds one key, its value and its dictionary; lures lack one subkey', async () => {
  for (const sample of await make('artificial-needles', {}, { samples: 120, length: 5000 })) {
    const dictionaries = textIn(sample)
      .split('\n')
      .map((line, at) => {
        const [, number, body] = /^Dictionary \[(\d+)\] \{(.+)\}$/.exec(line) ?? []
        assert.equal(Number(number), at + 1, line)
        return [...body!.matchAll(/(\d+|\([\d, ]+\)): (\d+)/g)].map(([, key, value]) => ({ key: key!, value: value! }))
      })
    const asked = sample.question.match(/(?:key|made of) ([\d, ]+)/)![1]!.match(/\d+/g)!
    const holding = (least: number) =>
      dictionaries.flatMap((pairs, at) =>
        pairs.flatMap((pair) =>
          asked.filter((number) => pair.key.match(/\d+/g)!.includes(number)).length >= least ? [{ ...pair, at }] : [],
        ),
      )
    const [found, ...others] = holding(asked.length)
    assert.deepEqual(others, [])
    const [value, dictionary] = golds(sample).slice(-2)
    assert.equal(found!.value, value)
    assert.equal(`Dictionary [${found!.at + 1}]`, dictionary)
    // Lures before it push it on by as many places.
    const place = Math.round((sample.tags.depth as number) * (dictionaries.length - 1))
    assert.ok(Math.abs(found!.at - place) <= sample.distractors!.length, `${found!.at}, not ${place}`)
    if (sample.tags.variant === 'multi-subkey') {
      assert.equal(golds(sample)[0], found!.key)
      assert.ok(holding(2).length >= 4)
      assert.equal(sample.distractors!.length, 3)
    }
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { makeSource, type OutlineNode, type Passage, passageText, passageViolations } from '../../src/core/index.ts'
import { retriever } from '../../src/find/index.ts'
import { keywordTree, wordVectors } from '../../src/find/trees/build.ts'
import { calibrated, descend, type Judge } from '../../src/find/trees/descend.ts'
import { groupsOf } from '../../src/find/trees/groups.ts'
import { modelJudge } from '../../src/find/trees/judges.ts'
import { depthOf, type Tree, type TreeNode } from '../../src/find/trees/tree.ts'
import { unit } from '../../src/model/index.ts'
import words from '../../src/store/analyzers/words.ts'
import type { Searchable } from '../../src/store/index.ts'
import { memoryStore, scriptedModel } from '../../src/testing/index.ts'
import { balancedTree, noisyJudge, seeded } from './noisy-judge.ts'

const analyzer = await words()

const themes = {
  bees: [
    'The hive swarms in May when bees are crowded.',
    'Bees dance to tell where nectar is.',
    'A queen bee lays eggs in the hive all summer.',
    'Honey bees seal each cell of honey with wax.',
  ],
  trains: [
    'The night train leaves the station at ten.',
    'A train driver watches every signal on the railway.',
    'The railway station has two platforms for trains.',
    'Old engines pulled the train over the pass.',
  ],
  tides: [
    'The tide gauge stands at the harbour mouth.',
    'Spring tides follow the new moon by two days.',
    'A storm surge lifts the tide above the harbour wall.',
    'The harbour master writes down each high tide.',
  ],
}
async function library(): Promise<{ store: Searchable; textOf: (id: string) => string | undefined }> {
  const items = await Promise.all(
    Object.entries(themes).map(async ([theme, lines]) => {
      let text = `# ${theme}\n`
      const outline: OutlineNode[] = []
      const chunks: { start: number; end: number }[] = []
      for (const [index, line] of lines.entries()) {
        const start = text.length
        text += `${line}\n`
        chunks.push({ start, end: start + line.length })
        if (index % 2 === 0)
          outline.push({ kind: 'section', title: `${theme} ${index}`, level: 2, start, end: text.length })
        else outline.push({ ...outline.pop()!, end: text.length })
      }
      return { source: await makeSource({ uri: `${theme}.md`, text, mediaType: 'text/markdown', outline }), chunks }
    }),
  )
  const texts = new Map(items.map(({ source }) => [source.id, source.text]))
  return { store: await memoryStore(items, analyzer), textOf: (id) => texts.get(id) }
}
const said = (store: Searchable, passage: Passage): Promise<string> => passageText(passage, store.texts)

test('groups of near vectors: each in one group, none too large, the same each time, planted clusters kept together', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }), {
        maxLength: 60,
      }),
      fc.integer({ min: 2, max: 9 }),
      (lists, most) => {
        const vectors = lists.map((list) => unit(Float32Array.from(list)))
        const groups = groupsOf(vectors, most)
        assert.deepEqual(
          groups.flat().sort((a, b) => a - b),
          vectors.map((_, number) => number),
        )
        assert.ok(groups.every((group) => group.length >= 1 && group.length <= most))
        assert.deepEqual(groupsOf(vectors, most), groups)
      },
    ),
    { numRuns: 80 },
  )
  const next = seeded(3)
  const vectors = Array.from({ length: 32 }, (_, at) =>
    unit(Float32Array.from({ length: 8 }, (_value, axis) => (axis === at % 4 ? 1 : 0) + 0.1 * (next() - 0.5))),
  )
  assert.deepEqual(
    groupsOf(vectors, 8).map((group) => new Set(group.map((member) => member % 4)).size),
    [1, 1, 1, 1],
  )
})

test('summaries without a model are sentences of the text; with one, its words and the passages it names as evidence', async () => {
  const { store, textOf } = await library()
  const plain = await retriever('summary-tree', { store, inner: [] }, { branching: 4, sentences: 2 })
  const found = await plain.retrieve({ text: 'bees of the hive', limit: 20 })
  const summaries = found.filter(({ trail }) => trail.length > 1)
  assert.ok(summaries.length >= 3)
  for (const passage of found) {
    assert.deepEqual(passageViolations(passage, textOf), [])
    assert.equal(passage.derived, undefined)
    for (const span of passage.spans)
      assert.ok(
        Object.values(themes)
          .flat()
          .includes((await store.texts.slice(span)).trim()),
      )
  }
  assert.match(await said(store, found[0]!), /bee/i)
  const model = scriptedModel(({ prompt }) => {
    const theme = /bee/i.test(prompt) ? 'Bees' : /train/i.test(prompt) ? 'Trains' : 'Tides'
    return `${theme} are described in their seasons and their dances. [1][3]`
  })
  const told = await retriever('summary-tree', { store, inner: [], model }, { branching: 4 })
  const [best] = (await told.retrieve({ text: 'bees described in seasons and dances', limit: 5 })).filter(
    ({ derived }) => derived,
  )
  assert.equal(best!.derived, 'Bees are described in their seasons and their dances.')
  assert.deepEqual(passageViolations(best!, textOf), [])
  const evidence = await Promise.all(best!.spans.map((span) => store.texts.slice(span)))
  assert.deepEqual(evidence, [themes.bees[0], themes.bees[2]])
  assert.ok(model.seen.every(({ intent }) => intent === 'summarise'))
  const before = model.seen.length
  await told.retrieve({ text: 'tides', limit: 5 })
  assert.equal(model.seen.length, before, 'the tree stands until the sources change')
})

test('keyword trees: no node too wide, each passage below one root once, sections as the documents have them', async () => {
  const { store } = await library()
  for (const by of ['clusters', 'sections'] as const)
    for (const branching of [2, 3, 8]) {
      const tree = await keywordTree(store, by, wordVectors(store), branching)
      const seen: number[] = []
      const walk = (numbers: readonly number[]): void => {
        assert.ok(numbers.length <= branching, `${by} ${branching}: ${numbers.length}`)
        for (const number of numbers) {
          const { children, level } = tree.nodes[number]!
          if (children.length === 0) seen.push(number)
          for (const child of children) assert.ok(tree.nodes[child]!.level < level)
          walk(children)
        }
      }
      walk(tree.roots)
      assert.deepEqual(
        seen.sort((a, b) => a - b),
        Array.from({ length: 12 }, (_, number) => number),
      )
    }
  const sections = await keywordTree(store, 'sections', wordVectors(store), 4)
  const titled = sections.nodes.filter(({ text }) => text.startsWith('bees 2: '))
  assert.equal(titled.length, 1)
  assert.deepEqual(
    titled[0]!.children.map((child) => sections.nodes[child]!.text),
    themes.bees.slice(2),
  )
})

test('what calls are off by is found: scores of calls with offsets of their own come back as one scale', () => {
  const next = seeded(9)
  const truth = Array.from({ length: 30 }, () => next())
  const slates = Array.from({ length: 12 }, (_, call) => {
    const nodes = Array.from({ length: 8 }, (_value, at) => (call * 5 + at * 3) % 30)
    const offset = (next() - 0.5) * 1.5
    return { nodes, scores: nodes.map((node) => truth[node]! + offset) }
  })
  const values = calibrated(slates)
  const spread = (score: (node: number) => number): number => {
    const errors = [...values.keys()].map((node) => score(node) - truth[node]!)
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
    return Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length)
  }
  const first = (node: number): number => {
    const slate = slates.find(({ nodes }) => nodes.includes(node))!
    return slate.scores[slate.nodes.indexOf(node)]!
  }
  assert.ok(spread((node) => values.get(node)!) < spread(first) / 2)
})

test('a descent leaves a branch that disappoints, and never makes more calls than it says', async () => {
  const leaf = (text: string): TreeNode => ({
    spans: [{ source: 's', start: 0, end: 1 }],
    text,
    children: [],
    level: 0,
  })
  const unitOf = (text: string, children: number[]): TreeNode => ({ ...leaf(text), children, level: 1 })
  const tree: Tree = {
    nodes: [
      leaf('poor 1'),
      leaf('poor 2'),
      leaf('the answer'),
      leaf('poor 3'),
      unitOf('promising', [0, 1]),
      unitOf('modest', [2, 3]),
    ],
    roots: [4, 5],
  }
  const worth: Record<string, number> = { promising: 0.9, modest: 0.5, 'the answer': 1 }
  const judge: Judge = async (_query, texts) => texts.map((text) => worth[text] ?? 0.05)
  const narrow = await descend(tree, 'q', judge, { beam: 1, rounds: 1 })
  assert.deepEqual(narrow.opened, [4])
  const back = await descend(tree, 'q', judge, { beam: 1, rounds: 2 })
  assert.deepEqual(back.opened, [4, 5])
  assert.deepEqual([back.found[0]!.node, back.found[0]!.path], [2, [5, 2]])
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 2, max: 8 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 2 }),
      async (leaves, branching, beam, rounds) => {
        const made = balancedTree(leaves, branching)
        const target = (leaves * 7) % leaves
        let calls = 0
        const counted: Judge = (...call) => {
          calls++
          return noisyJudge(made, target, 0, 0, seeded(1))(...call)
        }
        const { found, calls: told } = await descend(made, 'q', counted, { beam, rounds })
        assert.equal(told, calls)
        assert.ok(calls <= 1 + beam * rounds * depthOf(made))
        assert.ok(depthOf(made) === 0 || calls <= 1 + beam * branching * depthOf(made))
        for (const { node, path } of found) {
          assert.equal(path.at(-1), node)
          for (let at = 1; at < path.length; at++) assert.ok(made.nodes[path[at - 1]!]!.children.includes(path[at]!))
        }
        assert.equal(found[0]!.node, target, 'a judge without noise is always led to the leaf')
      },
    ),
    { numRuns: 60 },
  )
})

test('with a noisy judge, calibrated scores lead to the leaf more often than raw ones', async () => {
  const tree = balancedTree(1000, 10)
  const hits = { calibrated: 0, raw: 0 }
  for (let trial = 0; trial < 60; trial++) {
    const target = (trial * 137) % 1000
    for (const calibrate of [true, false]) {
      const { found } = await descend(tree, 'q', noisyJudge(tree, target, 0.3, 0.1, seeded(100 + trial)), { calibrate })
      if (found[0]?.node === target) hits[calibrate ? 'calibrated' : 'raw']++
    }
  }
  assert.ok(hits.calibrated >= hits.raw + 6, JSON.stringify(hits))
})

test('a model as judge: its lines are read, what it leaves out counts nothing; the way to a passage is in its trail', async () => {
  const lenient = scriptedModel(() => 'Sure:\n1: 80\n[3] - 45\n9: 50\n2 nonsense')
  assert.deepEqual(await modelJudge(lenient)('q', ['a', 'b', 'c']), [0.8, 0, 0.45])
  const { store, textOf } = await library()
  const model = scriptedModel(({ prompt }) =>
    [...prompt.matchAll(/^\[(\d+)\] (.*)$/gm)]
      .map(([, number, text]) => `${number}: ${/storm surge/i.test(text!) ? 95 : /tide|harbour/i.test(text!) ? 60 : 5}`)
      .join('\n'),
  )
  const asked = await retriever('guided-descent', { store, inner: [], model }, { branching: 3, tree: 'sections' })
  const found = await asked.retrieve({ text: 'How high can the sea rise?', limit: 3 })
  assert.equal(await said(store, found[0]!), themes.tides[2])
  assert.ok(found[0]!.trail.length > 2)
  assert.deepEqual(passageViolations(found[0]!, textOf), [])
  assert.ok(model.seen.every(({ intent }) => intent === 'judge'))
  const without = await retriever('guided-descent', { store, inner: [] }, { branching: 3 })
  assert.match(
    await said(store, (await without.retrieve({ text: 'storm surge harbour', limit: 1 }))[0]!),
    /storm surge/,
  )
})

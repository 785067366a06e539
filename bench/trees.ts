// How often a descent with a noisy judge ends at the wanted leaf, how many calls it takes, and what a keyword tree takes to build.
// node bench/trees.ts [trials] [--no-build] [--only-build]
import { makeSource } from '../src/core/index.ts'
import { keywordTree, wordVectors } from '../src/find/trees/build.ts'
import { descend } from '../src/find/trees/descend.ts'
import { depthOf } from '../src/find/trees/tree.ts'
import words from '../src/store/analyzers/words.ts'
import { memoryStore } from '../src/testing/index.ts'
import { balancedTree, noisyJudge, seeded } from '../test/find/noisy-judge.ts'

const trials = Number(process.argv.find((part) => /^\d+$/.test(part)) ?? 200)
const branching = 10
const beam = 3
const noises = [
  [0, 0],
  [0, 0.1],
  [0.2, 0.1],
  [0.4, 0.1],
  [0.4, 0.2],
] as const

console.log(`Trees of ${branching} children to a node, beam ${beam}, 2 rounds for each level, ${trials} trials each.`)
console.log(
  'Noise: standard deviation of one offset for each call, and of each score; the wanted path is 0.8, the rest 0.2 to 0.6.\n',
)
console.log(
  '| leaves | depth | noise of call / score | scores | leaf first | leaf in 5 | calls, mean / most | bound beam x branching x depth |',
)
console.log('|---|---|---|---|---|---|---|---|')
for (const leaves of process.argv.includes('--only-build') ? [] : [1000, 10_000, 100_000]) {
  const tree = balancedTree(leaves, branching)
  const depth = depthOf(tree)
  for (const [ofCall, ofScore] of noises)
    for (const calibrate of [true, false]) {
      let [first, five, calls, most] = [0, 0, 0, 0]
      for (let trial = 0; trial < trials; trial++) {
        const target = Math.floor(seeded(trial)() * leaves)
        const judge = noisyJudge(tree, target, ofCall, ofScore, seeded(1000 + trial))
        const descent = await descend(tree, 'q', judge, { beam, calibrate })
        const nodes = descent.found.slice(0, 5).map(({ node }) => node)
        first += Number(nodes[0] === target)
        five += Number(nodes.includes(target))
        calls += descent.calls
        most = Math.max(most, descent.calls)
      }
      const share = (count: number): string => `${((100 * count) / trials).toFixed(1)}%`
      console.log(
        `| ${leaves} | ${depth} | ${ofCall} / ${ofScore} | ${calibrate ? 'calibrated' : 'raw'} | ${share(first)} | ${share(five)} | ${(calls / trials).toFixed(1)} / ${most} | ${beam * branching * depth} |`,
      )
    }
}

if (!process.argv.includes('--no-build')) {
  const analyzer = await words()
  console.log('\n| passages | keyword tree by clusters, seconds | nodes | depth | widest |')
  console.log('|---|---|---|---|---|')
  for (const count of (process.env.SIZES ?? '1000 10000 100000').split(' ').map(Number)) {
    const next = seeded(count)
    const pick = (most: number): number => Math.floor(most * next() ** 2)
    const lines = Array.from({ length: count }, () => {
      const topic = pick(500)
      return Array.from({ length: 20 }, (_, at) =>
        at % 2 ? `topic${topic}word${pick(12)}` : `word${pick(5000)}`,
      ).join(' ')
    })
    const sources = await Promise.all(
      Array.from({ length: Math.ceil(count / 100) }, async (_, part) => {
        const own = lines.slice(part * 100, part * 100 + 100)
        let at = 0
        const chunks = own.map((line) => {
          const start = at
          at += line.length + 1
          return { start, end: start + line.length }
        })
        return { source: await makeSource({ uri: `${part}`, text: own.join('\n'), mediaType: 'text/plain' }), chunks }
      }),
    )
    const store = await memoryStore(sources, analyzer)
    // The store of the tests looks through all passages of a source list for each neighbour; a map spares the bench that.
    const bySource = new Map(sources.map(({ source, chunks }) => [source.id, chunks]))
    const direct: typeof store = {
      ...store,
      neighbours: async ({ spans: [span] }, _before, after) =>
        (bySource.get(span.source) ?? [])
          .filter(({ start }) => start >= span.end)
          .slice(0, after)
          .map(({ start, end }) => ({ spans: [{ source: span.source, start, end }], score: 0, trail: [] })),
    }
    const started = performance.now()
    const tree = await keywordTree(direct, 'clusters', wordVectors(store), branching)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const widest = Math.max(tree.roots.length, ...tree.nodes.map(({ children }) => children.length))
    console.log(`| ${count} | ${seconds} | ${tree.nodes.length} | ${depthOf(tree)} | ${widest} |`)
  }
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FoveaError } from '../../src/core/index.ts'
import open from '../../src/store/engines/memory.ts'
import type { PutSource } from '../../src/store/index.ts'
import { memoryStore } from '../../src/testing/index.ts'
import { analyzer, collect, fileOf, outlineOf, portable, putOf } from './helpers.ts'

const word = fc.constantFrom('alpha', 'beta', 'gamma', 'delta', 'running', 'ran', 'the', 'of', 'getName', 'café', '😀')
const text = fc.array(word, { minLength: 1, maxLength: 40 }).map((words) => words.join(' '))

/** What the plain store of `fovea/testing` gives, in the same order. */
test('finds what a plain look at every passage finds, in the same order, after any changes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ name: fc.nat(5), text, remove: fc.boolean() }), { maxLength: 12 }),
      fc.array(text, { minLength: 1, maxLength: 4 }),
      fc.constantFrom<'any' | 'all'>('any', 'all'),
      fc.boolean(),
      async (steps, queries, match, numbered) => {
        const own = await open({ location: '', analyzer: numbered ? portable : analyzer })
        const held = new Map<string, PutSource>()
        const writer = await own.write()
        for (const step of steps) {
          const uri = `file-${step.name}.txt`
          if (step.remove) {
            held.delete(uri)
            await writer.remove(uri)
            continue
          }
          const put = await putOf(uri, step.text, { outline: outlineOf(step.text) })
          held.set(uri, put)
          await writer.put(fileOf(uri), [put])
        }
        await writer.close()
        const order = [...held.keys()].sort().map((uri) => held.get(uri)!)
        const plain = await memoryStore(order, portable)
        for (const query of queries) {
          const asked = { text: query, limit: 7, match }
          const [ours, theirs] = [await own.keyword(asked), await plain.keyword(asked)]
          assert.deepEqual(
            ours.map(({ spans }) => spans),
            theirs.map(({ spans }) => spans),
          )
          ours.forEach(({ score }, index) => {
            assert.ok(Math.abs(score - theirs[index]!.score) < 1e-3 * (1 + score))
          })
          for (const passage of ours.slice(0, 2)) {
            const around = [await own.neighbours(passage, 1, 2), await plain.neighbours(passage, 1, 2)]
            assert.deepEqual(around[0], around[1])
            assert.deepEqual(await own.enclosing(passage.spans[0]), await plain.enclosing(passage.spans[0]))
          }
        }
        const terms = ['alpha', 'beta', 'nothing']
        const [ours, theirs] = [await own.statistics(terms), await plain.statistics(terms)]
        assert.deepEqual({ ...ours, meanLength: 0 }, { ...theirs, meanLength: 0 })
        await own.close()
      },
    ),
    { numRuns: 60, seed: 3 },
  )
})

test('filters by path, type and time, tells what it holds, and refuses what it cannot do', async () => {
  const store = await open({ location: '', analyzer })
  const writer = await store.write()
  await assert.rejects(store.write(), (error) => FoveaError.is(error, 'locked'))
  await writer.put(fileOf('a/one.md', { modified: 5 }), [await putOf('a/one.md', 'alpha beta')])
  await writer.put(fileOf('b/two.md', { modified: 9 }), [await putOf('b/two.md', 'alpha gamma')])
  await writer.move('b/two.md', fileOf('c/two.md', { modified: 9 }))
  await writer.close()
  const uris = async (filter: object) =>
    Promise.all(
      (await store.keyword({ text: 'alpha', limit: 9, filter })).map(
        async ({ spans }) => (await store.source(spans[0]))!.uri,
      ),
    )
  assert.deepEqual(await uris({ paths: ['a/**'] }), ['a/one.md'])
  assert.deepEqual(await uris({ after: 6 }), ['c/two.md'])
  assert.deepEqual(
    (await collect(store.files())).map(({ uri }) => uri),
    ['a/one.md', 'c/two.md'],
  )
  assert.deepEqual((await collect(store.sources({ paths: ['c/*'] }))).length, 1)
  assert.equal((await store.status()).sources, 2)
  await assert.rejects(store.vector({ text: '', limit: 1, vector: new Float32Array(2) }), (error) =>
    FoveaError.is(error, 'no-vectors'),
  )
})

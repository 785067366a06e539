import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killing } from './kill.ts'

/** Deterministic numbers from 0 to 1. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 0x1_0000_0000
  }
}

test('a reading that is killed again and again pays for each reply once and gives the same answer', {
  timeout: 120_000,
}, async () => {
  const { whole, runs, same } = await killing({ parts: 120, kills: 4, delay: 6, random: random(3) })
  assert.equal(whole, 121)
  assert.ok(runs.filter(({ killed }) => killed).length >= 2, 'it was killed')
  const last = runs.at(-1)!
  assert.equal(last.killed, false)
  assert.equal(last.made, whole - last.kept, 'the resumed run makes the calls that are missing, and no other')
  // Of a run that was killed at most the calls in flight are lost.
  for (const [index, { made, kept }] of runs.slice(0, -1).entries())
    assert.ok(
      runs[index + 1]!.kept >= kept + made - 8,
      `run ${index} lost ${kept + made - runs[index + 1]!.kept} replies`,
    )
  assert.ok(same, 'the answer is another one')
})

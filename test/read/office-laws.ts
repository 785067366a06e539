import assert from 'node:assert/strict'
import { canonicalText, type Source } from '../../src/core/index.ts'

/** What every Source must be: canonical text, an outline in pre-order whose units nest, anchors in order. */
export function checkSource({ text, outline = [], origin, id }: Source): void {
  assert.match(id, /^[0-9a-f]{64}$/)
  assert.equal(canonicalText(text), text)
  let last = 0
  outline.forEach(({ start, end, parent, level }, index) => {
    assert.ok(start >= last && start <= end && end <= text.length, `node ${index}`)
    last = start
    const above = parent === undefined ? undefined : outline[parent]
    if (parent !== undefined) assert.ok(parent < index && start >= above!.start && end <= above!.end, `node ${index}`)
    assert.equal(level, (above?.level ?? 0) + 1)
  })
  const ends: { index: number; end: number }[] = []
  outline.forEach(({ start, end, parent }, index) => {
    while (ends.length > 0 && ends.at(-1)!.index !== parent) ends.pop()
    assert.equal(ends.at(-1)?.index, parent, `node ${index} lies in an open unit`)
    ends.push({ index, end })
    assert.ok(start <= end)
  })
  const anchors = origin?.anchors ?? []
  assert.ok(anchors.length > 0 && anchors[0]!.at <= text.search(/\S/))
  anchors.forEach(({ at }, index) => {
    assert.ok(at <= text.length && (index === 0 || at > anchors[index - 1]!.at), `anchor ${index}`)
  })
}

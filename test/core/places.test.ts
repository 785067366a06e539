import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Anchor,
  advance,
  anchorAt,
  findPlace,
  formatCitation,
  type Origin,
  type Place,
  parseCitation,
} from '../../src/core/index.ts'

/** The plain oracle: walks the text from its start. */
function placeByWalking(text: string, offset: number): Place {
  const before = text.slice(0, offset)
  const lines = before.split('\n')
  return { line: lines.length, column: lines.at(-1)!.length + 1, byte: Buffer.byteLength(before) }
}

test('line, column and byte of any offset are those of a walk from the start, through any anchors', () => {
  const character = fc.constantFrom('a', 'é', '漢', '😀', '\n', '\r\n', ' ', 'word')
  fc.assert(
    fc.property(
      fc.array(character, { maxLength: 60 }),
      fc.array(fc.nat(59), { maxLength: 4 }),
      fc.nat(60),
      (parts, cuts, to) => {
        const text = parts.join('')
        const at = (index: number): number => parts.slice(0, index).join('').length
        const anchors: Anchor[] = [...new Set([0, ...cuts.map((cut) => at(Math.min(cut, parts.length)))])]
          .sort((a, b) => a - b)
          .map((offset) => ({ at: offset, linear: true, ...placeByWalking(text, offset) }))
        const origin: Origin = { encoding: 'utf-8', anchors }
        const offset = at(Math.min(to, parts.length))
        const anchor = anchorAt(origin, offset)
        assert.deepEqual(advance(anchor, text.slice(anchor.at, offset)), placeByWalking(text, offset))
      },
    ),
    { seed: 1 },
  )
})

test('a citation by lines finds exactly those lines', () => {
  const line = fc.string({ unit: fc.constantFrom('x', '漢', ' '), maxLength: 5 })
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 20 }),
      fc.nat(),
      fc.nat(),
      fc.array(fc.nat(19), { maxLength: 3 }),
      (lines, a, b, cuts) => {
        const text = lines.join('\n')
        const from = (a % lines.length) + 1
        const to = Math.min(lines.length, from + (b % 4))
        const offsetOf = (number: number): number =>
          lines.slice(0, number - 1).reduce((sum, each) => sum + each.length + 1, 0)
        const anchors = [...new Set([1, ...cuts.map((cut) => (cut % lines.length) + 1)])]
          .sort((x, y) => x - y)
          .map((number) => ({ at: offsetOf(number), line: number, column: 1, linear: true }))
        const found = findPlace({ anchors }, text, { line: from }, { line: to })
        const expected = lines.slice(from - 1, to).join('\n')
        // A last line that is empty has no characters to show.
        if (!found) return assert.equal(expected.trim(), '')
        const shown = text.slice(...found)
        assert.ok(shown === expected || shown === `${expected}\n`, JSON.stringify({ shown, expected }))
      },
    ),
    { seed: 2 },
  )
})

test('citations of every kind are written and read back', () => {
  const cases: [Place, Place, string][] = [
    [{ line: 3 }, { line: 9 }, 'a b.md#L3-L9'],
    [{ line: 3, byte: 10 }, { line: 3 }, 'a b.md#L3'],
    [{ page: 4, line: 2 }, { page: 4, line: 9 }, 'a b.md#page=4'],
    [{ page: 4 }, { page: 5 }, 'a b.md#page=4-5'],
    [{ slide: 2 }, { slide: 2 }, 'a b.md#slide=2'],
    [{ time: 3_723_400 }, { time: 3_725_000 }, 'a b.md#t=01:02:03-01:02:05'],
    [{ sheet: 'Q1 sales', cell: 'B7' }, { sheet: 'Q1 sales', cell: 'D9' }, 'a b.md#cell=Q1 sales!B7:D9'],
    [{ cell: '3', line: 4 }, { cell: '3', line: 6 }, 'a b.md#cell=3'],
    [{ message: 12 }, { message: 14 }, 'a b.md#message=12-14'],
    [{ part: 'text/ch1.xhtml' }, { part: 'text/ch1.xhtml' }, 'a b.md#part=text/ch1.xhtml'],
  ]
  for (const [first, last, citation] of cases) {
    assert.equal(formatCitation('a b.md', first, last), citation)
    const target = parseCitation(citation)
    assert.equal(target.uri, 'a b.md')
    assert.equal(formatCitation('a b.md', target.from!, target.to!), citation)
  }
  assert.deepEqual(parseCitation('C#/notes.md'), { uri: 'C#/notes.md' })
  assert.deepEqual(parseCitation('odd#L3#L7'), { uri: 'odd#L3', from: { line: 7 }, to: { line: 7 } })
})

test('pages, times and cells are found through their anchors', () => {
  const text = 'one two three four '
  const pages: Origin = {
    anchors: [
      { at: 0, page: 1 },
      { at: 4, page: 2, line: 1 },
      { at: 8, page: 2, line: 2 },
      { at: 14, page: 3 },
    ],
  }
  assert.deepEqual(findPlace(pages, text, { page: 2 }), [4, 14])
  assert.deepEqual(findPlace(pages, text, { page: 3 }), [14, text.length])
  assert.equal(findPlace(pages, text, { page: 9 }), undefined)
  const cells: Origin = {
    anchors: [
      { at: 0, sheet: 'A', cell: 'A1' },
      { at: 4, sheet: 'A', cell: 'B1' },
      { at: 8, sheet: 'B', cell: 'B1' },
      { at: 14, sheet: 'B', cell: 'C2' },
    ],
  }
  assert.deepEqual(findPlace(cells, text, { cell: 'B1' }), [4, 8])
  assert.deepEqual(findPlace(cells, text, { sheet: 'B', cell: 'B1' }, { sheet: 'B', cell: 'C2' }), [8, text.length])
  const cues: Origin = {
    anchors: [
      { at: 0, time: 0 },
      { at: 4, time: 61_500 },
      { at: 8, time: 90_000 },
    ],
  }
  assert.deepEqual(findPlace(cues, text, parseCitation('x#t=00:01:01').from!), [4, 8])
})

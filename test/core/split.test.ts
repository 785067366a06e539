import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Chunk,
  estimateTokens,
  FoveaError,
  nodeAt,
  type OutlineKind,
  type OutlineNode,
  parentOf,
  type SplitOptions,
  split,
} from '../../src/core/index.ts'

const data = process.env.FOVEA_DATA

/** Additive, so that a slow count can check it: visible code units. */
const visible = (text: string, start: number, end: number): number => text.slice(start, end).replace(/\s/g, '').length
const plain = (text: string, options?: SplitOptions): Chunk[] => split({ text, mediaType: 'text/plain' }, options)
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Every visible character once, in order; edges visible and whole; sizes kept but for single characters. */
function check(text: string, chunks: readonly Chunk[], size: number, count?: typeof visible): void {
  let at = 0
  for (const { start, end, tokens } of chunks) {
    assert.ok(start >= at && end > start && end <= text.length, 'in order and inside')
    assert.ok(!/\S/.test(text.slice(at, start)), 'nothing visible is left out')
    const slice = text.slice(start, end)
    assert.equal(slice.trim(), slice)
    assert.ok(slice.isWellFormed())
    if (count) assert.equal(tokens, count(text, start, end))
    if (tokens > size) assert.equal([...graphemes.segment(slice)].length, 1, 'only a single character is too large')
    at = end
  }
  assert.ok(!/\S/.test(text.slice(at)), 'nothing visible is left over')
}

const units = fc.constantFrom(
  ...[
    'word ',
    'Longer words. ',
    'a',
    'Dr. ',
    '\n',
    '\n\n',
    '\r\n\r\n',
    '# H\n',
    '## Two\n\n',
    '- item\n',
    '| a | b |\n',
  ],
  ...[
    '。',
    '漢字',
    'かな',
    '한국어 ',
    'क्षि',
    'e\u0301',
    '👨‍👩‍👧‍👦',
    '👍🏽',
    '🇩🇪',
    '\f',
    '\t',
    '      ',
    '\u2029',
    '```\n',
    'x'.repeat(90),
  ],
)
const texts = fc.array(units, { maxLength: 50 }).map((parts) => parts.join(''))
const kinds: readonly OutlineKind[] = [
  ...(['section', 'page', 'slide', 'sheet', 'function', 'class', 'turn', 'cue', 'message'] as const),
  ...(['table', 'header', 'row', 'atom', 'paragraph', 'statement', 'cell'] as const),
]

/** A well-nested outline from random ranges: those that cross an earlier one are left out. */
function nest(text: string, ranges: readonly (readonly [OutlineKind, number, number])[]): OutlineNode[] {
  const whole = (at: number): number => {
    const offset = at % (text.length + 1)
    return /[\ud800-\udbff]$/.test(text.slice(0, offset)) && offset < text.length ? offset - 1 : offset
  }
  const kept: { kind: OutlineKind; start: number; end: number }[] = []
  for (const [kind, one, two] of ranges) {
    const [start, end] = [Math.min(whole(one), whole(two)), Math.max(whole(one), whole(two))]
    const crosses = kept.some(
      (other) =>
        (start < other.start && end > other.start && end < other.end) ||
        (start > other.start && start < other.end && end > other.end),
    )
    const same = kept.some((other) => other.start === start && other.end === end)
    if (!crosses && !same && end > start) kept.push({ kind, start, end })
  }
  kept.sort((a, b) => a.start - b.start || b.end - a.end)
  return kept.map((node, index) => {
    let parent: number | undefined
    for (let other = 0; other < index; other++) if (kept[other]!.end >= node.end) parent = other
    let level = 1
    for (let up = parent; up !== undefined; up = kept.findLastIndex((k, i) => i < up! && k.end >= kept[up!]!.end)) {
      if (up < 0) break
      level++
    }
    return { ...node, level, ...(parent === undefined ? {} : { parent }) }
  })
}
const ranges = fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(2000), fc.nat(2000)), { maxLength: 14 })

/** Slow: looks at every unit. */
function smallest(outline: readonly OutlineNode[], start: number, end: number): number | undefined {
  let best: number | undefined
  outline.forEach((node, index) => {
    if (node.start <= start && node.end >= end) best = index
  })
  return best
}

test('any text, any outline: every visible character once, in order, within the size', () => {
  fc.assert(
    fc.property(texts, ranges, fc.integer({ min: 1, max: 60 }), fc.boolean(), (text, random, size, code) => {
      const outline = nest(text, random)
      const mediaType = code ? 'text/x-python' : 'text/markdown'
      const chunks = split({ text, mediaType, outline }, { size, estimate: visible })
      check(text, chunks, size, visible)
      for (const { start, end, node, header, tokens } of chunks) {
        assert.equal(node, smallest(outline, start, end))
        if (!header) continue
        assert.ok(header[1] <= start && outline.some((unit) => unit.kind === 'header' && unit.start <= header[0]))
        const cost = visible(text, ...header)
        if (cost * 2 <= size && tokens <= size)
          assert.ok(tokens + cost <= size || [...graphemes.segment(text.slice(start, end))].length === 1)
      }
    }),
    { numRuns: 2000 },
  )
})

test('the default estimate keeps to the size as well', () => {
  fc.assert(
    fc.property(texts, ranges, fc.integer({ min: 20, max: 80 }), (text, random, size) => {
      check(text, split({ text, mediaType: 'text/plain', outline: nest(text, random) }, { size }), size)
    }),
    { numRuns: 500 },
  )
})

test('an outline that breaks its own rules costs no character', () => {
  const wild = fc.array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      level: fc.nat(3),
      start: fc.oneof(fc.integer({ min: -5, max: 300 }), fc.constant(Number.NaN)),
      end: fc.oneof(fc.integer({ min: -5, max: 300 }), fc.constant(Number.POSITIVE_INFINITY)),
      parent: fc.nat(9),
    }),
    { maxLength: 10 },
  )
  fc.assert(
    fc.property(texts, wild, (text, outline) => {
      check(text, split({ text, mediaType: 'text/plain', outline }, { size: 12, estimate: visible }), 12, visible)
    }),
    { numRuns: 1000 },
  )
})

test('turns stand alone, and only too large ones are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 }), (lengths) => {
      let text = ''
      const outline: OutlineNode[] = [{ kind: 'section', level: 1, start: 0, end: 0 }]
      for (const length of lengths) {
        const start = text.length
        text += 'word '.repeat(length).trim()
        outline.push({ kind: 'turn', level: 2, start, end: text.length, parent: 0 })
        text += '\n'
      }
      outline[0] = { ...outline[0]!, end: text.length }
      const chunks = split({ text, mediaType: 'text/plain', outline }, { size: 100, estimate: visible })
      check(text, chunks, 100, visible)
      for (const [index, turn] of outline.entries()) {
        if (turn.kind !== 'turn') continue
        const inside = chunks.filter((chunk) => chunk.start >= turn.start && chunk.end <= turn.end)
        assert.ok(inside.every((chunk) => chunk.node === index))
        if (turn.end - turn.start <= 100) assert.equal(inside.length, 1)
        assert.deepEqual([inside[0]!.start, inside.at(-1)!.end], [turn.start, turn.end])
      }
    }),
  )
})

test('rows and cues are grouped, rows with their header', () => {
  for (const kind of ['row', 'cue'] as const) {
    let text = 'Name and number of the thing\n'
    const outline: OutlineNode[] = [
      { kind: 'table', level: 1, start: 0, end: 0 },
      { kind: 'header', level: 2, start: 0, end: text.length, parent: 0 },
    ]
    for (let row = 0; row < 200; row++) {
      const start = text.length
      text += `row ${row} has the value ${row * row}\n`
      outline.push({ kind, level: 2, start, end: text.length, parent: 0 })
    }
    outline[0] = { ...outline[0]!, end: text.length }
    const starts = new Set(outline.map((node) => node.start))
    const chunks = split({ text, mediaType: 'text/csv', outline }, { size: 120, estimate: visible })
    check(text, chunks, 120, visible)
    const header = visible(text, 0, outline[1]!.end)
    for (const [index, chunk] of chunks.entries()) {
      assert.ok(starts.has(chunk.start), 'begins with a row')
      assert.deepEqual(chunk.header, index === 0 ? undefined : [0, outline[1]!.end - 1])
      if (index > 0) assert.ok(chunk.tokens + header <= 120)
    }
    assert.ok(chunks.length < 90)
  }
})

test('headings stay with their text, small sections come together, large ones do not mix', () => {
  const body = (name: string, words: number): string => `${`${name} `.repeat(words).trim()}.`
  const parts: [level: number, title: string, text: string][] = [
    [1, '# Book', ''],
    [2, '## Part', ''],
    [3, '### Large', `${body('large', 70)} ${body('large', 60)}\n\n${body('large', 70)}`],
    [3, '### Small', body('small', 6)],
    [3, '### Smaller', body('smaller', 5)],
    [2, '## Other', body('other', 99)],
  ]
  let text = ''
  const outline: OutlineNode[] = []
  for (const [level, title, words] of parts) {
    outline.push({ kind: 'section', level, title, start: text.length, end: 0 })
    text += words ? `${title}\n\n${words}\n\n` : `${title}\n\n`
  }
  const closed = outline.map((node, index) => {
    const next = outline.findIndex((other, at) => at > index && other.level <= node.level)
    const parent = outline.findLastIndex((other, at) => at < index && other.level < node.level)
    return { ...node, end: next === -1 ? text.length : outline[next]!.start, ...(parent < 0 ? {} : { parent }) }
  })
  const words = (of: string, start: number, end: number): number => of.slice(start, end).match(/\S+/g)?.length ?? 0
  const chunks = split({ text, mediaType: 'text/markdown', outline: closed }, { size: 100, estimate: words })
  check(text, chunks, 100, words)
  const slices = chunks.map((chunk) => text.slice(chunk.start, chunk.end))
  assert.match(slices[0]!, /^# Book\n\n## Part\n\n### Large\n\nlarge/)
  assert.ok(
    slices.some((slice) => /^### Small\n\nsmall [^#]*### Smaller/.test(slice)),
    slices.join('\n====\n'),
  )
  assert.ok(slices.every((slice) => !/#+ \w+$/.test(slice)))
  assert.match(slices.find((slice) => slice.includes('## Other'))!, /^## Other\n\nother/)
})

test('pages do not cut', () => {
  const text = Array.from({ length: 40 }, (_, index) => `Line ${index} goes on and on.`).join('\n')
  const outline: OutlineNode[] = []
  for (let at = 0; at < text.length; at += 97)
    outline.push({ kind: 'page', level: 1, start: at, end: Math.min(at + 97, text.length) })
  const bare = ({ start, end, tokens }: Chunk) => ({ start, end, tokens })
  const paged = split({ text, mediaType: 'application/pdf', outline }, { size: 60 })
  assert.deepEqual(paged.map(bare), split({ text, mediaType: 'application/pdf' }, { size: 60 }).map(bare))
})

test('an atom is cut only when it alone is too large', () => {
  let text = ''
  const outline: OutlineNode[] = []
  for (let index = 0; index < 40; index++) {
    const start = text.length
    text += `${`- Item ${index}. It has words. `.repeat((index % 6) + 1)}\n`
    outline.push({ kind: 'atom', level: 1, start, end: text.length })
  }
  const chunks = split({ text, mediaType: 'text/markdown', outline }, { size: 70, estimate: visible })
  check(text, chunks, 70, visible)
  for (const atom of outline)
    if (visible(text, atom.start, atom.end) <= 70)
      assert.ok(chunks.some((chunk) => chunk.start <= atom.start && chunk.end >= atom.end - 2))
})

test('characters that are drawn as one stay whole', () => {
  for (const unit of ['👨‍👩‍👧‍👦', '👍🏽', '🇩🇪', 'e\u0301\u0323', 'क्षि', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '각', 'नि', '漢\u{e0100}']) {
    const text = unit.repeat(300)
    const cuts = new Set(Array.from(graphemes.segment(text), (segment) => segment.index))
    const chunks = plain(text, { size: 40 })
    check(text, chunks, 40)
    assert.ok(
      chunks.every((chunk) => cuts.has(chunk.start)),
      unit,
    )
  }
})

test('hostile shapes pass: long lines, long white space, deep and wide outlines, endless marks', () => {
  const long = 'x'.repeat(1 << 26)
  const chunks = plain(long)
  assert.equal(chunks.at(-1)!.end, long.length)
  assert.ok(chunks.every((chunk, index) => chunk.tokens <= 256 && chunk.start === (chunks[index - 1]?.end ?? 0)))
  for (const unit of ['a\n\n', '# h\n', ' ', '\u0301', '👍🏽', '. ', 'A. ', '\n', 'word ', '漢', '- x\n'])
    check(unit.repeat(50_000), plain(unit.repeat(50_000)), 256)
  check(`a${' '.repeat(500_000)}b`, plain(`a${' '.repeat(500_000)}b`), 256)
  const text = 'some words here. '.repeat(20_000)
  const deep = Array.from({ length: 100_000 }, (_, level) => ({
    ...{ kind: 'section' as const, level: level + 1, start: level, end: text.length - level },
    ...(level === 0 ? {} : { parent: level - 1 }),
  }))
  check(text, split({ text, mediaType: 'text/plain', outline: deep }), 256)
  const wide = Array.from({ length: 100_000 }, (_, index) => ({
    ...{ kind: 'section' as const, level: 1, start: index * 3, end: index * 3 + 3 },
  }))
  check(text, split({ text, mediaType: 'text/plain', outline: wide }), 256)
})

test('options that make no sense are refused', () => {
  for (const options of [{ size: 0 }, { size: 1.5 }, { size: Number.NaN }, { minimum: -1 }, { size: 10, minimum: 11 }])
    assert.throws(
      () => plain('text', options),
      (error) => FoveaError.is(error, 'option-invalid'),
    )
  assert.deepEqual(plain(''), [])
  assert.deepEqual(plain(' \n\t '), [])
})

test('small chunks join a neighbour', () => {
  const sentence = 'Nine words stand in this sentence as a rule. '
  const chunks = plain(`${sentence.repeat(29)}\n\n${sentence}`, { size: 64 })
  assert.ok(chunks.every((chunk) => chunk.tokens >= 8))
  assert.equal(plain('One.\n\nTwo.\n\nThree.').length, 1)
})

test('nodeAt and parentOf agree with a walk over all units', () => {
  fc.assert(
    fc.property(texts, ranges, fc.nat(2000), fc.nat(2000), (text, random, one, two) => {
      const outline = nest(text, random)
      const [start, end] = [Math.min(one, two) % (text.length + 1), Math.max(one, two) % (text.length + 1)]
      if (start < end) assert.equal(nodeAt(outline, start, end), smallest(outline, start, end))
      for (const [index, node] of outline.entries()) {
        assert.equal(parentOf(outline, index), node.parent)
        const up: number[] = []
        for (let parent = node.parent; parent !== undefined; parent = outline[parent]!.parent) up.push(parent)
        const wanted = up.find((parent) => outline[parent]!.kind === 'section' || outline[parent]!.kind === 'table')
        assert.equal(parentOf(outline, index, ['section', 'table']), wanted)
      }
    }),
    { numRuns: 500 },
  )
  assert.equal(parentOf([], 0), undefined)
  assert.equal(nodeAt([], 0, 0), undefined)
})

/** Texts of a file: the whole, or every longer string in its JSON. */
function* textsIn(path: string): Generator<string> {
  const whole = readFileSync(path, 'utf8')
  if (!/\.jsonl?$/.test(path)) return yield whole.toWellFormed()
  const open: unknown[] = path.endsWith('l')
    ? whole
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [JSON.parse(whole)]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value === 'string' && value.length > 200) yield value.toWellFormed()
    else if (typeof value === 'object' && value !== null) open.push(...Object.values(value).slice(0, 2000))
  }
}

test('offsets are exact on every corpus, and chunks are well filled', (t) => {
  if (!data) return t.skip('FOVEA_DATA is not set')
  const files = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(?:md|txt|jsonl?)$/.test(name),
  )
  let [seen, filled, count] = [0, 0, 0]
  for (const name of files) {
    let taken = 0
    for (const text of textsIn(join(data, name))) {
      if ((taken += text.length) > 1_500_000) break
      const chunks = plain(text)
      let at = 0
      for (const { start, end, tokens } of chunks) {
        assert.ok(start >= at && text.slice(at, start).trim() === '' && tokens <= 256, name)
        assert.equal(text.slice(start, end).trim().length, end - start)
        at = end
      }
      assert.equal(text.slice(at).trim(), '')
      seen += text.length
      if (chunks.length > 2) {
        filled += chunks.reduce((sum, chunk) => sum + chunk.tokens, 0)
        count += chunks.length
      }
    }
  }
  assert.ok(files.length > 200 && seen > 10_000_000)
  assert.ok(filled / count > 170, `mean ${filled / count} tokens`)
})

test('in a real book no chunk ends with a heading that has text below', (t) => {
  if (!data) return t.skip('FOVEA_DATA is not set')
  const folder = join(data, 'rust-book')
  let headings = 0
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.md'))) {
    const text = readFileSync(join(folder, name), 'utf8')
    const found = [...text.replace(/^```[\s\S]*?^```/gm, (code) => ' '.repeat(code.length)).matchAll(/^(#+) (.*)$/gm)]
    const outline: OutlineNode[] = found.map((match, index) => ({
      ...{ kind: 'section', title: match[2]!, level: match[1]!.length, start: match.index },
      end: found.slice(index + 1).find((other) => other[1]!.length <= match[1]!.length)?.index ?? text.length,
    }))
    const chunks = split({ text, mediaType: 'text/markdown', outline })
    check(text, chunks, 256)
    for (const { start, end } of outline) {
      const stop = text.indexOf('\n', start)
      if (stop === -1 || text.slice(stop, end).trim() === '') continue
      headings++
      assert.ok(!chunks.some((chunk) => chunk.end === stop), `${name}: ${text.slice(start, stop)}`)
    }
    const mean = chunks.reduce((sum, chunk) => sum + estimateTokens(text, chunk.start, chunk.end), 0) / chunks.length
    assert.ok(chunks.length < 4 || mean > 100, `${name}: ${mean}`)
  }
  assert.ok(headings > 300, String(headings))
})

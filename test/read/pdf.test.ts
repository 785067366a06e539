import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { FoveaError, type Source, type Warning } from '../../src/core/index.ts'
import { type Block, makeBlocks, measureBody } from '../../src/read/formats/pdf/blocks.ts'
import { findHeadings } from '../../src/read/formats/pdf/headings.ts'
import { type Line, pageLines, type RawItem } from '../../src/read/formats/pdf/lines.ts'
import { headingNumber } from '../../src/read/formats/pdf/numbering.ts'
import { withoutRunning } from '../../src/read/formats/pdf/running.ts'
import { bytesInput, defaultLimits, type ReadOptions, read } from '../../src/read/index.ts'
import { fontsOnly } from './fonts-only.ts'
import { headingF1, type Label, labelledPdfs, treeAccuracy } from './labelled.ts'
import { checkSource } from './office-laws.ts'

const files = labelledPdfs()
const file = (name: string): Uint8Array => files.find((one) => one.name === name)!.bytes
const golden = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, '../golden/pdf', name)))

async function readOne(bytes: Uint8Array, options: ReadOptions = {}): Promise<Source> {
  const sources: Source[] = []
  for await (const source of read(bytesInput('dir/a.pdf', bytes), options)) sources.push(source)
  assert.equal(sources.length, 1)
  return sources[0]!
}

const sectionsOf = ({ outline = [] }: Source): Label[] =>
  outline.filter(({ kind }) => kind === 'section').map(({ level, title = '' }) => [level, title])

const rejectsWith = async (bytes: Uint8Array, code: string, words: RegExp, name = 'dir/a.pdf'): Promise<void> => {
  await assert.rejects(
    async () => {
      for await (const _ of read(bytesInput(name, bytes)));
    },
    (error) => FoveaError.is(error, code) && error.message.includes(name) && words.test(error.message),
  )
}

test('headings are better than what fonts alone give, on every labelled file together and on most alone', async () => {
  let better = 0
  const sums = { ours: 0, fonts: 0, oursTree: 0, fontsTree: 0 }
  assert.ok(files.length >= 6)
  for (const { name, bytes, headings } of files) {
    const source = await readOne(bytes)
    checkSource(source)
    const found = sectionsOf(source)
    const plain = await fontsOnly(bytes, defaultLimits)
    const [ours, fonts] = [headingF1(found, headings), headingF1(plain, headings)]
    const [oursTree, fontsTree] = [treeAccuracy(found, headings), treeAccuracy(plain, headings)]
    assert.ok(ours >= fonts && oursTree >= fontsTree, `${name}: ${ours} ${fonts} ${oursTree} ${fontsTree}`)
    if (oursTree > fontsTree) better++
    sums.ours += ours / files.length
    sums.fonts += fonts / files.length
    sums.oursTree += oursTree / files.length
    sums.fontsTree += fontsTree / files.length
  }
  assert.ok(better >= files.length / 2, `${better} of ${files.length}`)
  assert.ok(sums.ours > sums.fonts + 0.15 && sums.ours > 0.93, JSON.stringify(sums))
  assert.ok(sums.oursTree > sums.fontsTree + 0.2 && sums.oursTree > 0.9, JSON.stringify(sums))
})

test('the measures of headings know equal, missing, extra and moved headings', () => {
  const tree: Label[] = [
    [1, 'A'],
    [2, 'B'],
    [2, 'C'],
    [1, 'D'],
  ]
  assert.equal(headingF1(tree, tree), 1)
  assert.equal(treeAccuracy(tree, tree), 1)
  assert.equal(treeAccuracy(tree.slice(1), tree), 0.75)
  assert.equal(headingF1([[1, 'A']], tree), 0.4)
  assert.equal(treeAccuracy([], tree), 0)
  const flat = tree.map(([, title]) => [1, title] as const)
  assert.ok(treeAccuracy(flat, tree) < 1 && headingF1(flat, tree) === 1)
})

test('pages, lines, running heads and page numbers', async () => {
  const source = await readOne(file('libreoffice'))
  assert.doesNotMatch(source.text, /Survey of harbours, second edition|Page \d of/)
  const anchors = source.origin!.anchors
  assert.deepEqual([...new Set(anchors.map(({ page }) => page))], [1, 2, 3])
  assert.ok(anchors.every(({ page, line }) => page! >= 1 && line! >= 1))
  assert.equal(source.language, 'en')
  assert.ok(source.time! > 0)
  const report = await readOne(file('latex-report'))
  assert.doesNotMatch(report.text, /CHAPTER \d\. THE|TABLES OF TIDES\s+\d/)
})

test('two columns are read one after the other, words parted at a line end are made whole', async () => {
  const { text } = await readOne(file('latex-columns'))
  assert.match(text, /Conceptually, this looks similar to Figure 15-3\./)
  assert.match(text, /is the name of our binary\. This matches/)
  assert.doesNotMatch(text, /\p{Ll}- \p{Ll}/u)
  const order = [
    '1 Introduction',
    'save only the two arguments',
    '2 Related Work',
    '2.2 Electric lamps',
    '4 Conclusion',
  ]
  const places = order.map((words) => text.indexOf(words))
  assert.ok(
    places.every((place, index) => place >= 0 && (index === 0 || place > places[index - 1]!)),
    String(places),
  )
})

test('bookmarks are the outline where the PDF has them', async () => {
  const wanted = files.find(({ name }) => name === 'bookmarks')!.headings
  assert.deepEqual(sectionsOf(await readOne(file('bookmarks'))), wanted)
})

test('pages are the outline where there are no headings', async () => {
  const source = await readOne(golden('plain.pdf'))
  assert.deepEqual(
    source.outline!.map(({ kind, title, level }) => [kind, title, level]),
    [
      ['page', '1', 1],
      ['page', '2', 1],
    ],
  )
  checkSource(source)
})

test('a judge keeps, deletes and moves headings', async () => {
  const seen: string[][] = []
  const source = await readOne(file('groff'), {
    async judgeHeading({ text, parents, page, fontSize, bold, next, level }) {
      seen.push([...parents])
      assert.ok(page >= 1 && fontSize === 10 && bold && next.length > 0 && level >= 1)
      if (/Earlier/.test(text)) return 'delete'
      return /Acknowledgements/.test(text) ? { level: 2 } : 'keep'
    },
  })
  const wanted = files.find(({ name }) => name === 'groff')!.headings
  const titles = sectionsOf(source).map(([, title]) => title)
  assert.deepEqual(
    titles,
    wanted.map(([, title]) => title).filter((title) => !/Earlier/.test(title)),
  )
  assert.equal(sectionsOf(source).at(-1)![0], 2)
  assert.deepEqual(seen[1], ['1. Introduction'])
  checkSource(source)
})

test('what cannot be read says why and what to do', async () => {
  await rejectsWith(golden('scan.pdf'), 'no-text', /ocrmypdf/)
  await rejectsWith(golden('encrypted.pdf'), 'encrypted', /password/)
  await rejectsWith(new Uint8Array(), 'empty', /no bytes/)
  await rejectsWith(new TextEncoder().encode('%PDF-1.7\nnothing'), 'corrupt', /whole PDF/)
  await rejectsWith(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]), 'corrupt', /no pdf/)
  const warnings: Warning[] = []
  for await (const { text } of read(bytesInput('a.docx', file('groff')), { warn: (one) => warnings.push(one) }))
    assert.match(text, /Introduction/)
  assert.equal(warnings[0]?.code, 'mislabelled')
})

test('truncated and damaged files give a Source or a typed error, and the input is not changed', async () => {
  const bytes = file('groff')
  const copy = bytes.slice()
  const attempt = async (damaged: Uint8Array): Promise<string> => {
    try {
      for await (const source of read(bytesInput('a.pdf', damaged))) checkSource(source)
      return 'read'
    } catch (error) {
      assert.ok(FoveaError.is(error), String(error))
      return error.code
    }
  }
  const outcomes = new Set<string>()
  for (let tenth = 0; tenth < 10; tenth++)
    outcomes.add(await attempt(bytes.subarray(0, 8 + Math.floor((bytes.length * tenth) / 10))))
  assert.ok(outcomes.has('corrupt'))
  const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 30,
  })
  await fc.assert(
    fc.asyncProperty(flips, async (changes) => {
      const damaged = bytes.slice()
      for (const [at, mask] of changes) damaged[at]! ^= mask
      await attempt(damaged)
    }),
    { seed: 11, numRuns: 60 },
  )
  assert.deepEqual(bytes, copy)
})

test('an aborted signal stops the work', async () => {
  const controller = new AbortController()
  controller.abort(new Error('enough'))
  await assert.rejects(() => readOne(file('groff'), { abortSignal: controller.signal }), /enough/)
})

const line = (text: string, more: Partial<Line> = {}): Line => ({
  text,
  page: 1,
  line: 1,
  left: 50,
  right: 50 + text.length * 5,
  y: 700,
  size: 10,
  bold: false,
  italic: false,
  mono: false,
  column: [50, 500],
  height: 800,
  ...more,
})

test('finding headings reads each block a bounded number of times', () => {
  const steps = [1000, 2000, 4000, 8000].map((size) => {
    const blocks: Block[] = Array.from({ length: size }, (_, index) => {
      const heading = index % 5 === 0
      const text = heading ? `${index / 5 + 1} Heading ${index}` : 'word '.repeat(60)
      const only = line(text.trim(), { bold: heading, y: 700 - index })
      return { lines: [only], size: 10, bold: heading, italic: false, kept: false, page: 1, above: 2 }
    })
    const body = { size: 10, bold: false, italic: false, mono: false, pitch: 1.2 }
    let reads = 0
    const counting = <Value extends object>(value: Value): Value =>
      new Proxy(value, {
        get(target, key) {
          reads++
          return Reflect.get(target, key)
        },
      })
    const found = findHeadings(counting(blocks.map(counting)), body, new Set())
    assert.ok(found.length > size / 50)
    return reads / size
  })
  assert.ok(Math.max(...steps) - Math.min(...steps) < 1, String(steps))
})

test('numbers of headings', () => {
  const shape = (text: string) => {
    const number = headingNumber(text)
    return number && [number.kind, number.depth, number.path.join('.'), number.title]
  }
  assert.deepEqual(shape('2.1 Method'), ['number', 2, '2.1', 'Method'])
  assert.deepEqual(shape('Chapter 3'), ['chapter', 1, '3', ''])
  assert.deepEqual(shape('CHAPTER IV: The Sea'), ['chapter', 1, '4', 'The Sea'])
  assert.deepEqual(shape('APPENDIX A'), ['chapter', 1, '1', ''])
  assert.deepEqual(shape('Part Two – Home'), ['part', 1, '2', 'Home'])
  assert.deepEqual(shape('IV. Results'), ['number', 1, '4', 'Results'])
  assert.deepEqual(shape('A.2 Proofs'), ['number', 2, '1.2', 'Proofs'])
  assert.deepEqual(shape('Section 4.2 Notice'), ['number', 2, '4.2', 'Notice'])
  assert.deepEqual(shape('第3章 方法'), ['chapter', 1, '0', '方法'])
  assert.equal(shape('1990 was a year'), undefined)
  assert.equal(shape('Partly cloudy'), undefined)
  assert.equal(shape('Chapters are many'), undefined)
})

test('a hyphen at a line end stays when the document has the word so elsewhere', async () => {
  const { blockText, hyphenated } = await import('../../src/read/formats/pdf/blocks.ts')
  const lines = ['A well-known lamp.', 'It is well-', 'known and it is impor-', 'tant to the North-', 'Sea.'].map(
    (text, index) => line(text, { y: 700 - index * 12, line: index + 1 }),
  )
  const blocks = makeBlocks([lines], measureBody([lines]))
  const words = hyphenated([lines])
  const text = blocks.map((block) => blockText(block, words)).join(' ')
  assert.match(text, /It is well-known and it is important to the North- Sea\./)
})

test('a line in the body that comes back at other heights is no running head', () => {
  const pages = [1, 2, 3, 4].map((page) => [
    line('The Sea', { page, y: 780, size: 9 }),
    line('Again and again', { page, y: 500 - page * 20 }),
    line(`Text of page ${page} that is long enough to be a line of its own`, { page, y: 300 }),
    line(`${page}`, { page, y: 20 }),
  ])
  const kept = withoutRunning(pages)
  assert.ok(kept.every((lines) => lines.length === 2 && lines[0]!.text === 'Again and again'))
})

test('turned pages, text from right to left, letters in their shapes, superscripts', () => {
  const item = (str: string, x: number, y: number, width: number, more: Partial<RawItem> = {}): RawItem => ({
    str,
    dir: 'ltr',
    width,
    transform: [10, 0, 0, 10, x, y],
    fontName: 'f',
    ...more,
  })
  const page = { styles: {}, fonts: new Map([['f', 'ABCDEF+Times-Bold']]), view: [0, 0, 600, 800] }
  const texts = (items: RawItem[]): string[] => pageLines({ ...page, items }, 1).map(({ text }) => text)
  const up = { transform: [0, 10, -10, 0, 100, 50] }
  const below = { transform: [0, 10, -10, 0, 112, 50] }
  assert.deepEqual(texts([item('second', 0, 0, 30, below), item('first', 0, 0, 30, up)]), ['first', 'second'])
  const right = { dir: 'rtl' }
  assert.deepEqual(texts([item('ﻛﺎن', 100, 700, 30, right), item('ﺳﻔﻦ', 60, 700, 36, right)]), ['كان سفن'])
  assert.deepEqual(
    texts([
      item('oﬃce', 50, 700, 30),
      item('2', 80, 704, 4, { transform: [6, 0, 0, 6, 80, 704] }),
      item('ends', 87, 700, 20),
    ]),
    ['office2 ends'],
  )
  assert.equal(pageLines({ ...page, items: [item('x', 0, 0, 9)] }, 1)[0]!.bold, true)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { advance, anchorAt, type Place } from '../../src/core/index.ts'
import { type Decoded, decode, decodePiece, decodeStream } from '../../src/read/decode.ts'
import { bytesInput, read } from '../../src/read/index.ts'
import { placeAt, readBytes } from './text-support.ts'

const placeIn = (
  { text, anchors, encoding }: Pick<Decoded, 'text' | 'anchors' | 'encoding'>,
  offset: number,
): Place => {
  const anchor = anchorAt({ encoding, anchors }, offset)
  return advance(anchor, text.slice(anchor.at, offset), encoding)
}
const lineAndColumn = (text: string, offset: number) => {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1 }
}
const lossy = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

/** The byte at which an offset stands: where the bytes fall into two halves that decode alone as they do together. */
function slowByte(bytes: Uint8Array, whole: string, offset: number): number[] {
  const found: number[] = []
  for (let at = 0; at <= bytes.length; at++) {
    const head = lossy(bytes.subarray(0, at))
    if (head.length === offset && head + lossy(bytes.subarray(at)) === whole) found.push(at)
  }
  return found
}

const pieces = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }).map((text) => Buffer.from(text.toWellFormed())) },
  {
    weight: 3,
    arbitrary: fc.constantFrom('a', '\n', '\r\n', 'ü', '漢', '😀', '\0', '\ufffd').map((text) => Buffer.from(text)),
  },
  { weight: 3, arbitrary: fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('e282', 'f09f98', 'eda080', 'c0af', 'ff').map((text) => Buffer.from(text, 'hex')),
  },
)
const anyBytes = fc.array(pieces, { maxLength: 12 }).map((list) => Buffer.concat(list))

test('every offset of UTF-8 text has its line, column and byte, also after invalid bytes', () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const decoded = decodePiece(bytes, 'utf-8', { line: 1, column: 1, byte: 0 })
      const whole = lossy(bytes)
      assert.equal(decoded.text, whole.replaceAll('\0', '\ufffd'))
      for (let at = 0; at <= whole.length; at++) {
        if (at > 0 && /[\ud800-\udbff]/.test(whole[at - 1]!)) continue
        const { byte, ...place } = placeIn(decoded, at)
        assert.deepEqual(place, lineAndColumn(whole, at))
        assert.ok(slowByte(bytes, whole, at).includes(byte!), `offset ${at}: byte ${byte}`)
      }
    }),
    { numRuns: 400 },
  )
})

test('repairs are counted, and the first is named', () => {
  const bytes = Buffer.from([0x61, 0xff, 0x00, 0xc3, 0xbc, 0xe2, 0x82])
  const { text, repairs } = decodePiece(bytes, 'utf-8', { line: 1, column: 1, byte: 0 })
  assert.equal(text, 'a\ufffd\ufffdü\ufffd')
  assert.deepEqual(repairs, { count: 3, firstByte: 1 })
})

test('after very many repairs places have no byte rather than a wrong one', () => {
  const bytes = Buffer.alloc(70_000, 0xff)
  const decoded = decodePiece(bytes, 'utf-8', { line: 1, column: 1, byte: 0 })
  assert.equal(decoded.repairs?.count, 70_000)
  assert.equal(placeIn(decoded, 60_000).byte, 60_000)
  assert.deepEqual(placeIn(decoded, 70_000), { line: 1, column: 70_001 })
})

test('UTF-16 with marks, lone surrogates and an odd byte at the end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }),
      fc.boolean(),
      fc.boolean(),
      async (units, little, odd) => {
        const body = Buffer.alloc(units.length * 2 + (odd ? 1 : 0))
        for (const [at, unit] of units.entries())
          little ? body.writeUInt16LE(unit, at * 2) : body.writeUInt16BE(unit, at * 2)
        const bytes = Buffer.concat([Buffer.from(little ? 'fffe' : 'feff', 'hex'), body])
        const decoded = await decode(bytes)
        const plain =
          String.fromCharCode(...units)
            .toWellFormed()
            .replaceAll('\0', '\ufffd') + (odd ? '\ufffd' : '')
        assert.equal(decoded.encoding, little ? 'utf-16le' : 'utf-16be')
        assert.equal(decoded.text, plain)
        for (let at = 0; at <= plain.length - (odd ? 1 : 0); at++)
          assert.deepEqual(placeIn(decoded, at), { ...lineAndColumn(plain, at), byte: 2 + 2 * at })
      },
    ),
    { numRuns: 200 },
  )
})

/** Bytes of a text in a legacy encoding, by trying what each byte or pair of bytes decodes to. */
function encode(text: string, encoding: string): Buffer {
  const decoder = new TextDecoder(encoding)
  const table = new Map<string, number[]>()
  for (let high = 0x80; high < 0x100; high++) {
    for (let low = 0x40; low < 0x100; low++) {
      const sign = decoder.decode(Uint8Array.of(high, low))
      if (sign.length === 1 && !table.has(sign)) table.set(sign, [high, low])
    }
  }
  for (let byte = 0; byte < 0x100; byte++) {
    const sign = decoder.decode(Uint8Array.of(byte))
    if (sign !== '\ufffd') table.set(sign, [byte])
  }
  return Buffer.from([...text].flatMap((sign) => table.get(sign) ?? assert.fail(`${encoding} has no ${sign}`)))
}

const samples: [encoding: string, text: string][] = [
  ['windows-1252', 'Le café était fermé.\r\n« À bientôt », dit-elle – et l’été passa.\r\n'],
  ['windows-1252', 'Die Straße führt über die Brücke nach Köln.'],
  ['windows-1252', 'A price of £5 and “quotes” in an otherwise plain English text.'],
  ['windows-1251', 'Съешь же ещё этих мягких французских булок, да выпей чаю. Привет, мир!\n'],
  ['koi8-r', 'Съешь же этих мягких французских булок, да выпей чаю. Привет, мир!\n'],
  ['shift_jis', '吾輩は猫である。名前はまだ無い。\nどこで生れたかとんと見当がつかぬ。\n'],
  [
    'euc-jp',
    '吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所でニャーニャー泣いていた事だけは記憶している。\n',
  ],
  ['gb18030', '人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。\n'],
  ['big5', '人人生而自由，在尊嚴和權利上一律平等。他們賦有理性和良心，並應以兄弟關係的精神相對待。\n'],
  [
    'euc-kr',
    '모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 인간은 천부적으로 이성과 양심을 부여받았다.\n',
  ],
]
for (const [encoding, text] of samples) {
  test(`${encoding} is recognised: ${text.slice(0, 12)}`, async () => {
    const decoded = await decode(encode(text, encoding))
    assert.equal(decoded.encoding, encoding)
    assert.equal(decoded.text, text)
    const { line } = placeIn(decoded, text.length)
    assert.equal(line, text.split('\n').length)
  })
}

test('UTF-16 without a mark is recognised in several scripts, UTF-8 with a few NULs is not taken for it', async () => {
  for (const text of [
    'plain words\nof English',
    'Привет, мир! Как дела? Это простой текст.\n',
    '人人生而自由，\n在尊严和权利上一律平等。\nabc 1\n'.repeat(4),
  ]) {
    const little = Buffer.from(text, 'utf16le')
    assert.equal((await decode(little)).text, text)
    assert.equal((await decode(Buffer.from(little).swap16())).text, text)
  }
  const damaged = Buffer.from('grün und \0 weiß\nund so weiter, immer weiter\n')
  assert.equal((await decode(damaged)).encoding, 'utf-8')
})

async function streamed(bytes: Uint8Array, cuts: readonly number[]): Promise<Decoded[]> {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((one, two) => one - two), bytes.length]
  const stream = async function* () {
    for (let at = 1; at < edges.length; at++) yield bytes.subarray(edges[at - 1]!, edges[at]!)
  }
  const found: Decoded[] = []
  for await (const piece of decodeStream(stream())) found.push(piece)
  return found
}

test('a stream decodes as its whole does, wherever its pieces end', async () => {
  const bytes = Buffer.concat([
    Buffer.from('ASCII only at first.\n'.repeat(60_000)),
    Buffer.from('dann Grüße aus Köln 😀\n'.repeat(60_000)),
    Buffer.from('und \xff Schluß', 'latin1'),
  ])
  const whole = await decode(bytes)
  const cuts = [1_048_577, 1_300_001, 1_300_002, 1_700_011, 2_400_003]
  const found = await streamed(bytes, cuts)
  assert.ok(found.length > 1)
  assert.equal(found.map(({ text }) => text).join(''), whole.text)
  let base = 0
  for (const piece of found) {
    for (const at of [0, Math.floor(piece.text.length / 3), piece.text.length - 1])
      if (!/[\udc00-\udfff]/.test(piece.text[at]!)) assert.deepEqual(placeIn(piece, at), placeIn(whole, base + at))
    base += piece.text.length
  }
})

test('long text has the place of every offset near an anchor', async () => {
  const text = 'Zeile mit Wörtern und 漢字 😀.\r\n'.repeat(12_000)
  const decoded = await decode(Buffer.from(text))
  assert.ok(decoded.anchors.length > 3)
  for (let at = 0; at < text.length; at += 9_973) {
    if (/[\udc00-\udfff]/.test(text[at]!)) continue
    assert.deepEqual(placeIn(decoded, at), { ...lineAndColumn(text, at), byte: Buffer.byteLength(text.slice(0, at)) })
  }
})

test('parts join to the whole, within the limit, with places of the file', async () => {
  const words = fc.constantFrom('word ', 'ünï ', '漢字', '😀', '\n', '\n\n', '\r\n\r\n', 'long'.repeat(5))
  await fc.assert(
    fc.asyncProperty(
      fc.array(words, { minLength: 1, maxLength: 80 }),
      fc.integer({ min: 4, max: 60 }),
      async (list, partLength) => {
        const text = list.join('')
        if (!/\S/.test(text)) return
        const bytes = Buffer.from(text)
        const { sources } = await readBytes('a.txt', bytes, { limits: { partLength }, format: 'text' })
        assert.equal(sources.map((source) => source.text).join(''), text)
        let base = 0
        for (const [index, source] of sources.entries()) {
          assert.ok(source.text.length <= partLength)
          if (sources.length > 1) assert.deepEqual(source.part, { index, base })
          else assert.equal(source.part, undefined)
          for (let at = 0; at < source.text.length; at++) {
            if (/[\udc00-\udfff]/.test(source.text[at]!)) continue
            const wanted = { ...lineAndColumn(text, base + at), byte: Buffer.byteLength(text.slice(0, base + at)) }
            assert.deepEqual(placeAt(source, at), wanted)
          }
          base += source.text.length
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('parts end at paragraphs where they can, else at lines; text without either is cut with a warning', async () => {
  const limits = { partLength: 80 }
  const paragraphs = `${'a'.repeat(73)}\n\n${'b'.repeat(20)}\n${'c'.repeat(20)}\n`
  const first = (await readBytes('a.txt', paragraphs, { limits })).sources[0]!
  assert.equal(first.text, `${'a'.repeat(73)}\n\n`)
  const lines = `${'a'.repeat(30)}\n${'b'.repeat(30)}\n${'c'.repeat(30)}\n`
  assert.equal((await readBytes('a.txt', lines, { limits })).sources[0]!.text.length, 62)
  const { sources, warnings } = await readBytes('a.txt', 'x'.repeat(200), { limits: { partLength: 80 } })
  assert.equal(sources.length, 3)
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['uncut'],
  )
})

test('a large JSON is cut between items, and one that has no place to cut is given up', async () => {
  const limits = { partLength: 400 }
  const items = JSON.stringify(Array.from({ length: 60 }, (_, id) => ({ id, text: 'a, b] "c', list: [1, 2] })))
  const { sources } = await readBytes('a.json', items, { limits })
  assert.ok(sources.length > 2)
  assert.equal(sources.map(({ text }) => text).join(''), items)
  for (const { text } of sources.slice(0, -1)) assert.ok(text.endsWith('},'), text.slice(-20))
  const codes: string[] = []
  const reading = async (): Promise<void> => {
    const input = bytesInput('b.json', Buffer.from(JSON.stringify({ a: 'x,'.repeat(900) })))
    for await (const _ of read(input, { limits, warn: ({ code }) => codes.push(code) }));
  }
  await assert.rejects(reading, { code: 'too-large' })
  assert.deepEqual(codes, ['uncut'])
})

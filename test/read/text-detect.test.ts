import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeSource } from '../../src/core/index.ts'
import type { FormatEntry } from '../../src/read/detect.ts'
import { bytesInput, formatOf, formats, type ReadInput, read } from '../../src/read/index.ts'
import { readBytes, readOne } from './text-support.ts'

/** The formats of text, and stand-ins for those told by magic bytes and by the entries of an archive. */
const entry = (meta: Partial<FormatEntry['meta']> & { name: string }): FormatEntry => ({
  meta: { summary: '', extensions: [meta.name], mediaTypes: [], version: 3, ...meta },
  load: async () => ({
    meta: { summary: '', extensions: [], mediaTypes: [], version: 3, ...meta },
    default: async function* (input) {
      yield await makeSource({ uri: input.uri, text: meta.name, mediaType: 'x/x' })
    },
  }),
})
const texts = new Set(['text', 'markdown', 'html', 'json', 'jsonl', 'messages', 'dialogue', 'csv'])
const some = [
  ...formats.filter(({ meta }) => texts.has(meta.name)),
  entry({ name: 'pdf', magic: ['255044462d'] }),
  entry({ name: 'docx', zipEntry: 'word/document.xml' }),
  entry({ name: 'xlsx', zipEntry: 'xl/workbook.xml' }),
]

/** A zip of empty entries, stored. */
function zip(names: readonly string[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const name of names) {
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50)
    local.writeUInt16LE(name.length, 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt32LE(offset, 42)
    locals.push(local, Buffer.from(name))
    directory.push(central, Buffer.from(name))
    offset += 30 + name.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(names.length, 10)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, ...directory, end])
}
const ole = (words: string): Buffer =>
  Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600), Buffer.from(words, 'utf16le')])

const chosen = async (uri: string, bytes: Buffer | string): Promise<string> =>
  (await formatOf(bytesInput(uri, Buffer.from(bytes)), { formats: some })).name

test('formats are found by content first, then by name', async () => {
  const cases: [uri: string, bytes: Buffer | string, format: string][] = [
    ['a.pdf', '%PDF-1.7', 'pdf'],
    ['a.txt', '%PDF-1.7', 'pdf'],
    ['a.pdf', '\n\njunk%PDF-1.7', 'pdf'],
    ['a.pdf', 'just words', 'text'],
    ['a.docx', zip(['[Content_Types].xml', 'word/document.xml']), 'docx'],
    ['a.zip', zip(['xl/workbook.xml']), 'xlsx'],
    ['a.docx', zip(['xl/workbook.xml']), 'xlsx'],
    ['a.docx', Buffer.concat([zip(['word/document.xml']).subarray(0, 60), Buffer.alloc(200)]), 'docx'],
    ['a.docx', 'only words', 'text'],
    ['a.md', Buffer.from('\ufeffwide', 'utf16le'), 'markdown'],
    ['README', 'words', 'text'],
    ['page', '<!DOCTYPE html><p>x', 'html'],
    ['a.b.MD', '# x', 'markdown'],
    ['a.unknown', 'words', 'text'],
    ['a.json', '[{"role": "user", "content": "x"}]', 'messages'],
    ['a.json', '[{"x": 1}]', 'json'],
    ['a.ndjson', '{"x": 1}', 'jsonl'],
    ['a.tsv', 'a\tb', 'csv'],
    ['a.txt', 'ID3 tags are explained here', 'text'],
    ['a.txt', 'some \0 damage in a text that goes on', 'text'],
  ]
  for (const [uri, bytes, format] of cases)
    assert.equal(await chosen(uri, bytes), format, `${uri} ${bytes.slice(0, 20)}`)
})

test('what cannot be read is refused by a code, and the message names the file', async () => {
  const random = Buffer.from(Array.from({ length: 2000 }, (_, at) => (at * 7919 + (at >> 3) * 31) & 255))
  const cases: [uri: string, bytes: Buffer, code: string][] = [
    ['a.txt', Buffer.alloc(0), 'empty'],
    ['a.md', Buffer.from(' \n\t\n'), 'empty'],
    ['a.txt', Buffer.from('fffe', 'hex'), 'empty'],
    ['a.txt', random, 'binary'],
    ['a.bin', Buffer.from('abc\0def'), 'binary'],
    ['a.zip', zip(['x.txt']), 'binary'],
    ['a.docx', zip(['x.txt']), 'corrupt'],
    ['a.docx', Buffer.concat([Buffer.from('PK\x03\x04'), random]), 'corrupt'],
    ['a.docx', random, 'corrupt'],
    ['a.pdf', random, 'corrupt'],
    ['a.docx', ole('EncryptedPackage'), 'encrypted'],
    ['a.docx', ole('WordDocument'), 'corrupt'],
    ['a.doc', ole('WordDocument'), 'binary'],
  ]
  for (const [uri, bytes, code] of cases)
    await assert.rejects(
      readBytes(uri, bytes, { formats: some }),
      (error: { code?: string; message: string }) => error.code === code && error.message.startsWith(`${uri}: `),
      `${uri} ${code}`,
    )
})

test('a mislabelled file is read by its content, with a warning', async () => {
  for (const [uri, bytes] of [
    ['a.txt', '%PDF-1.7'],
    ['a.docx', 'only words'],
  ] as const) {
    const { sources, warnings } = await readBytes(uri, bytes, { formats: some })
    assert.equal(sources.length, 1)
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['mislabelled'],
    )
  }
})

test('what a format throws becomes an error with a code that names the file', async () => {
  const throwing = (thrown: unknown): FormatEntry[] => [
    {
      ...entry({ name: 'bad' }),
      load: async () => ({
        meta: entry({ name: 'bad' }).meta,
        default: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(thrown) }) }),
      }),
    },
  ]
  const cases: [unknown, string][] = [
    [new Error('no way'), 'corrupt'],
    [new RangeError('Maximum call stack size exceeded'), 'too-deep'],
    [new RangeError('Invalid string length'), 'too-large'],
    [Object.assign(new Error('gone'), { code: 'ENOENT' }), 'vanished'],
    [Object.assign(new Error('no'), { code: 'EACCES' }), 'unreadable'],
  ]
  for (const [thrown, code] of cases)
    await assert.rejects(
      readBytes('a.bad', 'x', { formats: throwing(thrown) }),
      (error: { code?: string; message: string; cause?: unknown }) => {
        assert.equal(error.code, code)
        assert.equal(error.cause, thrown)
        return error.message.startsWith('a.bad: ')
      },
    )
})

test('limits hold: files that must be read whole, and a signal stops the work', async () => {
  await assert.rejects(readBytes('a.html', '<p>words</p>', { limits: { fileBytes: 5 } }), { code: 'too-large' })
  const stopped = AbortSignal.abort(new Error('stop'))
  await assert.rejects(readBytes('a.txt', 'x', { abortSignal: stopped }), { message: 'stop' })
  const huge: ReadInput = {
    uri: 'a.txt',
    bytes: () => assert.fail('a stream of unknown size is not read whole'),
    async *stream() {
      for (let at = 0; at < 64; at++) yield Buffer.from('line of words\n'.repeat(5_000))
    },
  }
  let length = 0
  let parts = 0
  for await (const { text } of read(huge, { limits: { partLength: 1_000_000 } })) {
    parts++
    length += text.length
    assert.ok(text.length <= 1_000_000 && text.endsWith('\n'))
  }
  assert.deepEqual([parts, length], [5, 64 * 5_000 * 14])
})

test('the time of the file stands in for a date of the content, and nothing is changed in the input', async () => {
  const bytes = Buffer.from('words')
  const input = bytesInput('a.txt', bytes, 1234)
  for await (const source of read(input)) assert.equal(source.time, 1234)
  assert.equal(bytes.toString(), 'words')
  const one = await readOne('a.txt', 'same')
  const two = await readOne('b.txt', 'same')
  assert.equal(one.id, two.id)
})

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseAllDocuments } from 'yaml'
import { advance, anchorAt, FoveaError, type Place, type Source, type Warning } from '../../src/core/index.ts'
import { tomlEntries } from '../../src/read/formats/config/toml.ts'
import { yamlEntries } from '../../src/read/formats/config/yaml.ts'
import config from '../../src/read/formats/config.ts'
import email from '../../src/read/formats/email.ts'
import { mailboxEntries, unquote } from '../../src/read/formats/mbox/split.ts'
import mbox from '../../src/read/formats/mbox.ts'
import notebook from '../../src/read/formats/notebook.ts'
import subtitles from '../../src/read/formats/subtitles.ts'
import { bytesInput, defaultLimits, type Format, type ReadInput, type ReadLimits } from '../../src/read/index.ts'
import { mailTime } from '../../src/read/mail.ts'

const golden = join(import.meta.dirname, '../golden')
const formats: Readonly<Record<string, Format>> = { config, email, mbox, notebook, subtitles }
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

interface Outcome {
  readonly sources: Source[]
  readonly warnings: Warning[]
}

async function readAll(format: Format, input: ReadInput, limits: Partial<ReadLimits> = {}): Promise<Outcome> {
  const warnings: Warning[] = []
  const sources: Source[] = []
  const context = { limits: { ...defaultLimits, ...limits }, warn: (warning: Warning) => warnings.push(warning) }
  for await (const source of format(input, context)) sources.push(source)
  return { sources, warnings }
}

async function read(format: Format, uri: string, content: string | Uint8Array): Promise<Source & Outcome> {
  const bytes = typeof content === 'string' ? utf8(content) : content
  const outcome = await readAll(format, bytesInput(uri, bytes))
  assert.equal(outcome.sources.length, 1)
  return { ...outcome.sources[0]!, ...outcome }
}

const placeOf = (source: Source, at: number): Place => {
  const anchor = anchorAt(source.origin, at)
  return advance(anchor, source.text.slice(anchor.at, at), source.origin?.encoding)
}

function assertSound(source: Source): void {
  const nodes = source.outline ?? []
  const ends = new Map<number | undefined, number>()
  for (const [index, node] of nodes.entries()) {
    const parent = node.parent === undefined ? undefined : nodes[node.parent]!
    assert.ok(node.parent === undefined || node.parent < index)
    assert.equal(node.level, (parent?.level ?? 0) + 1)
    assert.ok(node.start < node.end && node.end <= source.text.length)
    assert.ok(node.start >= (parent?.start ?? 0) && node.end <= (parent?.end ?? source.text.length))
    assert.ok(node.start >= (ends.get(node.parent) ?? 0), 'siblings overlap')
    ends.set(node.parent, node.end)
    assert.ok(source.text.slice(node.start, node.end).isWellFormed())
  }
  assert.ok(source.text.isWellFormed() && !source.text.includes('\0'))
  const anchors = source.origin!.anchors
  for (const [index, anchor] of anchors.entries()) {
    assert.ok(anchor.at <= source.text.length)
    assert.ok(index === 0 ? anchor.at === 0 : anchor.at >= anchors[index - 1]!.at)
  }
}

/** Text, outline and places, for a reviewer to compare with the file. */
function show({ sources: [source], warnings }: Outcome): string {
  const { text, outline, origin, id: _id, uri: _uri, part: _part, ...facts } = source!
  const nodes = outline!.map(({ kind, title, level, start, end, detail }) => {
    const words = JSON.stringify(text.slice(start, end).replace(/^(.{20}).*(.{20})$/s, '$1…$2'))
    return `${'  '.repeat(level - 1)}${kind} ${title ?? ''} ${words}${detail ? ` ${JSON.stringify(detail)}` : ''}`
  })
  const places = origin!.anchors.map(
    ({ at, ...place }) => `${JSON.stringify(text.slice(at, at + 12))} ${JSON.stringify(place)}`,
  )
  const lines = [JSON.stringify(facts), ...warnings.map(({ code, message }) => `${code}: ${message}`)]
  return `${lines.join('\n')}\n--- text\n${text}\n--- outline\n${nodes.join('\n')}\n--- places\n${places.join('\n')}\n`
}

const files = Object.keys(formats).flatMap((name) =>
  readdirSync(join(golden, name))
    .filter((file) => !file.endsWith('.golden'))
    .map((file) => ({ format: formats[name]!, name: `${name}/${file}` })),
)

test('each golden file gives the text, outline and places that were reviewed', async () => {
  assert.ok(files.length >= 12)
  for (const { format, name } of files) {
    const outcome = await readAll(format, bytesInput(name, readFileSync(join(golden, name))))
    for (const source of outcome.sources) assertSound(source)
    const path = join(golden, `${name}.golden`)
    if (process.env.WRITE_GOLDEN) writeFileSync(path, show(outcome))
    assert.equal(show(outcome), readFileSync(path, 'utf8'), name)
  }
})

test('damaged files never break: any bytes give sound Sources or an error with a code', async () => {
  const all = files.map(({ format, name }) => ({
    format,
    name,
    bytes: new Uint8Array(readFileSync(join(golden, name))),
  }))
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const flip = fc.record({ at: share, byte: fc.integer({ min: 0, max: 255 }) })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...all), fc.array(flip, { maxLength: 10 }), share, async (file, flips, keep) => {
      const damaged = file.bytes.slice(0, Math.ceil(keep * file.bytes.length))
      for (const { at, byte } of flips) if (damaged.length) damaged[Math.floor(at * (damaged.length - 1))] = byte
      try {
        const { sources } = await readAll(file.format, bytesInput(file.name, damaged))
        assert.ok(sources.length > 0)
        for (const source of sources) assertSound(source)
      } catch (error) {
        assert.ok(FoveaError.is(error), String(error))
        assert.ok(['empty', 'corrupt', 'no-text'].includes(error.code), error.code)
        assert.ok(error.message.startsWith(file.name))
      }
    }),
    { numRuns: 400 },
  )
})

test('empty files say so', async () => {
  for (const [name, format] of Object.entries(formats))
    for (const content of ['', ' \n\n'])
      await assert.rejects(readAll(format, bytesInput(name, utf8(content))), (error) =>
        ['empty', 'corrupt', 'no-text'].includes((error as FoveaError).code),
      )
})

// Subtitles

const cueText = fc.stringMatching(/^[a-z😀読 ]{1,20}$/u).map((text) => `x${text.trim()}`)
const cueList = fc.array(
  fc.record({ lines: fc.array(cueText, { minLength: 1, maxLength: 3 }), gap: fc.nat(100_000) }),
  {
    minLength: 1,
    maxLength: 30,
  },
)
const pad = (value: number, length = 2): string => String(value).padStart(length, '0')
const clock = (time: number, mark: string): string =>
  `${pad(Math.floor(time / 3_600_000))}:${pad(Math.floor(time / 60_000) % 60)}:${pad(Math.floor(time / 1000) % 60)}${mark}${pad(time % 1000, 3)}`

test('cues written as SRT and WebVTT come back with their words, times and lines', async () => {
  await fc.assert(
    fc.asyncProperty(cueList, fc.boolean(), fc.constantFrom('\n', '\r\n'), async (list, webvtt, newline) => {
      let time = 0
      const timed = list.map(({ lines, gap }) => ({ lines, start: (time += gap), end: (time += 1 + (gap % 5000)) }))
      const mark = webvtt ? '.' : ','
      const blocks = timed.map(
        ({ lines, start, end }, index) =>
          `${index + 1}\n${clock(start, mark)} --> ${clock(end, mark)}\n${lines.map((line) => `<i>${line}</i>`).join('\n')}\n`,
      )
      const file = `${webvtt ? 'WEBVTT\n\n' : ''}${blocks.join('\n')}`
      const source = await read(subtitles, 'a', file.replaceAll('\n', newline))
      assertSound(source)
      assert.deepEqual(source.warnings, [])
      assert.equal(source.text, timed.flatMap(({ lines }) => lines).join('\n'))
      const original = file.split('\n')
      for (const [index, node] of source.outline!.entries()) {
        const { lines, start, end } = timed[index]!
        assert.equal(source.text.slice(node.start, node.end), lines.join('\n'))
        assert.deepEqual(node.detail, { time: start, until: end })
        const place = placeOf(source, node.start)
        assert.equal(place.time, start)
        assert.equal(original[place.line! - 1], `<i>${lines[0]}</i>`)
      }
    }),
    { numRuns: 60 },
  )
})

test('a recording of ten hours, and a file without cues', async () => {
  const blocks = Array.from(
    { length: 12_000 },
    (_, index) => `${index + 1}\n${clock(index * 3000, ',')} --> ${clock(index * 3000 + 2500, ',')}\nLine ${index}\n`,
  )
  const source = await read(subtitles, 'a.srt', blocks.join('\n'))
  assert.equal(source.outline!.length, 12_000)
  assert.equal(placeOf(source, source.text.indexOf('Line 11999')).time, 11_999 * 3000)
  await assert.rejects(read(subtitles, 'a.srt', 'Only words.\n\nAnd more.'), { code: 'no-text' })
})

// Notebooks

test('each line of a cell is cited by the number of its cell and line', async () => {
  const source = fc.array(fc.stringMatching(/^[#a-z😀 ]{0,12}$/u), { maxLength: 6 })
  const cell = fc.record({ cell_type: fc.constantFrom('code', 'markdown', 'raw'), source })
  await fc.assert(
    fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 12 }), async (cells) => {
      const marked = cells.map(({ cell_type, source: lines }, index) => ({
        cell_type,
        outputs: [],
        source: lines.map((line, at) => `${line} w${index}x${at}\n`),
      }))
      if (marked.every(({ source: lines }) => lines.length === 0)) return
      const made = await read(notebook, 'a.ipynb', JSON.stringify({ cells: marked, metadata: {}, nbformat: 4 }))
      assertSound(made)
      for (const [index, { source: lines }] of marked.entries())
        for (const [at] of lines.entries()) {
          const word =
            made.text.indexOf(`w${index}x${at}\n`) === -1
              ? made.text.lastIndexOf(`w${index}x${at}`)
              : made.text.indexOf(`w${index}x${at}\n`)
          assert.notEqual(word, -1)
          const { cell: number, line } = placeOf(made, word)
          assert.deepEqual([number, line], [String(index + 1), at + 1])
          const nodes = made.outline!.filter(({ kind, start, end }) => kind === 'cell' && start <= word && word < end)
          assert.deepEqual(
            nodes.map(({ detail }) => detail!.number),
            [index + 1],
          )
        }
    }),
    { numRuns: 100 },
  )
})

test('long outputs are cut and named; what is no notebook says so', async () => {
  const text = `${'a line of output\n'.repeat(2000)}`
  const cells = [
    {
      cell_type: 'code',
      source: 'run()',
      outputs: [
        { output_type: 'stream', text },
        { output_type: 'stream', text: `${'x'.repeat(200_000)}` },
      ],
    },
  ]
  const made = await read(notebook, 'a.ipynb', JSON.stringify({ cells, nbformat: 4 }))
  assert.ok(made.text.length < 8100 && made.text.startsWith('run()\n\na line'))
  assert.deepEqual(
    made.warnings.map(({ code }) => code),
    ['output-cut'],
  )
  for (const content of ['{"cells": [', '[]', 'null', '{"a": 1}'])
    await assert.rejects(read(notebook, 'a.ipynb', content), { code: 'corrupt' })
  const odd = {
    cells: [
      null,
      3,
      { source: [1, 'kept', null] },
      { cell_type: 'code', source: 'x', outputs: [null, { output_type: 'display_data', data: { 'text/plain': 5 } }] },
    ],
  }
  assert.equal((await read(notebook, 'a.ipynb', JSON.stringify(odd))).text, 'kept\n\nx')
  await assert.rejects(read(notebook, 'a.ipynb', `{"cells":${'['.repeat(100_000)}`), { code: 'corrupt' })
  assert.equal(
    (await read(notebook, 'a.ipynb', `{"x":${'['.repeat(50_000)}${']'.repeat(50_000)},"cells":[{"source":"deep"}]}`))
      .text,
    'deep',
  )
})

// E-mail

test('the lines of a plain message are those of its file', async () => {
  const file = readFileSync(join(golden, 'email/plain.eml'), 'utf8')
  const source = await read(email, 'plain.eml', file)
  const lines = file.split('\r\n')
  for (const line of source.text.split('\n')) {
    if (!line) continue
    const { line: number } = placeOf(source, source.text.indexOf(line))
    const [, value] = /^(?:From|To|Date|Subject): (.*)$/.exec(line) ?? []
    assert.ok(lines[number! - 1]!.includes(value?.slice(0, 10) ?? line), line)
  }
  assert.equal(source.time, Date.UTC(2003, 6, 1, 8, 52, 37))
})

test('a date without a time zone does not follow the machine', () => {
  assert.equal(mailTime('Fri, 21 Nov 1997 08:00:00'), Date.UTC(1997, 10, 21, 8))
  assert.equal(mailTime('Fri, 21 Nov 1997 08:00:00 -0100 (somewhere)'), Date.UTC(1997, 10, 21, 9))
  assert.equal(mailTime('1997-11-21T08:00:00+02:00'), Date.UTC(1997, 10, 21, 6))
  assert.equal(mailTime('yesterday'), undefined)
})

test('hostile messages: deep parts, endless headers, markup without end', async () => {
  const deepParts = (depth: number): string => {
    let text = 'Subject: deep\n'
    for (let level = 0; level < depth; level++)
      text += `Content-Type: multipart/mixed; boundary=b${level}\n\n--b${level}\n`
    return `${text}Content-Type: text/plain\n\nwords\n`
  }
  assert.match((await read(email, 'a.eml', deepParts(50))).text, /words/)
  await assert.rejects(read(email, 'a.eml', deepParts(2000)), { code: 'too-deep' })
  await assert.rejects(read(email, 'a.eml', `X: ${'y'.repeat(3 << 20)}\n\nwords`), { code: 'corrupt' })
  const markup = `Subject: m\nContent-Type: text/html\n\n${'<div>'.repeat(5000)}words`
  assert.match((await read(email, 'a.eml', markup)).text, /words/)
  let nested = 'Subject: innermost\n\nwords'
  for (let level = 0; level < 30; level++) nested = `Subject: s${level}\nContent-Type: message/rfc822\n\n${nested}`
  const forwarded = await read(email, 'a.eml', nested)
  assert.equal(forwarded.outline!.length, 11)
  assert.deepEqual(
    forwarded.warnings.map(({ code }) => code),
    ['attachment-skipped'],
  )
})

// Mailboxes

async function* pieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

const mailLine = fc.oneof(
  fc.constantFrom('', 'From here on', 'From a@b Tue Jul  1 10:52:37 2003', 'Subject: x', '>From y', '>>From z', '--'),
  fc.stringMatching(/^[a-z :>]{0,20}$/),
)

test('a mailbox written by the rules comes back message by message, however it is streamed', async () => {
  const message = fc.array(mailLine, { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 300 }),
      async (bodies, size) => {
        const wanted = bodies.map((lines, index) => `Subject: ${index}\n\n${lines.join('\n')}\n`)
        const starts: number[] = []
        let file = ''
        for (const text of wanted) {
          starts.push(file.length)
          const stored = text.replace(/^(>*From )/gm, '>$1')
          file += `From a@b.example Tue Jul  1 10:52:37 2003\n${stored}\n`
        }
        const found: string[] = []
        const offsets: number[] = []
        for await (const { byte, bytes } of mailboxEntries(pieces(utf8(file), size), 1 << 20)) {
          found.push(new TextDecoder().decode(unquote(bytes!)))
          offsets.push(byte)
        }
        assert.deepEqual(
          found,
          wanted.map((text) => `${text}\n`),
        )
        assert.deepEqual(offsets, starts)
      },
    ),
    { numRuns: 200 },
  )
})

test('a long mailbox is read in parts, and a message that is too long is left out', async () => {
  const messages = Array.from(
    { length: 400 },
    (_, index) =>
      `From a@b Tue Jul  1 10:52:37 2003\nSubject: number ${index}\n\nbody ${index} ${'word '.repeat(60)}${index === 7 ? 'x'.repeat(40_000) : ''}\n\n`,
  )
  const bytes = utf8(messages.join(''))
  const input: ReadInput = { ...bytesInput('a.mbox', bytes), stream: () => pieces(bytes, 1000) }
  const { sources, warnings } = await readAll(mbox, input, { partLength: 20_000, fileBytes: 10_000 })
  assert.ok(sources.length > 5)
  assert.deepEqual(
    warnings.map(({ code, message }) => [code, /message 8 /.test(message)]),
    [['message-skipped', true]],
  )
  let base = 0
  const titles: string[] = []
  for (const [index, source] of sources.entries()) {
    assertSound(source)
    assert.deepEqual(source.part, { index, base })
    base += source.text.length
    for (const node of source.outline!) {
      titles.push(node.title!)
      const { message, byte } = placeOf(source, node.start)
      assert.equal(node.title, `number ${message! - 1}`)
      assert.ok(new TextDecoder().decode(bytes.subarray(byte, byte! + 80)).includes(`Subject: ${node.title}\n`))
    }
  }
  assert.equal(new Set(titles).size, 399)
})

test('a mailbox has the messages that the mailbox module of Python finds', async (t) => {
  const file = readFileSync(join(golden, 'mbox/list.mbox'))
  const script = `import mailbox, json, sys; box = mailbox.mbox(sys.argv[1]); print(json.dumps([m['Subject'] for m in box]))`
  const result = spawnSync('python3', ['-c', script, join(golden, 'mbox/list.mbox')])
  if (result.status !== 0) return t.skip('python3 is not installed')
  const wanted = (JSON.parse(String(result.stdout)) as (string | null)[]).map((subject) =>
    subject?.replace(/\s+/g, ' '),
  )
  const { outline } = await read(mbox, 'list.mbox', file)
  // Python takes any line that begins with "From " after a blank line for a message; those without headers are none.
  assert.deepEqual(
    outline!.flatMap(({ title }) => title ?? []),
    wanted.filter(Boolean),
  )
})

// Configuration

interface Pair {
  readonly name: string
  readonly start: number
  readonly children: readonly Pair[]
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/)
const leaf = fc.oneof(
  word,
  fc.constantFrom('1', '"a: b # c"', "'- x'", '[a, {b: c}]', '|\n  a: b\n\n  - c', '>-\n  # text', '!tag x', '~'),
)
type Tree = { readonly key: string; readonly value: string | readonly Tree[] }
const { tree } = fc.letrec<{ tree: readonly Tree[] }>((tie) => ({
  tree: fc.uniqueArray(fc.record({ key: word, value: fc.oneof({ depthSize: 'small' }, leaf, tie('tree')) }), {
    selector: ({ key }) => key,
    minLength: 1,
    maxLength: 4,
  }) as fc.Arbitrary<readonly Tree[]>,
}))

function writeYaml(entries: readonly Tree[], indent: string, comments: boolean): string {
  return entries
    .map(({ key, value }) => {
      const lead = comments ? `${indent}# about ${key}\n` : ''
      const body =
        typeof value === 'string'
          ? ` ${value.replaceAll('\n', `\n${indent}`)}\n`
          : `\n${writeYaml(value, `${indent}  `, comments)}`
      return `${lead}${indent}${key}:${body}`
    })
    .join('')
}

/** Keys of block mappings and items of block lists by the yaml package, with where they start. */
function yamlOracle(text: string): Pair[] {
  const pairs = (node: unknown): Pair[] => {
    const { items, flow, range } = (node ?? {}) as { items?: unknown[]; flow?: boolean; range?: number[] }
    if (!Array.isArray(items) || flow || !range) return []
    return items.map((item, index) => {
      const { key, value } = item as { key?: { value: unknown; source?: string; range: number[] }; value?: unknown }
      if (!key) {
        const start = text.lastIndexOf('-', (item as { range: number[] }).range[0]! - 1)
        return { name: `[${index}]`, start, children: [] }
      }
      return { name: String(key.source ?? key.value), start: key.range[0]!, children: pairs(value) }
    })
  }
  const documents = parseAllDocuments(text, { uniqueKeys: false }) as unknown as { contents: unknown }[]
  assert.equal(documents.length, 1)
  return pairs(documents[0]!.contents)
}

test('keys of generated YAML are those of the yaml package, at every depth', () => {
  fc.assert(
    fc.property(tree, fc.boolean(), (entries, comments) => {
      const text = writeYaml(entries, '', comments)
      const bare = (pairs: readonly Pair[], lead: boolean): unknown =>
        pairs.map(({ name, start, children }) => {
          const shown = lead ? text.indexOf(`${name}:`, text.indexOf('\n', start)) : start
          return [name, shown, bare(children, lead)]
        })
      assert.deepEqual(bare(yamlEntries(text), comments), bare(yamlOracle(text), false))
    }),
    { numRuns: 300 },
  )
})

test('an alias bomb and deep values stay small', async () => {
  const names = 'abcdefghij'.split('')
  const bomb = names
    .map((name, index) => `${name}: &${name} [${index ? `*${names[index - 1]},`.repeat(9) : '"lol"'}]`)
    .join('\n')
  const source = await read(config, 'a.yaml', bomb)
  assert.equal(source.text, bomb)
  assert.equal(source.outline!.length, 10)
  for (const [name, text] of [
    ['a.yaml', `a: ${'['.repeat(100_000)}`],
    ['a.yaml', `${'- '.repeat(20_000)}x`],
    ['a.toml', `a = ${'['.repeat(100_000)}`],
    ['a.toml', `a = ${'{b='.repeat(100_000)}`],
  ] as const) {
    const deep = await read(config, name, text)
    assert.equal(deep.text, text)
    assert.deepEqual(
      deep.warnings.map(({ code }) => code),
      ['unparsed'],
    )
  }
  const steps = Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}k${depth}:\n`).join('')
  assertSound(await read(config, 'a.yaml', `${steps}${' '.repeat(3000)}x`))
})

test('long runs of one thing take no longer than other text', async () => {
  const run = (text: string): string => text.repeat(100_000)
  const hostile: [Format, string, string][] = [
    [
      subtitles,
      'a.vtt',
      `WEBVTT\n\n00:01.000 --> 00:02.000\nx <v${run('.a')}\ny ${run('<v x')}\nz ${run('{\\')}${run('<a')}${run('&#1')}\n`,
    ],
    [subtitles, 'a.srt', `1\n00:00:01,000 --> 00:00:02,000\nx${run(' ')}y\n${run('5\n\n')}`],
    [email, 'a.eml', `Subject: x\nDate: 1 ${'('.repeat(10_000)}\n\n${run(' ')}x${run(' ')}y${run('\n')}z`],
    [email, 'a.eml', `Subject: x\nContent-Type: text/html\n\n${run('<a ')}${run('&amp')}`],
    [
      mbox,
      'a.mbox',
      `From a@b Tue Jul  1 10:52:37 2003\nSubject: x\n\n${run('From ')}\n${run('>')}\n${run('\nFrom x\n')}`,
    ],
    [
      notebook,
      'a.ipynb',
      JSON.stringify({
        cells: [
          { cell_type: 'markdown', source: `# x${run(' ')}y\n${run('# h\n')}# ${run('# ')}` },
          { source: '1', outputs: [{ output_type: 'stream', text: `${run('x')}${run('\x1b[;')}` }] },
        ],
      }),
    ],
    [config, 'a.ini', `a${run(' ')}b\n${run('[')}\n${run('x')}`],
    [config, 'a.yaml', `a: "${run('x')}"\n${`b${' '.repeat(1000)}c\n`.repeat(100)}`],
    [config, 'a.toml', `a = """${run('\\"')}"""\nb = '''${run("''\n")}'''\n${run('#\n')}`],
  ]
  for (const [format, name, text] of hostile)
    for (const source of (await readAll(format, bytesInput(name, utf8(text)))).sources) assertSound(source)
})

test('files that break the rules of their language are plain text with a warning', async () => {
  for (const [name, text] of [
    ['a.yaml', 'a: [1, 2\nb: 3\n'],
    ['a.yml', 'a: "x\n'],
    ['a.toml', 'a = \nb = 1\n'],
    ['a.toml', 'title = "Reader\n'],
    ['a.toml', '[table\nx = 1\n'],
  ] as const) {
    const source = await read(config, name, text)
    assert.equal(source.text, text)
    assert.equal(source.outline, undefined)
    assert.deepEqual(
      source.warnings.map(({ code }) => code),
      ['unparsed'],
    )
    assert.match(source.warnings[0]!.message, /line \d/)
  }
})

test('TOML is accepted and divided as the TOML module of Python does it', (t) => {
  const value = fc.oneof(
    fc.constantFrom(
      '1',
      '-0.5e3',
      'inf',
      'true',
      '0xff',
      '1979-05-27T07:32:00Z',
      '1979-05-27 07:32:00',
      '07:32:00',
      "'a#]'",
    ),
    fc.constantFrom(
      '"q\\"]"',
      '"""\na = 1\n[b]\n"""',
      "'''\n[[c]]'''",
      '[1, [2, # x ]\n 3],]',
      '{a = 1, b.c = [2]}',
      '{}',
      '[]',
    ),
    fc.constantFrom('', 'nope nope', '[1', '"open', '{a = 1', '= 1', '1 2', '{a = 1,, b = 2}', '[,]'),
  )
  const name = fc.constantFrom('a', 'b-c', '"d e"', "'f.g'", 'h . i', '1', '', 'j k')
  const line = fc.oneof(
    fc.tuple(name, value).map(([key, words]) => `${key} = ${words}`),
    name.map((key) => `[${key}]`),
    name.map((key) => `[[${key}]]`),
    fc.constantFrom('# comment', '', 'words'),
  )
  const texts = fc
    .sample(fc.array(line, { maxLength: 6 }), { numRuns: 3000, seed: 7 })
    .map((lines) => `${lines.join('\n')}\n`)
  const script = `
import json, sys
try:
    import tomllib
except ImportError:
    sys.exit(3)
def judge(text):
    try:
        tomllib.loads(text)
        return None
    except ValueError as error:
        return str(error)
print(json.dumps([judge(text) for text in json.load(sys.stdin)]))
`
  const result = spawnSync('python3', ['-c', script], { input: JSON.stringify(texts), maxBuffer: 1 << 26 })
  if (result.status !== 0) return t.skip('python3 with tomllib is not installed')
  const verdicts = JSON.parse(String(result.stdout)) as (string | null)[]
  let accepted = 0
  let refused = 0
  for (const [index, text] of texts.entries()) {
    const verdict = verdicts[index]
    // Keys given twice and the spelling of numbers are beyond what places need.
    if (verdict && /Cannot (overwrite|declare|mutate|redefine)|Duplicate|already/.test(verdict)) continue
    let entries: ReturnType<typeof tomlEntries> | undefined
    try {
      entries = tomlEntries(text, 1000)
    } catch {
      entries = undefined
    }
    assert.equal(entries !== undefined, verdict === null, `${verdict}\n${text}`)
    if (entries) accepted++
    else refused++
  }
  assert.ok(accepted > 200 && refused > 200)
})

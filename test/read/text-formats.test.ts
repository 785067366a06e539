import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { GFM, parser } from '@lezer/markdown'
import fc from 'fast-check'
import Papa from 'papaparse'
import { anchorAt } from '../../src/core/index.ts'
import { scanJson } from '../../src/read/json.ts'
import { checkOutline, drawn, placeAt, readBytes, readOne } from './text-support.ts'

const data = process.env.FOVEA_DATA
const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1

/** Headings, code, items and tables as @lezer/markdown finds them, by the lines that they begin on. */
function lezerUnits(text: string): string[] {
  const units: string[] = []
  const cursor = parser.configure(GFM).parse(text).cursor()
  if (!cursor.firstChild()) return units
  do {
    const at = lineStart(text, cursor.from)
    if (/^(?:ATX|Setext)Heading/.test(cursor.name)) units.push(`section ${at}`)
    else if (cursor.name === 'FencedCode') units.push(`code ${at}`)
    else if (cursor.name === 'BulletList' || cursor.name === 'OrderedList')
      for (const { from, to } of cursor.node.getChildren('ListItem')) {
        const start = lineStart(text, from)
        units.push(`item ${start}-${start + text.slice(start, to).trimEnd().length}`)
      }
    else if (cursor.name === 'Table') {
      units.push(`table ${at}`)
      for (const { from } of cursor.node.getChildren('TableRow')) units.push(`row ${lineStart(text, from)}`)
    }
  } while (cursor.nextSibling())
  return units.sort()
}

async function markdownUnits(text: string): Promise<string[]> {
  const { outline = [] } = await readOne('a.md', text)
  const units: string[] = []
  for (const { kind, start, end } of outline) {
    const body = text.slice(start, end)
    if (kind === 'section' || kind === 'table' || kind === 'row') units.push(`${kind} ${start}`)
    else if (kind === 'atom')
      units.push(/^\s*(?:```|~~~)/.test(body) ? `code ${start}` : `item ${start}-${start + body.trimEnd().length}`)
  }
  return units.sort()
}

test('markdown has the units that @lezer/markdown finds in a real book', async (t) => {
  if (!data) return t.skip('FOVEA_DATA is not set')
  const files = readdirSync(join(data, 'rust-book'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  )
  let units = 0
  for (const file of files) {
    const text: string = readFileSync(join(data, 'rust-book', file), 'utf8')
    const wanted = lezerUnits(text)
    units += wanted.length
    assert.deepEqual(await markdownUnits(text), wanted, file)
  }
  assert.ok(units > 1000)
})

const markdownLines = fc.constantFrom(
  ...[
    '# a',
    '## b',
    'text',
    '',
    '- item',
    '  in item',
    '* x',
    '> q',
    '```',
    '~~~',
    '---',
    '===',
    '| a | b |',
    '|---|---|',
    '| 1 | 2 |',
  ],
  ...['<div>', '</div>', '<!-- c', '-->', '\ttab', '  - nested', '    code', '> ```', '1. one', '\r', '+++', 'k: v'],
)
test('any Markdown has a sound outline, and sections cover their headings', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(markdownLines, { minLength: 1, maxLength: 14 }), async (list) => {
      const text = `${list.join('\n')}\nend`
      const { outline = [] } = await readOne('a.md', text)
      for (const node of outline) if (node.kind === 'section') assert.equal(lineStart(text, node.start), node.start)
    }),
    { numRuns: 500 },
  )
})

test('headings inside code, comments, quotes and items make no sections; titles lose their marks', async () => {
  const text =
    '# A *b* [c](d) `e` ##\n```\n# no\n```\n<!--\n# no\n-->\n> # no\n\n- x\n  # no\n\n    # no\n\nTwo\nlines\n===\n'
  const { outline = [], title } = await readOne('a.md', text)
  assert.deepEqual(
    outline.filter(({ kind }) => kind === 'section').map((node) => node.title),
    ['A b c e', 'Two lines'],
  )
  assert.equal(title, 'A b c e')
})

const tags = [
  'p',
  'div',
  'b',
  'span',
  'a',
  'h1',
  'h2',
  'h3',
  'ul',
  'ol',
  'li',
  'table',
  'tr',
  'td',
  'th',
  'thead',
  'pre',
  'br',
  'script',
  'main',
  'nav',
  'article',
]
const htmlPieces = fc.oneof(
  fc.constantFrom(...tags.map((tag) => `<${tag}>`)),
  fc.constantFrom(...tags.map((tag) => `</${tag}>`)),
  fc.constantFrom(
    'word',
    ' two  words ',
    '\n',
    '&amp;',
    '&#228;',
    '&nbsp;',
    '&bogus;',
    'ä',
    '😀',
    '<',
    '&',
    '<!-- x -->',
    '<x',
    '\r\n  ',
  ),
)

/** What a place in an HTML file may be the origin of: the sign itself or a reference to it. */
function comesFrom(html: string, at: number, sign: string): boolean {
  return html.startsWith(sign, at) || html[at] === '&'
}

test('each character of HTML text that is traced exactly stands there in the page', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(htmlPieces, { minLength: 1, maxLength: 40 }), async (list) => {
      const html = `kept ${list.join('')}`
      const { sources } = await readBytes('a.html', html).catch((error) => {
        assert.equal(error.code, 'no-text')
        return { sources: [] }
      })
      for (const source of sources) {
        for (let at = 0; at < source.text.length; at++) {
          const sign = source.text[at]!
          const anchor = anchorAt(source.origin, at)
          if (!anchor.linear || /[\s|\udc00-\udfff]/.test(sign)) continue
          const { byte, line, column } = placeAt(source, at)
          const offset = Buffer.from(html).subarray(0, byte).toString().length
          assert.ok(comesFrom(html, offset, sign), `${JSON.stringify(sign)} at ${at} of ${JSON.stringify(source.text)}`)
          const before = html.slice(0, offset).split('\n')
          assert.deepEqual([line, column], [before.length, before.at(-1)!.length + 1])
        }
      }
    }),
    { numRuns: 600 },
  )
})

test('menus, scripts and footers are left out, and the main part is chosen', async () => {
  const page = `<body><nav><a>Menu</a></nav><div class="site-menu"><a>One</a><a>Two</a></div><script>no()</script>
    <main><header><h1>Title</h1></header><p>${'Matter. '.repeat(20)}</p><footer>By Ann</footer></main><p>Aside</p><footer>Imprint</footer></body>`
  const { text } = await readOne('a.html', page)
  assert.ok(text.startsWith('Title') && text.endsWith('By Ann'))
  const small =
    '<body><main><p>x</p></main><div><p>The matter stands outside of the main part.</p></div><footer>F</footer></body>'
  assert.equal((await readOne('a.html', small)).text, 'x\n\nThe matter stands outside of the main part.')
})

test('tables that lay a page out are read as blocks, those in them as rows', async () => {
  const page =
    '<table><tr><td>Left</td><td><h2>Head</h2><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td></td></tr><tr><td></td><td>2</td></tr></table></td></tr></table>'
  const source = await readOne('a.html', page)
  assert.equal(source.text, 'Left\n\nHead\n\na | b\n1 | \n| 2')
  assert.deepEqual(
    source.outline?.map(({ kind }) => kind),
    ['section', 'table', 'header', 'row', 'row'],
  )
})

test('at least 95% of the gold cells of real pages are kept', async (t) => {
  if (!data) return t.skip('FOVEA_DATA is not set')
  const folder = join(data, 'longproc', 'html_to_tsv')
  const words = (text: string): string =>
    ` ${text
      .toLowerCase()
      .normalize('NFKC')
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
      .trim()} `
  const joined = (text: string): string => words(text).replaceAll(' ', '')
  let cells = 0
  let kept = 0
  let apart = 0
  for (const record of JSON.parse(readFileSync(join(folder, 'html_to_tsv_0.5k.json'), 'utf8'))) {
    const path = join(folder, record.html_path)
    if (!existsSync(path)) continue
    const { text } = await readOne(path, readFileSync(path))
    const [spaced, close] = [words(text), joined(text)]
    for (const cell of record.gt.split('\n').slice(1).join('\t').split('\t')) {
      if (words(cell).trim() === '') continue
      cells++
      if (spaced.includes(words(cell))) apart++
      if (close.includes(joined(cell))) kept++
    }
  }
  assert.ok(cells > 5000)
  // Gold cells that join neighbours without a space can only be found when spaces do not count.
  assert.ok(kept / cells > 0.99, `${kept} of ${cells}`)
  assert.ok(apart / cells > 0.93, `${apart} of ${cells} with spaces`)
})

test('every row of a table is read, with its exact range', async () => {
  const cell = fc.oneof(
    fc.constantFrom('', 'a', 'b c', '"', 'x,y', 'l\nm', 'p;q', '\t', 'ä😀', '1.5'),
    fc.string({ maxLength: 6 }),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 }),
      fc.constantFrom('\n', '\r\n'),
      async (rows, newline) => {
        const clean = rows.map((row) => row.map((value) => value.replace(/[\r\0]/g, '')))
        const text = `${Papa.unparse([['id', 'name', 'note'], ...clean.map((row) => ['k', ...row.slice(1)])], { newline })}${newline}`
        const source = await readOne('a.csv', text)
        const ranges = source.outline!.filter(({ kind }) => kind !== 'table')
        const found = ranges.map(
          ({ start, end }) =>
            Papa.parse<string[]>(text.slice(start, end).replace(/\r?\n$/, ''), { delimiter: ',', newline }).data[0],
        )
        assert.deepEqual(found, [['id', 'name', 'note'], ...clean.map((row) => ['k', ...row.slice(1)])])
        assert.equal(source.outline![1]!.kind, 'header')
        assert.equal(ranges.map(({ start, end }) => text.slice(start, end)).join(''), text)
      },
    ),
    { numRuns: 300 },
  )
})

test('tables in parts keep every row, cut at row ends, and know their columns', async () => {
  const lines = Array.from({ length: 400 }, (_, at) => `${at},"text, ${at}\nmore"`)
  const { sources } = await readBytes('a.csv', `id,note\n${lines.join('\n')}\n`, { limits: { partLength: 1000 } })
  assert.ok(sources.length > 5)
  assert.equal(sources.flatMap(({ outline = [] }) => outline).filter(({ kind }) => kind === 'row').length, 400)
  for (const { outline = [] } of sources) assert.deepEqual(outline[0]!.detail, { columns: ['id', 'note'] })
})

test('a quote that is never closed costs no row', async () => {
  const { sources, warnings } = await readBytes('a.csv', 'a,b\n1,"2\n3,4\n')
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['malformed'],
  )
  assert.equal(sources[0]!.outline!.length, 4)
})

test('JSON that JSON.parse accepts is read without a warning, and what it holds lies where it says', async () => {
  const values = fc.tuple(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 1, '\t'))
  await fc.assert(
    fc.asyncProperty(values, async ([value, indent]) => {
      const text = JSON.stringify(value, null, indent)
      const { sources, warnings } = await readBytes('a.json', text, { format: 'json' })
      assert.deepEqual(warnings, [])
      assert.equal(sources[0]!.text, text.replaceAll('\0', '\ufffd'))
      scanJson(
        text,
        100,
        () => assert.fail(),
        ({ from, end }) => void JSON.parse(text.slice(from, end)),
      )
    }),
    { numRuns: 300 },
  )
})

test('JSON units: large members are sections with their keys, small ones atoms', async () => {
  const source = await readOne(
    'a.json',
    JSON.stringify({ one: { 'ke"y': 'x'.repeat(700), n: 1 }, two: [1, 2] }, null, 1),
  )
  assert.deepEqual(
    drawn(source).map((line) => line.replace(/ \d+-.*/, '')),
    ['section <one>', '  atom', 'atom'],
  )
  for (const broken of ['{"a": 1', '{"a" 1}', '[1 2]', '[1,,2]', '{"a":1}}', 'nope', '{"a": "x}']) {
    const { warnings, sources } = await readBytes('a.json', broken)
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['malformed'],
      broken,
    )
    assert.equal(sources[0]!.text, broken)
  }
})

test('JSON Lines: bad lines are kept and counted', async () => {
  const { sources, warnings } = await readBytes('a.jsonl', '{"a":1}\nbad\n\n{"b":2}\nworse')
  assert.equal(sources[0]!.outline!.length, 4)
  assert.match(warnings[0]!.message, /2 lines are no JSON, the first line 2/)
})

test('chats: every form of a message list gives the same turns', async () => {
  const list = [
    { role: 'user', content: 'Hello\nthere' },
    { role: 'assistant', content: [{ type: 'text', text: 'Hi.' }] },
  ]
  const text = 'user: Hello\nthere\n\nassistant: Hi.'
  const forms: [string, string][] = [
    ['a.json', JSON.stringify(list)],
    ['b.json', JSON.stringify({ id: 'x', messages: list }, null, 2)],
    ['c.jsonl', list.map((message) => JSON.stringify(message)).join('\n')],
    ['d.jsonl', `${JSON.stringify({ messages: list })}\n`],
    ['e.json', JSON.stringify([{ messages: list }])],
    [
      'f.json',
      JSON.stringify({
        conversations: [
          { from: 'user', value: 'Hello\nthere' },
          { from: 'assistant', value: 'Hi.' },
        ],
      }),
    ],
  ]
  for (const [name, body] of forms) {
    const source = await readOne(name, body)
    assert.equal(source.text, text, name)
    const turns = source.outline!.filter(({ kind }) => kind === 'turn')
    assert.deepEqual(
      turns.map(({ start, end }) => text.slice(start, end)),
      text.split('\n\n'),
      name,
    )
    for (const [index, turn] of turns.entries()) {
      const { message, byte } = placeAt(source, turn.start + 3)
      assert.equal(message, index + 1)
      assert.ok(body.slice(byte).startsWith('{'), name)
    }
  }
})

test('JSON that only mentions roles is read as JSON', async () => {
  const { sources, warnings } = await readBytes('a.json', '{"users": [{"role": "user", "name": "x"}]}')
  assert.equal(sources[0]!.text[0], '{')
  assert.deepEqual(warnings, [])
})

test('dialogues are told from notes, logs and settings', async () => {
  const outlineOf = async (text: string) => (await readOne('a.txt', text)).outline?.map(({ detail }) => detail?.speaker)
  assert.deepEqual(await outlineOf('Ann: hi\nBob: hello\nAnn: bye\nBob: bye'), ['Ann', 'Bob', 'Ann', 'Bob'])
  assert.deepEqual(
    await outlineOf('[2024-01-02 10:00] Dr. Who: a\n[2024-01-02 10:01] Me: b\n[2024-01-02 10:02] Me: c'),
    ['Dr. Who', 'Me', 'Me'],
  )
  assert.equal(await outlineOf('Host: example\nPort: 80\nPath: /x\nUser: me\n'), undefined)
  assert.equal(
    await outlineOf('2024-01-01 10:00:00 INFO a: x\n2024-01-01 10:00:00 INFO b: x\n2024-01-01 10:00:00 INFO a: x\n'),
    undefined,
  )
  assert.equal(
    await outlineOf(
      'Note: one thing.\nAnd then a long story began that\nwent on and on.\nNote: it ended.\nNote: really.\nAnd so on\nand on\n',
    ),
    undefined,
  )
})

test('outlines are sound for hostile input', async () => {
  const cases: [name: string, text: string, code?: string][] = [
    ['a.html', '<div>'.repeat(100_000), 'too-deep'],
    ['b.html', `${'<p>'.repeat(100_000)}x`],
    ['c.json', '['.repeat(100_000), 'too-deep'],
    ['d.md', `${'> '.repeat(50_000)}x`],
    ['e.md', '- '.repeat(50_000)],
    ['f.md', '#'.repeat(1_000_000)],
    ['g.csv', `a,b\n${'1,'.repeat(1_000_000)}1\n`],
    ['h.csv', '"'.repeat(300_001)],
    ['i.txt', 'x'.repeat(10_000_000)],
    ['j.html', `<p>${'&amp;'.repeat(100_000)}`],
    ['k.md', '`'.repeat(1_000_000)],
    ['l.html', '<a href="'.repeat(50_000)],
    ['m.jsonl', '{"role":"user","content":"x"}\n'.repeat(20_000)],
    ['n.txt', `${'1 '.repeat(2_000_000)}: x\n`],
    ['o.json', `{"role":"user","content":${'{"a":'.repeat(5_000)}`, 'too-deep'],
    ['p.md', `| a |\n|---|\n${'|'.repeat(1_000_000)}\n`],
  ]
  for (const [name, text, code] of cases) {
    const reading = readBytes(name, text)
    if (code)
      await assert.rejects(
        reading,
        (error: { code?: string; message: string }) => error.code === code && error.message.startsWith(name),
        name,
      )
    else
      await reading.then(
        ({ sources }) => {
          for (const { text, outline = [] } of sources) checkOutline(text, outline)
        },
        (error) => assert.equal(error.code, 'no-text', `${name}: ${error.message}`),
      )
  }
})

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { strToU8, unzipSync, type Zippable, zipSync } from 'fflate'
import mammoth from 'mammoth'
import { anchorAt, FoveaError, formatCitation, type Source, type Warning } from '../../src/core/index.ts'
import { formatNumber, parseNumberFormat } from '../../src/read/formats/xlsx/numbers.ts'
import { bytesInput, type ReadOptions, read } from '../../src/read/index.ts'
import { checkSource } from './office-laws.ts'

const folder = join(import.meta.dirname, '../golden')
const golden = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)))
const goldens = ['docx', 'pptx', 'xlsx', 'epub'].flatMap((format) =>
  readdirSync(join(folder, format))
    .filter((name) => name.endsWith(`.${format}`))
    .map((name) => `${format}/${name}`),
)

async function readAll(name: string, bytes: Uint8Array, options: ReadOptions = {}): Promise<Source[]> {
  const sources: Source[] = []
  for await (const source of read(bytesInput(name, bytes), options)) {
    checkSource(source)
    sources.push(source)
  }
  return sources
}
const readOne = async (name: string, bytes: Uint8Array, options: ReadOptions = {}): Promise<Source> => {
  const sources = await readAll(name, bytes, options)
  assert.equal(sources.length, 1)
  return sources[0]!
}
const rejects = (name: string, bytes: Uint8Array, code: string, words: RegExp, options: ReadOptions = {}) =>
  assert.rejects(
    () => readAll(name, bytes, options),
    (error) => FoveaError.is(error, code) && error.message.startsWith(`${name}: `) && words.test(error.message),
  )
/** Kind, title and words of each unit, by depth. */
const units = ({ outline = [], text }: Source): string[] =>
  outline.map(({ kind, title, level, start, end }) => {
    const words = title ?? text.slice(start, end).split('\n')[0]!
    return `${'  '.repeat(level - 1)}${kind}: ${words}`
  })
const placeOf = (source: Source, words: string) => {
  const at = source.text.indexOf(words)
  assert.ok(at >= 0, words)
  return anchorAt(source.origin, at)
}

test('golden files: text, outline and places', async () => {
  assert.ok(goldens.length >= 6)
  for (const name of goldens) {
    const { id: _, uri: __, ...source } = await readOne(name, golden(name))
    const path = join(folder, `${name}.expected.json`)
    const compact = JSON.parse(JSON.stringify(source)) as unknown
    if (!existsSync(path) && process.env.FOVEA_GOLDEN === 'write')
      writeFileSync(path, `${JSON.stringify(compact, null, 1)}\n`)
    assert.deepEqual(compact, JSON.parse(readFileSync(path, 'utf8')), name)
  }
})

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const archive = (files: Record<string, string | Uint8Array>): Uint8Array => {
  const entries: Zippable = {}
  for (const [name, content] of Object.entries(files))
    entries[name] = typeof content === 'string' ? strToU8(content) : content
  return zipSync(entries, { mtime: new Date(2024, 0, 2) })
}
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const relationships = (items: readonly (readonly [id: string, type: string, target: string])[]): string =>
  `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${items.map(([id, type, target]) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`).join('')}</Relationships>`

const word = (body: string, more: Record<string, string> = {}): Uint8Array =>
  archive({
    '_rels/.rels': relationships([['r1', 'officeDocument', 'word/document.xml']]),
    'word/document.xml': `${xml}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="x" xmlns:wps="y"><w:body>${body}</w:body></w:document>`,
    ...more,
  })
const paragraph = (text: string, properties = ''): string =>
  `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`

test('docx: headings by level, deletions, fields, text boxes, hidden text, nested tables, lists', async () => {
  const source = await readOne(
    'a.docx',
    word(
      [
        paragraph('Plan', '<w:outlineLvl w:val="0"/>'),
        '<w:p><w:r><w:t>kept </w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:ins><w:r><w:t>added</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:br/><w:t>next</w:t><w:tab/><w:t>tab</w:t></w:r></w:p>',
        '<w:p><w:r><w:fldChar/><w:instrText>PAGEREF</w:instrText><w:t>12</w:t></w:r></w:p>',
        '<w:p><w:r><w:t>before</w:t><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>',
        '<w:sdt><w:sdtContent><w:p><w:r><w:t>in a control</w:t></w:r></w:p></w:sdtContent></w:sdt>',
        paragraph('Deep', '<w:outlineLvl w:val="2"/>'),
        `<w:tbl><w:tblPr><w:tblLook w:val="0000"/></w:tblPr><w:tr><w:tc>${paragraph('Name')}</w:tc><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>${paragraph('Sum')}</w:tc><w:tc>${paragraph('Note')}</w:tc></w:tr><w:tr><w:tc>${paragraph('Ann')}${paragraph('Lee')}</w:tc><w:tc>${paragraph('1')}</w:tc><w:tc>${paragraph('2')}</w:tc><w:tc><w:tbl><w:tr><w:tc>${paragraph('in')}</w:tc><w:tc>${paragraph('ner')}</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>`,
        paragraph('one', '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'),
        paragraph('one a', '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="7"/></w:numPr>'),
        paragraph('two', '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'),
      ].join(''),
      {
        'word/numbering.xml': `${xml}<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1%2)"/></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num></w:numbering>`,
      },
    ),
  )
  assert.equal(
    source.text,
    'Plan\n\nkept added\nnext\ttab\n\n12\n\nbefore\n\nboxed\n\nin a control\n\nDeep\n\nName | Sum |  | Note\nAnn Lee | 1 | 2 | in ner\n\nIV. one\n  IVa) one a\nV. two',
  )
  assert.deepEqual(units(source), [
    'section: Plan',
    '  section: Deep',
    '    table: Name | Sum |  | Note',
    '      row: Name | Sum |  | Note',
    '      row: Ann Lee | 1 | 2 | in ner',
    '    atom: IV. one',
    '    atom:   IVa) one a',
    '    atom: V. two',
  ])
  assert.equal(placeOf(source, 'V. two').line, 19)
  assert.equal(placeOf(source, 'in a control').line, 6)
})

test('docx: the words are those that mammoth finds, in its order', async () => {
  const samples = join(import.meta.dirname, '../../node_modules/mammoth/test/test-data')
  const others = readdirSync(samples).filter((name) => name.endsWith('.docx'))
  const files = [
    ...goldens.filter((name) => name.startsWith('docx/')).map((name) => join(folder, name)),
    ...others.map((name) => join(samples, name)),
  ]
  assert.ok(files.length > 10)
  const words = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? []
  for (const path of files) {
    const { value } = await mammoth.extractRawText({ buffer: readFileSync(path) })
    const wanted = words(value)
    if (wanted.length === 0) continue
    const { text } = await readOne(path, new Uint8Array(readFileSync(path)))
    const found = words(text)
    let at = 0
    for (const one of wanted) {
      at = found.indexOf(one, at) + 1
      assert.ok(at > 0, `${path}: ${one}`)
    }
    // What we have beyond it: labels of lists, marks and texts of notes.
    assert.ok(found.length - wanted.length <= Math.max(25, wanted.length * 0.05), path)
  }
})

test('pptx: slides in the order shown, titles first, notes, tables, hidden slides', async () => {
  const source = await readOne('deck.pptx', golden('pptx/hand.pptx'))
  assert.deepEqual(units(source), [
    'slide: The harbour in a year',
    '  section: Notes',
    'slide: Dues 🟢',
    '  table: Length | Day',
    '    header: Length | Day',
    '    row: under 8 m | 120 kr',
    'slide: Questions?',
  ])
  assert.equal(source.outline!.at(-1)!.detail?.hidden, true)
  assert.ok(source.text.indexOf('Dues') < source.text.indexOf('Paid at the office'))
  const place = placeOf(source, '120 kr')
  assert.equal(formatCitation('deck.pptx', place, place), 'deck.pptx#slide=2')
})

const sheet = (rows: string, more: Record<string, string> = {}): Uint8Array =>
  archive({
    '_rels/.rels': relationships([['r1', 'officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `${xml}<workbook xmlns:r="${office}"><sheets><sheet name="One" sheetId="1" r:id="a"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships([['a', 'worksheet', 'worksheets/sheet1.xml']]),
    'xl/worksheets/sheet1.xml': `${xml}<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    ...more,
  })
const cells = (row: number, texts: readonly string[]): string =>
  `<row r="${row}">${texts.map((text, column) => (text === '' ? '' : `<c r="${String.fromCharCode(65 + column)}${row}" t="inlineStr"><is><t>${text}</t></is></c>`)).join('')}</row>`

test('xlsx: tables, captions, gaps, merged cells, formulas, kinds of values, cells as places', async () => {
  const source = await readOne(
    'b.xlsx',
    sheet(
      `${cells(1, ['Yearly report'])}${cells(3, ['Name', 'Group', 'Sum'])}<row r="4"><c r="A4" t="inlineStr"><is><r><t>An</t></r><r><t>na</t></r><rPh><t>x</t></rPh></is></c><c r="C4"><f>1+1</f><v>2</v></c></row><row r="5"><c r="A5" t="str"><f>x</f><v>Bo</v></c><c r="B5" t="e"><v>#DIV/0!</v></c><c r="C5" t="b"><v>1</v></c></row><row><c t="n"><v>0.1</v></c><c><v>1E3</v></c></row>${cells(9, ['', '', 'Town', 'Land'])}${cells(10, ['', '', 'Oslo', 'Norway'])}`,
    ),
  )
  assert.equal(
    source.text,
    'Yearly report\n\nName | Group | Sum\nAnna |  | 2\nBo | #DIV/0! | TRUE\n0.1 | 1000\n\nTown | Land\nOslo | Norway',
  )
  assert.deepEqual(units(source), [
    'sheet: One',
    '  table: Name | Group | Sum',
    '    header: Name | Group | Sum',
    '    row: Anna |  | 2',
    '    row: Bo | #DIV/0! | TRUE',
    '    row: 0.1 | 1000',
    '  table: Town | Land',
    '    header: Town | Land',
    '    row: Oslo | Norway',
  ])
  const place = placeOf(source, 'Norway')
  assert.equal(formatCitation('b.xlsx', place, place), 'b.xlsx#cell=One!D10')
  assert.equal(placeOf(source, '1000').cell, 'B6')
})

test('xlsx: numbers as they are shown', () => {
  const show = (value: number, code: string, from1904 = false): string =>
    formatNumber(value, parseNumberFormat(code), from1904)
  const wanted: [number, string, string][] = [
    [0.1 + 0.2, 'General', '0.3'],
    [12500.5, '#,##0.00', '12,500.50'],
    [0.125, '0%', '13%'],
    [0.125, '0.0%', '12.5%'],
    [-3, '0;(0)', '(3)'],
    [-3, '0', '-3'],
    [1234.5, '"kr" #,##0', 'kr 1,235'],
    [1234.5, '[$€-407] #,##0.00', '€ 1,234.50'],
    [7, '000', '007'],
    [1234567, '0.0,,"M"', '1.2M'],
    [12345, '0.00E+00', '1.23E+04'],
    [45356, 'yyyy-mm-dd', '2024-03-05'],
    [45356.604166666664, 'd/m/yy h:mm', '2024-03-05 14:30'],
    [0.5, 'h:mm AM/PM', '12:00'],
    [1.5, '[h]:mm:ss', '36:00:00'],
    [59, 'd mmm yyyy', '1900-02-28'],
    [61, 'd mmm yyyy', '1900-03-01'],
    [5, '@', '5'],
    [0, '0;-0;"none"', 'none'],
  ]
  for (const [value, code, text] of wanted) {
    assert.equal(show(value, code), text, `${value} as ${code}`)
  }
  assert.equal(show(0, 'yyyy-mm-dd', true), '1904-01-01')
  fc.assert(
    fc.property(fc.integer({ min: 61, max: 2_900_000 }), (days) => {
      const oracle = new Date(Date.UTC(1899, 11, 30 + days)).toISOString().slice(0, 10)
      assert.equal(show(days, 'dd.mm.yyyy'), oracle)
    }),
  )
})

test('xlsx: a long sheet comes in parts, each with its places', async () => {
  const rows = Array.from({ length: 400 }, (_, row) => cells(row + 2, [`name ${row}`, `town 🟢 ${row}`])).join('')
  const bytes = sheet(cells(1, ['Name', 'Town']) + rows)
  const whole = await readOne('c.xlsx', bytes)
  for (const partLength of [64, 500, 4000]) {
    const parts = await readAll('c.xlsx', bytes, { limits: { partLength } })
    assert.ok(parts.length > 2)
    assert.equal(parts.map(({ text }) => text).join(''), whole.text)
    let base = 0
    for (const [index, source] of parts.entries()) {
      assert.deepEqual(source.part, { index, base })
      assert.ok(source.text.length <= partLength)
      assert.equal(source.outline![0]!.kind, 'sheet')
      if (index > 0) assert.deepEqual(source.outline![1]!.detail, { columns: ['Name', 'Town'] })
      base += source.text.length
    }
    assert.equal(placeOf(parts.at(-1)!, 'name 399').cell, 'A401')
  }
})

test('epub: chapters by the table of contents, notes, white space, entities', async () => {
  const source = await readOne('lamp.epub', golden('epub/lamp.epub'))
  assert.equal(source.title, 'The Lamp & the Sea')
  assert.equal(source.time, Date.UTC(2021, 4, 6))
  assert.deepEqual(
    units(source).filter((unit) => /chapter|section|header/.test(unit)),
    [
      'chapter: Part One',
      '  chapter: 1. The Lamp',
      '    section: Oil',
      '        header: Month | Litres',
      '    section: Wick',
      '  chapter: 2. The Sea',
      'chapter: Afterword',
    ],
  )
  assert.match(source.text, /all night\u00a0— and all day\[1\]\. A line\nbroken in two\. 灯\n/)
  assert.match(source.text, / {2}keep {3}this\n {4}shape\n/)
  assert.doesNotMatch(source.text, /alert|color|Contents|とう/)
  const place = placeOf(source, 'Trim it')
  assert.deepEqual([place.part, place.line], ['OEBPS/text/one.xhtml', 22])
})

test('epub: protected chapters are encrypted, a missing chapter is a warning', async () => {
  const files = unzipSync(golden('epub/lamp.epub'))
  const encryption = (algorithm: string): Uint8Array =>
    strToU8(
      `<encryption><EncryptedData><EncryptionMethod Algorithm="${algorithm}"/><CipherData><CipherReference URI="OEBPS/text/one.xhtml"/></CipherData></EncryptedData></encryption>`,
    )
  const path = 'META-INF/encryption.xml'
  const locked = zipSync({ ...files, [path]: encryption('http://www.w3.org/2001/04/xmlenc#aes128-cbc') })
  await rejects('locked.epub', locked, 'encrypted', /protection/)
  await readOne(
    'font.epub',
    zipSync({ ...files, [path]: encryption('http://www.idpf.org/2008/embedding/obfuscation') }),
  )
  delete files['OEBPS/text/end.xhtml']
  const warnings: Warning[] = []
  const source = await readOne('short.epub', zipSync(files), { warn: (one) => warnings.push(one) })
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['missing-part'],
  )
  assert.doesNotMatch(source.text, /The end\./)
})

const patched = (bytes: Uint8Array, change: (view: DataView, at: number) => void, signature: number): Uint8Array => {
  const copy = bytes.slice()
  const view = new DataView(copy.buffer)
  for (let at = 0; at + 4 <= copy.length; at++) if (view.getUint32(at, true) === signature) change(view, at)
  return copy
}

test('zip: bombs, overlaps, encryption, odd names', async () => {
  const bomb = word('', { 'word/document.xml': `<w:document>${' '.repeat(40 << 20)}</w:document>` })
  await rejects('bomb.docx', bomb, 'too-large', /zip bomb/)
  await rejects('bomb.docx', bomb, 'too-large', /1 MiB/, { limits: { unpackedBytes: 1 << 20 } })
  const plain = word(paragraph('text'))
  await rejects('a.docx', plain, 'too-large', /zip bomb/, { limits: { unpackedBytes: 100 } })
  const overlapping = patched(plain, (view, at) => view.setUint32(at + 42, 0, true), 0x02014b50)
  await rejects('overlap.docx', overlapping, 'too-large', /overlap/)
  const lying = patched(plain, (view, at) => view.setUint32(at + 24, 0xffffff, true), 0x02014b50)
  await rejects('lying.docx', lying, 'corrupt', /damaged/)
  const locked = patched(plain, (view, at) => view.setUint16(at + 8, 1, true), 0x02014b50)
  await rejects('locked.docx', locked, 'encrypted', /password/)
  const inner = archive({ 'word/document.xml': '<w/>' })
  const nested = archive({
    'inner.zip': inner,
    '../../etc/passwd': 'x',
    '/word/document.xml': 'x',
    'word\\..\\..\\a': 'x',
  })
  await rejects('nested.docx', nested, 'corrupt', /without word\/document\.xml/)
  const tricky = word(paragraph('text'), { '../word/styles.xml': '<broken' })
  assert.equal((await readOne('tricky.docx', tricky)).text, 'text')
})

test('xml: deep nesting, entity bombs, other encodings, unclosed elements', async () => {
  const deep = '<w:sdt>'.repeat(3000) + paragraph('deep') + '</w:sdt>'.repeat(3000)
  await rejects('deep.docx', word(deep), 'too-deep', /1000 elements/)
  const entities = Array.from({ length: 30 }, (_, index) => `<!ENTITY e${index + 1} "&e${index};&e${index};">`).join('')
  const laughs = word('', {
    'word/document.xml': `<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "ha">${entities}]><w:document><w:body>${paragraph('&e30; &amp; &#x41;')}</w:body></w:document>`,
  })
  assert.equal((await readOne('laughs.docx', laughs)).text, '&e30; & A')
  const text = `\ufeff<?xml version="1.0" encoding="UTF-16"?><w:document><w:body>${paragraph('fjörð 🟢')}</w:body></w:document>`
  const wide = new Uint8Array(
    new Uint16Array([...text].flatMap((one) => one.split('').map((unit) => unit.charCodeAt(0)))).buffer,
  )
  const files = unzipSync(word(''))
  assert.equal((await readOne('wide.docx', zipSync({ ...files, 'word/document.xml': wide }))).text, 'fjörð 🟢')
  const warnings: Warning[] = []
  const open = zipSync({ ...files, 'word/document.xml': strToU8(`<w:document><w:body>${paragraph('half')}<w:p>`) })
  assert.equal((await readOne('open.docx', open, { warn: (one) => warnings.push(one) })).text, 'half')
  assert.equal(warnings[0]?.code, 'corrupt')
})

test('empty, mislabelled and protected files', async () => {
  for (const format of ['docx', 'pptx', 'xlsx', 'epub']) {
    await rejects(`a.${format}`, new Uint8Array(), 'empty', /no bytes/)
    await rejects(`a.${format}`, archive({ 'x.txt': 'x' }), 'corrupt', /archive without/)
    const ole = new Uint8Array(2000)
    ole.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
    ole.set(new Uint8Array(new Uint16Array([...'EncryptedPackage'].map((one) => one.charCodeAt(0))).buffer), 1024)
    await rejects(`a.${format}`, ole, 'encrypted', /password/)
  }
  await rejects('a.docx', word('<w:p/>'), 'empty', /no text/)
  await rejects('a.xlsx', sheet(''), 'empty', /no text/)
  const warnings: Warning[] = []
  const source = await readOne('a.docx', golden('xlsx/budget.xlsx'), { warn: (one) => warnings.push(one) })
  assert.equal(source.outline![0]!.kind, 'sheet')
  assert.equal(warnings[0]?.code, 'mislabelled')
})

test('truncated and damaged files give Sources or a typed error', async () => {
  const attempt = async (name: string, bytes: Uint8Array): Promise<string> => {
    try {
      await readAll(name, bytes, { limits: { unpackedBytes: 64 << 20 } })
      return 'read'
    } catch (error) {
      if (!FoveaError.is(error)) throw error
      return error.code
    }
  }
  for (const name of goldens) {
    const bytes = golden(name)
    for (let tenth = 0; tenth < 10; tenth++)
      assert.equal(await attempt(name, bytes.subarray(0, 4 + Math.floor((bytes.length * tenth) / 10))), 'corrupt', name)
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 20 }), async (changes) => {
        const damaged = bytes.slice()
        for (const [at, mask] of changes) damaged[at]! ^= mask
        await attempt(name, damaged)
      }),
      { seed: 5, numRuns: 40 },
    )
    // Damage inside the parts, past the checks of the archive.
    const files = unzipSync(bytes)
    const parts = Object.keys(files).filter(
      (part) => files[part]!.length > 0 && /\.(xml|xhtml|opf|rels|ncx)$/.test(part),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...parts), fc.nat(), fc.nat(255), async (part, at, byte) => {
        const content = files[part]!.slice()
        content[at % content.length] = byte
        await attempt(name, zipSync({ ...files, [part]: content }, { level: 0 }))
      }),
      { seed: 6, numRuns: 40 },
    )
  }
})

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import snowball from 'snowball-stemmers'
import {
  type Analyzer,
  analyzerOf,
  contextOf,
  eachPassageTerm,
  FoveaError,
  type Term,
  type TermReader,
} from '../../src/core/index.ts'
import { stemEnglish } from '../../src/store/analyzers/words/english.ts'
import words from '../../src/store/analyzers/words.ts'

const english = await words()
const termsOf = (text: string, analyzer: Analyzer = english): string[] => analyzer.terms(text).map(({ term }) => term)
const plain = analyzerOf({ name: 'plain', stem: (word) => word, stopWords: [] })

const fragment = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    "don't",
    "Alice's",
    'parseHTTPHeader',
    'snake_case_name',
    'e-mail',
    "O'Brien",
    'exam-\nple',
    '--dry-run',
    'C++',
    '中文字',
    'カタｶﾞ',
    '한국어',
    'ภาษาไทย',
    'ﬁne',
    'é',
    'é',
    '😀',
    '\ud835\udc00',
    'a'.repeat(200),
    '_',
    "'",
    '-',
    '’',
    ' ',
    '\u00ad',
    '\u200d',
  ),
)
const anyText = fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join(''))

test('terms lie in order inside the text, share positions by word, part no surrogate pair', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      let last = { position: 0, start: 0 }
      for (const { term, position, start, end } of english.terms(text)) {
        assert.ok(term.length > 0 && !/\s/.test(term), JSON.stringify(term))
        assert.ok(start >= last.start && end > start && end <= text.length)
        assert.ok(position === last.position || position === last.position + 1)
        if (position > last.position) assert.ok(start > last.start)
        if (text.isWellFormed()) assert.ok(text.slice(start, end).isWellFormed())
        last = { position, start }
      }
    }),
    { numRuns: 500 },
  )
})

test('each and terms agree, a second call gives the same, and so does an analyzer that has seen other text', async () => {
  const fresh = await words()
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const seen: unknown[] = []
      english.each(text, (term, position, start, end) => seen.push({ term, start, end, position }))
      assert.deepEqual(seen, english.terms(text))
      assert.deepEqual(fresh.terms(text), english.terms(text))
    }),
  )
})

/** Terms and places of a text by the reader that gives numbers. */
const byNumber = (reader: TermReader, text: string): Term[] => {
  const terms: Term[] = []
  reader.each(text, (number, position, start, end) => terms.push({ term: reader.termOf(number), start, end, position }))
  return terms
}

test('a reader gives the same terms as numbers, however much it has read, and after it was cleared', async () => {
  for (const analyzer of [english, plain, await words({ languages: ['de', 'en'] })]) {
    const reader = analyzer.numbered!()
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, clear) => {
        if (clear) reader.clear()
        assert.deepEqual(byNumber(reader, text), analyzer.terms(text))
        const { size } = reader
        const again = byNumber(reader, text)
        assert.equal(reader.size, size)
        for (const { term } of again) assert.equal(reader.termOf(reader.numberOf(term)), term)
        assert.ok(again.every(({ term }) => reader.numberOf(term) < size))
      }),
      { numRuns: 400 },
    )
  }
})

test('a call from within a callback does not disturb the terms of the word at hand', () => {
  const text = 'parseHTTPHeader e-mail C++ 中文字'
  const seen: string[] = []
  english.each(text, (term) => {
    seen.push(term)
    english.each('another_one well-known', () => {})
  })
  assert.deepEqual(seen, termsOf(text))
})

/** What the terms of an index are made of: they may only change with the analyzer's name. */
test('the terms of a text stay what they were', async () => {
  const parts =
    "Alice's don't parseHTTPHeader get_user_name e-mail O'Brien exam-\nple C++ f# (covid19) 中文字 カタｶﾞ 한국어"
      .split(' ')
      .concat(
        'ภาษาไทย ﬁne Éé ß ÆON naïve-ish революционный ΑΒΓ x² ﷺ HTTPServer2Go well-known-state-of-art \u{20000}x'.split(
          ' ',
        ),
      )
  let state = 1
  const next = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 8) % below
  }
  const text = Array.from({ length: 4000 }, () => parts[next(parts.length)]! + ' \n-’.,'[next(6)]!).join('')
  const digests = [english, await words({ languages: ['sv', 'de'] })].map((analyzer) => {
    const hash = createHash('sha256')
    for (const { term, position, start, end } of analyzer.terms(text))
      hash.update(`${term} ${position} ${start} ${end};`)
    return hash.digest('hex').slice(0, 16)
  })
  assert.deepEqual(digests, ['bde73e01d9347bc4', '3d926d96f351595c'])
})

test('English stems are those of Snowball', async (t) => {
  const stemmer = snowball.newStemmer('english')
  const endings =
    's es ed ing ly edly eedly ingly eed ied ies sses ss y i ational tional alism ation ization izer ator iveness fulness ousness aliti biliti iviti ousli entli lessli fulli alli abli bli li logi anci enci icate ative alize iciti ical ful ness ic ance ence able ible ate ive ize ism ion sion tion er ous ant ent ment ement e ll ay oy yy at bl iz tt'
  const letters = fc.string({ unit: fc.constantFrom(...'aeiouybcdglmnrstwx'), maxLength: 7 })
  const ending = fc.array(fc.constantFrom(...endings.split(' ')), { maxLength: 3 })
  const beginning = fc.oneof(letters, fc.constantFrom('gener', 'commun', 'arsen', 'y', 'inn', 'proc', 'exc', 'sk', 'd'))
  const same = (word: string): void => assert.equal(stemEnglish(word), stemmer.stem(word), word)
  fc.assert(
    fc.property(beginning, ending, (first, rest) => same(first + rest.join(''))),
    { numRuns: 20_000 },
  )
  const irregular =
    'skis skies sky dying lying tying idly gently ugly early only singly news howe atlas cosmos bias andes innings outing canning herring earring proceeds exceed succeeded'
  for (const word of irregular.split(' ')) same(word)
  const data = process.env.FOVEA_DATA
  if (!data) return t.diagnostic('FOVEA_DATA is not set: no words of real text')
  const folder = join(data, 'pg-essays')
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')))
  for (const word of new Set(
    texts
      .join('\n')
      .toLowerCase()
      .match(/[a-z]+/g),
  ))
    same(word)
})

/** Words by one regular expression: what the scanner must find in text of plain letters, digits and spaces. */
test('agrees with a regular expression on words without identifiers', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'abcdefgxyz éüßñжщλ,.;!?()\n\t'), maxLength: 80 })
  fc.assert(
    fc.property(letters, (text) => {
      const expected = [...text.matchAll(/\p{L}+/gu)].map((match) => [match.index, match.index + match[0].length])
      const found = plain.terms(text).map(({ start, end }) => [start, end])
      assert.deepEqual(found, expected)
    }),
  )
})

test('case, width, ligatures and accents do not tell words apart', () => {
  for (const [one, other] of [
    ['Café', 'cafe'],
    ['CAFÉS', 'cafes'],
    ['ﬁne', 'fine'],
    ['ＡＢＣ', 'abc'],
    ['naïve', 'naive'],
    ['Straße', 'strasse'],
    ['ёлка', 'елка'],
    ['e\u0301t\u00e9', 'ete'],
    ['in\u00adterest', 'interest'],
    ['Łódź', 'lodz'],
    ['x²', 'x2'],
  ] as const)
    assert.deepEqual(termsOf(one), termsOf(other), one)
})

test('words are stemmed by script, irregular English forms by their lemma', async () => {
  for (const [one, other] of [
    ['references', 'reference'],
    ['went', 'go'],
    ['children', 'child'],
    ['gave', 'given'],
    ['революционный', 'революционных'],
  ] as const)
    assert.deepEqual(termsOf(one), termsOf(other), one)
  assert.notDeepEqual(termsOf('ownership'), termsOf('own'))
  const german = await words({ languages: ['de'] })
  assert.deepEqual(termsOf('Häusern', german), termsOf('Häuser', german))
  const swedish = await words({ languages: ['sv'] })
  assert.notDeepEqual(termsOf('lår', swedish), termsOf('lar', swedish))
  const both = await words({ languages: ['en', 'de'] })
  for (const word of ['children', 'Häusern']) assert.ok(termsOf(word, both).length >= 1)
  assert.deepEqual(new Set(termsOf('running', both)), new Set([...termsOf('running'), ...termsOf('running', german)]))
})

test('identifiers give their whole and their parts at one position', () => {
  const groups = (text: string): string[][] =>
    [...Map.groupBy(plain.terms(text), ({ position }) => position).values()].map((terms) =>
      terms.map(({ term }) => term),
    )
  assert.deepEqual(groups('parseHTTPHeader'), [['parsehttpheader', 'parse', 'http', 'header']])
  assert.deepEqual(groups('get_user_name'), [['getusername', 'get', 'user', 'name']])
  assert.deepEqual(groups('__init__'), [['init']])
  assert.deepEqual(groups('HELLO Hello'), [['hello'], ['hello']])
  assert.deepEqual(groups('covid19 4th 1990s'), [['covid19', 'covid', '19'], ['4th'], ['1990s', '1990']])
  assert.deepEqual(groups('e-mail'), [['e', 'email'], ['mail']])
  assert.deepEqual(groups('state-of-the-art').length, 4)
  assert.deepEqual(groups('exam-\nple'), [['exam', 'example'], ['ple']])
  assert.deepEqual(groups('2020-01-15'), [['2020'], ['01'], ['15']])
  assert.deepEqual(groups('C++ and C#'), [['c', 'c++'], ['and'], ['c', 'c#']])
  assert.deepEqual(groups('i++'), [['i']])
})

test('apostrophes: contractions are one word, a possessive is its owner', () => {
  assert.deepEqual(termsOf("don't", plain), ['dont'])
  assert.deepEqual(termsOf('Alice’s', plain), ['alice'])
  assert.deepEqual(termsOf("we're I'll", plain), ['we', 'i'])
  assert.deepEqual(termsOf("O'Brien", plain), ['o', 'obrien', 'brien'])
  assert.deepEqual(
    plain.terms("Alice's book").map(({ start, end }) => [start, end]),
    [
      [0, 7],
      [8, 12],
    ],
  )
})

test('text without spaces gives pairs of characters, one alone stands for itself', () => {
  assert.deepEqual(termsOf('我们的猫'), ['我们', '们的', '的猫'])
  assert.deepEqual(termsOf('猫'), ['猫'])
  assert.deepEqual(termsOf('日本語text混在'), ['日本', '本語', 'text', '混在'])
  assert.deepEqual(termsOf('ｶﾞｷﾞ'), ['ガギ'])
  assert.deepEqual(termsOf('한국어'), ['한국', '국어'])
  assert.deepEqual(termsOf('\u{20000}\u{20001}'), ['\u{20000}\u{20001}'])
  assert.ok(termsOf('ภาษาไทย').every((term) => term.length >= 2))
})

test('a run of ten thousand letters is one short term over the whole run', () => {
  const [term, ...rest] = english.terms(`${'ab'.repeat(5000)} end`)
  assert.ok(term && term.term.length <= 64 && term.end === 10_000)
  assert.deepEqual(
    rest.map(({ term }) => term),
    ['end'],
  )
  assert.ok(english.terms('aB'.repeat(5000)).length <= 20)
})

test('stop terms are question words, in every form that the analyzer gives them', async () => {
  for (const text of ['What does the', 'How many', "Why isn't it", 'DID', 'who’s'])
    for (const term of termsOf(text)) assert.ok(english.isStopTerm(term), term)
  for (const term of termsOf('compiler reference name year')) assert.ok(!english.isStopTerm(term), term)
  const spanish = await words({ languages: ['es'] })
  for (const term of termsOf('¿Cuándo fue qué', spanish)) assert.ok(spanish.isStopTerm(term), term)
  for (const term of termsOf('是什么 谁的 华在 的谁')) assert.ok(english.isStopTerm(term), term)
  for (const term of termsOf('灯塔 中国')) assert.ok(!english.isStopTerm(term), term)
  const japanese = await words({ languages: ['ja'] })
  for (const term of termsOf('目的', japanese)) assert.ok(!japanese.isStopTerm(term), term)
})

test('the name tells analyzers apart, an unknown language is refused', async () => {
  const names = await Promise.all(
    [{}, { languages: ['de'] }, { languages: ['en', 'de'] }].map(async (options) => (await words(options)).name),
  )
  assert.equal(new Set(names).size, 3)
  assert.equal((await words({ languages: ['en-GB'] })).name, (await words()).name)
  await assert.rejects(words({ languages: ['xx'] }), (error) => FoveaError.is(error, 'language-unknown'))
})

test('another thread makes the same analyzer from its module', async () => {
  const german = await words({ languages: ['de'] })
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads')
     import(workerData.url).then(async ({ default: make }) => {
       const analyzer = await make(workerData.options)
       parentPort.postMessage([analyzer.name, analyzer.terms('Häusern und Bäume')])
     })`,
    { eval: true, workerData: german.module },
  )
  const [name, terms] = await new Promise<[string, unknown]>((resolve, reject) =>
    worker.on('message', resolve).on('error', reject),
  )
  await worker.terminate()
  assert.equal(name, german.name)
  assert.deepEqual(terms, german.terms('Häusern und Bäume'))
})

test('more words than the cache holds give the same terms', () => {
  const many = Array.from({ length: 300_000 }, (_, number) => `w${number.toString(26).replace(/\d/g, 'q')}x`).join(' ')
  let last = ''
  let count = 0
  plain.each(many, (term, position) => {
    last = term
    if (position >= count) count = position + 1
  })
  assert.equal(count, 300_000)
  assert.ok(many.endsWith(last))
  assert.deepEqual(
    termsOf('w0x again', plain),
    termsOf('w0x again', analyzerOf({ name: 'other', stem: (word) => word, stopWords: [] })),
  )
})

test('a passage is found by its header, text and context, and no phrase runs between them', () => {
  const found: [string, number][] = []
  eachPassageTerm(plain, { header: 'one two', text: 'three four', context: 'five six' }, (term, position) =>
    found.push([term, position]),
  )
  assert.deepEqual(
    found.map(([term]) => term),
    ['one', 'two', 'three', 'four', 'five', 'six'],
  )
  const [, two, three, four, five, six] = found.map(([, position]) => position) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  assert.ok(three - two > 1 && four - three === 1 && five - four > 1 && six - five > 1)
})

test('the context of a passage: titles above it, who spoke and when, unless it says so itself', () => {
  const text = 'Chapter\nSection\nThe words.\nAnn: hello'
  const outline = [
    { kind: 'section', title: 'Chapter', level: 1, start: 0, end: 26 },
    { kind: 'section', title: 'Section', level: 2, start: 8, end: 26, parent: 0 },
    { kind: 'turn', level: 1, start: 27, end: 37, detail: { speaker: 'Ann', time: Date.UTC(2023, 4, 8, 13) } },
  ] as const
  assert.equal(contextOf({ text, outline, title: 'Book' }, { start: 16, end: 26, node: 1 }), 'Book\nChapter\nSection')
  assert.equal(contextOf({ text, outline }, { start: 8, end: 26, node: 1 }), 'Chapter')
  assert.equal(contextOf({ text, outline }, { start: 27, end: 37, node: 2 }), '8 May 2023')
  assert.equal(contextOf({ text, outline, time: 0 }, { start: 0, end: 7 }), undefined)
})

test('real text: every word of the book is found where it stands', async (t) => {
  const data = process.env.FOVEA_DATA
  if (!data) return t.skip('FOVEA_DATA is not set')
  const folder = join(data, 'rust-book')
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.md')).slice(0, 20)) {
    const text = await readFile(join(folder, name), 'utf8')
    const covered = new Uint8Array(text.length)
    for (const { start, end } of english.terms(text)) covered.fill(1, start, end)
    for (const match of text.matchAll(/[\p{L}\p{N}]/gu)) assert.ok(covered[match.index], `${name} ${match.index}`)
  }
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { CitationStream, mostDifferent, normalise, verifyParts, verifyQuote } from '../../src/ask/index.ts'

const read = (reply: string, cuts: readonly number[] = []) => {
  const stream = new CitationStream()
  let text = ''
  let from = 0
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    text += stream.push(reply.slice(from, Math.max(from, cut)))
    from = Math.max(from, cut)
  }
  text += stream.push(reply.slice(from)) + stream.end()
  return {
    text,
    written: stream.written.map(({ number, quote }) => (quote === undefined ? [number] : [number, quote])),
    at: stream.written.map(({ at }) => at),
  }
}

describe('citations in a reply', () => {
  const cases: [reply: string, text: string, written: (number | string)[][]][] = [
    ['It opened in 1932 [3: "was opened on 19 March"].', 'It opened in 1932.', [[3, 'was opened on 19 March']]],
    [
      'It opened in 1932. [3: "was opened"] It closed [1: “for ever”].',
      'It opened in 1932. It closed.',
      [
        [3, 'was opened'],
        [1, 'for ever'],
      ],
    ],
    [
      'A [1: "a [b] c"] and B [2: "say "no" now"; 4: "d"].',
      'A and B.',
      [
        [1, 'a [b] c'],
        [2, 'say "no" now'],
        [4, 'd'],
      ],
    ],
    ['Plain [1][2] and [3, 5] and [6-8].', 'Plain and and.', [[1], [2], [3], [5], [6], [7], [8]]],
    [
      'Both【4: "x y"】, also (2: "r s") but (2) stays, and [Passage 7: "q"].',
      'Both, also but (2) stays, and.',
      [
        [4, 'x y'],
        [2, 'r s'],
        [7, 'q'],
      ],
    ],
    ['Never closed [3: "the last words of the reply', 'Never closed', [[3, 'the last words of the reply']]],
    [
      'No citation: [link](a.md), [x], v`[0]`, `v[1]`, [0], [note 5 apples].',
      'No citation: [link](a.md), [x], v`[0]`, `v[1]`, [0], [note 5 apples].',
      [],
    ],
    [
      'A row [1: "Halden - Kirkøy,"summer only",145,72,,80"]. It sails [1: "summer only"].',
      'A row. It sails.',
      [
        [1, 'Halden - Kirkøy,"summer only",145,72,,80'],
        [1, 'summer only'],
      ],
    ],
    ['Two [1: "a", 2: "b", 3, 5-6].', 'Two.', [[1, 'a'], [2, 'b'], [3], [5], [6]]],
    ['[999999: "nowhere"] done', 'done', [[999999, 'nowhere']]],
    ['Kept [1: without marks].', 'Kept.', [[1, 'without marks']]],
    [
      '- one [1: "a"]\n- two [2: "b"]\n',
      '- one\n- two',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
  ]
  for (const [reply, text, written] of cases)
    it(`are taken out of ${JSON.stringify(reply.slice(0, 50))}`, () => {
      const got = read(reply)
      assert.deepEqual([got.text, got.written], [text, written])
    })

  it('are the same however the reply is cut into pieces', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '3',
      '12',
      ': ',
      '"',
      '“',
      '”',
      ';',
      ' ',
      '\n',
      '\n\n',
      'word',
      '. ',
      '(',
      ')',
      '【',
      '】',
      '`',
      'passage ',
      ', ',
      '-',
      '[1: "a b"]',
      '[3: "',
      '[4',
      '"]',
      '[2]',
      '😀',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(120), { maxLength: 12 }), (pieces, cuts) => {
        const reply = pieces.join('')
        const whole = read(reply)
        assert.deepEqual(read(reply, cuts), whole)
        for (const at of whole.at) assert.ok(at >= 0 && at <= whole.text.length)
      }),
      { numRuns: 3000, examples: [[['[', 'passage ', '12', '"]'], [2]]] },
    )
  })
})

const passage =
  'Ferris said: “The compiler — it’s called rustc — checks  every\nborrow before the program runs.” It does *not* check indexes: in 2015 there were 38 of them. Straße, naïve, 😀 done.'

describe('quotes', () => {
  const found: [quote: string, slice: string, how: string][] = [
    ['checks  every\nborrow', 'checks  every\nborrow', 'exact'],
    [
      '"the compiler - it\'s called rustc - checks every borrow',
      '“The compiler — it’s called rustc — checks  every\nborrow',
      'normalised',
    ],
    ['It does not check indexes', 'It does *not* check indexes', 'normalised'],
    ['STRASSE, NAÏVE', 'Straße, naïve', 'normalised'],
    ['checks every borrow before the programm runs', 'checks  every\nborrow before the program runs', 'fuzzy'],
    ['in 2016 there were 38 of them', '', ''],
    ['It does check indexes: in 2015 there were 38 of them', '', ''],
    ['the compiler never checks any borrow at all', '', ''],
    ['ompile', '', ''],
    ['', '', ''],
    ['...', '', ''],
    ['😀 done.', '😀 done.', 'exact'],
  ]
  for (const [quote, slice, how] of found)
    it(`${how || 'is not'} found: ${JSON.stringify(quote)}`, () => {
      const match = verifyQuote(quote, passage)
      assert.equal(match?.how ?? '', how)
      if (match) assert.equal(passage.slice(match.start, match.end), slice)
    })

  it('with words left out are found in their parts', () => {
    const parts = verifyParts('checks every borrow … there were 38 of them', passage)
    assert.deepEqual(
      parts?.map(({ start, end }) => passage.slice(start, end)),
      ['checks  every\nborrow', 'there were 38 of them'],
    )
    assert.equal(verifyParts('there were 38 of them … checks every borrow', passage), undefined)
    assert.equal(verifyParts('checks every borrow … there were 39 of them', passage), undefined)
  })

  it('that were disturbed map back to the words that they came from', () => {
    const word = fc.constantFrom(
      'the',
      'Borrow',
      'checker',
      '“scope”',
      'it’s',
      'a—b',
      '😀',
      'Größe',
      '*not*',
      '42',
      '数据',
      'x',
    )
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), fc.nat(), fc.nat(), (words, a, b) => {
        const from = a % words.length
        const to = from + 1 + (b % (words.length - from))
        const text = words.join('  ')
        const quote = words
          .slice(from, to)
          .join('\n')
          .replaceAll('“', '"')
          .replaceAll('”', '"')
          .replaceAll('’', "'")
          .replaceAll('—', '-')
          .replaceAll('*', '')
          .toUpperCase()
        const match = verifyQuote(quote, text)
        const plain = normalise(words.slice(from, to).join(' ')).text.replace(/^["'.\s]+|["'\s]+$/g, '')
        if (!/[\p{L}\p{N}]/u.test(plain)) return
        assert.ok(match, `${JSON.stringify(quote)} is not found in ${JSON.stringify(text)}`)
        assert.equal(normalise(text.slice(match.start, match.end)).text.replace(/^["'.\s]+|["'\s]+$/g, ''), plain)
        assert.ok(
          !/^[\udc00-\udfff]/.test(text.slice(match.start)) && !/[\ud800-\udbff]$/.test(text.slice(0, match.end)),
        )
      }),
      { numRuns: 3000 },
    )
  })

  it('are never accepted beyond the stated distance', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), minLength: 24, maxLength: 40 })
    fc.assert(
      fc.property(letters, letters, (quote, text) => {
        const match = verifyQuote(quote, text)
        const inner = normalise(quote).text.trim()
        const best = slowDistance(inner, normalise(text).text)
        if (match) {
          assert.ok(match.distance <= mostDifferent * inner.length)
          if (match.how === 'fuzzy') assert.equal(match.distance, best)
        } else if (inner.length >= 24) assert.ok(best > Math.floor(mostDifferent * inner.length) || best === 0)
      }),
      { numRuns: 500 },
    )
  })

  it('are found wherever a search over the whole text finds them, with few edits', () => {
    const letter = fc.constantFrom('a', 'b', 'c', 'd', ' ')
    const texts = fc.string({ unit: letter, minLength: 60, maxLength: 160 })
    const edits = fc.array(fc.tuple(fc.nat(50), fc.constantFrom('put', 'drop', 'change'), letter), { maxLength: 5 })
    let fuzzy = 0
    fc.assert(
      fc.property(texts, fc.nat(30), fc.integer({ min: 30, max: 60 }), edits, (text, from, length, changes) => {
        const letters = [...text.slice(from, from + length)]
        for (const [at, how, other] of changes)
          letters.splice(at, how === 'put' ? 0 : 1, ...(how === 'drop' ? [] : [other]))
        const inner = normalise(letters.join('')).text.trim()
        if (inner.length < 24) return
        const match = verifyQuote(inner, text)
        const best = slowDistance(inner, normalise(text).text)
        if (best > 0) assert.equal(match !== undefined, best <= Math.floor(mostDifferent * inner.length))
        if (match?.how !== 'fuzzy') return
        assert.equal(match.distance, best)
        fuzzy++
      }),
      { numRuns: 400 },
    )
    assert.ok(fuzzy > 50, `only ${fuzzy} were near`)
  })
})

/** Fewest edits between `part` and any part of `text`, by a full table. */
function slowDistance(part: string, text: string): number {
  const table = Array.from({ length: part.length + 1 }, (_, row) => Array.from({ length: text.length + 1 }, () => row))
  for (let row = 1; row <= part.length; row++)
    for (let column = 1; column <= text.length; column++)
      table[row]![column] = Math.min(
        table[row - 1]![column]! + 1,
        table[row]![column - 1]! + 1,
        table[row - 1]![column - 1]! + (part[row - 1] === text[column - 1] ? 0 : 1),
      )
  return Math.min(...table[part.length]!)
}

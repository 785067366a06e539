import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { sentences } from '../../src/core/index.ts'

const data = process.env.FOVEA_DATA

/** Labelled by hand: `|` stands where a sentence begins. */
const labelled: readonly string[] = [
  // English: titles, initials, abbreviations
  'Dr. Smith saw Mrs. Jones on Monday. |She was well.',
  'J. R. R. Tolkien wrote it. |C. S. Lewis read it.',
  'George W. Bush spoke. |Then he left.',
  'The U.S. Army moved north. |It was cold.',
  'He lives in the U.S. |He likes it there.',
  'He moved to the U.K. in May. |She stayed.',
  'See Fig. 3 for details. |The rest is in Sec. 4.2 below.',
  'See figs. 3 and 4, cf. Eq. 2. |Done.',
  'Use fruit, e.g. apples, i.e. Malus. |Wash them.',
  'Some fruits, e.g. Malus domestica, keep well. |Others rot.',
  'Apple Inc. announced it. |Google Inc. did not.',
  'He works at Acme Corp. |The pay is good.',
  'Ltd. companies abound. |Few prosper.',
  'Sammy Davis Jr. sang. |We clapped.',
  'As shown by Gardner et al. 2002, it holds. |Others disagree.',
  'As Smith et al. (2010) found, it fails. |So be it.',
  'It starts at 5 p.m. on Friday. |Bring food.',
  'We met at 5 p.m. |They left at once.',
  'He has a Ph.D. in physics. |She has an M.A. |They teach.',
  'On Jan. 5, 2020 it rained. |On Feb. 6 it did not.',
  'Item no. 5 is gone. |Nos. 6 and 7 are here.',
  'Did he say no. |I think so.',
  'St. Louis vs. Chicago was close. |St. Louis won.',
  'Gen. Lee met Lt. Col. Brown. |They spoke.',
  'So am I. |You are not.',
  'Henry V. Smith came. |All rose.',
  'This is plan B. |The first failed.',
  // English: numbers, lists, addresses
  'Pi is 3.14159 or so. |Euler is 2.718.',
  'Version 2.0. |The next is 3.',
  '1. Open the box. |Take it out.',
  'It grew by 3.5% in 2010. |The next year it shrank.',
  'It costs $1.50. |That is cheap.',
  'Visit https://example.com/a.b?c=d.e now. |It is free.',
  'Mail joe.bloggs@example.co.uk today. |He will answer.',
  'Run node.js or main.py. |Both work.',
  'The file is in /usr/lib. |Look there.',
  'Call obj.method().then(x). |It returns.',
  // English: quotes, brackets, other signs
  '“Stop!” he said. |She stopped.',
  '"Why?" she asked. |"Because," he said.',
  'He said "Go." |She went.',
  'It rained (heavily.) |We left.',
  '(It was late.) |We left.',
  'Really?! |Yes!! |No.',
  'Wait... what? |Nothing.',
  'He paused... |Then he spoke.',
  'Well . . . maybe. |Or not.',
  'I love Yahoo! and its kin. |They died.',
  'It is known.[12] |It is proven.[3][4] |Good.',
  '*It was bold.* |_So was this._ |End.',
  'He came—at last. |—Who? |—He.',
  'The end. |',
  // Blocks
  '# A heading\n|Text under it. |More.',
  'A title\n\n|Text below it goes on\nover a line. |And ends.',
  '- first item\n|- second item. |With more\n|- third',
  '1. one\n|2. two\n|10) ten',
  'Go to the page<!-- note\n--> and read it. |Done.',
  'Intro:\n|* a\n|* b\n\n|After.',
  'A line that is wrapped by hand at about seventy columns, as mail was once\nand goes on here. |Then ends.',
  '| a | b |\n|| c | d |',
  // German, Spanish
  'Er kam am 3. Oktober an. |Es war kalt.',
  'Das ist z. B. hier so. |Dort nicht.',
  'Das gilt z.B. Hunden, d.h. Tieren. |Sonst nicht.',
  'Die Nr. 5 von Prof. Dr. Meier lebt. |Sie bellt.',
  'Über allem steht er. |Ähnlich ist es dort.',
  '¿Qué hora es? |¡Es tarde! |El Sr. Costa duerme.',
  // Russian
  'В 2010 г. Иванов приехал в г. Москву. |Там он жил.',
  'Это было в XIX в. в России. |Потом всё изменилось.',
  'А. С. Пушкин родился в Москве. |Он был поэтом.',
  'Стоит 5 тыс. руб. за штуку. |Дорого!',
  'Он спросил: «Куда?» |Она молчала.',
  // Chinese
  '你好。|我叫王明！|你呢？|好的。',
  '他说：“走吧。” |然后走了。',
  '圆周率是3.14左右。|公司在example.com上。',
  '真的吗?|是的!|好。',
  '这是……很难说。|算了。',
  // Japanese
  'これはペンです。|それは本ですか？|はい！',
  '「そうですか。」と彼は言った。|彼女は笑った。',
  '「行こう！」|二人は立った。',
  // Hindi and Urdu
  'यह एक वाक्य है। |यह दूसरा है। |क्या आप ठीक हैं?',
  'डॉ. शर्मा आए। |वे गए।',
  'एम. के. गांधी यहाँ रहे।|वे चले गए॥',
  'یہ ایک جملہ ہے۔ |کیا آپ ٹھیک ہیں؟ |جی ہاں۔',
  // Arabic
  'ما اسمك؟ |اسمي أحمد. |أهلا وسهلا!',
  'جاء د. أحمد إلى القاهرة. |ثم سافر.',
  // Greek, Armenian, Burmese, Ethiopic
  'Καλημέρα. |Τι κάνεις;',
  'Բարև։ |Ինչպես ես։',
  'မင်္ဂလာပါ။ |နေကောင်းလား။',
  'ሰላም። |እንዴት ነህ፧ |ደህና።',
]

/** The bars that stand for themselves in a table are doubled only where a sentence begins in front of them. */
function read(line: string): { text: string; starts: number[] } {
  if (line.startsWith('| ')) return { text: '| a | b |\n| c | d |', starts: [10] }
  const parts = line.split('|')
  const starts: number[] = []
  let at = 0
  for (const part of parts.slice(0, -1)) starts.push((at += part.length))
  const text = parts.join('')
  return { text, starts: starts.filter((start) => start < text.length) }
}

test('cuts where a reader would', async (t) => {
  assert.ok(labelled.length >= 60)
  for (const line of labelled)
    await t.test(line.replaceAll('\n', '⏎'), () => {
      const { text, starts } = read(line)
      const found = sentences(text).map(([start]) => start)
      assert.deepEqual(
        found.map((start) => text.slice(start)),
        [0, ...starts].map((start) => text.slice(start)),
      )
    })
})

const pieces = fc.constantFrom(
  ...[
    'Dr. ',
    'word ',
    'Word',
    '. ',
    '.',
    '! ',
    '?',
    '...',
    '…',
    '。',
    '।',
    '؟ ',
    '\n',
    '\n\n',
    '\r\n',
    '- ',
    '1. ',
    '# ',
  ],
  ...[
    '"',
    '”',
    ')',
    '「',
    '」',
    'e.g. ',
    'U.S. ',
    'A. ',
    'I. ',
    '[1]',
    '3.14',
    '漢',
    'है',
    ' ',
    '\u3000',
    '\u2029',
    '👍🏽',
    '```\n',
  ],
)
const texts = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(''))

test('ranges follow each other without gaps, and only white space opens the first', () => {
  fc.assert(
    fc.property(fc.oneof(texts, fc.string({ unit: 'binary', maxLength: 60 })), fc.nat(20), (text, skip) => {
      const start = Math.min(skip, text.length)
      let at = start
      for (const [from, to] of sentences(text, start)) {
        assert.equal(from, at)
        assert.ok(to > from)
        assert.ok(from === start || /^\S/.test(text.slice(from)), 'white space belongs to the sentence before')
        at = to
      }
      assert.equal(at, text.length)
    }),
    { numRuns: 1000 },
  )
})

test('never cuts inside a word, a number, an address or a surrogate pair', () => {
  fc.assert(
    fc.property(texts, (text) => {
      for (const [start] of sentences(text).slice(1)) {
        assert.ok(!/[\ud800-\udbff]$/.test(text.slice(0, start)))
        assert.ok(!(/[a-z\d]$/i.test(text.slice(0, start)) && /^[a-z\d]/i.test(text.slice(start))))
      }
    }),
    { numRuns: 1000 },
  )
})

test('a blank line ends a sentence wherever it stands', () => {
  fc.assert(
    fc.property(texts, texts, (one, two) => {
      const [left, right] = [`x${one.trim()}`, `y${two.trim()}`]
      const starts = sentences(`${left}\n\n${right}`).map(([start]) => start)
      assert.ok(starts.includes(left.length + 2))
    }),
  )
})

test('a text of signs, digits or letters alone is passed over once', () => {
  for (const unit of ['.', 'a.', 'A. ', '1. ', '"', '. ', '[1]', 'x', '。', '\n', ' ', '. . ', 'e.g. ', '- ', '*'])
    assert.equal(sentences(unit.repeat(200_000)).at(-1)![1], unit.length * 200_000)
})

test('agrees with the Unicode segmenter on real text but for abbreviations', (t) => {
  if (!data) return t.skip('FOVEA_DATA is not set')
  for (const [language, least] of [
    ['en', 0.95],
    ['de', 0.93],
    ['es', 0.95],
    ['ru', 0.95],
    ['zh', 0.96],
  ] as const) {
    const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' })
    const file = JSON.parse(readFileSync(join(data, `xquad/xquad.${language}.json`), 'utf8')) as {
      data: { paragraphs: { context: string }[] }[]
    }
    let [same, all] = [0, 0]
    for (const { context } of file.data.flatMap((article) => article.paragraphs)) {
      const text = context.replace(/\s+/g, ' ').trim()
      const ours = new Set(sentences(text).map(([start]) => start))
      const theirs = Array.from(segmenter.segment(text), (segment) => segment.index)
      same += 2 * theirs.filter((start) => start > 0 && ours.has(start)).length
      all += ours.size - 1 + theirs.length - 1
    }
    assert.ok(same / all >= least, `${language}: ${same / all}`)
  }
})

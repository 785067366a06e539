// Retrieval without a model: each step on texts made for it, and the whole of them on real questions.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  makeSource,
  type OutlineNode,
  type Passage,
  passageText,
  type Ranker,
  type Retriever,
} from '../../src/core/index.ts'
import { retriever } from '../../src/find/index.ts'
import { namesIn, openingName, openingTitle } from '../../src/find/names.ts'
import { passageReader } from '../../src/find/reading.ts'
import { timesIn } from '../../src/find/times.ts'
import words from '../../src/store/analyzers/words.ts'
import memory from '../../src/store/engines/memory.ts'
import type { Searchable } from '../../src/store/index.ts'
import { memoryStore } from '../../src/testing/index.ts'

const analyzer = await words()
const day = 86_400_000

interface Document {
  readonly name?: string
  readonly texts: readonly string[]
  readonly spoken?: boolean
  readonly time?: number
  readonly mediaType?: string
}
/** A store whose passages are the texts. */
async function storeOf(documents: readonly Document[]): Promise<Searchable> {
  const sources = await Promise.all(
    documents.map(async ({ name = 'page', texts, spoken = false, time, mediaType = 'text/markdown' }, index) => {
      const text = texts.join('\n')
      let at = 0
      const chunks = texts.map((own, node) => {
        const start = at
        at += own.length + 1
        return { start, end: start + own.length, tokens: 1, ...(spoken ? { node } : {}) }
      })
      const outline = chunks.map(({ start, end }): OutlineNode => ({ kind: 'turn', level: 1, start, end }))
      const source = await makeSource({
        uri: name === 'page' ? `${name}${index}.md` : name,
        text,
        mediaType,
        ...(time === undefined ? {} : { time }),
        ...(spoken ? { outline } : {}),
      })
      return { source, chunks }
    }),
  )
  return memoryStore(sources, analyzer)
}
const texts = (store: Searchable, found: readonly Passage[]) =>
  Promise.all(found.map((passage) => passageText(passage, store.texts)))
const over = async (name: string, store: Searchable, options: Record<string, unknown> = {}): Promise<Retriever> =>
  retriever(name, { store, inner: [await retriever('keyword', { store, inner: [] })] }, options)

const noise = Array.from(
  { length: 30 },
  (_, index) => `Plain filler number ${index} tells of weather, bread and roads.`,
)
const chain = [
  'Elodie Marchand Elodie Marchand composed the opera The Glass Heron and lived in Quillon all her life.',
  'Quillon Quillon lies on the river Vesk; its old bridge burned down twice.',
  'Vesk The Vesk rises in high marshes, home of white eels.',
]

test('bridge follows names for two steps, keeps what it reaches below where it came from, and graph-rank finds them too', async () => {
  const store = await storeOf([...noise, ...chain].map((text) => ({ texts: [text] })))
  const text = 'What animal is the stream of the town of the composer of The Glass Heron famous for?'
  const plain = await texts(
    store,
    await (await retriever('keyword', { store, inner: [] })).retrieve({ text, limit: 40 }),
  )
  assert.equal(plain[0], chain[0])
  for (const name of ['bridge', 'graph-rank']) {
    const found = await (await over(name, store)).retrieve({ text, limit: 10 })
    const said = await texts(store, found)
    assert.equal(said[0], chain[0], name)
    assert.ok(said.slice(0, 4).includes(chain[1]!), name)
    if (name === 'bridge') assert.ok(said.slice(0, 4).includes(chain[2]!), said.slice(0, 4).join('|'))
  }
  const scoreOf = async (hops: number): Promise<number> => {
    const found = await (await over('bridge', store, { hops })).retrieve({ text, limit: 40 })
    const led = await texts(
      store,
      found.filter(({ reached }) => reached),
    )
    assert.deepEqual(
      led.toSorted(),
      chain.slice(1, 1 + hops).toSorted(),
      'what the names led to says so, and nothing else',
    )
    return found[(await texts(store, found)).indexOf(chain[2]!)]!.score
  }
  assert.equal(await scoreOf(0), await scoreOf(1), 'the river is two steps away')
  assert.ok((await scoreOf(2)) > (await scoreOf(1)))
})

test('bridge lifts less of what a long passage names that has all of the question itself', async () => {
  const about = 'Elodie Marchand composed the opera The Glass Heron in the year of the flood. She lived in Quillon.'
  /** Score of what the first passage leads to, as a share of its own. */
  const shareOf = async (first: string, enough?: number): Promise<number> => {
    const store = await storeOf([first, ...noise, chain[1]!].map((text) => ({ texts: [text] })))
    const bridge = await over('bridge', store, enough === undefined ? {} : { enough })
    const text = 'Who composed the opera The Glass Heron in the year of the flood?'
    const found = await bridge.retrieve({ text, limit: 40 })
    return found[(await texts(store, found)).indexOf(chain[1]!)]!.score / found[0]!.score
  }
  const long = `${about}${' It rained for days, and nobody minded.'.repeat(16)}`
  const [short, whole, regardless] = [await shareOf(about), await shareOf(long), await shareOf(long, 0)]
  assert.ok(whole < 0.5 * regardless, `${whole} ${regardless}`)
  assert.ok(whole < short, `${whole} ${short}`)
})

test('what a passage opens with tells what it is about where its text or a paragraph begins', async () => {
  const text = 'Vesk rises in high marshes, home of eels. Quillon lies on it.\nHere a line begins, Otto Brandt said.'
  const source = await makeSource({ uri: 'cut.md', text, mediaType: 'text/markdown' })
  const cuts = [0, text.indexOf(' Quillon'), text.indexOf('\nHere'), text.length]
  const chunks = cuts.slice(1).map((end, index) => ({ start: cuts[index]!, end, tokens: 1 }))
  const store = await memoryStore([{ source, chunks }], analyzer)
  const read = passageReader(store)
  const said: (readonly [readonly string[], number])[] = []
  for (const { start, end } of chunks) {
    const one = await read({ spans: [{ source: source.id, start, end }], score: 0, trail: [] })
    said.push([one.subject(), one.opening().size])
  }
  // Forty units before the second piece lies the middle of a sign of two.
  const odd = `${'\u{1f41f}'.repeat(30)}x `
  for (const start of [odd.length - 2, odd.length - 1, odd.length]) {
    const fish = await makeSource({
      uri: `fish${start}.md`,
      text: `${odd}Quillon lies here.`,
      mediaType: 'text/markdown',
    })
    const pieces = [0, start, fish.text.length]
    const cut = pieces.slice(1).map((end, index) => ({ start: pieces[index]!, end, tokens: 1 }))
    const shelf = await memoryStore([{ source: fish, chunks: cut }], analyzer)
    const spans = [{ source: fish.id, start, end: fish.text.length }] as const
    assert.deepEqual((await passageReader(shelf)({ spans, score: 0, trail: [] })).opening().size, 0)
  }
  assert.deepEqual(said[0]![0], ['vesk'])
  assert.deepEqual(said[1], [[], 0])
  assert.ok(said[2]![1] > 0)
})

test('adaptive gives a ranker less of a say over long passages and over code than over paragraphs', async () => {
  const backwards: Ranker = {
    name: 'backwards',
    rank: async (_, list) => list.map((text) => (text.includes('storm') ? 0 : 3)),
  }
  const first = async (more: string, before = ''): Promise<string> => {
    const store = await storeOf(
      [`The storm took the harbour.${more}`, `The harbour lay still.${more}`, ...noise].map((text) => ({
        texts: [before + text],
      })),
    )
    const adaptive = await retriever('adaptive', { store, ranker: backwards, inner: [] })
    return (await texts(store, await adaptive.retrieve({ text: 'storm harbour', limit: 1 })))[0]!
  }
  assert.match(await first(''), /lay still/)
  assert.match(await first(' Nothing else was told of it that day.'.repeat(60)), /storm/)
  assert.match(await first('', 'def tell():\n'), /storm/)
})

test('an opening name ends where the first sentence says it again; names are runs of capitals and quotations', () => {
  assert.equal(openingName('Lothair II Lothair II (835 - 869) was king of Lotharingia.'), 'Lothair II')
  assert.equal(openingName('you can apply for a licence'), '')
  assert.deepEqual(
    namesIn(analyzer, 'She was born in Rio de Janeiro, and wrote "quiet water" for Anna Lee.').map(({ text }) => text),
    ['Rio de Janeiro', 'Anna Lee', 'quiet water'],
  )
})

test('turns raises the answer beside a matching turn in a chat, and nothing in other texts', async () => {
  const lines = [
    'Ben: Good morning!',
    'Ben: Which instrument did you pick for the orchestra audition?',
    'Ana: The oboe, of course.',
    'Ben: Lovely.',
    ...noise,
  ]
  const query = { text: 'Which instrument did Ana pick for the orchestra audition?', limit: 3 }
  const chat = await storeOf([{ texts: lines, spoken: true }])
  assert.ok((await texts(chat, await (await over('turns', chat)).retrieve(query))).includes(lines[2]!))
  const prose = await storeOf([{ texts: lines }])
  const [without, with_] = [
    await (await retriever('keyword', { store: prose, inner: [] })).retrieve(query),
    await (await over('turns', prose)).retrieve(query),
  ]
  assert.deepEqual(await texts(prose, with_), await texts(prose, without))
})

test('times in words are those of the calendar, by hand and for any day', () => {
  const at = Date.UTC(2023, 4, 10, 15) // a Wednesday
  const one = (text: string) =>
    timesIn(text, at).map(({ from, to }) => [from, to].map((time) => new Date(time).toISOString().slice(0, 10)))
  assert.deepEqual(one('yesterday'), [['2023-05-09', '2023-05-10']])
  assert.deepEqual(one('last week'), [['2023-05-01', '2023-05-08']])
  assert.deepEqual(one('last Friday'), [['2023-05-05', '2023-05-06']])
  assert.deepEqual(one('two days ago'), [['2023-05-08', '2023-05-09']])
  assert.deepEqual(one('in May 2022 and on 3 June'), [
    ['2022-05-01', '2022-06-01'],
    ['2023-06-03', '2023-06-04'],
  ])
  assert.deepEqual(one('May 8th, 2021'), [['2021-05-08', '2021-05-09']])
  assert.deepEqual(one('31 February'), [])
  assert.deepEqual(timesIn('yesterday'), [])
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20_000 }), (days) => {
      const time = days * day + 1
      const written = new Date(time).toLocaleDateString('en-GB', {
        day: 'numeric',
        month: 'long',
        year: 'numeric',
        timeZone: 'UTC',
      })
      assert.deepEqual(timesIn(written), [{ from: days * day, to: (days + 1) * day }])
      assert.deepEqual(timesIn('yesterday', time + day), timesIn('today', time))
    }),
  )
})

test('time: "yesterday" counts from the day it was said', async () => {
  const said = (number: number, text: string): Document => ({
    texts: [text],
    spoken: true,
    time: Date.UTC(2023, 4, number, 9),
  })
  const store = await storeOf([
    said(3, 'Ana: I ran a race yesterday with Tom.'),
    said(9, 'Ana: I ran a race yesterday with Kim.'),
    said(20, 'Ana: I ran a race yesterday with Joe.'),
  ])
  const [best] = await texts(
    store,
    await (await over('time', store)).retrieve({ text: 'With whom did Ana run a race on 8 May 2023?', limit: 1 }),
  )
  assert.match(best!, /Kim/)
})

test('feedback finds a passage that has no word of the question, and the best keep their places', async () => {
  const store = await storeOf(
    [
      'Physicians advise aspirin against headache pain.',
      'Headache pain: aspirin thins the blood, physicians say.',
      'Aspirin, say physicians, thins the blood of the old.',
      ...noise,
    ].map((text) => ({ texts: [text] })),
  )
  const query = { text: 'headache pain', limit: 5 }
  const [first, again] = [
    await texts(store, await (await retriever('keyword', { store, inner: [] })).retrieve(query)),
    await texts(store, await (await over('feedback', store)).retrieve(query)),
  ]
  assert.equal(first.length, 2)
  assert.deepEqual(again.slice(0, 2), first)
  assert.match(again[2]!, /of the old/)
})

test('follow-up takes the name from the question before, and leaves whole questions alone', async () => {
  const store = await storeOf(
    ['Ada Lovelace was born in London.', 'Grace Hopper was born in New York.', ...noise].map((text) => ({
      texts: [text],
    })),
  )
  const under = await over('follow-up', store)
  const earlier = ['What did Grace Hopper invent?']
  const [best] = await texts(store, await under.retrieve({ text: 'And where was she born?', earlier, limit: 1 }))
  assert.match(best!, /Hopper/)
  const [whole] = await texts(
    store,
    await under.retrieve({ text: 'Where was Ada Lovelace born in England?', earlier, limit: 1 }),
  )
  assert.match(whole!, /Lovelace/)
})

// LongRAG, arXiv 2406.15319: long units of linked documents find the answer at a smaller k.
test('linked: units within their size hold an answer on a linked page that its own passage is found too late for', async () => {
  const pages = Array.from({ length: 12 }, (_, index): Document[] => [
    {
      name: `guide/topic${index}.md`,
      texts: [`Topic ${index} explains sealing of pipe kind${index}. See [values](values${index}.md).`],
    },
    { name: `guide/values${index}.md`, texts: [`The torque is ${index + 20} newton metres.`] },
  ]).flat()
  const store = await storeOf(pages)
  let [short, long] = [0, 0]
  for (let index = 0; index < 12; index++) {
    const query = { text: `torque for sealing pipe kind${index}`, limit: 1 }
    const holds = async (one: Retriever) =>
      (await texts(store, await one.retrieve(query))).some((text) => text.includes(`is ${index + 20} newton`))
    short += Number(await holds(await retriever('keyword', { store, inner: [] })))
    long += Number(await holds(await over('linked', store)))
  }
  assert.equal(long, 12)
  assert.ok(short < 6, `${short}`)
  for (const unit of await (await over('linked', store, { size: 12 })).retrieve({ text: 'sealing', limit: 5 }))
    assert.equal(unit.spans.length, 1, 'what does not fit is left out')
})

// LDAR, arXiv 2509.21865: fewer passages that look right help a reader whom they mislead, and no other.
test('band: a distractible reader does better with the band than with the best ten; another does not', async () => {
  const answers = Array.from({ length: 20 }, (_, index) => `The amber lantern of house${index} stands in room${index}.`)
  const alike = Array.from({ length: 40 }, (_, index) => `A lantern stands near cellar${index}.`)
  const store = await storeOf([...answers, ...alike, ...noise].map((text) => ({ texts: [text] })))
  const score = async (one: Retriever, distraction: number) => {
    let sum = 0
    for (let index = 0; index < 20; index++) {
      const read = await texts(
        store,
        await one.retrieve({ text: `Where does the amber lantern of house${index} stand?`, limit: 10 }),
      )
      const right = read.some((text) => text.includes(`house${index} `))
      sum += right ? (1 - distraction) ** (read.length - 1) : 0
    }
    return sum / 20
  }
  const [top, band] = [await retriever('keyword', { store, inner: [] }), await over('band', store, { from: 0.8 })]
  assert.ok((await score(band, 0.1)) > (await score(top, 0.1)) + 0.2)
  assert.equal(await score(band, 0), await score(top, 0))
})

test('coverage takes another side of a subject before the second copy; window keeps the best sentence; descent keeps all', async () => {
  const sides = [
    'The harbour pilot guides ships at night.',
    'The harbour pilot guides ships at night too.',
    'A harbour tax pays for dredging.',
  ]
  const store = await storeOf([...sides, ...noise].map((text) => ({ texts: [text] })))
  const query = { text: 'harbour pilot tax', limit: 2 }
  const chosen = await texts(store, await (await over('coverage', store, { relevance: 0.2 })).retrieve(query))
  assert.ok(chosen.includes(sides[2]!) && chosen.length === 2)
  const long = await storeOf([
    { texts: ['It rained. It snowed. The oboe player left early. Nobody spoke. The end came.'] },
  ])
  const [cut] = await texts(
    long,
    await (await over('window', long, { around: 0 })).retrieve({ text: 'oboe player', limit: 1 }),
  )
  assert.equal(cut, 'The oboe player left early.')
  const [plain, descended] = [
    await (await retriever('keyword', { store, inner: [] })).retrieve({ text: 'harbour roads bread', limit: 20 }),
    await (await over('descent', store, { beam: 1 })).retrieve({ text: 'harbour roads bread', limit: 20 }),
  ]
  assert.deepEqual(new Set(await texts(store, descended)), new Set(await texts(store, plain)))
})

const data = process.env.FOVEA_DATA && join(process.env.FOVEA_DATA, 'hipporag')
test('adaptive finds more of the evidence of MuSiQue than keyword does', {
  skip: !data || !existsSync(data),
}, async () => {
  const read = <Value>(name: string): Value => JSON.parse(readFileSync(join(data!, `${name}.json`), 'utf8')) as Value
  const corpus = read<{ title: string; text: string }[]>('musique_train_corpus')
  const rows =
    read<{ question: string; paragraphs: { title: string; paragraph_text: string; is_supporting: boolean }[] }[]>(
      'musique_train',
    )
  const store = await memory({ location: '', analyzer })
  const writer = await store.write()
  for (const [index, { title, text: own }] of corpus.entries()) {
    const text = `${title} ${own}`
    const source = await makeSource({ uri: `${index}`, text, mediaType: 'text/plain' })
    const file = { uri: `${index}`, size: 1, modified: 0, hash: source.id, format: 'text', formatVersion: 1 }
    await writer.put(file, [{ source, chunks: [{ start: 0, end: text.length, tokens: 1 }] }])
  }
  await writer.close()
  const recall = async (name: string) => {
    const one = await retriever(name, { store, inner: [] })
    let sum = 0
    for (const { question, paragraphs } of rows.slice(0, 25)) {
      const gold = paragraphs.filter((one) => one.is_supporting).map((one) => `${one.title} ${one.paragraph_text}`)
      const found = await texts(store, await one.retrieve({ text: question, limit: 5 }))
      sum += gold.filter((text) => found.includes(text)).length / gold.length
    }
    return sum / 25
  }
  const [plain, adaptive] = [await recall('keyword'), await recall('adaptive')]
  assert.ok(adaptive > plain + 0.04, `${plain} ${adaptive}`)
})

test('of passages that bear alike on a question for the first or last of a conversation, those near that end come first', async () => {
  const subjects = ['rowing', 'bread', 'glaciers', 'chess', 'tin', 'owls', 'canals', 'wool']
  const turns = subjects.map((subject) => `USER: I would like to discuss the topic of ${subject}.`)
  // The days are told by the times of the sources, whatever the order in which they were read.
  const store = await storeOf([
    { name: 'later.md', texts: turns.slice(4), time: 2 * day },
    { name: 'sooner.md', texts: turns.slice(0, 4), time: day },
  ])
  const adaptive = await retriever('adaptive', { store, inner: [] })
  const found = async (text: string) => texts(store, await adaptive.retrieve({ text, limit: 2 }))
  assert.deepEqual(await found('What is the first topic we discussed?'), turns.slice(0, 2))
  assert.deepEqual(await found('What is the last topic we discussed?'), turns.slice(6).reverse())
  assert.match((await found('What was the first thing you said of the canals?'))[0]!, /canals/)
})

test('what adaptive finds first is the same however many passages are wanted, and nothing that keyword finds is left out', async () => {
  const store = await storeOf(
    Array.from({ length: 120 }, (_, page) => ({
      texts: [
        `Page ${page} tells of bread${page % 3 === 0 ? ' and salt' : ''}. `,
        `It names Orrin Vale and oven ${page}.`,
      ],
      spoken: page % 2 === 0,
    })),
  )
  const adaptive = await retriever('adaptive', { store, inner: [] }, { depth: 20 })
  const keyword = await retriever('keyword', { store, inner: [] })
  const text = 'Which bread with salt is named "tells of bread" beside Orrin Vale?'
  const places = async ({ retrieve }: Retriever, limit: number) =>
    (await retrieve({ text, limit })).map(({ spans: [{ source, start }], score }) => ({
      place: `${source} ${start}`,
      score,
    }))
  const all = await places(adaptive, 400)
  for (const limit of [1, 5, 20]) assert.deepEqual(await places(adaptive, limit), all.slice(0, limit))
  assert.deepEqual(
    new Set(all.map(({ place }) => place)),
    new Set((await places(keyword, 400)).map(({ place }) => place)),
  )
  for (const [index, { score }] of all.entries()) assert.ok(index === 0 || score <= all[index - 1]!.score)
})

test('of code, adaptive finds what says another word for one of the question, and what its documentation says', async () => {
  const functions = [
    'def open_file(name):\n    """Open a file by name."""\n    return open(name)\n',
    'def drop_directory(where):\n    """Erase a directory with all in it."""\n    shutil.rmtree(where)\n',
    'def rename_file(old, new):\n    """Give a file another name."""\n    os.rename(old, new)\n',
    '/** Counts the words of a text. */\nexport function tally(text) {\n  return text.split(" ").length\n}\n',
    'def noisy(text):\n    """Make noise."""\n    words = counts = text\n    return words, counts, text\n',
  ]
  const storeWith = (list: readonly string[], mediaType = 'text/plain'): Promise<Searchable> =>
    storeOf(list.map((text, number) => ({ name: `f${number}`, texts: [text], mediaType })))
  const store = await storeWith(functions)
  const first = async (text: string, options = {}, from = store): Promise<string | undefined> => {
    const [best] = await (await retriever('adaptive', { store: from, inner: [] }, options)).retrieve({ text, limit: 3 })
    return best && passageText(best, from.texts)
  }
  const question = 'python delete a folder that has a name'
  assert.match((await first(question))!, /drop_directory/)
  assert.doesNotMatch((await first(question, { code: false }))!, /drop_directory/)
  const arrows = functions.map((text) => text.replace(/def (\w+)\((.*?)\):/, 'const $1 = ($2) =>'))
  const [code, prose] = [await storeWith(arrows, 'text/typescript'), await storeWith(arrows)]
  assert.match((await first(question, {}, code))!, /drop_directory/, 'code by the format of its file')
  assert.doesNotMatch((await first(question, {}, prose))!, /drop_directory/)
  assert.match((await first('counts words of text'))!, /tally/)
  assert.match((await first('counts words of text', { proximity: { documented: 0 } }))!, /noisy/)
})

test('a page about a name that the question says in full comes before pages that say more of its words', async () => {
  const store = await storeOf(
    [
      'Anna Lee Bridge The Anna Lee Bridge was the first to be named after Anna Lee; Anna Lee came to see it.',
      'Anna Lee (singer) Anna Lee is a singer.',
      'North North is a band that was formed in 1999.',
      ...noise,
    ].map((text) => ({ texts: [text] })),
  )
  const found = async (text: string, options = {}): Promise<readonly string[]> =>
    texts(store, await (await retriever('adaptive', { store, inner: [] }, options)).retrieve({ text, limit: 2 }))
  const question = 'Which came first, the band North being formed or Anna Lee?'
  assert.deepEqual(
    (await found(question)).map((text) => text.slice(0, 8)).sort(),
    ['Anna Lee', 'North No'],
    'both pages, and not the bridge',
  )
  assert.match((await found(question)).join(' '), /singer/)
  assert.match((await found(question, { proximity: { named: 0, opened: 0 } }))[0]!, /Bridge/)
  assert.equal(openingTitle('Anna Lee (singer) Anna Lee is a singer.'), 'Anna Lee')
  assert.equal(openingTitle('Anna Lee is a singer.'), '')
})

test('adaptive puts what holds a quoted phrase first, but in a question, which asks for more than the phrase, only lifts it', async () => {
  const song = 'The song Glass Heron has been sung at many fairs and in many towns of the north.'
  const writer = 'Elodie Marchand, writer of the best songs, was born in the town of Quillon in the winter of 1901.'
  const plain = 'The heron stood by the glass house.'
  const store = await storeOf([...noise, song, writer, plain].map((text) => ({ texts: [text] })))
  const first = async (text: string) => texts(store, await (await over('adaptive', store)).retrieve({ text, limit: 3 }))
  const words = 'Where was the writer of the song "Glass Heron" born, the town and winter of Elodie Marchand'
  assert.equal((await first(words))[0], song)
  assert.deepEqual((await first(`${words}?`)).slice(0, 2), [writer, song])
  assert.equal((await first('What is "Glass Heron"?'))[0], song)
})

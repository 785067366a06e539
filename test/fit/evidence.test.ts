// The default compressor: what a ranker says and what the question's words say, put together.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { loadLeaf, type Ranker, type RankItem, type TokenCounter, textsOf } from '../../src/core/index.ts'
import { compressors, fit } from '../../src/fit/index.ts'
import { analyzers, type PortableAnalyzer } from '../../src/store/index.ts'

let analyzer: PortableAnalyzer
before(async () => {
  analyzer = await (await loadLeaf(analyzers, 'words'))()
})
const counter: TokenCounter = { name: 'words', count: (text) => text.match(/\S+/g)?.length ?? 0, margin: () => 0 }

async function kept(
  texts: readonly string[],
  query: string,
  budget: number,
  ranker?: Ranker,
  reached?: number,
): Promise<string> {
  const sources = texts.map((text, number) => ({ id: `s${number}`, uri: `${number}`, text, mediaType: 'text/plain' }))
  const passages = texts.map((text, number) => ({
    spans: [{ source: `s${number}`, start: 0, end: text.length }] as const,
    score: texts.length - number,
    trail: [],
    ...(number === reached ? { reached: true } : {}),
  }))
  const compressor = await loadLeaf(compressors, 'evidence')
  const pack = await fit({
    passages,
    budget,
    texts: textsOf(sources),
    counter,
    analyzer,
    query,
    compressor,
    ...(ranker ? { ranker } : {}),
  })
  return pack.text
}

/** Scripted: likes items that hold a word. */
const likes = (word: string, seen: RankItem[] = []): Ranker => ({
  name: 'scripted',
  rank: async (_, texts) => texts.map((text) => (text.includes(word) ? 5 : -5)),
  rankItems: async (_, items) => {
    seen.push(...items)
    return items.map(({ text }) => (text.includes(word) ? 5 : -5))
  },
})
const harbour = 'The harbour opened late. Ropes were old there. A gull slept on the quay. Nobody came that day.'

test('what a ranker likes is kept, though it shares no word with the question', async () => {
  const query = 'when did the harbour open'
  assert.match(await kept([harbour], query, 7, likes('gull')), /gull/)
  assert.match(await kept([harbour], query, 7, likes('nothing')), /harbour opened/)
})

test('a ranker is told which sentences belong together, in order and with their scores', async () => {
  const seen: RankItem[] = []
  await kept([harbour, 'The mast broke. It fell.'], 'harbour mast', 7, likes('gull', seen))
  assert.deepEqual(
    seen.map(({ passage, score }) => [passage, score]),
    [...Array(4).fill([0, 2]), ...Array(2).fill([1, 1])],
  )
  assert.equal(seen.map(({ text }) => text).join(''), `${harbour}The mast broke. It fell.`)
})

test('a ranker of the narrow tier will do; without words to ask for none is asked', async () => {
  const { name, rank } = likes('gull')
  assert.match(await kept([harbour], 'harbour', 7, { name, rank }), /gull/)
  const never: Ranker = { name: 'never', rank: () => assert.fail('a ranker was asked') }
  assert.match(await kept([harbour], '', 5, never), /harbour|Ropes|gull|Nobody/)
})

test('parts of a question are covered before one of them is said again', async () => {
  const text =
    'The ferry Skarven carries cars. The ferry Skarven carries cars too. The ferry Skarven carries cars still. The lighthouse has a keeper.'
  const even = likes('The')
  const pack = await kept([text], 'Skarven ferry cars and lighthouse keeper', 11, even)
  assert.match(pack, /lighthouse/)
  assert.match(pack, /Skarven/)
})

test('the default keeps the sentence that answers where little can be kept', async () => {
  const texts = [
    'The Skarven line runs all year. Tickets are sold on board. Dogs travel free.',
    'The lighthouse stands on a rock. It was built in 1912 by engineers from Bergen. The light was put out in 1987. Birds nest there now.',
    'A museum tells how lighthouses were run. It is open in summer. Children like the lamp room.',
  ]
  assert.match(await kept(texts, 'When was the lighthouse built?', 20), /1912/)
  assert.match(await kept(['灯塔建于1912年。渡船在中午离开。狗可以免费乘坐。'], '灯塔是哪一年建的?', 30), /1912/)
})

test('which words are rare is told by sentences, also where all that was found is one passage', async () => {
  const text =
    'The Skarven harbour ferry sails at noon. The Skarven harbour ferry has a cook. Behind it stands a silo. The Skarven harbour ferry is red.'
  assert.match(await kept([text], 'ferry Skarven silo', 8, likes('.')), /silo/)
})

test('a name in another script does not make a question one without spaces: neighbours still count', async () => {
  const text = 'A cinema burned down. Nobody was hurt. The part of 梁冠华 surprised all who saw it. He played a miner.'
  assert.match(await kept([text], 'Which part did 梁冠华 have in it?', 14, likes('none')), /He played a miner/)
})

/** A conversation that goes over eight things in turn; every opening is as good an answer by its words. */
const subjects = ['rowing', 'bread', 'glaciers', 'chess', 'tin', 'owls', 'canals', 'wool']
const conversation = subjects
  .map((subject) => `USER: I would like to discuss the topic of ${subject}. ASSISTANT: Certainly, ask away.`)
  .join('\n')

test('of what bears alike on a question for the first or last of a conversation, what stands near that end is kept', async () => {
  const pack = (query: string) => kept([conversation], query, 26)
  assert.match(await pack('What is the second topic we discussed?'), /rowing.*\n.*bread/)
  assert.match(await pack('What is the last topic we discussed?'), /wool/)
  assert.match(await pack('What was the first thing you said about glaciers?'), /glaciers/)
})

test('where one passage led to another, both are heard before the rest of the first', async () => {
  const first = 'The Glass Heron is by Elodie Marchand. It opened in spring. It ran for a year. It was loved.'
  const second = 'Marchand was born in Quillon. She kept bees.'
  const ask = (reached?: number) =>
    kept([first, second], 'Where was the writer of The Glass Heron born?', 17, likes('nothing'), reached)
  assert.doesNotMatch(await ask(), /Quillon/)
  assert.match(await ask(1), /Glass Heron.*Quillon/s)
})

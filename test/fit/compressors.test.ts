import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  loadLeaf,
  type Pack,
  type Passage,
  type Pruner,
  packViolations,
  type Source,
  textsOf,
} from '../../src/core/index.ts'
import { abstractiveOf } from '../../src/fit/compressors/abstractive.ts'
import { guidedOf } from '../../src/fit/compressors/guided.ts'
import { selfInformationOf } from '../../src/fit/compressors/self-information.ts'
import { summarisedTopicsOf } from '../../src/fit/compressors/topics.ts'
import {
  type Compressor,
  chained,
  citedRenderer,
  compressors,
  type FitRequest,
  fit,
  orderers,
  recover,
  tokenPruner,
} from '../../src/fit/index.ts'
import { ngramModel } from '../../src/model/index.ts'
import gpt from '../../src/model/tokenizers/gpt.ts'
import { scriptedModel } from '../../src/testing/index.ts'
import { plainAnalyzer, sourceOf, wholeOf } from './shelf.ts'

const counter = await gpt('o200k_base')
const leaf = (name: string): Promise<Compressor> => loadLeaf(compressors, name)

/** Packs, and holds the laws. */
async function pack(
  compressor: Compressor | string,
  sources: readonly Source[],
  query: string,
  budget: number,
  more: Partial<FitRequest> = {},
): Promise<Pack> {
  const passages = more.passages ?? sources.map((source, index) => wholeOf(source, -index))
  const made = await fit({
    passages,
    budget,
    texts: textsOf(sources),
    counter,
    analyzer: plainAnalyzer,
    query,
    compressor: typeof compressor === 'string' ? await leaf(compressor) : compressor,
    ...more,
  })
  assert.deepEqual(
    packViolations(made, {
      textOf: (id) => sources.find((source) => source.id === id)?.text,
      counter,
      input: passages,
    }),
    [],
  )
  return made
}
const tokensOf = (sources: readonly Source[]) => sources.reduce((sum, { text }) => sum + counter.count(text), 0)
/** Characters kept of each source. */
const keptOf = (made: Pack, { id }: Source) =>
  made.kept
    .flatMap(({ spans }) => spans)
    .reduce((sum, span) => sum + (span.source === id ? span.end - span.start : 0), 0)

const wool = (index: number) =>
  `In the year ${1700 + index} the towns sold their wool at the market of the valley. The price was as it had been in the years before. It was a good year for the towns and for the valley. `
const towns = Array.from({ length: 12 }, (_, index) => sourceOf(`town-${index}`, wool(index).repeat(3)))
const lighthouse = sourceOf(
  'lighthouse',
  'The lighthouse on the cape was built of granite. Its first keeper was Marta Olsen, who came in 1862. She kept a diary of the weather. Ships from Bergen saw the light at twenty miles.',
)

describe('perplexity', () => {
  it('of a word model covers a text with tokens, and falls where a prefix holds the words', async () => {
    const text = 'The keeper  wrote 😀 a diary.\n'
    const model = ngramModel([text, 'Nobody wrote the diary.'])
    const [plain, after] = [await model.score(text), await model.score(text, 'the keeper wrote a diary')]
    assert.equal(plain.ends.at(-1), text.length)
    assert.deepEqual(
      [...plain.ends],
      [...plain.ends].toSorted((a, b) => a - b),
    )
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)
    assert.ok(plain.logProbabilities.every((value) => value <= 0 && Number.isFinite(value)))
    assert.ok(
      sum((await model.score('diary', 'the keeper wrote a diary')).logProbabilities) >
        sum((await model.score('diary', 'wool was sold in towns')).logProbabilities),
    )
    assert.equal(after.ends.length, plain.ends.length)
  })

  it('self-information keeps names and figures above filler, at the ratio asked', async () => {
    const filler = 'It was as it had been and as it would be in the years to come. '
    const text = `${filler.repeat(12)}Marta Olsen paid 4417 crowns to Bergen. ${filler.repeat(12)}`
    const source = sourceOf('one', text)
    for (const compressor of [selfInformationOf('sentence'), selfInformationOf('phrase')]) {
      const budget = Math.floor(0.12 * counter.count(text))
      const made = await pack(compressor, [source], '', budget)
      assert.match(made.text, /Marta Olsen[\s\S]*4417[\s\S]*Bergen/)
      assert.ok(budget - made.tokens.count < 18, `${made.tokens.count} of ${budget}`)
    }
  })

  it('contrastive perplexity keeps the document that makes the question likely, moves it, and takes any log-probabilities', async () => {
    const sources = [...towns.slice(0, 6), lighthouse, ...towns.slice(6)]
    const budget = Math.floor(0.12 * tokensOf(sources))
    for (const more of [{}, { logProbabilities: ngramModel(sources.map(({ text }) => text)) }]) {
      const made = await pack(
        'contrastive-perplexity',
        sources,
        'Who was the first keeper of the lighthouse?',
        budget,
        { ...more, orderer: await loadLeaf(orderers, 'relevance') },
      )
      assert.equal(made.kept[0]!.spans[0].source, 'lighthouse')
      assert.match(made.text, /Marta Olsen/)
      assert.ok(made.kept[0]!.score > Math.max(...made.kept.slice(1).map(({ score }) => score)))
    }
  })

  it('a reply is mapped back to the source, with what compression took out', async () => {
    const made = await pack(selfInformationOf('phrase'), [lighthouse], '', 30)
    const words = made.text.match(/[\p{L}\p{N}]+/gu)!
    const [found] = await recover(`I think: ${words.slice(3, 9).join(' ')}!`, made, textsOf([lighthouse]), 4)
    assert.ok(found)
    const [first, last] = [found.spans[0], found.spans.at(-1)!]
    assert.equal(found.text, lighthouse.text.slice(first.start, last.end))
    assert.ok(words.slice(3, 9).every((word) => found.text.includes(word)))
    assert.deepEqual(await recover('nothing like that was said', made, textsOf([lighthouse]), 4), [])
  })
})

describe('code', () => {
  const helper = (index: number) =>
    `function wool${index}(price) {\n  const year = 1700 + ${index}\n\n  let total = price * year\n  if (total > 100) total -= 1\n\n  for (const town of towns) total += town.size\n  return total\n}\n\n`
  const text = `import { readFile } from 'node:fs'\nimport { parse } from 'yaml'\n\nconst towns = []\n\n${Array.from({ length: 8 }, (_, index) => helper(index)).join('')}export function readLighthouse(path) {\n  const bytes = readFile(path)\n  return parse(decode(bytes)).keeper\n}\n\n${Array.from({ length: 8 }, (_, index) => helper(index + 8)).join('')}function decode(bytes) {\n  return bytes.toString('utf8')\n}\n`
  const source = sourceOf('wool.js', text)
  const query = 'How is the keeper of the lighthouse read from a path?'
  it('keeps the function asked for with what it uses, signatures of others, and beats sentences at equal tokens', async () => {
    for (const share of [0.12, 0.2, 0.4]) {
      const budget = Math.floor(share * counter.count(text))
      const made = await pack('code', [source], query, budget)
      for (const needed of [
        /export function readLighthouse\(path\) \{\n {2}const bytes = readFile\(path\)\n {2}return parse\(decode\(bytes\)\).keeper\n\}/,
        /function decode\(bytes\) \{\n {2}return/,
        /import \{ parse \} from 'yaml'/,
      ])
        assert.match(made.text, needed, `at ${share}`)
      if (share >= 0.2) assert.match(made.text, /function wool\d+\(price\) \{/)
      assert.ok(made.dropped.every(({ why, passage }) => why === 'compressed' && passage.spans.length > 0))
    }
    const pruned = await pack('query-sentences', [source], query, Math.floor(0.12 * counter.count(text)))
    assert.doesNotMatch(pruned.text, /function decode/)
  })
  it('follows an outline: a method brings the opening of its class', async () => {
    const own =
      'class Tower {\n  height = 3\n\n  light(hours) {\n    return hours * this.height\n  }\n\n  paint() {\n    return "white"\n  }\n}\n\nconst other = 1\n'
    const at = (part: string) => own.indexOf(part)
    const nodes = [
      { kind: 'class', title: 'Tower', level: 1, start: 0, end: at('\n\nconst') },
      { kind: 'function', title: 'Tower.light', level: 2, start: at('light('), end: at('\n\n  paint'), parent: 0 },
      { kind: 'function', title: 'Tower.paint', level: 2, start: at('paint('), end: at('\n}\n\nconst'), parent: 0 },
    ] as const
    const made = await pack('code', [sourceOf('tower.js', own)], 'hours of light', 24, { outline: async () => nodes })
    assert.match(made.text, /^class Tower \{\n[\s\S]*light\(hours\) \{\n {4}return hours \* this.height/)
    assert.doesNotMatch(made.text, /white/)
  })
})

describe('structure', () => {
  const book = sourceOf(
    'book',
    Array.from(
      { length: 9 },
      (_, part) =>
        `# Part ${part}\n\nPart ${part} opens with a lead about matter ${part}. ${part === 5 ? 'The keeper of the lighthouse was Marta Olsen. Her lamp burned oil. ' : ''}${wool(part)}${wool(part + 20)}\n\n`,
    ).join(''),
  )
  it('is kept as a few leaves for a local question and as an outline for a global one, as the model says', async () => {
    const budget = Math.floor(0.3 * counter.count(book.text))
    const ask = (verdict: string, query: string) =>
      pack('hierarchy', [book], query, budget, { model: scriptedModel(() => verdict) })
    const local = await ask('LOCAL', 'Who was the keeper of the lighthouse?')
    assert.match(local.text, /The keeper of the lighthouse was Marta Olsen\. Her lamp burned oil\./)
    const global = await ask('GLOBAL', 'Who was the keeper of the lighthouse?')
    for (let part = 0; part < 9; part++)
      assert.match(global.text, new RegExp(`# Part ${part}\\b[\\s\\S]*lead about matter ${part}`))
    const headings = (text: string) => text.match(/# Part/g)?.length ?? 0
    assert.ok(headings(local.text) < headings(global.text))
    const unasked = await pack('hierarchy', [book], 'Give an overview of the book', budget)
    assert.equal(headings(unasked.text), 9)
  })

  const subjects = ['harbour', 'orchard', 'railway', 'theatre', 'hospital']
  const facts = subjects.map(
    (subject, index) => `The ${subject} was opened by Governor Lind${index} in ${1801 + index}.`,
  )
  const essay = sourceOf(
    'essay',
    subjects
      .map(
        (subject, index) =>
          `${`People spoke of the ${subject} and its ${subject} keepers with care. The ${subject} gave work to many. `.repeat(4)}${facts[index]} ${`Everyone who saw the ${subject} liked the ${subject} well. `.repeat(6)}`,
      )
      .join('\n\n'),
  )
  it('is cut to a seventh by topics, in order, with the facts planted in each', async () => {
    for (const compressor of [await leaf('topics'), summarisedTopicsOf(7)]) {
      const budget = Math.floor(counter.count(essay.text) / 6)
      const made = await pack(compressor, [essay], '', budget)
      assert.ok(made.tokens.count <= budget && made.tokens.count > counter.count(essay.text) / 8)
      for (const fact of facts) assert.ok(made.text.includes(fact), `${fact} not in ${made.text}`)
      const places = facts.map((fact) => made.text.indexOf(fact))
      assert.deepEqual(
        places,
        places.toSorted((a, b) => a - b),
      )
    }
  })
  it('is summed up topic by topic by a model, which must name its evidence', async () => {
    const model = scriptedModel(({ prompt }) => {
      const [, number, said] = /^\[(\d+)\] (The \w+ was opened by .*)$/m.exec(prompt) ?? []
      return number
        ? `So it is told: ${said!.replace('was opened', 'had been opened')} [${number}]\nIt cost 99 crowns. [${number}]`
        : ''
    })
    const made = await pack(summarisedTopicsOf(7), [essay], '', 200, { model })
    const written = made.kept.filter(({ derived }) => derived !== undefined)
    assert.ok(written.length >= 3, `${written.length} of ${made.kept.length}`)
    for (const { derived, spans } of written)
      assert.equal(
        derived,
        `So it is told: ${essay.text.slice(spans[0].start, spans[0].end).trim().replace('was opened', 'had been opened')}`,
      )
    assert.doesNotMatch(made.text, /99 crowns/)
  })
})

describe('abstraction', () => {
  it('obeys the number of sentences, grounds each, and marks copies verbatim', async () => {
    const model = scriptedModel(({ prompt }) => {
      const numberOf = (part: string) => new RegExp(`^\\[(\\d+)\\] .*${part}`, 'm').exec(prompt)![1]
      return `The lighthouse's first keeper was Marta Olsen in 1862 [${numberOf('Marta')}]. She was paid 300 crowns [${numberOf('Marta')}]. She kept a diary of the weather. [${numberOf('diary')}] Whales sang operas nightly in Vienna [${numberOf('Ships')}]. Granite was what the lighthouse on the cape was built of [${numberOf('granite')}].`
    })
    const sources = [towns[0]!, lighthouse]
    for (const sentences of [1, 2, 3]) {
      const made = await pack(abstractiveOf({ sentences }), sources, 'Who kept the lighthouse?', 300, {
        model,
        orderer: await loadLeaf(orderers, 'relevance'),
      })
      assert.equal(made.kept.length, sentences)
      assert.doesNotMatch(made.text, /300|operas|valley/)
      for (const { derived, spans } of made.kept) {
        const evidence = spans
          .map(({ source, start, end }) => sources.find(({ id }) => id === source)!.text.slice(start, end))
          .join(' ')
        assert.match(evidence, derived === undefined ? /^She kept a diary of the weather\.$/ : /Marta Olsen|granite/)
      }
    }
    await assert.rejects(pack('abstractive', sources, 'Who?', 300), { code: 'part-missing' })
  })
})

describe('sufficiency and pruning', () => {
  it('stops when the question is covered, and leaves the rest of the budget', async () => {
    const sources = [...towns, lighthouse]
    const made = await pack('sufficient', sources, 'Who was the keeper of the lighthouse?', 100_000)
    assert.match(made.text, /Marta Olsen/)
    assert.ok(made.tokens.count < 0.25 * tokensOf(sources), `${made.tokens.count} of ${tokensOf(sources)}`)
  })
  it('prunes irrelevant passages to nothing by words alone, and keeps the answer', async () => {
    const made = await pack('prune', [...towns, lighthouse], 'Who was the keeper of the lighthouse?', 100_000)
    assert.deepEqual([...new Set(made.kept.map(({ spans }) => spans[0].source))], ['lighthouse'])
    assert.match(made.text, /Marta Olsen/)
    assert.equal(made.dropped.filter(({ why }) => why === 'irrelevant').length, towns.length)
  })
  it('takes rank and mask from one pass of a pruner per passage', async () => {
    let calls = 0
    const pruner: Pruner = {
      name: 'scripted',
      async prune(_query, text) {
        calls++
        const ends = [...text.matchAll(/\S+\s*/g)].map(({ 0: word, index }) => index + word.length)
        const at = text.indexOf('The price')
        return {
          score: text.includes('1703') ? 9 : 1,
          ends: Int32Array.from(ends),
          keep: Float64Array.from(ends, (end) => (end > at && end <= at + 49 ? 0.9 : 0.1)),
        }
      },
    }
    const made = await pack('prune', towns, 'wool', 100_000, { pruner, orderer: await loadLeaf(orderers, 'relevance') })
    assert.equal(calls, towns.length)
    assert.equal(made.kept[0]!.spans[0].source, 'town-3')
    for (const { spans } of made.kept)
      assert.match(
        towns.find(({ id }) => id === spans[0].source)!.text.slice(spans[0].start, spans[0].end),
        /^The price was as it had been in the years before\. $/,
      )
  })
  it('labels words by the tokens of a network, in windows, and says what to install', async () => {
    const runs: number[] = []
    const made = await tokenPruner(
      'scripted',
      {
        async run(tokens) {
          runs.push(tokens.length)
          // Keeps tokens of words with a capital M, whose first letter is the token's number.
          return {
            rank: tokens.includes(77) ? 3 : -3,
            labels: Float32Array.from(tokens.flatMap((token) => (token === 77 ? [-4, 4] : [4, -4]))),
          }
        },
      },
      {
        start: 1,
        separator: 2,
        encode: (text) => [...text].map((letter) => (text.startsWith('M') ? 77 : letter.charCodeAt(0) + 1000)),
      },
    ).prune('who', `${'wool '.repeat(300)}Marta wrote.`)
    assert.equal(made.score, 3)
    assert.ok(runs.length > 2 && runs.every((length) => length <= 512))
    assert.equal(made.ends.at(-1), 1512)
    assert.deepEqual(
      [...made.keep].flatMap((value, word) => (value > 0.5 ? [word] : [])),
      [300],
    )
  })
  it('guides by questions: ratios follow relevance, a model can re-rank, key tokens stay', async () => {
    const cape = sourceOf(
      'cape',
      'The cape is known for the weather and for the granite. Many ships were lost before the light was lit there. Nobody lives on it now. The weather is bad.',
    )
    const sources = [...towns.slice(0, 6), cape, lighthouse]
    const budget = Math.floor(0.15 * tokensOf(sources))
    const query = 'Who was the first keeper of the lighthouse?'
    const made = await pack(guidedOf('sentence'), sources, query, budget)
    const ratio = (source: Source, one: Pack) => keptOf(one, source) / source.text.length
    assert.ok(
      ratio(lighthouse, made) > ratio(cape, made) && ratio(lighthouse, made) > 0.5,
      `${ratio(lighthouse, made)} ${ratio(cape, made)}`,
    )
    const asked = await pack(guidedOf('sentence'), sources, query, budget, {
      model: scriptedModel(
        () =>
          '1. Were ships lost before the light was lit?\n2. How many ships were lost at the cape?\n3. Which ships were lost?\n4. Why were many ships lost there?',
      ),
    })
    assert.ok(ratio(cape, asked) > ratio(cape, made))
    const phrases = await pack(guidedOf('phrase'), [lighthouse], 'Who was the first keeper?', 24)
    assert.match(phrases.text, /keeper/)
    assert.match(phrases.text, /Marta Olsen/)
    const unguided = await pack(selfInformationOf('phrase'), [lighthouse], '', 12)
    assert.doesNotMatch(unguided.text, /keeper[\s\S]*Marta Olsen/)
  })
})

describe('coreference', () => {
  const text =
    'Anna Berg was a doctor in Oslo. She was born in 1871. The Harbour Company paid Dr. Berg well. It closed in 1901. Later Olaf Lund bought the house. He sold it to Berg again. '
  const source = sourceOf('life', text)
  const unbracketed = (written: string) => written.replace(/ \[[^\]]*\]/g, '')
  it('puts names behind pronouns, across windows, and maps them back to the source', async () => {
    const middle = text.indexOf('The Harbour')
    const passages: Passage[] = [
      [0, 31],
      [31, middle],
      [middle, text.length],
    ].map(([start, end], index) => ({
      spans: [{ source: 'life', start: start!, end: end! }],
      score: -index,
      trail: [],
    }))
    const made = await pack('coreference', [source], 'When was Anna Berg born?', 400, { passages })
    assert.match(made.text, /She \[Anna Berg\] was born in 1871/)
    assert.match(made.text, /It \[(?:the |The )?Harbour Company\] closed in 1901/)
    assert.match(made.text, /He \[Olaf Lund\] sold/)
    for (const { derived, spans } of made.kept) {
      if (derived === undefined) continue
      const [sentence, ...names] = spans.map(({ start, end }) => text.slice(start, end))
      assert.equal(unbracketed(derived), sentence!.trimEnd())
      assert.deepEqual(
        [...derived.matchAll(/\[([^\]]*)\]/g)].map(({ 1: name }) => name),
        names,
      )
    }
    assert.ok(made.kept.some(({ derived }) => derived === undefined))
  })
  it('raises the recall of answers whose sentence has a pronoun alone', async () => {
    const names = ['Anna Berg', 'Olaf Lund', 'Ida Holm', 'Per Vik', 'Liv Dahl', 'Jon Moe']
    const lives = sourceOf(
      'lives',
      names
        .map(
          (name, index) =>
            `${name} lived by the sea for long. ${index % 2 ? 'He' : 'She'} was born in ${1860 + index}. ${wool(index)}`,
        )
        .join('\n\n'),
    )
    const recall = async (name: string) => {
      let found = 0
      for (const [index, who] of names.entries())
        if ((await pack(name, [lives], `When was ${who} born?`, 26)).text.includes(String(1860 + index))) found++
      return found
    }
    const [resolved, plain] = [await recall('coreference'), await recall('query-sentences')]
    assert.equal(resolved, 6)
    assert.ok(plain < 6, `${plain}`)
  })
})

describe('records', () => {
  it('rows come with their header, and only rows that matter', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, row) => `town${row},${1000 + row},${row === 17 ? 'lighthouse' : 'market'}`,
    )
    const source = sourceOf('towns.csv', `name,people,building\n${rows.join('\n')}\n`)
    const made = await pack('tables', [source], 'Which town has the lighthouse?', 40)
    assert.match(made.text, /^name,people,building\n/)
    assert.match(made.text, /town17,1017,lighthouse/)
    const markdown = sourceOf(
      't.md',
      `Some words before.\n\n| name | people |\n|---|---|\n${rows.map((row) => `| ${row.split(',').slice(0, 2).join(' | ')} |`).join('\n')}\n`,
    )
    assert.match(
      (await pack('tables', [markdown], 'people of town17', 30)).text,
      /\| name \| people \|\n\|---\|---\|\n[\s\S]*\| town17 \| 1017 \|/,
    )
  })
  it('logs keep each template once, outliers and whole traces', async () => {
    const lines = Array.from(
      { length: 300 },
      (_, line) => `2024-01-01 10:00:${line % 60} INFO request ${line} from 10.0.0.${line % 255} took ${line * 3}ms`,
    )
    lines.splice(
      140,
      0,
      '2024-01-01 10:02:20 ERROR disk full on /var/data',
      'Error: no space left',
      '    at write (fs.js:10)',
    )
    lines.splice(200, 0, '2024-01-01 10:03:20 INFO configuration reloaded by operator')
    const source = sourceOf('app.log', `${lines.join('\n')}\n`)
    const made = await pack('logs', [source], '', Math.floor(0.03 * counter.count(source.text)))
    assert.match(made.text, /ERROR disk full/)
    assert.match(made.text, /Error: no space left\n {4}at write/)
    assert.match(made.text, /configuration reloaded/)
    assert.match(made.text, /INFO request 0 from/)
  })
  it("turns that were found are kept whole by the sentences' compressor, in the order in which they were found", async () => {
    const lines = [
      'Ola: I saw the harbour today. It was cold. We talked about the boat house for an hour.',
      'Kari: The boat house key? I do not know. Ask at the boat house.',
      'Ola: It hangs in the kitchen. Behind the door. Take the small one.',
    ]
    const text = lines.join('\n')
    const source = sourceOf('chat', text)
    const places = lines.map((line) => ({ start: text.indexOf(line), end: text.indexOf(line) + line.length }))
    const outline = places.map((place) => ({ kind: 'turn' as const, level: 1, ...place }))
    const found = [2, 1, 3].map((score, index) => ({
      spans: [{ source: source.id, ...places[index]! }] as const,
      score,
      trail: ['search'],
    }))
    const given = { passages: found, outline: async () => outline }
    const query = 'Where is the key of the boat house?'
    const made = await pack('evidence', [source], query, 22, given)
    assert.equal(made.text.trim(), lines[2])
    const cut = await pack('evidence', [source], query, 22, { passages: found })
    assert.notEqual(cut.text.trim(), lines[2], 'without an outline sentences are chosen')
  })
  it('a turn comes with who spoke, and a short answer with its question', async () => {
    const chat = [
      ...Array.from(
        { length: 12 },
        (_, turn) => `Ola: I have been to the market again and bought wool, this was time ${turn}.`,
      ),
      'Kari: Where did you leave the key of the boat house?',
      'Ola: Under the red bucket.',
      ...Array.from({ length: 12 }, (_, turn) => `Tool: wool wool wool ${turn} rows of output that nobody reads.`),
    ].join('\n')
    const made = await pack('transcript', [sourceOf('chat', chat)], 'What is under the red bucket?', 40)
    assert.match(made.text, /Kari: Where did you leave the key of the boat house\?\n+Ola: Under the red bucket\./)
  })
})

describe('corpus', () => {
  it('keeps each document under its own label, and each is still found by what sets it apart', async () => {
    const trades = [
      'glassmaker',
      'falconer',
      'cartographer',
      'beekeeper',
      'locksmith',
      'bookbinder',
      'shipwright',
      'goldsmith',
      'apothecary',
      'weaver',
    ]
    const sources = trades.map((trade, index) =>
      sourceOf(
        `doc-${index}`,
        `This page is about one ${trade} of the valley. ${wool(index)}${wool(index + 40)}The ${trade} wrote to the council about wool.`,
      ),
    )
    const full = tokensOf(sources)
    const made = await pack('corpus', sources, '', Math.floor(0.45 * full), {
      renderer: citedRenderer,
      label: async ({ spans }) => spans[0].source,
    })
    assert.ok(made.tokens.count < 0.46 * full)
    for (const [index, trade] of trades.entries()) {
      const at = made.kept.findIndex(({ spans }) => spans[0].source === `doc-${index}`)
      assert.ok(at !== -1 && made.text.includes(`[doc-${index}]\n`))
      const holding = made.ranges.flatMap(([start, end], place) =>
        made.text.slice(start, end).includes(trade) ? [place] : [],
      )
      assert.deepEqual(holding, [at])
    }
  })
})

describe('Indic languages', () => {
  const worlds = [
    {
      language: 'Hindi',
      query: 'मीरा शर्मा का जन्म कब हुआ',
      gold: '1931',
      text: 'मीरा शर्मा एक प्रसिद्ध लेखिका थीं। उनका जन्म 1931 में पुणे नगर के एक छोटे घर में हुआ था।',
      filler: 'बाजार में ऊन का दाम पिछले वर्ष की तरह ही रहा और सब लोग प्रसन्न थे। ',
    },
    {
      language: 'Tamil',
      query: 'கமலா தேவி எப்போது பிறந்தார்',
      gold: '1931',
      text: 'கமலா தேவி ஒரு புகழ்பெற்ற எழுத்தாளர். அவர் 1931 ஆம் ஆண்டு மதுரை நகரில் ஒரு சிறிய வீட்டில் பிறந்தார்.',
      filler: 'சந்தையில் கம்பளி விலை கடந்த ஆண்டு போலவே இருந்தது என்று மக்கள் சொன்னார்கள். ',
    },
    {
      language: 'Telugu',
      query: 'కమల దేవి ఎప్పుడు జన్మించారు',
      gold: '1931',
      text: 'కమల దేవి ఒక ప్రసిద్ధ రచయిత్రి. ఆమె 1931 లో విజయవాడ నగరంలో ఒక చిన్న ఇంట్లో జన్మించారు.',
      filler: 'మార్కెట్లో ఉన్ని ధర గత సంవత్సరం లాగే ఉందని ప్రజలు చెప్పారు. ',
    },
    {
      language: 'Urdu',
      query: 'میرا بیگم کب پیدا ہوئیں',
      gold: '1931',
      text: 'میرا بیگم ایک مشہور مصنفہ تھیں۔ وہ 1931 میں لاہور شہر کے ایک چھوٹے گھر میں پیدا ہوئیں۔',
      filler: 'بازار میں اون کی قیمت پچھلے سال کی طرح رہی اور سب لوگ خوش تھے۔ ',
    },
  ]
  for (const { language, query, gold, text, filler } of worlds)
    it(`${language}: each shortener and each chain of them cuts tokens, keeps the gold paragraph, and is exact`, async () => {
      const source = sourceOf(
        'page',
        `${`${filler.repeat(4)}\n\n`.repeat(4)}${text}\n\n${`${filler.repeat(4)}\n\n`.repeat(4)}`,
      )
      const [paragraphs, triples, coreference] = [
        await leaf('paragraphs'),
        await leaf('triples'),
        await leaf('coreference'),
      ]
      const ways = {
        paragraphs,
        triples,
        coreference,
        both: chained(paragraphs, triples),
        named: chained(paragraphs, coreference),
        cut: chained(triples, coreference),
        all: chained(paragraphs, triples, coreference),
      }
      for (const [name, way] of Object.entries(ways)) {
        const budget = Math.floor(0.25 * counter.count(source.text))
        const made = await pack(way, [source], query, budget)
        assert.ok(made.text.includes(gold), `${name} lost it: ${made.text}`)
        for (const { derived, spans } of made.kept)
          if (derived !== undefined) assert.ok(derived.includes('[') && spans.length > 1)
      }
      const resolved = await pack(coreference, [source], query, 200)
      assert.match(resolved.text, /\[[^\]]+\][^\n]*1931|1931[^\n]*\[[^\]]+\]/)
    })
})

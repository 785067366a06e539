// Loaders of published sets, on small files of their published shape: what is expected here was worked out by hand.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { FoveaError, loadLeaf } from '../../src/core/index.ts'
import { readRows } from '../../src/measure/adapters/files.ts'
import { readItems } from '../../src/measure/adapters/lists.ts'
import { readPickledTexts } from '../../src/measure/adapters/pickle.ts'
import { pool, pools } from '../../src/measure/corpus.ts'
import {
  type DatasetRequest,
  datasets,
  metrics,
  type Options,
  promptOf,
  type Reader,
  type Result,
  readers,
  type Sample,
  textOf,
} from '../../src/measure/index.ts'
import { runJob } from '../../src/measure/job.ts'
import { choicesOf, questionKind } from '../../src/measure/published.ts'
import { eachWithin, finalList, gainAt, likeness, sameRows } from '../../src/measure/replies.ts'
import { tokenCounter } from '../../src/model/index.ts'
import { analyzers } from '../../src/store/index.ts'

const fixtures = join(import.meta.dirname, '../golden/datasets')
const sets = [
  ...['longbench', 'longbench-v2', 'infinitebench', 'loft', 'helmet', 'longmemeval', 'novelqa', 'nocha', 'detectiveqa'],
  ...['quality', 'narrativeqa', 'qasper'],
]

interface Loaded {
  readonly samples: Sample[]
  readonly warned: string[]
}
async function load(name: string, more: Partial<DatasetRequest> = {}): Promise<Loaded> {
  const dataset = await loadLeaf(datasets, name)
  const samples: Sample[] = []
  const warned: string[] = []
  const request = { data: join(fixtures, name), ...more }
  for await (const sample of dataset({ ...request, warn: ({ message }) => warned.push(message) })) samples.push(sample)
  return { samples, warned }
}
const all = new Map<string, Loaded>()
before(async () => {
  for (const name of sets) all.set(name, await load(name))
})
const samplesOf = (name: string): Sample[] => all.get(name)!.samples
function the(name: string, id: string): Sample {
  const found = samplesOf(name).find((sample) => sample.id === id)
  assert.ok(found, `${name} has no sample "${id}"`)
  return found
}
function evidenceOf({ corpus, evidence }: Sample): string[] {
  const texts = new Map(corpus.sources.map(({ id, text }) => [id, text]))
  return evidence.map(({ source, start, end }) => texts.get(source)!.slice(start, end))
}
const unitsOf = ({ corpus }: Sample): string[] => {
  const texts = new Map(corpus.sources.map(({ id, text }) => [id, text]))
  return corpus.units!.map(({ source, start, end }) => texts.get(source)!.slice(start, end))
}
const counts = (samples: readonly Sample[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(samples, ({ cell }) => cell)].map(([cell, list]) => [cell, list.length]))
const gold = (sample: Sample): string =>
  sample.solve?.(sample.evidence.map(() => true)) ?? sample.answers.map(([first]) => first).join(', ')

test('each loader: metrics that there are, one corpus for samples that follow each other, gold that its check takes', () => {
  const known = new Set(metrics.map(({ meta }) => meta.name))
  for (const name of sets) {
    const { meta } = datasets.find((entry) => entry.meta.name === name)!
    assert.equal(meta.tested, 'shape')
    for (const metric of meta.metrics) assert.ok(known.has(metric), `${name}: there is no metric ${metric}`)
    const samples = samplesOf(name)
    const seen = new Set<unknown>()
    for (const [index, sample] of samples.entries()) {
      if (sample.corpus !== samples[index - 1]?.corpus)
        assert.ok(!seen.has(sample.corpus), `${sample.id}: its corpus came before`)
      seen.add(sample.corpus)
      const right = sample.check?.(gold(sample))
      if (right) assert.equal(Object.values(right)[0], 1, `${sample.id}: ${gold(sample)}`)
      if (right) assert.ok(Object.values(sample.check!(''))[0]! < 1, sample.id)
    }
  }
})

test('each loader: the folder itself, the data folder above it, and what is missing is named with its address', async () => {
  for (const name of sets) {
    const above = await load(name, { data: fixtures })
    assert.deepEqual(
      above.samples.map(({ id }) => id),
      samplesOf(name).map(({ id }) => id),
    )
    await assert.rejects(
      load(name, { data: join(fixtures, 'none') }),
      (error) => FoveaError.is(error, 'data-missing') && /FOVEA_DATA.*https:\/\//.test(error.message),
    )
  }
  const single = await load('longbench', { data: join(fixtures, 'longbench/hotpotqa.jsonl') })
  assert.deepEqual(counts(single.samples), { 'LongBench, hotpotqa': 2 })
  // Files of other sets stand in the data folder: none of them is taken for one of these.
  await assert.rejects(load('longbench', { data: join(fixtures, 'helmet') }), { code: 'data-missing' })
})

test('LongBench: cells, kinds and scorers', async () => {
  const { samples, warned } = all.get('longbench')!
  const number = counts(samples)
  assert.equal(Object.keys(number).length, 22)
  assert.equal(number['LongBench, hotpotqa'], 2)
  assert.equal(number['LongBench-E, hotpotqa'], 2)
  assert.equal(number['LongBench, passage_retrieval_en'], 3)
  assert.equal(warned.length, 1)
  assert.match(warned[0]!, /no answer/)
  const hop = the('longbench', 'LongBench, hotpotqa hq-2')
  assert.deepEqual(hop.answers, [['1901', 'in 1901']])
  assert.deepEqual(hop.tags, {
    asks: 'when',
    length: 40,
    dataset: 'hotpotqa',
    language: 'en',
    set: 'hotpotqa',
    category: 'multi-document',
    metric: 'f1',
  })
  assert.ok(textOf(hop.corpus.sources).includes('Tromwick.\u2028She died'), 'a line separator within a string')
  assert.equal(hop.corpus, the('longbench', 'LongBench, hotpotqa hq-1').corpus)
  assert.match(promptOf(hop, 'TEXT'), /^Answer .*\n\nTEXT\n\nWhen did Ada Rusk die\?$/)
  assert.deepEqual(
    ['he-1', 'he-2'].map((id) => the('longbench', `LongBench-E, hotpotqa ${id}`).tags.bucket),
    ['0-4k', '8k+'],
  )
  const found = ['pr-1', 'pr-2', 'pr-3'].map((id) => the('longbench', `LongBench, passage_retrieval_en ${id}`))
  assert.deepEqual(found.map(evidenceOf), [
    ['Skuas steal fish from gulls.\nThey nest on bare ground.'],
    ['Terns fly from pole to pole.'],
    [],
  ])
  assert.deepEqual(
    found.map(({ unresolved }) => unresolved),
    [undefined, undefined, 1],
  )
  assert.deepEqual(evidenceOf(the('longbench', 'LongBench, passage_retrieval_zh passage_retrieval_zh-1')), [
    '贼鸥从海鸥那里偷鱼。',
  ])
  const check = (id: string, said: string): number =>
    Object.values(the('longbench', `LongBench, ${id}`).check!(said))[0]!
  assert.equal(check('passage_retrieval_en pr-1', 'Paragraph 2 or paragraph 12'), 1 / 2)
  assert.equal(check('passage_count passage_count-1', 'There are 2.'), 1)
  // "Food" is part of the right name and does not count against it; "Date" does.
  assert.equal(check('trec trec-1', 'Food made from milk'), 1)
  assert.equal(check('trec trec-1', 'Date, or Food made from milk'), 1 / 2)
  assert.equal(check('trec trec-1', 'Food'), 0)
  assert.equal(check('trec trec-1', '\nDate\nFood made from milk'), 0)
  assert.equal(check('triviaqa triviaqa-1', 'the skua\nPassage: another'), 1)
  assert.equal(check('lcc lcc-1', '```\n# now\n    return width * height\nmore'), 1)
  assert.equal(check('lcc lcc-1', '    return height'), likeness('    return height', '    return width * height'))
  assert.equal(the('longbench', 'LongBench, repobench-p repobench-p-1').question, 'import shapes\n\nside = 3')
  assert.ok(samples.every(({ question }) => question.trim() !== ''))
})

test('LongBench v2: one item as published, and an answer that is no choice is left out', () => {
  const { samples, warned } = all.get('longbench-v2')!
  assert.deepEqual(counts(samples), { 'LongBench v2': 3 })
  const [first] = samples
  assert.deepEqual(
    { id: first!.id, question: first!.question, choices: first!.choices, answers: first!.answers, tags: first!.tags },
    {
      id: 'LongBench v2 b1',
      question: 'Who moved the clock?',
      choices: ['The cook', 'Mr. Pell', 'Nobody', 'The twins'],
      answers: [['The twins']],
      tags: {
        asks: 'who',
        domain: 'Single-Document QA',
        sub_domain: 'Detective',
        difficulty: 'hard',
        length: 'short',
        gold: 'D',
      },
    },
  )
  assert.equal(
    textOf(first!.corpus.sources),
    'The clock stood still: "ten past two", said Mr. Pell, {looking} at [the twins], who had moved it.',
  )
  assert.match(warned.join(), /b3: .*"E" is no choice/)
})

test('InfiniteBench: twelve tasks, the hidden lines as evidence, replies read as its scorer reads them', () => {
  const { samples } = all.get('infinitebench')!
  assert.equal(Object.keys(counts(samples)).length, 12)
  const key = the('infinitebench', 'InfiniteBench, passkey 0')
  assert.deepEqual(evidenceOf(key), ['The pass key is 48213. Remember it. 48213 is the pass key.'])
  assert.equal(the('infinitebench', 'InfiniteBench, passkey 1').unresolved, 1)
  assert.deepEqual(evidenceOf(the('infinitebench', 'InfiniteBench, kv_retrieval 0')), [
    '"3f2b7c1e-0000-4000-8000-00000000000a": "9d1c44aa-1111-4111-8111-00000000000b"',
  ])
  const said = (task: string, text: string): number =>
    the('infinitebench', `InfiniteBench, ${task} 0`).check!(text).accuracy!
  assert.equal(said('passkey', 'It is 48213, not 1.'), 1)
  assert.equal(said('passkey', '1, or 48213'), 0)
  assert.equal(said('kv_retrieval', 'the value: "9d1c44aa-1111-4111-8111-00000000000b".'), 1)
  assert.equal(said('code_run', 'First -5, so the value is: -3.'), 1)
  assert.equal(said('code_run', '-3 at last, I think'), 0)
  assert.equal(said('math_find', '81.0'), 1)
  assert.equal(said('math_calc', '[5, 8, -2, 17]'), 3 / 4)
  assert.equal(said('math_calc', '[8, -2, 18]'), 0)
  assert.equal(said('longdialogue_qa_eng', 'Captain Rey.'), 1)
  assert.equal(said('longdialogue_qa_eng', 'Captain Reynard.'), 0)
  const bug = the('infinitebench', 'InfiniteBench, code_debug 0')
  assert.deepEqual([bug.choices, bug.answers, bug.tags.gold], [['load', 'size', 'open', 'len'], [['size']], 'B'])
  const [one, two] = samples.filter(({ cell }) => cell === 'InfiniteBench, longbook_qa_eng')
  assert.equal(one!.corpus, two!.corpus)
})

test('LOFT: the prompt with its numbers and examples at three sizes', async () => {
  const cells = ['32k', '128k', '1m'].map((size) => `LOFT, retrieval nq, ${size}, dev`)
  const made = cells.map((cell) => the('loft', `${cell} dev1`))
  assert.deepEqual(
    made.map((sample) => sample.corpus.units!.length),
    [3, 5, 7],
  )
  const prompt = promptOf(made[1]!, textOf(made[1]!.corpus.sources))
  const parts = [
    ...[
      'Each of these documents',
      '[0] Kelder\nKelder is an island. [end of 0]',
      '[4] A text without a title. [end of 4]',
    ],
    ...['Example 1\nQuery: which bird steals fish\n[2] Skua\nFinal Answer: [2]', 'who lit the lighthouse on kelder'],
  ]
  const places = parts.map((part) => prompt.indexOf(part))
  assert.ok(
    places.every((place, index) => place >= 0 && place > (places[index - 1] ?? -1)),
    prompt,
  )
  assert.deepEqual(
    made.flatMap(evidenceOf),
    Array(3).fill('[1] Ada Rusk\nAda Rusk lit the lighthouse in 1874. [end of 1]'),
  )
  assert.equal(made[0]!.corpus.units![0]!.plain, 'Kelder\nKelder is an island.')
  const one = await load('loft', { options: { size: '1m' } })
  assert.deepEqual(counts(one.samples), { 'LOFT, retrieval nq, 1m, dev': 1 })
  assert.equal(the('loft', 'LOFT, retrieval nq, 32k, test test1').unresolved, 1)
})

test('LOFT: what is said is scored by its last line', () => {
  const nq = the('loft', 'LOFT, retrieval nq, 32k, dev dev1')
  assert.deepEqual(nq.check!('[0] Kelder\n[1] Ada Rusk\nFinal Answer: [1, 0]'), { 'said-recall@1': 1 })
  assert.deepEqual(nq.check!('Final Answer: [0, 1]'), { 'said-recall@1': 0 })
  const quest = the('loft', 'LOFT, retrieval quest, 32k, dev q1')
  assert.equal(quest.tags.metric, 'mrecall@3')
  assert.deepEqual(quest.check!("**Final Answer: ['3', 0, 2]**"), { 'said-mrecall@3': 1, 'said-recall@1': 1 / 2 })
  assert.deepEqual(quest.check!('Final Answer: [3, 0, 1, 2]'), { 'said-mrecall@3': 0, 'said-recall@1': 1 / 2 })
  assert.equal(quest.solve!([false, true]), 'Final Answer: [3]')
  const rag = the('loft', 'LOFT, rag nq, 32k, dev dev1')
  assert.deepEqual(rag.check!('Final Answer: ["Miss Ada Rusk"]'), { 'subspan-match': 1 })
  assert.deepEqual(rag.check!('Final Answer: ["nobody", "Ada Rusk"]'), { 'subspan-match': 0 })
  const many = the('loft', 'LOFT, rag quest, 32k, dev q1')
  assert.deepEqual(
    [many.answers, many.needs],
    [
      [['Skua'], ['Elm']],
      [[0], [1]],
    ],
  )
  assert.deepEqual(many.check!('Final Answer: ["an elm", "a skua"]'), { 'subspan-match': 1 })
  assert.deepEqual(many.check!('Final Answer: ["an elm and a skua"]'), { 'subspan-match': 0 })
})

test('LOFT: turns one by one, and tables with the rows that the SQL gives', () => {
  const turns = ['1', '2'].map((turn) => the('loft', `LOFT, retrieval topiocqa, 32k, dev t1 ${turn}`))
  assert.deepEqual(
    turns.map(({ question }) => question),
    ['what is kelder', 'what is kelder\nwho lit its lighthouse'],
  )
  assert.deepEqual(
    turns.map(({ answers }) => answers),
    [[['0']], [['1']]],
  )
  assert.deepEqual(
    turns.map(({ tags }) => [tags.turn, tags.turns, tags.asks]),
    [
      [1, 2, 'what'],
      [2, 2, 'who'],
    ],
  )
  const join = the('loft', 'LOFT, sql spider, 32k, dev s3')
  assert.equal(join.corpus.units!.length, 3)
  assert.deepEqual(evidenceOf(join), ['Table Ferry\nname,seats\nSwan,40\nTern,12', 'Table Crew\nname,ferry\nIda,Swan'])
  assert.equal(the('loft', 'LOFT, sql spider, 32k, dev s2').corpus.units!.length, 1)
  const rows = the('loft', 'LOFT, sql sparc, 32k, dev p1 1')
  assert.deepEqual(rows.answers, [['Swan, 40'], ['Tern, 12']])
  assert.deepEqual(rows.check!('so\nFinal Answer: [["tern", "12.00"], [40, "Swan"]]'), { 'execution-accuracy': 1 })
  assert.deepEqual(rows.check!('Final Answer: [["Tern", 12]]'), { 'execution-accuracy': 0 })
})

test('HELMET: a cell for each set of its seven categories', async () => {
  assert.deepEqual(counts(samplesOf('helmet')), {
    'HELMET, cite asqa': 1,
    'HELMET, cite qampari': 1,
    'HELMET, icl trec_coarse_400shot': 1,
    'HELMET, recall json_kv': 1,
    'HELMET, rag hotpotqa': 1,
    'HELMET, rag nq': 1,
    'HELMET, rag popqa': 1,
    'HELMET, longqa infbench_choice_eng': 1,
    'HELMET, longqa narrativeqa': 1,
    'HELMET, rerank msmarco': 1,
    'HELMET, recall niah_multikey_2': 1,
    'HELMET, recall niah_multivalue': 2,
    'HELMET, summ multi_lexsum': 1,
  })
  const of = (cell: string): Sample[] => samplesOf('helmet').filter((sample) => sample.cell === `HELMET, ${cell}`)
  const [keyed] = of('recall json_kv')
  assert.deepEqual(evidenceOf(keyed!), ['"k-2": "v-2"'])
  assert.equal(keyed!.examples, 'Key: k-1\nValue: v-1\n\nKey: k-3\nValue: v-3')
  const [values, lost] = of('recall niah_multivalue')
  assert.deepEqual(evidenceOf(values!), [
    'One of the special magic numbers for brisk-heron is: 1407255.',
    'One of the special magic numbers for brisk-heron is: 9000111.',
  ])
  assert.deepEqual([values!.answers, values!.needs, lost!.unresolved], [[['1407255'], ['9000111']], [[0], [1]], 2])
  const [any] = of('rag nq')
  assert.deepEqual([any!.solve!([false, true]), any!.solve!([false, false])], ['Ada Rusk', ''])
  assert.equal(of('rag hotpotqa')[0]!.solve, undefined)
  assert.equal(of('rag popqa')[0]!.tags.s_pop, 312)
  const [ranked] = of('rerank msmarco')
  assert.equal(ranked!.check!('7 > 31 > 12')['ndcg@10'], 1)
  const swapped = (1 + 3 / Math.log2(3)) / (3 + 1 / Math.log2(3))
  assert.ok(Math.abs(ranked!.check!('Ranking: 31 > 7 > 99')['ndcg@10']! - swapped) < 1e-12)
  const [cited] = of('cite asqa')
  assert.deepEqual(
    [cited!.answers, cited!.needs],
    [
      [['Ole Brand', 'Brand'], ['Ada Rusk']],
      [[0], [1]],
    ],
  )
  assert.equal(evidenceOf(cited!)[0], '[2] Ole Brand\nOle Brand rowed round Kelder in 1860.')
  const short = await load('helmet', { options: { documents: 2 }, cells: ['HELMET, cite asqa'] })
  assert.deepEqual([unitsOf(short.samples[0]!).length, short.samples[0]!.evidence.length], [2, 1])
  assert.deepEqual(
    [of('longqa infbench_choice_eng')[0]!.answers, of('icl trec_coarse_400shot')[0]!.check!('label: 4')],
    [[['A ferry']], { 'exact-match': 1 }],
  )
})

test('LongMemEval: dated sessions in the order of time, turns that hold the answer, abstention without evidence', () => {
  assert.deepEqual(counts(samplesOf('longmemeval')), { 'LongMemEval, oracle': 1, 'LongMemEval, S': 5 })
  const update = the('longmemeval', 'LongMemEval, S k1')
  const times = update.corpus.sources.map(({ time }) => new Date(time!).toISOString().slice(0, 16))
  assert.deepEqual(times, ['2023-05-20T02:21', '2023-05-22T18:05', '2023-05-29T09:30'])
  assert.deepEqual(evidenceOf(update), ['I adopted a cat called Brill last week.', 'My cat Brill moved to the attic.'])
  assert.equal(update.unresolved, 1)
  assert.equal(unitsOf(update)[0], 'user (2023/05/20 (Sat) 02:21): I adopted a cat called Brill last week.')
  assert.equal(update.corpus.units![0]!.plain, 'I adopted a cat called Brill last week.')
  assert.match(update.cue!, /2023\/06\/01/)
  const preference = the('longmemeval', 'LongMemEval, S p1')
  assert.equal(evidenceOf(preference).length, 1)
  assert.match(evidenceOf(preference)[0]!, /^user .*without onions, please\.\nassistant .*no onions\.$/)
  const abstains = the('longmemeval', 'LongMemEval, S u2_abs')
  assert.deepEqual([abstains.answers, abstains.evidence, abstains.distractors!.length], [[], [], 1])
  assert.deepEqual(
    samplesOf('longmemeval').map(({ tags }) => [tags.ability, tags.abstention]),
    [
      ['multi-session reasoning', false],
      ['information extraction', false],
      ['knowledge updates', false],
      ['information extraction', false],
      ['temporal reasoning', false],
      ['abstention', true],
    ],
  )
  assert.deepEqual(the('longmemeval', 'LongMemEval, S t1').answers, [['2']])
  assert.match(String(the('longmemeval', 'LongMemEval, S t1').tags.rubric), /: 2\. .*off by one/)
})

test('LongMemEval: whole sessions as units, found by what the user said', async () => {
  const { samples } = await load('longmemeval', { options: { units: 'sessions' } })
  const user = samples.find(({ id }) => id === 'LongMemEval, S u1')!
  assert.equal(user.corpus.units!.length, 3)
  assert.equal(user.corpus.units![0]!.plain, 'I adopted a cat called Brill last week. She likes the stove.')
  assert.deepEqual(evidenceOf(user), ['I adopted a cat called Brill last week.'])
})

test('NovelQA: settings, tags and evidence at its place in the book', async () => {
  const { samples, warned } = all.get('novelqa')!
  assert.deepEqual(counts(samples), { 'NovelQA, choice': 4 })
  const gloves = the('novelqa', 'NovelQA, choice TheTideHouse Q0002')
  assert.deepEqual(evidenceOf(gloves), ['“The tide,” said Mrs. Orme, “keeps its own\nbooks.” She had red gloves.'])
  assert.equal(gloves.unresolved, 1)
  assert.deepEqual([gloves.choices, gloves.answers], [['Red', 'Green', 'White', 'Black'], [['Red']]])
  const { complexity, aspect, gold: letter, title, part } = gloves.tags
  assert.deepEqual(
    [complexity, aspect, letter, title, part],
    ['detail', 'charac', 'A', 'The Tide House', 'Demonstration'],
  )
  assert.deepEqual(the('novelqa', 'NovelQA, choice TheTideHouse Q0003').choices, ['Yes', 'No'])
  assert.deepEqual(the('novelqa', 'NovelQA, choice B00 Q0101').answers, [['The mint']])
  assert.deepEqual(warned, [
    'the novel B01 is not there; its 1 questions are left out',
    '1 questions have no published answer; they are left out',
    '1 questions have no published answer; they are left out',
  ])
  const free = await load('novelqa', { options: { setting: 'generative' } })
  assert.deepEqual(counts(free.samples), { 'NovelQA, generative': 5 })
  const asked = free.samples.find(({ tags }) => tags.qid === 'Q0002')!
  assert.deepEqual([asked.choices, asked.answers], [undefined, [['They are red.', 'Red']]])
})

test('NoCha: pairs of the published sample, from its pickled books, and pairs of one’s own', () => {
  const { samples, warned } = all.get('nocha')!
  assert.deepEqual(counts(samples), { NoCha: 4, 'NoCha, own': 4 })
  const pairs = Map.groupBy(samples, ({ tags }) => tags.pair)
  for (const [pair, both] of pairs) {
    assert.deepEqual(
      both.map(({ tags }) => tags.truth),
      [true, false],
      String(pair),
    )
    assert.deepEqual(
      both.map(({ answers }) => answers),
      [[['True']], [['False']]],
    )
    assert.equal(both[0]!.corpus, both[1]!.corpus)
  }
  const [lamp] = pairs.get('the_long_pier_a_writer 12')!
  assert.equal(lamp!.question, 'Nils sees a green lamp at the end of the pier.')
  assert.ok(textOf(lamp!.corpus.sources).startsWith('Nils walked the long pier.'))
  assert.deepEqual([lamp!.tags['false-claim-explanation'], lamp!.tags.genre], ['The lamp is green.', 'historical'])
  assert.ok(!Object.keys(lamp!.tags).some((name) => name.startsWith('response')))
  const [own] = pairs.get('the_inn 1')!
  assert.deepEqual(evidenceOf(own!), ['Berta barred the north door each night.', 'In the end she left by it.'])
  assert.deepEqual([own!.unresolved, own!.tags.scope, own!.tags.author], [1, 'global', 'me'])
  for (const problem of [
    ...[
      /15 has no false claim/,
      /a_lost_book_b_writer is not there; its 1 pairs/,
      /the_inn 2 has the same claim twice/,
    ],
    ...[/the_inn 3 has the scope "chapter"; write sentence, passage, global/, /the_inn 4 has no false claim/],
  ])
    assert.equal(warned.filter((line) => problem.test(line)).length, 1, `${problem}`)
  assert.equal(warned.length, 5)
})

test('DetectiveQA: both languages, clues at their paragraphs, steps of reasoning kept', async () => {
  const { samples, warned } = all.get('detectiveqa')!
  assert.deepEqual(counts(samples), { 'DetectiveQA, en': 3, 'DetectiveQA, zh': 1 })
  const bell = the('detectiveqa', 'DetectiveQA, en 7 human_anno 0')
  assert.deepEqual(evidenceOf(bell), [
    'The bell rang at low water.',
    "Inspector Dahl found sand in the clerk's shoes, though he swore he had not left the office.\nThe sand was wet.",
  ])
  assert.deepEqual(bell.tags, {
    asks: 'who',
    language: 'en',
    annotation: 'human_anno',
    novel: '7',
    gold: 'B',
    steps: 3,
    inferred: 1,
    answer_position: 4,
    paragraphs: 5,
    reasoning: 'The bell rang at low water.\nThe clerk had wet sand in his shoes.\nSo the clerk had been on the beach.',
    distraction: 'A: The cook was near.',
  })
  assert.deepEqual([bell.choices, bell.answers], [['The cook', 'The clerk', 'Dahl', 'No one'], [['The clerk']]])
  assert.equal(the('detectiveqa', 'DetectiveQA, en 7 human_anno 1').unresolved, 1)
  assert.equal(the('detectiveqa', 'DetectiveQA, en 7 AIsup_anno 0').evidence.length, 1)
  assert.deepEqual(evidenceOf(samples.at(-1)!), ['退潮时钟响了。', '达尔探长在职员的鞋里发现了沙子。'])
  assert.deepEqual(samples.at(-1)!.answers, [['职员']])
  assert.deepEqual(
    warned.map((line) => line.replace(/;.*/, '')),
    ['question 1: "E" is no option', 'novel 9 is not there in en'],
  )
  const early = await load('detectiveqa', { options: { context: 'before-answer' }, cells: ['DetectiveQA, en'] })
  const cut = early.samples.find(({ id }) => id === bell.id)!
  assert.ok(textOf(cut.corpus.sources).endsWith('[3] Nobody spoke.'))
  assert.deepEqual([evidenceOf(cut), cut.corpus.units!.length], [evidenceOf(bell), 3])
})

test('QuALITY: pages as they show, two sets of questions on one article, the hard ones marked', () => {
  const { samples, warned } = all.get('quality')!
  assert.deepEqual(counts(samples), { 'QuALITY, dev': 4, 'QuALITY, train': 1 })
  const [walk, keeper, sold] = samples
  assert.equal(
    textOf(walk!.corpus.sources),
    'THE SALT ROAD\n\nIvo walked the salt road for three days.\nHe sold nothing.\n\nOn the fourth day the toll keeper & his dog let him pass.',
  )
  assert.equal(walk!.corpus, sold!.corpus)
  assert.deepEqual(
    samples.map(({ tags, answers }) => [tags.difficult, tags.gold, answers[0]![0]]),
    [
      [false, 'C', 'Three days'],
      [true, 'B', 'The toll keeper'],
      [true, 'C', 'Nothing'],
      [false, 'A', 'Lamps'],
      [false, 'A', 'Red'],
    ],
  )
  assert.equal(keeper!.tags.context, 8 / 3)
  assert.deepEqual([keeper!.tags.writer_id, keeper!.tags.set_unique_id], ['1003', '50001_A'])
  assert.deepEqual(warned, ['1 questions are published without their answer; they are left out'])
})

test('NarrativeQA: stories cut to their published ends, pages as they show, or the summaries', async () => {
  const { samples, warned } = all.get('narrativeqa')!
  assert.deepEqual(counts(samples), { 'NarrativeQA, story, test': 3 })
  const texts = [...new Set(samples.map(({ corpus }) => textOf(corpus.sources)))]
  assert.deepEqual(texts, [
    'The Ferry,\n\nor Ice\n\nOrla inherited the ferry. The ice was thick, and the ice.\nIt broke; she lost her to the ice.',
    'NIGHT SHIFT\nWritten by N. N.\n\nOLD SAM guards the bakery.\n\nFADE OUT.',
  ])
  assert.deepEqual(samples[0]!.answers, [['A ferry.', 'the ferry']])
  assert.deepEqual([samples[0]!.tags.kind, samples[0]!.tags.wiki_title], ['gutenberg', 'The Ferry, or Ice'])
  assert.deepEqual(warned, ['the story of Lost is not there; 1 questions are left out'])
  const over = await load('narrativeqa', { options: { over: 'summary' } })
  assert.deepEqual(counts(over.samples), { 'NarrativeQA, summary, test': 3, 'NarrativeQA, summary, valid': 1 })
  assert.equal(textOf(over.samples[0]!.corpus.sources), 'Orla inherits a ferry, "the Swan",\nand loses it to the ice.')
})

test('Qasper: every reader’s answer is a form, evidence at its paragraph, captions for floats', async () => {
  const { samples, warned } = all.get('qasper')!
  assert.deepEqual(counts(samples), { 'Qasper, dev': 4, 'Qasper, train': 1 })
  const f1 = await loadLeaf(metrics, 'f1')
  const of = (id: string): Sample => the('qasper', `Qasper, dev ${id}`)
  const spans = of('q-ext')
  assert.deepEqual(spans.answers, [['4,000 sentences, ship logs', 'sentences of ship logs']])
  assert.equal(await f1({ said: 'sentences of ship logs', answers: spans.answers }), 1)
  assert.equal(await f1({ said: '4000 sentences', answers: spans.answers }), (2 * 1 * (2 / 4)) / (1 + 2 / 4))
  assert.deepEqual(evidenceOf(spans), [
    'We tag 4,000 sentences of ship logs. Two readers agree on 91% of them.',
    'It reaches 88.4 F1, three points above the baseline.',
  ])
  // The first reader needs the first paragraph alone, the second both.
  assert.deepEqual([spans.solve!([true, false]), spans.solve!([false, true])], ['4,000 sentences, ship logs', ''])
  assert.deepEqual(unitsOf(spans), [
    ...['Tagging Ship Logs', 'We present a corpus of ship logs with tags.'],
    ...['We tag 4,000 sentences of ship logs. Two readers agree on 91% of them.'],
    ...['Our tagger is a small recurrent net with 2 layers.', 'It reaches 88.4 F1, three points above the baseline.'],
    ...['We thank the harbour.', 'Table 1: Tags and how often they come.'],
  ])
  assert.match(textOf(spans.corpus.sources), /\nModels ::: Tagger\nOur tagger/)
  assert.deepEqual(
    ['q-ext', 'q-yes', 'q-none', 'q-float'].map((id) => [of(id).tags.type, of(id).tags.answerable]),
    [
      ['extractive', true],
      ['boolean', true],
      ['none', false],
      ['abstractive', true],
    ],
  )
  assert.deepEqual(of('q-yes').answers, [['Yes', 'Unanswerable']])
  assert.equal(await f1({ said: 'unanswerable', answers: of('q-none').answers }), 1)
  assert.deepEqual(
    [evidenceOf(of('q-float')), of('q-float').unresolved],
    [['Table 1: Tags and how often they come.'], 1],
  )
  assert.match(warned.join(), /^q-empty: no answer/)
  const fine = await load('qasper', { options: { evidence: 'sentences' } })
  assert.deepEqual(evidenceOf(fine.samples[1]!), ['three points above the baseline'])
})

async function results(name: string, system: string, options: Options = {}): Promise<Map<string, Result>> {
  const counter = await tokenCounter('o200k_base')
  const reader: Reader = await (await loadLeaf(readers, 'simulated'))('perfect', { counter, environment: {} })
  const job = { kind: 'dataset', name, length: 0, seed: 1, options, label: name, data: join(fixtures, name) } as const
  const found = new Map<string, Result>()
  for await (const { result } of runJob(job, {
    spec: { name: 'test', tasks: [name], systems: [system], lines: false, budgets: ['all'], ranks: [1, 5] },
    counter,
    analyzer: await (await loadLeaf(analyzers, 'words'))(),
    haystack: { name: 'none', sentences: [] },
    readers: [reader],
    data: '',
    judge: {
      name: 'half',
      origin: 'scripted',
      judge: async (asked) => ({ score: asked.kind === 'reasoning' && /sand/.test(asked.step) ? 1 : 0 }),
    },
    done: () => false,
    warn: () => {},
  }))
    found.set(result.sample, result)
  return found
}

test('a run over LOFT: the same items read whole and by a retriever', async () => {
  const [whole, ranked] = [await results('loft', 'whole'), await results('loft', 'bm25-passages')]
  assert.deepEqual([...whole.keys()].sort(), [...ranked.keys()].sort())
  const id = 'LOFT, retrieval quest, 32k, dev q1'
  assert.deepEqual([whole.get(id)!.scores['said-mrecall@3'], whole.get(id)!.scores['recall@1']], [1, undefined])
  // One of its two documents shares no word with the question, so plain BM25 does not find it.
  assert.deepEqual([ranked.get(id)!.scores['recall@1'], ranked.get(id)!.scores['mrecall@5']], [1 / 2, 0])
  assert.equal(whole.get('LOFT, rag nq, 32k, dev dev1')!.scores['subspan-match'], 1)
  assert.equal(whole.get('LOFT, sql spider, 32k, dev s3')!.scores['execution-accuracy'], 1)
})

test('a run over DetectiveQA, LongMemEval and NoCha: choices, steps for a judge, recall of turns, both of a pair', async () => {
  const bell = (await results('detectiveqa', 'whole')).get('DetectiveQA, en 7 human_anno 0')!
  assert.deepEqual([bell.scores['choice-accuracy'], bell.scores.reasoning], [1, 1 / 3])
  const memory = await results('longmemeval', 'bm25-passages')
  assert.equal(memory.get('LongMemEval, S u1')!.scores['recall@5'], 1)
  assert.equal(memory.get('LongMemEval, S u2_abs')!.scores['recall@5'], undefined)
  const claims = await results('nocha', 'whole')
  const own = [...claims.values()].filter(({ tags }) => tags.pair === 'the_inn 1')
  assert.deepEqual(
    own.map(({ scores, tags }) => [tags.truth, scores['choice-accuracy']]),
    [
      [true, 1],
      [false, 1],
    ],
  )
})

async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fovea-loaders-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}
async function gather<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = []
  for await (const value of values) list.push(value)
  return list
}

test('a list of JSON is read item by item as JSON.parse reads it, gzipped or not, laid out or not', async (t) => {
  const folder = await folderFor(t)
  const item = fc.oneof(
    fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }),
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(fc.jsonValue()),
  )
  let number = 0
  await fc.assert(
    fc.asyncProperty(fc.array(item, { maxLength: 6 }), fc.boolean(), fc.boolean(), async (list, packed, wide) => {
      const text = JSON.stringify(list, null, wide ? 2 : 0)
      const name = `list${number++}.json${packed ? '.gz' : ''}`
      await writeFile(join(folder, name), packed ? gzipSync(text) : text)
      assert.deepEqual(await gather(readItems({ data: folder }, name)), JSON.parse(text))
    }),
    { numRuns: 30 },
  )
  // Larger than a piece of a stream, so that items and strings are cut anywhere.
  const long = Array.from({ length: 40 }, (_, index) => ({
    index,
    text: `"[{,${'ä\\'.repeat(3000 + index)}`,
    in: [index, { a: ']' }],
  }))
  await writeFile(join(folder, 'long.json'), JSON.stringify(long))
  assert.deepEqual(await gather(readItems({ data: folder }, 'long.json')), long)
  await writeFile(join(folder, 'bad.json'), '[{"a": 1}, {"a": nothing}, {"a": 3}]')
  const told: string[] = []
  const rest = await gather(readItems({ data: folder, warn: ({ message }) => told.push(message) }, 'bad.json'))
  assert.deepEqual(rest, [{ a: 1 }, { a: 3 }])
  assert.match(told.join(), /item 2 is no JSON/)
  await writeFile(join(folder, 'map.json'), '{"data": [{"a": 1}, {"a": 2}]}')
  assert.deepEqual(await gather(readItems({ data: folder }, 'map.json')), [{ a: 1 }, { a: 2 }])
})

test('lines of JSON end with a line feed and nothing else', async (t) => {
  const folder = await folderFor(t)
  const rows = [{ text: 'a\u2028b\u2029c' }, { text: 'd\u0085e' }, { text: 'x'.repeat(200_000) }, { text: 'last' }]
  for (const [ending, name] of [
    ['\n', 'rows.jsonl'],
    ['\r\n', 'rows.ndjson'],
    ['\n', 'rows.dev'],
    ['\n', 'packed.jsonl.gz'],
  ]) {
    const text = rows.map((row) => JSON.stringify(row)).join(ending)
    await writeFile(join(folder, name!), name!.endsWith('.gz') ? gzipSync(text) : text)
    assert.deepEqual(await gather(readRows({ data: folder }, name!)), rows, name)
  }
})

test('a pickled map of texts is read, and a pickle of anything else refused without running it', async (t) => {
  const folder = await folderFor(t)
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(value)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(bytes.length)
    return Buffer.concat([Buffer.from('X'), length, bytes])
  }
  // Protocol 3, as Python wrote it before 3.8: keys and values, each put into the memo, one of them fetched from it.
  const put = (number: number): Buffer => Buffer.from([113, number])
  const map = Buffer.concat([
    ...[
      Buffer.from([128, 3]),
      Buffer.from('}'),
      put(0),
      Buffer.from('('),
      text('a'),
      put(1),
      text('Ä long text'),
      put(2),
    ],
    ...[text('b'), put(3), Buffer.from([104, 2]), Buffer.from('u.')],
  ])
  await writeFile(join(folder, 'map.pkl'), map)
  assert.deepEqual(
    [...(await readPickledTexts({ data: folder }, 'map.pkl'))],
    [
      ['a', 'Ä long text'],
      ['b', 'Ä long text'],
    ],
  )
  const others = {
    call: Buffer.from("cos\nsystem\n(S'true'\ntR."),
    list: Buffer.from([128, 4, 93, 46]),
    cut: map.subarray(0, 30),
  }
  for (const [name, bytes] of Object.entries(others)) {
    await writeFile(join(folder, `${name}.pkl`), bytes)
    await assert.rejects(readPickledTexts({ data: folder }, `${name}.pkl`), { code: 'data-invalid' })
  }
})

test('replies: lists as models write them, tables, matches one to one, gains', () => {
  assert.deepEqual(finalList("Final Answer: ['child bride', 'the devil's sleep', 3]"), [
    'child bride',
    "the devil's sleep",
    '3',
  ])
  assert.deepEqual(finalList('Final Answer: [["a", 1], ["b", 2]]'), [
    ['a', 1],
    ['b', 2],
  ])
  assert.deepEqual(finalList("final answer: [('a', None), (b c, 2)]"), [
    ['a', 'None'],
    ['b c', '2'],
  ])
  assert.deepEqual([finalList('none here'), finalList('Final Answer: []')], [undefined, []])
  assert.ok(sameRows([['x', '2.004']], [['X ', 2]]) && !sameRows([['x', 2.01]], [['x', 2]]) && sameRows([28], [[28]]))
  // "a" fits both answers, "ab" only the second: each must have its own.
  assert.ok(eachWithin(['ab c', 'ab'], [['ab'], ['ab c d']]))
  assert.ok(!eachWithin(['ab'], [['ab'], ['abc']]))
  const labels = new Map([
    ['p', 2],
    ['q', 0],
    ['r', 1],
  ])
  assert.equal(gainAt(1, ['r', 'p'], labels), 1 / 2)
  assert.equal(gainAt(10, [], new Map([['p', 0]])), 0)
  assert.equal(likeness('abcd', 'abxd'), 6 / 8)
})

test('questions by what they ask, and choices by letter', () => {
  assert.deepEqual(
    ['In which year?', 'How many are there?', 'Whose is it?', 'Did he go?', 'Name it.', 'Why so?'].map(questionKind),
    ['which', 'how many', 'who', 'yes/no', 'other', 'why'],
  )
  assert.deepEqual(choicesOf({ B: 'two', A: 'one', C: '', D: null }), { letters: ['A', 'B'], texts: ['one', 'two'] })
  assert.deepEqual(choicesOf(['x', 'y']), { letters: ['A', 'B'], texts: ['x', 'y'] })
})

test('few samples of pools are spread over all of them, each by the same name whatever their number', async () => {
  const sizes = [40, 1, 0, 159, 100]
  const read = async function* () {
    for (const [at, size] of sizes.entries())
      yield pool(
        'all',
        [`text ${at}`],
        Array.from({ length: size }, (_, question) => ({ text: `${at}/${question}` })),
      )
  }
  const asked = async (samples?: number): Promise<Map<string, string>> => {
    const found = new Map<string, string>()
    const request = { data: '', options: {}, warn: () => {}, ...(samples === undefined ? {} : { samples }) }
    for await (const { id, question } of pools(read)(request as never)) found.set(id, question)
    return found
  }
  const all = await asked()
  assert.equal(all.size, 300)
  for (const samples of [0, 1, 7, 30, 299, 300, 1000]) {
    const some = await asked(samples)
    assert.equal(some.size, Math.min(300, samples))
    for (const [id, question] of some) assert.equal(all.get(id), question)
    if (samples !== 30) continue
    const of = (at: number): number => [...some.values()].filter((question) => question.startsWith(`${at}/`)).length
    assert.deepEqual([of(0), of(3), of(4)], [4, 16, 10])
  }
})

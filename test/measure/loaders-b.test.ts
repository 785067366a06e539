// What is special about each loader, by hand, over small files of the published shape.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { type Citation, FoveaError, loadLeaf } from '../../src/core/index.ts'
import { pythonPath, runTests } from '../../src/measure/adapters/sandbox.ts'
import { commonSubsequence, identityRatio } from '../../src/measure/align.ts'
import { conditionalAnswers, conditionalLine, conditionsShared } from '../../src/measure/conditions.ts'
import { bleu, countScore, formatScore, inputScore, phraseScore } from '../../src/measure/criteria.ts'
import { optionsOf } from '../../src/measure/datasets/analobench.ts'
import { boxOverlap } from '../../src/measure/datasets/curie.ts'
import { keywordF1 } from '../../src/measure/datasets/lv-eval.ts'
import { chunksOf } from '../../src/measure/datasets/memoryagentbench.ts'
import { declarationsOf, namedBy } from '../../src/measure/datasets/minictx.ts'
import {
  analyses,
  type DatasetRequest,
  datasets,
  type Judge,
  type JudgeRequest,
  type Metric,
  metrics,
  type Outcome,
  type Result,
  type Sample,
} from '../../src/measure/index.ts'

const fixtures = join(import.meta.dirname, '../golden/datasets')
const data = process.env.FOVEA_DATA ?? ''

async function load(name: string, more: Partial<DatasetRequest> = {}) {
  const warnings: string[] = []
  const dataset = await loadLeaf(datasets, name)
  const samples: Sample[] = []
  const warn = ({ message }: { message: string }) => warnings.push(message)
  for await (const sample of dataset({ data: join(fixtures, name), warn, ...more })) samples.push(sample)
  return { samples, warnings }
}
const cellsOf = (samples: readonly Sample[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(samples, ({ cell }) => cell)].map(([cell, list]) => [cell, list.length]))
const texts = ({ corpus, evidence }: Sample): string[] =>
  evidence.map(({ source, start, end }) => corpus.sources.find(({ id }) => id === source)!.text.slice(start, end))
const goldOf = (sample: Sample): string =>
  sample.solve?.(sample.evidence.map(() => true)) ?? sample.answers.map(([form]) => form).join(', ')
const main = (sample: Sample, said: string): number => Object.values(sample.check!(said))[0]!
const close = (value: number | undefined, wanted: number): void =>
  assert.ok(value !== undefined && Math.abs(value - wanted) < 1e-9, `${value}, not ${wanted}`)

const metric: Record<string, Metric> = {}
for (const { meta } of metrics) metric[meta.name] = await loadLeaf(metrics, meta.name)
const score = (name: string, outcome: Outcome): number => metric[name]!(outcome) as number

test('conditional answers: gold scores 1, missing and superfluous conditions and answers cost', () => {
  const answers = [['yes | you are over 18 ; you live in Wales', 'yes'], ['a licence']]
  const f1 = (said: string): number => score('condition-f1', { said, answers })
  const em = (said: string): number => score('condition-em', { said, answers })
  for (const rate of [f1, em]) {
    close(rate('yes | you are over 18 ; you live in Wales\na licence'), 1)
    close(rate('- The licence.\n2. Yes | <p>You live in Wales.</p> ; you are over 18'), 1)
    close(rate('yes | you are over 18\na licence'), (2 / 3 + 1) / 2)
    close(rate('yes\na licence'), 1 / 2)
    close(rate('yes | you are over 18 ; you live in Wales ; you have a dog\na licence'), (4 / 5 + 1) / 2)
    close(rate('yes | you are over 18 ; you live in Wales\na licence | you pay'), 1 / 2)
    close(rate('yes | you are over 18 ; you live in Wales'), 1 / 2)
    close(rate('yes | you are over 18 ; you live in Wales\na licence\nno'), Math.exp(1 - 3 / 2))
    close(rate(''), 0)
  }
  close(f1('yes | you are over 18 ; you live in Wales\na fishing licence'), (1 + 2 / 3) / 2)
  close(em('yes | you are over 18 ; you live in Wales\na fishing licence'), 1 / 2)
  assert.equal(score('condition-f1', { said: '', answers: [] }), 1)
  assert.equal(score('condition-em', { said: 'Not answerable.', answers: [] }), 1)
  assert.equal(score('condition-f1', { said: 'yes', answers: [] }), 0)
})

test('conditional answers are matched as the best of all orders would be', () => {
  const word = fc.constantFrom('a1', 'b2', 'c3')
  const one = fc.record({ answer: word, conditions: fc.uniqueArray(word, { maxLength: 2 }) })
  const list = (least: number) => fc.array(one, { minLength: least, maxLength: 3 })
  type Answers = { answer: string; conditions: string[] }[]
  const orders = (items: Answers): Answers[] =>
    items.length === 0
      ? [[]]
      : items.flatMap((item, at) => orders(items.toSpliced(at, 1)).map((rest) => [item, ...rest]))
  fc.assert(
    fc.property(list(0), list(1), (said, wanted) => {
      const worth = (order: Answers): number =>
        order.reduce((sum, { answer, conditions }, at) => {
          const other = wanted[at]
          return sum + (other?.answer === answer ? conditionsShared(conditions, other.conditions) : 0)
        }, 0)
      // Blank answers let any that were said go unmatched.
      const blank = wanted.map(() => ({ answer: '', conditions: [] }))
      const best = Math.max(...orders([...said, ...blank].slice(0, 6)).map(worth)) / wanted.length
      const surplus = said.length > wanted.length ? Math.exp(1 - said.length / wanted.length) : 1
      const lines = (answers: Answers): string[] => answers.map(conditionalLine)
      close(
        score('condition-em', { said: lines(said).join('\n'), answers: lines(wanted).map((line) => [line]) }),
        best * surplus,
      )
    }),
    { numRuns: 60 },
  )
})

test('a conditional line is read back as it was written', () => {
  assert.deepEqual(
    conditionalAnswers(conditionalLine({ answer: 'up to £5; or more', conditions: ['<li>x | y</li>', 'z'] })),
    [{ answer: 'up to £5, or more', conditions: ['x , y', 'z'] }],
  )
})

test('ConditionalQA: answers with their conditions over the page’s own snippets', async (t) => {
  if (data === '') return t.skip('FOVEA_DATA is not set')
  const { samples } = await load('conditionalqa', { data, cells: ['ConditionalQA, answers'] })
  assert.equal(samples.length, 2338)
  assert.equal(new Set(samples.map(({ corpus }) => corpus)).size, 436)
  const kinds = Map.groupBy(samples, ({ tags }) => tags.kind)
  assert.equal(kinds.get('not answerable')!.length, 91)
  assert.ok(kinds.get('not answerable')!.every(({ answers }) => answers.length === 0))
  assert.equal(samples.filter(({ tags }) => Number(tags.conditions) > 0).length, 550)
  for (const sample of samples) {
    assert.equal(sample.unresolved, undefined)
    const { answers } = sample
    close(score('condition-f1', { said: goldOf(sample), answers }), 1)
    close(score('condition-em', { said: goldOf(sample), answers }), 1)
  }
  const second = samples.find(({ id }) => id === 'train-1')!
  assert.deepEqual(second.answers, [['yes | You must be 18 or over.', 'yes']])
  const conditions = texts(second).map((text) => text.trim() === 'You must be 18 or over.')
  assert.ok(conditions.includes(true))
  // Whoever saw all but the condition leaves it out, and pays for it.
  const said = second.solve!(conditions.map((condition) => !condition))
  assert.equal(said, 'yes')
  assert.equal(score('condition-f1', { said, answers: second.answers }), 0)
})

test('ConditionalQA: whole pages where they are there', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fovea-conditional-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const row = {
    id: 'dev-0',
    url: 'https://x/y',
    scenario: 'I am 17.',
    question: 'May I?',
    not_answerable: false,
    answers: [['no', ['<p>Not before 18.</p>']]],
    evidences: ['<h1>Boats</h1>', '<p>Gone.</p>'],
  }
  await writeFile(join(folder, 'train.json'), JSON.stringify([{ ...row, id: 'train-0' }]))
  await writeFile(join(folder, 'dev.json'), JSON.stringify([row]))
  const contents = ['<h1>Boats</h1>', '<p>Not before 18.</p>', '<p>Other.</p>']
  await writeFile(join(folder, 'documents.json'), JSON.stringify([{ url: row.url, title: 'Boats', contents }]))
  const { samples } = await load('conditionalqa', { data: folder, cells: ['ConditionalQA, answers, dev'] })
  assert.equal(samples.length, 1)
  assert.equal(samples[0]!.corpus.units!.length, 3)
  assert.deepEqual(
    texts(samples[0]!).map((text) => text.trim()),
    ['Boats', 'Not before 18.'],
  )
  assert.equal(samples[0]!.unresolved, 1)
  assert.equal(goldOf(samples[0]!), 'no | Not before 18.')
})

test('each set is found below the data folder as in its own', async () => {
  const names = [
    'alce',
    'analobench',
    'cello',
    'clover',
    'curie',
    'docbench',
    'ethic',
    'findver',
    'locov1',
    'longvideobench',
    'lv-eval',
    'memoryagentbench',
    'minictx',
    'prelude',
    'scbench',
  ]
  for (const name of names) {
    const own = (await load(name)).samples.map(({ id }) => id)
    assert.ok(own.length > 0, name)
    const below = await load(name, { data: fixtures })
    assert.deepEqual(
      below.samples.map(({ id }) => id),
      own,
      name,
    )
  }
})

test('FinDVer: labels as choices, paragraphs found by their id, claims of one filing together', async () => {
  const { samples } = await load('findver')
  assert.deepEqual(cellsOf(samples), { 'FinDVer, ie': 2, 'FinDVer, numeric': 1, 'FinDVer, knowledge': 1 })
  const [first, second, third, fourth] = samples
  assert.equal(first!.id, 'ie-val-0')
  assert.equal(first!.corpus, second!.corpus)
  assert.equal(third!.corpus, fourth!.corpus)
  assert.deepEqual(texts(first!), [
    '(in thousands)\n\n| 2023 | 2022 |\n| Rope | 412 | 380 |\n| Twine | 97 | 101 |',
    'The company leases two sheds at the quay until 2031.',
  ])
  assert.deepEqual(first!.answers, [['entailed']])
  assert.deepEqual(second!.answers, [['refuted']])
  assert.equal(first!.question, 'Claim: Harbour Ropes sold rope for 412 thousand crowns in 2023 and leased two sheds.')
  assert.deepEqual([first!.tags.evidence, second!.tags.evidence, third!.tags.evidence], ['both', 'table', 'paragraph'])
  assert.deepEqual(
    [first!.tags.form, first!.tags.subset, first!.tags.label, first!.tags.split],
    ['10-K', 'ie', 'entailed', 'testmini'],
  )
  assert.equal(third!.unresolved, 1)
  assert.equal(first!.corpus.units!.length, 3)
  assert.deepEqual(
    first!.corpus.sources[0]!.outline!.map(({ kind }) => kind),
    ['paragraph', 'table', 'paragraph'],
  )
})

test('DocBench: a raw PDF is read end to end; what does not stand in it is counted', async () => {
  const { samples, warnings } = await load('docbench')
  assert.deepEqual(cellsOf(samples), {
    'DocBench, text': 1,
    'DocBench, meta': 1,
    'DocBench, unanswerable': 1,
    'DocBench, multimodal': 2,
  })
  assert.deepEqual(texts(samples[0]!), [
    'To fix this, edit the Cargo.toml file for the adder package and indicate that rand is a dependency for it as well.',
  ])
  assert.deepEqual(samples[0]!.tags, { type: 'text-only', kind: 'text', field: 'academia', file: '0' })
  assert.equal(samples[1]!.unresolved, 1)
  assert.deepEqual(
    [samples[2]!.tags.type, samples[2]!.evidence.length, samples[2]!.unresolved],
    ['una-web', 0, undefined],
  )
  assert.equal(samples[3]!.tags.field, 'finance')
  assert.match(texts(samples[3]!)[0]!, /^The tide came in .* on their chains$/)
  assert.equal(warnings.length, 1)
  assert.match(warnings[0]!, /encrypted\.pdf.*left out$/s)
  assert.ok(samples[0]!.corpus.sources[0]!.outline!.some(({ kind }) => kind === 'page' || kind === 'section'))
})

test('ALCE: each answer rests on the first passage that holds it', async () => {
  const { samples } = await load('alce')
  assert.deepEqual(cellsOf(samples), { 'ALCE, asqa, gtr': 1, 'ALCE, eli5, bm25': 1, 'ALCE, qampari, gtr oracle': 1 })
  const [asqa, eli5, qampari] = samples
  assert.deepEqual(asqa!.answers, [['1801', 'the year 1801'], ['1874'], ['1999']])
  assert.deepEqual(texts(asqa!), [
    '[2] Skerry light\nA tower of wood burned from 1801 on.',
    '[3] Skerry light\nStone replaced it in 1874; the old one dated from 1801.',
  ])
  assert.deepEqual(asqa!.needs, [[0], [1], []])
  assert.equal(asqa!.unresolved, 1)
  assert.deepEqual(eli5!.answers, [['Fibres of rope hold air.'], ['Air is lighter than water.']])
  assert.deepEqual([eli5!.evidence.length, eli5!.unresolved], [0, undefined])
  assert.deepEqual(
    [qampari!.answers, qampari!.needs],
    [
      [['Skerry', 'Skerry Rock'], ['Holm']],
      [[0], [0]],
    ],
  )
  assert.equal(asqa!.corpus.units!.length, 3)
})

const judgeOf = (says: (request: JudgeRequest) => boolean): Judge => ({
  name: 'scripted',
  origin: 'scripted',
  judge: async (request) => ({ score: says(request) ? 1 : 0 }),
})

test('SCBench: turns share a corpus, alone and after one another', async () => {
  const { samples } = await load('scbench')
  assert.deepEqual(cellsOf(samples), {
    'SCBench kv, multi-request': 4,
    'SCBench kv, multi-turn': 4,
    'SCBench vt, multi-request': 1,
    'SCBench vt, multi-turn': 1,
    'SCBench choice_eng, multi-request': 1,
    'SCBench choice_eng, multi-turn': 1,
    'SCBench mf, multi-request': 1,
    'SCBench mf, multi-turn': 1,
    'SCBench repoqa_and_kv, multi-request': 2,
    'SCBench repoqa_and_kv, multi-turn': 2,
  })
  const kv = samples.filter(({ cell }) => cell.startsWith('SCBench kv'))
  assert.equal(new Set(kv.map(({ corpus }) => corpus)).size, 2)
  const first = kv.slice(0, 6)
  assert.equal(new Set(first.map(({ corpus }) => corpus)).size, 1)
  assert.deepEqual(
    first.map(({ tags }) => [tags.mode, tags.turn, tags.first].join(' ')),
    [
      'multi-request 1 true',
      'multi-request 2 false',
      'multi-request 3 false',
      'multi-turn 1 true',
      'multi-turn 2 false',
      'multi-turn 3 false',
    ],
  )
  assert.deepEqual(texts(first[1]!), ['"c3": "oar-05'])
  assert.ok(!first[1]!.question.includes('plum'))
  assert.match(first[4]!.question, /^Key: "b2"\n.*plum-31\n\nKey: "c3"/s)
  assert.equal(first[2]!.unresolved, 1)
  const by = (cell: string): Sample[] => samples.filter((sample) => sample.cell === `SCBench ${cell}, multi-request`)
  assert.deepEqual(by('vt')[0]!.answers, [['ABC'], ['XYZ']])
  assert.deepEqual(texts(by('vt')[0]!), ['VAR ABC = 12345', 'VAR XYZ = VAR ABC'])
  assert.deepEqual(
    [by('choice_eng')[0]!.choices, by('choice_eng')[0]!.answers],
    [['Four', 'Five', 'Six', 'Seven'], [['Six']]],
  )
  assert.deepEqual(by('mf')[0]!.answers, [['9']])
  assert.deepEqual(
    by('repoqa_and_kv').map(({ tags }) => [tags.task, tags.ability, tags.function, tags.lang]),
    [
      ['repoqa', 'many tasks', 'splice', 'python'],
      ['kv', 'many tasks', undefined, 'python'],
    ],
  )
  assert.deepEqual(texts(by('repoqa_and_kv')[0]!), ['def splice(a, b):\n    return a + b'])
})

test('MemoryAgentBench: chunk by chunk, four abilities, the latest fact wins', async () => {
  const { samples } = await load('memoryagentbench')
  assert.deepEqual(cellsOf(samples), {
    'MemoryAgentBench, accurate retrieval': 2,
    'MemoryAgentBench, test time learning': 1,
    'MemoryAgentBench, long range understanding': 1,
    'MemoryAgentBench, conflict resolution': 4,
  })
  const conflict = samples.filter(({ tags }) => tags.ability === 'conflict resolution')
  assert.deepEqual(texts(conflict[0]!), ['The capital of Norland is Hamn.'])
  const lure = conflict[0]!.distractors![0]!
  assert.equal(lure.says, 'Vik')
  assert.equal(conflict[0]!.distractors!.length, 1)
  assert.deepEqual(
    [conflict[1]!.answers, texts(conflict[1]!)],
    [[['Ann Moe', 'Moe']], ['The author of Tides is Ann Moe.']],
  )
  assert.deepEqual([conflict[2]!.evidence.length, conflict[2]!.unresolved], [0, 1])
  assert.deepEqual(
    [conflict[3]!.evidence.length, conflict[3]!.unresolved, conflict[3]!.tags.source],
    [0, undefined, 'factconsolidation_mh_6k'],
  )
  const [ferry, baker] = samples
  assert.deepEqual(ferry!.tags, {
    ability: 'accurate retrieval',
    source: 'longmemeval_s*',
    chunks: 1,
    qa_pair_id: 'lme_0',
    question_id: 'q0',
    question_type: 'single-session-user',
    question_date: '2023/05/20',
  })
  assert.deepEqual([texts(ferry!), texts(baker!)], [['Gulltop'], ['four']])
  assert.deepEqual(samples.find(({ tags }) => tags.source === 'detective_qa')!.answers, [['A. The cook', 'The cook']])
  const small = (
    await load('memoryagentbench', { options: { chunk: 10 }, cells: ['MemoryAgentBench, accurate retrieval'] })
  ).samples
  assert.deepEqual(
    small[0]!.corpus.sources.map(({ text }) => text.trim()),
    [
      'Session one was about boats. The ferry is called Gulltop.',
      'Nobody liked the rain. Session two was about bread.',
      'The baker rises at four. He sells rye.',
    ],
  )
  assert.equal(small[0]!.corpus, small[1]!.corpus)
})

test('chunks hold every sentence once, in order, and no more words than asked but for one long sentence', () => {
  const sentence = fc
    .array(fc.constantFrom('oar', 'tide', 'rope'), { minLength: 1, maxLength: 6 })
    .map((words) => `${words.join(' ')}.`)
  fc.assert(
    fc.property(fc.array(sentence, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 9 }), (list, words) => {
      const text = list.map((one) => one[0]!.toUpperCase() + one.slice(1)).join(' ')
      const chunks = chunksOf(text, words)
      assert.equal(chunks.map(([start, end]) => text.slice(start, end)).join(''), text)
      for (const [start, end] of chunks) {
        const own = text.slice(start, end).trim()
        assert.ok(own.split(' ').length <= words || (own.match(/\./g) ?? []).length === 1, own)
      }
    }),
  )
})

test('CURIE: ten tasks of eight folders; gold scores 1 by the program of each', async () => {
  const { samples, warnings } = await load('curie')
  assert.deepEqual(cellsOf(samples), {
    'CURIE, DFT-S': 1,
    'CURIE, DFT-P': 1,
    'CURIE, DFT-C': 2,
    'CURIE, MPV': 1,
    'CURIE, HFD': 1,
    'CURIE, HFE': 1,
    'CURIE, QECC': 1,
    'CURIE, GEO': 1,
    'CURIE, BIOGR': 1,
    'CURIE, PDB': 1,
  })
  assert.equal(warnings.length, 2)
  const by = (name: string): Sample => samples.find(({ cell }) => cell === `CURIE, ${name}`)!
  assert.deepEqual(by('DFT-S').answers, [['[{"common_name": "salt", "vacuum": NaN}]']])
  assert.deepEqual(by('DFT-P').answers, [['[{"functional": "PBE"}]']])
  assert.match(by('DFT-C').answers[0]![0]!, /^import ase\nstructure_metadata_NaCl/)
  assert.deepEqual(JSON.parse(by('MPV').answers[0]![0]!), [
    { index: 0, material: 'ZnO', property_name: 'bandgap', value_average: 3.3, value_units: 'eV', pressure: 'NaN' },
  ])
  assert.deepEqual(by('QECC').answers, [['{"yaml":"code_id: torus\\nname: Torus code"}']])
  assert.deepEqual(
    [by('DFT-S').tags.difficulty, by('PDB').tags.difficulty, by('GEO').tags.difficulty],
    ['easy', 'hard', undefined],
  )
  for (const sample of samples) {
    assert.equal(score('rouge-l', { said: goldOf(sample), answers: sample.answers }), 1)
    if (sample.check) close(main(sample, goldOf(sample)), 1)
  }
  const pdb = by('PDB')
  close(main(pdb, '```fasta\n>1A12\nMKTAYIAKQRQISFVKSHFS\n```'), 1)
  close(main(pdb, 'MKTAYIAKQRQISFVKSHF'), 19 / 20)
  assert.equal(main(pdb, ''), 0)
  const map = by('BIOGR')
  close(main(map, '{"W": 11, "S": 59, "E": 12, "N": 60}'), 1 / 2)
  assert.equal(main(map, 'I cannot see the map.'), 0)
})

test('boxes: the share of the area that two cover together', () => {
  const box = (W: number, S: number, E: number, N: number): string => JSON.stringify({ W, S, E, N })
  close(boxOverlap(box(0, 0, 2, 2), box(1, 1, 3, 3)), 1 / 7)
  assert.equal(boxOverlap(box(0, 0, 1, 1), box(2, 2, 3, 3)), 0)
  assert.equal(boxOverlap(box(0, 0, 0, 0), box(0, 0, 0, 0)), 0)
  close(boxOverlap("{'W': '-5.5', 'S': -1, 'E': 5.5, 'N': 1}", box(-5.5, -1, 5.5, 1)), 1)
})

test('sequences: as many letters in order as a search of all, and identity over the shortest best alignment', () => {
  const letters = fc.string({ unit: fc.constantFrom('A', 'B', 'C'), maxLength: 6 })
  // All alignments: matches and columns of each.
  const all = (one: string, other: string): [matches: number, columns: number][] => {
    if (one === '' || other === '') return [[0, one.length + other.length]]
    const next = (a: string, b: string, same: number) =>
      all(a, b).map(([matches, columns]): [number, number] => [matches + same, columns + 1])
    return [
      ...next(one.slice(1), other.slice(1), Number(one[0] === other[0])),
      ...next(one.slice(1), other, 0),
      ...next(one, other.slice(1), 0),
    ]
  }
  const short = fc.string({ unit: fc.constantFrom('A', 'B'), minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(short, short, (one, other) => {
      const found = all(one, other)
      const most = Math.max(...found.map(([matches]) => matches))
      const columns = Math.min(...found.flatMap(([matches, length]) => (matches === most ? [length] : [])))
      assert.equal(commonSubsequence([...one], [...other]), most)
      close(identityRatio(one, other), most / columns)
    }),
    { numRuns: 40 },
  )
  fc.assert(fc.property(letters, (one) => close(identityRatio(one, one), 1)))
  assert.equal(identityRatio('', 'A'), 0)
})

test('ETHIC: every section is evidence; each task scores gold 1 and errors less', async () => {
  const { samples } = await load('ethic')
  assert.deepEqual(cellsOf(samples), {
    'ETHIC, recalling': 1,
    'ETHIC, summarizing': 1,
    'ETHIC, organizing': 1,
    'ETHIC, attributing': 2,
  })
  const [recall, summary, order, attribute, none] = samples
  for (const sample of samples) {
    close(main(sample, goldOf(sample)), 1)
    assert.ok(main(sample, '') < 1)
    assert.ok(Number(sample.tags.coverage) > 0.8 && Number(sample.tags.coverage) <= 1, `${sample.tags.coverage}`)
  }
  assert.deepEqual(texts(recall!), [
    '<Section 1> The Gull sailed first.',
    '<Section 2> Then came the Tern, and it was late.',
  ])
  assert.equal(recall!.instruction, 'You are careful.')
  assert.deepEqual(recall!.check!('gull; tern, Swan.'), { 'set-f1': 0.8, 'set-precision': 2 / 3, 'set-recall': 1 })
  assert.equal(summary!.corpus.sources[0]!.text, '<Segment 1> The court met. It was cold.\n<Segment 2> The court rose.')
  assert.match(summary!.question, /^### Instruction:\nSummarise each segment\./)
  assert.ok(!summary!.question.includes('It was cold'))
  assert.equal(goldOf(summary!), '<Segment 1> The court met.\n<Segment 2> The court rose.')
  assert.equal(main(summary!, '<Segment 1> They met.\n<Segment 2>'), 1 / 2)
  close(main(order!, '1 > 2 > 3'), 2 / 3)
  close(main(attribute!, 'Related Segments: 1, 2'), 1 / 2)
  assert.deepEqual(none!.answers, [['None']])
  assert.equal(main(none!, 'Related Segments: 1'), 0)
  assert.deepEqual([attribute!.tags.domain, attribute!.tags.sections], ['Medicine', 3])
})

test('LongVideoBench: subtitles with their times; withheld and missing ones are left out', async () => {
  const { samples, warnings } = await load('longvideobench')
  assert.deepEqual(cellsOf(samples), { 'LongVideoBench, 15 s': 2, 'LongVideoBench, 600 s': 1 })
  const [first, second, third] = samples
  assert.equal(first!.corpus, second!.corpus)
  assert.equal(first!.corpus.sources[0]!.text, '[00:00:00] pull the rope\n[00:01:03] well done')
  assert.deepEqual(
    first!.corpus.sources[0]!.outline!.map(({ kind, detail }) => [kind, detail!.time, detail!.until]),
    [
      ['cue', 500, 2000],
      ['cue', 63_000, 65_250],
    ],
  )
  assert.equal(third!.corpus.sources[0]!.text, '[01:01:01] after the rain\n[01:01:10] a dog appears')
  assert.equal(third!.corpus.sources[0]!.outline![1]!.detail!.until, 400_000)
  assert.deepEqual(
    [first!.choices, first!.answers, first!.id],
    [['A rope', 'A pole', 'A sail'], [['A rope']], 'vidA_0'],
  )
  assert.deepEqual(first!.tags, {
    video: 'vidA',
    question_category: 'T2O',
    topic_category: 'TR-Travel',
    level: 'L1-Perception',
    duration_group: 15,
    duration: 12.5,
  })
  assert.deepEqual(warnings, ['subtitles/vidC_en.json is not there; its 1 questions are left out'])
})

test('LV-Eval: confusing facts are distractors; the score needs the keywords', async () => {
  const { samples } = await load('lv-eval')
  assert.deepEqual(cellsOf(samples), { 'LV-Eval factrecall_zh, 32k': 1, 'LV-Eval hotpotwikiqa_mixup, 16k': 2 })
  const [chinese, english, plain] = samples
  const { source, start, end } = english!.distractors![0]!.span
  assert.equal(
    english!.corpus.sources.find(({ id }) => id === source)!.text.slice(start, end),
    'The mill of Holme stands on the Bela, people say.',
  )
  assert.deepEqual(english!.tags, {
    dataset: 'hotpotwikiqa_mixup',
    level: '16k',
    words: 21,
    language: 'en',
    hops: 'many',
    confusing: 2,
    facts_lost: 1,
    keywords: 'Aune',
  })
  assert.deepEqual([plain!.distractors, plain!.tags.confusing], [undefined, 0])
  assert.equal(chinese!.distractors!.length, 1)
  for (const sample of samples) close(main(sample, sample.answers[0]![0]!), 1)
  assert.equal(main(english!, 'the Bela river'), 0)
  close(main(english!, 'the Aune'), 2 / 3)
  close(keywordF1('river', 'the Aune river', '', 'en'), 2 / 3)
  assert.equal(keywordF1('他是渔夫', '木匠', '', 'zh'), 0)
})

test('LoCoV1: the same questions over whole documents and over passages', async () => {
  const { samples } = await load('locov1')
  assert.deepEqual(cellsOf(samples), {
    'LoCoV1 qasper_title, whole': 2,
    'LoCoV1 qasper_title, chunks': 2,
    'LoCoV1 stackoverflow, whole': 1,
    'LoCoV1 stackoverflow, chunks': 1,
  })
  const [whole, twins, chunks] = samples
  assert.equal(whole!.corpus.sources.length, 2)
  assert.deepEqual(
    whole!.corpus.units!.map(({ start, end }) => [start, end]),
    whole!.corpus.sources.map(({ text }) => [0, text.length]),
  )
  assert.equal(chunks!.corpus.units, undefined)
  assert.deepEqual(texts(whole!), ['We study knots. A bowline holds under load and yet is easy to untie.'])
  assert.deepEqual([texts(twins!).length, twins!.unresolved, twins!.tags.right], [1, 1, 3])
  assert.equal(chunks!.question, whole!.question)
})

test('AnaloBench: options of one line and of many, a bank with its right numbers', async () => {
  const { samples, warnings } = await load('analobench')
  assert.deepEqual(cellsOf(samples), {
    'AnaloBench T1 S1, subset': 1,
    'AnaloBench T1 S10, subset': 1,
    'AnaloBench T2 S1': 1,
  })
  assert.equal(warnings.length, 1)
  const [one, ten, bank] = samples
  assert.deepEqual(one!.answers, [['They locked the barn once the horse was stolen.']])
  assert.deepEqual(ten!.choices, [
    'Ann kept a horse.\nThe door had no lock. A. N. Smith warned her.\nShe bought one when the horse was gone.',
    'It rained for a week.',
    'The cat slept.',
    'The mill turned.',
  ])
  assert.deepEqual(texts(ten!), [
    'Olav fished all spring.\nHis net had a hole. He mended it in June, when the fish were gone.',
  ])
  assert.deepEqual(bank!.answers, [['2'], ['4']])
  assert.deepEqual(texts(bank!), [
    '2. They locked the barn once the horse was stolen.',
    '4. The dam was raised after the flood.',
  ])
  assert.equal(bank!.corpus.units!.length, 4)
  assert.deepEqual(bank!.tags, {
    task: 'T2',
    sentences: 1,
    sentence: 'He mended the net after the fish had gone.',
    bank: 4,
  })
  assert.deepEqual(
    optionsOf('2. no', (number) => String(number + 1)),
    [],
  )
})

test('choices of claims: by letter, by words, by name', () => {
  const choices = ['entailed', 'refuted']
  const rate = (said: string): number => score('choice-accuracy', { said, choices, answers: [['refuted']] })
  for (const said of ['refuted', '(B)', 'B', 'b.', 'B. refuted', 'The answer is (B).', 'It is refuted by table 2.'])
    assert.equal(rate(said), 1, said)
  for (const said of ['entailed', 'A', 'Not entailed, so refuted', '', 'Both could be', 'C'])
    assert.equal(rate(said), 0, said)
})

test('CELLO: four criteria, gold 1 and each violated one told', async () => {
  const { samples } = await load('cello')
  assert.deepEqual(cellsOf(samples), { 'CELLO, extraction': 2, 'CELLO, writing_multi_rounds': 1 })
  const [list, chinese, table] = samples
  const gold = '[["Gull", 1901], ["Tern", 1907]]'
  assert.deepEqual(list!.check!(gold), { cello: 1, 'cello-format': 1, 'cello-input': 1 })
  assert.deepEqual(list!.check!('Gull 1901, Tern 1907'), { cello: 0.5, 'cello-format': 0, 'cello-input': 1 })
  assert.deepEqual(list!.check!('[["Gull", 1901]]'), { cello: 0.75, 'cello-format': 1, 'cello-input': 0.5 })
  const copied = list!.check!('The Gull was built in 1901. The Tern came in 1907.')
  assert.deepEqual([copied['cello-input'], copied['cello-format']], [0, 0])
  assert.deepEqual(list!.answers, [['Gull'], ['Tern'], ['1901'], ['1907']])
  assert.equal(list!.question, 'List every ship with its year as [[ship, year], ...].')
  assert.deepEqual(texts(list!), ['The Gull was built in 1901. The Tern came in 1907.'])
  assert.equal(main(chinese!, '结论：羊随船归。'), 1)
  const long = chinese!.check!('结论：一群羊跟着一条很大很大的船从很远很远的海上在晚上慢慢归来了')
  assert.ok(long['cello-count']! < 1 && long['cello-phrases'] === 1)
  assert.equal(chinese!.check!('羊')['cello-phrases'], 0)
  const short = '| port | tide |\n|---|---|\n| Halden | a foot |\n| Moss | none |'
  assert.equal(main(table!, short), 1)
  assert.deepEqual(table!.check!(`${short}\n| Oslo | a little |`)['cello-count'], 1 / 2)
  assert.equal(table!.check!(short.replace('tide', 'height'))['cello-phrases'], 1 / 2)
  assert.ok(table!.corpus.sources[0]!.text.startsWith('User: Write about two ports'))
  assert.deepEqual(table!.tags, { category: 'writing', lang: 'eg', rounds: 1, criteria: 3 })
})

test('criteria by hand', () => {
  const heard = (said: string, language = 'eg', before?: string) => ({ said, input: '', language, before })
  const count = (said: string, criterion: string, limit: unknown, before?: string) =>
    countScore(heard(said, 'eg', before), [{ criterion, limit }])
  close(count('one two three four', 'word-max', 3), 3 / 4)
  assert.equal(count('one two - three', 'word-max', 3), 1)
  close(count('one two', 'word-min', 4), 1 / 2)
  assert.equal(count('One. Two. Three.', 'sentence-exact', 3), 1)
  assert.equal(count('One. Two.', 'sentence-min-max', [3, 5]), 0)
  close(count('One. Two. Three. Four.', 'sentence-max', 2), 1 / 2)
  close(
    count('# a\n# b', 'sample-min', [
      ['#', 2],
      ['*', 1],
    ]),
    1 / 2,
  )
  assert.equal(count('1. a\n2. b\n3. c', 'sample-number', 3), 1)
  assert.equal(count('1. a\n2. b', 'sample-number', 3), 0)
  assert.equal(count('longer than', 'revise', 'longer', 'short'), 1)
  assert.equal(count('longer than', 'revise', 'shorter', 'short'), 0)
  assert.equal(count('x', 'NULL', 'NULL'), undefined)
  const reads = (said: string, limit: string) => formatScore(heard(said), [{ criterion: 'resolve', limit }])
  assert.equal(reads("{'a': True, 'b': None,}", 'dict'), 1)
  assert.equal(reads('{"a": 1', 'json'), 0)
  assert.equal(reads('[1, 2]', 'json'), 0)
  assert.equal(reads("('a', 2)", 'tuple'), 1)
  assert.equal(reads('[1, 2]', 'tuple'), 0)
  assert.equal(reads('<a><b x="1"/></a>', 'xml'), 1)
  assert.equal(reads('<a><b></a>', 'xml'), 0)
  assert.equal(phraseScore(heard('port'), [{ criterion: 'keywords', limit: ['port', 'tide'] }]), 1 / 2)
  assert.equal(inputScore({ ...heard('a b c d e'), input: 'a b c d e' }, [{ criterion: 'keywords', limit: ['a'] }]), 0)
  close(bleu('a b c d', 'a b c d e f'), Math.exp(1 - 6 / 4))
  assert.equal(bleu('a b x c d', 'a b c d'), 0)
})

test('miniCTX: declarations that the proof names are the evidence', async () => {
  const { samples, warnings } = await load('minictx')
  assert.deepEqual(cellsOf(samples), { 'miniCTX, pfr': 2 })
  assert.deepEqual(warnings, ['it has no proof; it is left out'])
  const [even, none] = samples
  assert.deepEqual(texts(even!), [
    '@[simp]\nlemma twice_zero : twice 0 = 0 := by\n  rfl',
    'theorem twice_eq (n : Nat) : twice n = 2 * n := by\n  unfold twice\n\n  omega',
  ])
  assert.equal(even!.question, 'theorem twice_even (n : Nat) : Even (twice n) ')
  assert.equal(none!.unresolved, 1)
  assert.deepEqual(even!.tags, {
    project: 'pfr',
    theorem: 'twice_even',
    file: 'Knot/Basic.lean',
    module: 'Knot.Basic',
    line: 26,
    file_created: '2023-12-10',
    theorem_created: '2023-12-11',
    premises_in_file: 2,
    premises_in_repository: 2,
    proof_type: 'tactic',
    proof_lines: 2,
  })
  assert.equal(none!.tags.file_created, '(Dec. 10, 2023)')
  const text = even!.corpus.sources[0]!.text
  assert.deepEqual(
    declarationsOf(text).flatMap(({ name }) => name ?? []),
    ['twice', 'twice_zero', 'twice_eq', 'unused'],
  )
  assert.match(
    text.slice(...spanOf(declarationsOf(text).find(({ name }) => name === 'twice')!)),
    /^\/-- Twice a number\. -\/\ndef/,
  )
  const names = namedBy('simp [Nat.add_comm, h.symm, foo₁]')
  assert.deepEqual(['add_comm', 'Nat.add_comm', 'My.add_comm', 'symm', 'foo₁', 'foo', 'add'].map(names), [
    true,
    true,
    true,
    true,
    true,
    false,
    false,
  ])
})
const spanOf = ({ start, end }: { start: number; end: number }): [number, number] => [start, end]

test('PRELUDE: books in the row or beside it, two labels, reasoning for a judge, macro F1', async () => {
  const { samples, warnings } = await load('prelude')
  assert.deepEqual(cellsOf(samples), { 'PRELUDE, en': 2, 'PRELUDE, zh': 1 })
  assert.deepEqual(warnings, ['books/A lost book.txt is not there; its 1 questions are left out'])
  const [moe, ann, li] = samples
  assert.equal(moe!.corpus, ann!.corpus)
  assert.deepEqual(texts(moe!), ['He had rowed out each morning since he was nine'])
  assert.equal(ann!.unresolved, 1)
  assert.deepEqual([moe!.answers, ann!.answers, li!.answers], [[['contradict']], [['consistent']], [['consistent']]])
  assert.equal(li!.corpus.sources[0]!.text, '李会修船。')
  assert.deepEqual(moe!.tags, {
    book: 'The Ferry',
    character: 'Moe',
    label: 'contradict',
    language: 'en',
    reasoning: 'The book has Moe row out every morning from his youth on.',
  })
  const judge = judgeOf(
    (request) => request.kind === 'reasoning' && request.said.includes('row') && /row out/.test(request.step),
  )
  const { tags } = moe!
  assert.equal(await metric['reasoning-judged']!({ said: 'contradict: he rows', tags }, { judge }), 1)
  assert.equal(await metric['reasoning-judged']!({ said: 'contradict', tags }, { judge }), 0)
  assert.equal(await metric['reasoning-judged']!({ said: 'contradict', tags: {} }, { judge }), undefined)
  assert.equal(
    await metric['reference-judged']!(
      { said: 'x', question: 'q', answers: [['y']] },
      { judge: judgeOf(({ kind }) => kind === 'rubric') },
    ),
    1,
  )
})

test('label F1: by hand, over the labels and what was right', async () => {
  const analysis = await loadLeaf(analyses, 'label-f1')
  const row = (label: string, right: number): Result => ({
    key: '',
    run: '',
    task: 'prelude',
    cell: '',
    sample: '',
    system: 'whole',
    budget: 'all',
    reader: 'r',
    origin: 'scripted',
    seed: 1,
    length: 0,
    tags: { label },
    scores: { 'choice-accuracy': right },
    tokens: { pack: 0, whole: 0 },
    milliseconds: 0,
  })
  // Three consistent, two of them found; one contradicting, taken for consistent.
  const rows = [row('consistent', 1), row('consistent', 1), row('consistent', 0), row('contradict', 0)]
  const table = analysis(rows)!
  assert.equal(table.rows.length, 1)
  assert.deepEqual(table.rows[0]!.slice(0, 5), ['prelude', 'whole', 'all', 'r', 4])
  close(table.rows[0]![5] as number, 1 / 2)
  close(table.rows[0]![6] as number, (4 / (4 + 1 + 1) + 0) / 2)
  assert.equal(analysis([{ ...row('x', 1), tags: {} }]), undefined)
})

/** The interpreter, or undefined with the test skipped where there is none. */
function interpreter(t: TestContext): string | undefined {
  try {
    return pythonPath()
  } catch (error) {
    assert.ok(FoveaError.is(error, 'sandbox-missing'))
    t.skip('there is no python3')
    return undefined
  }
}
const files = { 'knot.py': 'def half(n):\n    if n % 2:\n        raise ValueError(n)\n    return n // 2\n' }

test('CLOVER: the context is built by coverage within its length; gold passes and reaches its targets', async (t) => {
  const { samples } = await load('clover')
  assert.deepEqual(cellsOf(samples), { 'CLOVER, task I': 1, 'CLOVER, task II': 1, 'CLOVER, task III': 1 })
  const [complete, use, reach] = samples
  assert.deepEqual(texts(reach!), [
    'def cut(length):\n    piece = halve(length)\n    return piece, label(piece)',
    "def label(number):\n    if number > 10:\n        return 'many'\n    return 'few'",
  ])
  assert.deepEqual(
    reach!.corpus.sources.map(({ uri }) => uri),
    ['knots/__init__.py', 'knots/calc.py', 'knots/other.py', 'knots/rope.py'],
  )
  const tight = (await load('clover', { options: { length: 160 } })).samples
  assert.deepEqual(
    tight[2]!.corpus.sources.map(({ uri }) => uri),
    ['knots/__init__.py', 'knots/calc.py', 'knots/rope.py'],
  )
  const none = (await load('clover', { options: { length: 60 } })).samples
  assert.deepEqual([none[2]!.unresolved, none[2]!.evidence.length], [1, 1])
  if (!interpreter(t)) return
  assert.deepEqual(complete!.check!('```python\n(4, "few")\n```'), { success: 1, passed: 1, coverage: 1 })
  assert.equal(complete!.check!('(5, "few")').passed, 0)
  assert.deepEqual(use!.check!(goldOf(use!)), { success: 1, passed: 1, coverage: 3 / 4 })
  assert.deepEqual(use!.check!('def test_halve():\n    assert True\n'), { success: 0, passed: 1, coverage: 1 / 4 })
  assert.deepEqual(reach!.check!(goldOf(reach!)), { success: 1, passed: 1, coverage: 1 })
  const partly = reach!.check!("def test_both():\n    assert cut(8) == (4, 'few')\n")
  assert.deepEqual([partly.success, partly.passed, partly.coverage], [0, 1, (1 + 3 / 4) / 2])
  assert.deepEqual(reach!.check!('I would test it.'), { success: 0, passed: 0, coverage: 0 })
})

test('sandbox: passing and failing tests with the lines that they ran', (t) => {
  const python = interpreter(t)
  if (!python) return
  const run = (test: string, more = {}) => runTests({ files, test, python, ...more })
  const good = run('from knot import half\ndef test_a():\n    assert half(4) == 2\n')
  assert.equal(good.passed, true)
  assert.deepEqual(good.files['knot.py'], { lines: [1, 2, 3, 4], covered: [1, 2, 4] })
  const bad = run('from knot import half\ndef test_a():\n    assert half(4) == 3, "no"\ndef test_b():\n    half(2)\n')
  assert.deepEqual(
    [bad.passed, bad.tests],
    [
      false,
      [
        { name: 'test_a', passed: false, error: 'AssertionError: no' },
        { name: 'test_b', passed: true },
      ],
    ],
  )
  assert.equal(run('def test_a(): assert False\ndef test_b(): pass\n', { only: 'test_b' }).passed, true)
  const cases = run(
    'import unittest\nclass A(unittest.TestCase):\n    def test_x(self):\n        self.assertEqual(1, 1)\nclass TestB:\n    async def test_y(self):\n        pass\n',
  )
  assert.deepEqual(cases.tests, [
    { name: 'A.test_x', passed: true },
    { name: 'TestB.test_y', passed: true },
  ])
  assert.deepEqual([run('x = 1\n').failure, run('x = 1\n').passed], ['no-tests', false])
  assert.match(run('def test_a(:\n').tests[0]!.error!, /^SyntaxError/)
  assert.equal(run('import os\ndef test_a():\n    os._exit(0)\n').failure, 'crash')
  assert.equal(run('print(1)\ndef test_a():\n    print({"tests": []})\n').passed, true)
})

test('sandbox: an endless loop, a hog of memory, and what lies outside', async (t) => {
  const python = interpreter(t)
  if (!python) return
  const run = (test: string, more = {}) => runTests({ files, test, python, ...more })
  assert.equal(run('def test_a():\n    while True:\n        pass\n', { seconds: 1 }).failure, 'time')
  const hog = run('def test_a():\n    held = bytearray(2 * 1024 ** 3)\n', { megabytes: 512 })
  assert.deepEqual([hog.failure, hog.passed], ['memory', false])
  const folder = await mkdtemp(join(tmpdir(), 'fovea-outside-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const secret = join(folder, 'secret.txt')
  await writeFile(secret, 'hush')
  const denied = (body: string): void => {
    const { passed, tests } = run(`import os, socket, subprocess, sqlite3\ndef test_a():\n    ${body}\n`)
    assert.equal(passed, false, body)
    assert.match(tests[0]!.error!, /^PermissionError: sandbox/, body)
  }
  denied(`open(${JSON.stringify(secret)}).read()`)
  denied(`open(${JSON.stringify(join(folder, 'made.txt'))}, "w")`)
  denied(`os.listdir(${JSON.stringify(folder)})`)
  denied(`os.remove(${JSON.stringify(secret)})`)
  denied(`os.symlink(${JSON.stringify(secret)}, "link")`)
  denied(`sqlite3.connect(${JSON.stringify(secret)})`)
  denied('subprocess.run(["ls"])')
  denied('os.fork()')
  denied('socket.create_connection(("127.0.0.1", 9))')
  assert.ok(existsSync(secret))
  assert.deepEqual(await readdir(folder), ['secret.txt'])
  const { network, passed } = run(
    'import os\ndef test_a():\n    assert not os.environ\n    open("own.txt", "w").write("x")\n    assert open("own.txt").read() == "x"\n',
  )
  assert.equal(passed, true)
  assert.ok(['cut', 'fenced'].includes(network))
})

test('sandbox: Python that is not there and paths that lead outside are told', () => {
  assert.throws(
    () => pythonPath('no-such-python'),
    (error) => FoveaError.is(error, 'sandbox-missing') && /no-such-python/.test(error.message),
  )
  assert.throws(
    () => runTests({ files, test: '', python: 'no-such-python' }),
    (error) => FoveaError.is(error, 'sandbox-missing'),
  )
  if (existsSync('/bin/true'))
    assert.throws(
      () => runTests({ files: { '../up.py': '' }, test: '', python: '/bin/true' }),
      (error) => FoveaError.is(error, 'sandbox-path'),
    )
})

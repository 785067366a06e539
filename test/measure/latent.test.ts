// Tasks of hidden structure: their answers by slow oracles that read the text alone, their scorers on right, wrong and
// edited outputs, and the simulated reader with and without the evidence.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import fc from 'fast-check'
import { FoveaError, loadLeaf } from '../../src/core/index.ts'
import { degenerationOf } from '../../src/measure/degenerate.ts'
import { gatedF1, keywordRecall } from '../../src/measure/gated.ts'
import { choiceSaid } from '../../src/measure/generators/choices.ts'
import { examTasks } from '../../src/measure/generators/exam.ts'
import { knownFacts } from '../../src/measure/generators/facts.ts'
import { functions, inputOf, type Value, writeValue } from '../../src/measure/generators/functions.ts'
import { haystackOf } from '../../src/measure/generators/haystack.ts'
import { inEnglish, type Language, type Sentence, translate } from '../../src/measure/generators/language.ts'
import { numbersListed } from '../../src/measure/generators/longins.ts'
import { difficulties, layouts } from '../../src/measure/generators/news.ts'
import { makeProgram, printed, sound, views } from '../../src/measure/generators/operations.ts'
import { makeQuery, queries } from '../../src/measure/generators/queries.ts'
import { candidates, readStories, saysOnly } from '../../src/measure/generators/stories.ts'
import { domains, makeRow, makeSeats } from '../../src/measure/generators/tables.ts'
import {
  metrics,
  type Options,
  promptOf,
  readers,
  type Sample,
  seededRandom,
  type TaskRequest,
  tasks,
} from '../../src/measure/index.ts'
import { finalNumber, numeralsIn, saysNumber } from '../../src/measure/numbers.ts'
import { rowF1, setF1 } from '../../src/measure/rows.ts'
import { similarity } from '../../src/measure/similarity.ts'
import { counter, haystack } from './docs-haystack.ts'
import { fittingNews, interpret, marks, translated } from './latent-oracles.ts'

const data = process.env.FOVEA_DATA ?? ''
async function make(name: string, options: Options = {}, more: Partial<TaskRequest> = {}): Promise<Sample[]> {
  const task = await loadLeaf(tasks, name as (typeof tasks)[number]['meta']['name'])
  const found: Sample[] = []
  const request = { seed: 7, samples: 4, length: 2000, counter, haystack, data, ...more, options }
  for await (const sample of task(request)) found.push(sample)
  return found
}
const textOf = ({ corpus }: Sample): string => corpus.sources.map(({ text }) => text).join('\n\n')
const sliced = (sample: Sample, span: Sample['evidence'][number]): string =>
  sample.corpus.sources.find(({ id }) => id === span.source)!.text.slice(span.start, span.end)
const evidenceOf = (sample: Sample): string[] => sample.evidence.map((span) => sliced(sample, span))
const gold = (sample: Sample): string =>
  sample.solve?.(sample.evidence.map(() => true)) ?? sample.answers.map(([first]) => first).join(', ')

async function score(sample: Sample, said: string, main: string): Promise<number> {
  const checked = sample.check?.(said)
  if (checked) return Object.values(checked)[0]!
  const { answers, question, tags } = sample
  const value = await (await loadLeaf(metrics, main as (typeof metrics)[number]['meta']['name']))({
    said,
    answers,
    question,
    tags,
  })
  return value!
}

const near = (one: number, other: number): void => assert.ok(Math.abs(one - other) < 1e-9, `${one} is not ${other}`)

test('likeness is what difflib says, its odd treatment of long texts too', () => {
  const made = (length: number, by: number): string =>
    Array.from({ length }, (_, at) => String.fromCharCode(97 + ((at * at * by + at * 3) % 17))).join('')
  // Values of Python 3: SequenceMatcher(None, one, other).ratio().
  near(similarity(made(90, 1), made(120, 2)), 0.22857142857142856)
  near(similarity(made(300, 1), `${made(300, 1).slice(40)}zz`), 0)
  near(similarity('tide', 'diet'), 0.25)
  near(similarity('abxcd', 'abcd'), 0.8888888888888888)
  near(similarity(made(250, 3), made(260, 5)), 0.00392156862745098)
  near(similarity('the cat sat on the mat '.repeat(14), 'the cat sat on a mat '.repeat(14)), 0.048701298701298704)
  // By the definition: the first longest common run, then both sides.
  const matched = (one: string, other: string): number => {
    for (let length = Math.min(one.length, other.length); length > 0; length--)
      for (let at = 0; at + length <= one.length; at++) {
        const found = other.indexOf(one.slice(at, at + length))
        if (found === -1) continue
        const [left, right] = [one.slice(0, at), other.slice(0, found)]
        return length + matched(left, right) + matched(one.slice(at + length), other.slice(found + length))
      }
    return 0
  }
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '😀'), maxLength: 24 })
  fc.assert(
    fc.property(text, text, (one, other) => {
      const [left, right] = [one, other].map((own) => own.replaceAll('😀', 'x'))
      const total = left!.length + right!.length
      near(similarity(one, other), total === 0 ? 1 : (2 * matched(left!, right!)) / total)
    }),
  )
})

test('numbers are read however they are written, and the last of an answer counts', () => {
  for (const text of ['1,234.50', '1234.5', "1'234.50", '1\u202f234.5', 'EUR 1,234.50', '1.2345 thousand'])
    near(numeralsIn(text)[0]!.values[0]!, 1234.5)
  assert.deepEqual(
    numeralsIn('from 3-5 apples to -7, minus 8 and \u22129; .5 and 1e3, not A4 or x2').map(({ values }) => values[0]),
    [3, 5, -7, -8, -9, 0.5, 1000],
  )
  assert.equal(finalNumber('In 2019 there were 40 and in 2020 there were 52.')!.values[0], 52)
  assert.equal(finalNumber('The answer is 1,040 crates, as of 2019.')!.values[0], 1040)
  assert.equal(finalNumber('20 + 22 = 42 (checked in 2020)')!.values[0], 42)
  assert.equal(finalNumber('nothing'), undefined)
  assert.ok(saysNumber('about 12.346', ['12.35']) && !saysNumber('12.3', ['12.35']))
  assert.ok(!saysNumber('41.7', ['42']) && saysNumber('42.0', ['42']) && !saysNumber('', ['0']))
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), (value) => {
      for (const written of [String(value), value.toLocaleString('en-US'), value.toLocaleString('de-CH')])
        assert.ok(saysNumber(`Answer: ${written}.`, [String(value)]), written)
      assert.ok(!saysNumber(`Answer: ${value + 1}`, [String(value)]))
    }),
  )
})

test('F1 over rows: bullets, order and cells', () => {
  const wanted = [['Ada | 12'], ['Bo | 1,300'], ['Cy | 4.50', 'Cy Dee | 4.50']]
  near(rowF1('Ada | 12\nBo | 1300\nCy | 4.5', wanted), 1)
  near(rowF1('The rows are:\n1. Bo: 1300 crowns\n2. Cy Dee (4.50)\n3. Ada, 12', wanted), 1)
  near(rowF1('Ada | 12\nBo | 1301\nEd | 4', wanted), 1 / 3)
  near(rowF1('Ada | 12\nAda | 12', wanted), 2 * ((1 / 2) * (1 / 3)) * (6 / 5))
  near(rowF1('', wanted), 0)
  const names = [['Ada'], ['Bo'], ['Cy']]
  near(rowF1('Ada, Bo and Cy', names), 1)
  near(rowF1('Cy\nBo\nAda', names), 1)
  near(rowF1('Cy\nBo\nAda', names, true), 1 / 3)
  near(rowF1('Ada\nCy\nBo', names, true), 2 / 3)
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(30)), fc.uniqueArray(fc.nat(30), { minLength: 1 }), (one, other) => {
      const right = one.filter((value) => other.includes(value)).length
      const f1 = right === 0 ? 0 : (2 * right) / (one.length + other.length)
      near(setF1(one, other), f1)
      const named = (values: number[]): string[] => values.map((value) => `name${value}`)
      near(
        rowF1(
          named(one).join('\n'),
          named(other).map((name) => [name]),
        ),
        f1,
      )
    }),
  )
})

test('gated F1: nothing without the keywords, whatever else is shared', () => {
  const answer = 'It was painted on poplar wood by Orsa Venlik'
  near(gatedF1(answer, [answer], 'Orsa Venlik'), 1)
  near(gatedF1('It was painted on poplar wood by a painter', [answer], 'Orsa Venlik'), 0)
  assert.ok(gatedF1('It was painted on poplar wood by a painter', [answer]) > 0.7)
  near(gatedF1('Orsa', [answer, 'Orsa Venlik'], 'Orsa Venlik'), 2 / 3)
  // Words that tell nothing count among the keywords but are never said.
  near(keywordRecall('of the in', 'of the house'), 0)
  near(keywordRecall('the house of', 'of the house'), 1 / 2)
  near(gatedF1('在北京', ['北京大学'], '北京大学'), 2 * ((2 / 3) * (2 / 4)) * (6 / 7))
  near(gatedF1('在北', ['北京大学'], '北京大学'), 0)
})

test('degenerate outputs', () => {
  const text = haystack.sentences.slice(0, 12).join(' ')
  assert.equal(degenerationOf(' \n…'), 'empty')
  assert.equal(degenerationOf('no '.repeat(20)), 'repetition')
  assert.equal(degenerationOf('and then it was said that '.repeat(12)), 'repetition')
  assert.equal(degenerationOf(text, { text }), 'echo')
  assert.equal(
    degenerationOf('which of the news are about it', { question: 'So, which of the news are about it?' }),
    'echo',
  )
  for (const said of ['FN-100001, FN-100002', 'No.', text, Array.from({ length: 60 }, (_, at) => at * 7).join(', ')])
    assert.equal(degenerationOf(said, { question: 'Which?' }), undefined)
})

test('latent lists: a second interpreter agrees, with the idle cells and without', async () => {
  for (const filler of ['mixed', 'cancelling', 'looking', 'others', 'prints'])
    for (const sample of await make(
      'latent-list',
      { filler, operations: filler === 'mixed' ? 20 : 5 },
      { samples: 7 },
    )) {
      const cells = [...textOf(sample).matchAll(/^In \[\d+\]: (.*)$/gm)].map(([, cell]) => cell!)
      const shown = /print\((?:(len|sum|min|max)\()?(\w+)(?:\[(\d+):(\d+)\])?\)/.exec(sample.question)!
      const [, view, name, from, to] = shown
      const kept = evidenceOf(sample).map((line) => line.replace(/^In \[\d+\]: /, ''))
      for (const run of [cells, kept]) {
        const list = interpret(run)
          .get(name!)!
          .slice(from ? Number(from) : 0, to ? Number(to) : undefined)
        const seen = view === 'len' ? list.length : view === 'sum' ? list.reduce((one, other) => one + other, 0) : 0
        const value = view === 'min' || view === 'max' ? Math[view](...list) : view ? seen : `[${list.join(', ')}]`
        assert.equal(String(value), sample.answers[0]![0], sample.id)
      }
    }
  for (const view of views)
    for (const count of [1, 5, 20]) {
      const program = makeProgram(view, count, seededRandom(count))
      assert.ok(sound(program) && program.operations.length === count, `${view} ${count}`)
      const half = [true, ...program.operations.map((_, at) => at % 2 === 0)]
      assert.equal(typeof printed(program, half), 'string')
    }
  const [sample] = await make('latent-list', { view: 'print' }, { samples: 1 })
  const right = sample!.answers[0]![0]!
  const list = JSON.parse(right) as number[]
  assert.deepEqual(sample!.check!(`It shows ${right.replaceAll(' ', '')}`), { 'exact-match': 1, places: 1 })
  const edited = sample!.check!(`[${list.with(0, -1).join(', ')}]`)
  assert.equal(edited['exact-match'], 0)
  near(edited.places!, (list.length - 1) / list.length)
})

test('repeated replies: the one asked for by a count over the conversation, its likeness and its floor', async () => {
  for (const needles of [2, 8])
    for (const sample of await make('mrcr', { needles }, { samples: 6, length: 4000 })) {
      const [, prefix, ordinal, format, topic] = /"(\w+)".* the (\w+) (.+) about (\w+) that/.exec(sample.question) ?? []
      const turns = textOf(sample)
        .split('\n\n')
        .filter((turn) => turn.startsWith('User: '))
      const same = turns
        .map((turn) => turn.split('\nAssistant: ') as [string, string])
        .filter(([asked]) => new RegExp(`^User: Write an? ${format} about ${topic}\\.$`).test(asked))
        .map(([, reply]) => reply)
      assert.equal(same.length, needles)
      const place = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'].indexOf(ordinal!)
      const wanted = same[place]!
      assert.equal(gold(sample), `${prefix} ${wanted}`)
      const others = same.filter((_, at) => at !== place)
      const floor = others.reduce((sum, other) => sum + similarity(other, wanted), 0) / others.length
      const right = sample.check!(`${prefix}${wanted}`)
      near(right.similarity!, 1)
      near(right.floor!, floor)
      assert.ok(floor > 0 && floor < 0.7, `${floor}`)
      const wrong = sample.check!(`${prefix} ${others[0]}`)
      assert.ok(wrong.similarity! < 0.8 && wrong['above-floor']! < 0.7)
      assert.equal(sample.check!(wanted).similarity, 0, 'without the prefix')
      const edited = sample.check!(`${prefix} ${wanted.slice(0, -12)}`).similarity!
      assert.ok(edited > 0.9 && edited < 1)
      for (const { says } of sample.distractors!) assert.ok(same.some((reply) => says === `${prefix} ${reply}`))
    }
})

test('choices: a letter, a word, and not to know where the text does not say', async () => {
  const choices = ['red', 'blue', "I don't know", 'deep blue']
  const cases = {
    B: 1,
    '(b) blue': undefined,
    '(A)': 0,
    'D) deep blue': 3,
    "I don't know.": 2,
    'The answer is (A).': 0,
  }
  for (const [said, number] of Object.entries(cases)) assert.equal(choiceSaid(said, choices), number ?? 1, said)
  assert.equal(choiceSaid('red or blue', choices), undefined)
  assert.equal(choiceSaid('', choices), undefined)
  const samples = await make('idk', { choices: 5 }, { samples: 60, length: 700 })
  const open = samples.filter(({ cell }) => cell === 'unanswerable')
  assert.ok(open.length > 15 && open.length < 45, `${open.length}`)
  for (const sample of samples) {
    assert.equal(sample.choices!.length, 5)
    const person = /[A-Z]\w+ [A-Z]\w+/.exec(sample.question)![0]
    const told = sample.choices!.filter((choice) =>
      haystackOf('', [textOf(sample)]).sentences.some((line) => line.includes(person) && line.includes(` ${choice}.`)),
    )
    if (sample.cell === 'unanswerable') assert.deepEqual([told, gold(sample)], [[], "I don't know"])
    else assert.ok(told.includes(gold(sample)))
    assert.equal(sample.check!(gold(sample))['exact-match'], 1)
    for (const { says } of sample.distractors!) assert.equal(sample.check!(says!)['exact-match'], 0)
  }
  assert.equal((await make('idk', { unanswerable: 1 })).filter(({ evidence }) => evidence.length > 0).length, 0)
})

test('stories in a haystack: facts in order, and the answer by following them', async (t) => {
  const story = { facts: [], question: 'Is it one?', answer: 'none', support: [] }
  const places = candidates.qa1!
  assert.ok(saysOnly('The kitchen. Not the garden.', { ...story, answer: 'kitchen' }, places))
  assert.ok(!saysOnly('The kitchen or the garden', { ...story, answer: 'kitchen' }, places))
  const asked = { ...story, question: 'Where was it before the garden?', answer: 'kitchen' }
  assert.ok(saysOnly('kitchen, then garden', asked, places))
  assert.ok(saysOnly('None', { ...story, question: 'How many?' }, candidates.qa7!))
  assert.ok(!saysOnly('one', { ...story, question: 'How many?' }, candidates.qa7!))
  assert.ok(saysOnly('milk and apple', { ...story, answer: 'apple,milk' }, candidates.qa8!))
  assert.ok(!saysOnly('milk', { ...story, answer: 'apple,milk' }, candidates.qa8!))
  if (data === '') return t.skip('FOVEA_DATA is not set')
  for (const task of Object.keys(candidates))
    for (const each of (await readStories({ data }, task)).slice(0, 200)) {
      assert.ok(each.support.length > 0 && saysOnly(each.answer, each, candidates[task]!), `${task} ${each.answer}`)
    }
  for (const sample of await make('babilong', {}, { samples: 20, length: 1200 })) {
    const who = /Where is (\w+)/.exec(sample.question)![1]!
    const moves = [...textOf(sample).matchAll(new RegExp(`${who} (?:\\w+ )+to the (\\w+)\\.`, 'g'))]
    assert.equal(sample.answers[0]![0], moves.at(-1)![1])
    assert.deepEqual(evidenceOf(sample), [moves.at(-1)![0]])
    for (const { says } of sample.distractors!) assert.notEqual(says, sample.answers[0]![0])
  }
  for (const sample of await make('babilong', { task: 'qa3' }, { samples: 3, length: 4000 })) {
    const starts = [...sample.evidence, ...sample.distractors!.map(({ span }) => span)].map(({ start }) => start)
    assert.equal(new Set(starts).size, starts.length)
    assert.equal(sample.evidence.length, 3)
    assert.ok(sample.distractors!.some(({ says }) => says !== undefined))
  }
})

test('confusing facts: the same question at each length, and keywords that memory does not hold', async () => {
  const [short, long] = [await make('confusing-facts'), await make('confusing-facts', {}, { length: 16_000 })]
  assert.deepEqual(
    short.map(({ question, answers }) => [question, answers]),
    long.map(({ question, answers }) => [question, answers]),
  )
  for (const sample of short) {
    const [sentence, value] = sample.answers[0]!
    assert.equal(textOf(sample).split(value!).length, 2, 'the value stands once')
    assert.equal(sample.distractors!.length, 4)
    near(await score(sample, sentence!, 'gated-f1'), 1)
    near(await score(sample, value!, 'gated-f1'), 1)
    near(await score(sample, sentence!.replace(value!, 'someone'), 'gated-f1'), 0)
    for (const { span, says } of sample.distractors!) {
      assert.ok(sliced(sample, span).includes(says!) && says !== value)
      near(await score(sample, sentence!.replace(value!, says!), 'gated-f1'), 0)
    }
    assert.ok(!knownFacts.some((fact) => [fact.value, fact.subject].some((known) => sentence!.includes(known))))
  }
  for (const sample of await make('confusing-facts', { replace: 'none' }))
    assert.ok(knownFacts.some(({ value }) => sample.answers[0]![1] === value))
  for (const sample of await make('confusing-facts', { replace: 'keywords', confusing: 0 })) {
    assert.ok(knownFacts.some(({ subject }) => sample.question.toLowerCase().includes(subject.toLowerCase())))
    assert.deepEqual([sample.distractors, sample.tags.diffusion], [[], 'low'])
  }
})

test('questions to tables: what SQLite answers', () => {
  const random = seededRandom(3)
  for (const domain of domains)
    for (const kind of queries) {
      const rows = Array.from({ length: 40 }, () => makeRow(domain, random))
      const seats = makeSeats(domain, random)
      for (const row of rows)
        for (const say of domain.rows)
          for (const part of [row.name, row.group, row.amount, row.year]) assert.ok(say(row).includes(String(part)))
      const query = makeQuery(kind, domain, { rows, seats }, random)
      const database = new DatabaseSync(':memory:')
      database.exec('create table things (name, part, amount, year); create table seats (part, seat)')
      for (const row of rows)
        database.prepare('insert into things values (?, ?, ?, ?)').run(row.name, row.group, row.amount, row.year)
      for (const { group, seat } of seats) database.prepare('insert into seats values (?, ?)').run(group, seat)
      const group = domain.groups.find((name) => query.question.includes(` ${name}`)) ?? ''
      const limit = Number(/ above (-?\d+)/.exec(query.question)?.[1])
      const own = `where part = '${group}'`
      const wanted: Record<typeof kind, string> = {
        max: 'select name from things where amount = (select max(amount) from things)',
        min: 'select name from things where amount = (select min(amount) from things)',
        count: `select count(*) from things ${own}`,
        sum: `select sum(amount) from things ${own}`,
        average: `select printf('%.2f', avg(amount)) from things ${own}`,
        group: "select part || ' | ' || count(*) from things group by part",
        join: `select name || ' | ' || seat from things join seats using (part) ${own} and amount > ${limit}`,
        filter: `select name from things ${own} and amount > ${limit}`,
        sort: 'select name from things order by amount desc, name limit 5',
      }
      const found = database
        .prepare(wanted[kind])
        .all()
        .map((row) => String(Object.values(row)[0]))
      const ours = query.run({ rows, seats })
      assert.ok(ours.length > 0, `${domain.name} ${kind}`)
      // Names that tie are forms of one row.
      const listed = ['max', 'min'].includes(kind) ? ours.flat() : ours.map(([form]) => form!)
      assert.deepEqual(kind === 'sort' ? listed : listed.toSorted(), kind === 'sort' ? found : found.toSorted())
      // What a reader plans gives the same, as a program over instances.
      const program = new Function('tables', query.program) as (tables: unknown) => string | { answer: string }
      const made = program({ Row: rows, Seat: seats })
      const lines = (typeof made === 'string' ? made : made.answer).split('\n')
      if (kind === 'max' || kind === 'min') assert.ok(found.includes(lines[0]!))
      else assert.deepEqual(kind === 'sort' ? lines : lines.toSorted(), kind === 'sort' ? found : found.toSorted())
    }
})

test('questions to tables: density and spread are as asked, and a missed row makes a wrong number', async () => {
  for (const density of [0.1, 0.5, 0.9])
    for (const spread of ['together', 'even', 'random']) {
      const options = { density, spread, query: 'count' }
      for (const sample of await make('database-questions', options, { samples: 3, length: 4000 })) {
        const rows = evidenceOf(sample)
        const share = counter.count(rows.join(' ')) / counter.count(textOf(sample))
        assert.ok(Math.abs(share - density) < 0.02, `${share} is not ${density}`)
        const starts = sample.evidence.map(({ start }) => start).sort((one, other) => one - other)
        const reach = (starts.at(-1)! - starts[0]!) / textOf(sample).length
        if (spread === 'together') assert.ok(reach < density + 0.05, `${reach}`)
        if (spread === 'even') assert.ok(reach > 0.8, `${reach}`)
        const group = /of the .*? ([A-Z]\w+(?: [A-Z]\w+)?|[a-z]+) are there/.exec(sample.question)![1]!
        const counted = rows.filter((row) => new RegExp(`\\b${group}\\b`).test(row)).length
        assert.equal(gold(sample), String(counted), sample.question)
        const at = rows.findIndex((row) => new RegExp(`\\b${group}\\b`).test(row))
        const said = sample.solve!(rows.map((_, index) => index !== at))
        assert.deepEqual([said, sample.check!(said)['row-f1']], [String(counted - 1), 0])
      }
    }
  for (const [kind, other] of [
    ['sort', (said: string) => said.split('\n').reverse().join('\n')],
    ['max', (said: string) => `${said} or Nobody Else`],
    ['average', (said: string) => String(Number(said) * 1.01)],
  ] as const) {
    const [sample] = await make('database-questions', { query: kind }, { samples: 1 })
    near(sample!.check!(gold(sample!))['row-f1']!, 1)
    const value = sample!.check!(other(gold(sample!)))['row-f1']!
    assert.ok(kind === 'max' ? value === 1 : value < 1, kind)
  }
})

test('scattered sums: read again from the reports and computed again', async () => {
  const kinds: Record<string, RegExp> = {
    crates: /crates/,
    visitors: /visitors/,
    coal: /coal/i,
    employed: /staff|employed/,
    depots: /depots/,
  }
  for (const [steps, documents] of [
    [1, 'one'],
    [1, 'many'],
    [3, 'one'],
    [3, 'many'],
  ] as const)
    for (const sample of await make('scattered-math', { steps, documents }, { length: 5000, samples: 5 })) {
      const lines = textOf(sample).split(/(?<=\.)\s/)
      const told = (phrase: string): number => {
        const [, who, year] = /(?:by|to|of) ([A-Z]\w+ [A-Z]\w+) in (\d{4})/.exec(phrase)!
        const kind = Object.keys(kinds).find((word) => phrase.includes(word))!
        const found = lines.filter((line) => line.includes(who!) && line.includes(year!) && kinds[kind]!.test(line))
        assert.equal(found.length, 1, phrase)
        return numeralsIn(found[0]!.slice(found[0]!.search(new RegExp(`${who}|${year}|In |The |Coal`))))
          .map(({ values }) => values[0])
          .find((value) => value !== Number(year))!
      }
      const parts = sample.question.slice(5, sample.question.indexOf('. What')).split(/, (?:and )?(?:then )?/)
      let value = told(parts[0]!)
      for (const part of parts.slice(1)) {
        const by = told(part)
        if (part.startsWith('add')) value += by
        else if (part.startsWith('take away')) value -= by
        else if (part.startsWith('multiply')) value *= by
        else if (part.startsWith('divide')) value /= by
        else value = (100 * value) / by
      }
      assert.equal(parts.length, steps + 1)
      assert.ok(Math.abs(value - Number(sample.answers[0]![0])) <= 0.005001, `${value} ${sample.question}`)
      const own = new Set(sample.evidence.map(({ source }) => source)).size
      assert.equal(own, documents === 'one' ? 1 : steps + 1)
      near(await score(sample, `So the answer is ${Number(gold(sample)).toLocaleString('en-US')}.`, 'number-match'), 1)
      near(await score(sample, String(Number(gold(sample)) + 1), 'number-match'), 0)
    }
})

test('long exams: what is marked as wrong is wrong and the rest is right', async () => {
  for (const { name } of examTasks)
    for (const sample of await make('longins-gist', { task: name, wrong: 0.3 }, { samples: 2, length: 900 })) {
      const wrong = new Set(sample.answers.map(([number]) => Number(number)))
      const items = [...textOf(sample).matchAll(/^\[(\d+)\] (.*); answer: (.*)$/gm)]
      assert.ok(items.length > 10 && wrong.size > 0 && wrong.size < items.length)
      for (const [line, number, question, answer] of items)
        if (marks[name]) assert.equal(marks[name](question!, answer!), !wrong.has(Number(number)), line)
      assert.ok(sample.instruction!.includes('same throughout'))
    }
  assert.ok(Object.keys(marks).every((name) => examTasks.some((task) => task.name === name)))
  const told = (line: string): string => line.slice(line.indexOf(']') + 2, line.indexOf(':'))
  const setting = async (name: string): Promise<Set<string>> => {
    const [sample] = await make(name, {}, { samples: 1 })
    return new Set([...textOf(sample!).matchAll(/^\[\d+\].*/gm)].map(([line]) => told(line)))
  }
  assert.equal((await setting('longins-list')).size, 1)
  assert.ok((await setting('longins-limt')).size > 12)
  assert.deepEqual(numbersListed('Of 20, [3, 7] and [9] are wrong'), [3, 7, 9])
  assert.deepEqual(numbersListed('3 and 7'), [3, 7])
  const [sample] = await make('longins-limt', {}, { samples: 1 })
  const numbers = sample!.answers.map(([number]) => Number(number))
  near(sample!.check!(`[${numbers.slice(1).join(', ')}]`).f1!, (2 * (numbers.length - 1)) / (2 * numbers.length - 1))
  near(sample!.check!(`[${[...numbers, 100_000].join(', ')}]`).f1!, (2 * numbers.length) / (2 * numbers.length + 1))
})

test('functions by hand, and no two alike', () => {
  const lists =
    '[3, 2, 1, 5]|[1, 2, 3, 5]|[5, 3, 2, 1]|[5, 6, 8, 11]|[-4, 1, 1]|[5, 2]|[2]|[3, 5, 1, 2]|[4, 0, 1, 2]|[5, 3]|[5, 2, 6, 12]|[1, 2, 3]|[2, 3, 5, 1]|11|4|15|3|3'
  const strings = '"pu nus"|" npsuu"|"sn p"|"tvo vq"|"ssuunn uupp"|"u p"|2|"un ups"|"sun p"|"up sun"|[3, 2]|"su"'
  const numbers = '9|621|15877|371|12|9|186|"1111110"|5|63'
  const wanted = { list: lists, string: strings, number: numbers }
  const inputs: Record<string, Value> = { list: [5, 1, 2, 3], string: 'sun up', number: 126 }
  for (const kind of ['list', 'string', 'number'] as const) {
    const bank = functions.filter((one) => one.kind === kind)
    assert.equal(bank.map((one) => writeValue(one.apply(inputs[kind]!))).join('|'), wanted[kind])
    const random = seededRandom(1)
    const tries = Array.from({ length: 100 }, () => inputOf(kind, 1, random))
    for (const one of bank)
      for (const other of bank) {
        const same = tries.filter((input) => writeValue(one.apply(input)) === writeValue(other.apply(input))).length
        assert.ok(one === other || same < 30, `${one.name} is like ${other.name}: ${same}`)
      }
  }
  assert.ok(functions.length >= 25)
})

test('many shots: as many as asked for, as wrong as asked for, and a function that they tell', async () => {
  const parse = (text: string) => [...text.matchAll(/^Input: (.*)\nOutput: (.*)$/gm)]
  for (const shots of [4, 64, 2048])
    for (const wrong of [0, 0.25]) {
      const length = shots === 2048 ? 90_000 : 4000
      const [sample] = await make('many-shot-induction', { shots, wrong, function: 'sort up' }, { samples: 1, length })
      const examples = parse(textOf(sample!))
      assert.equal(examples.length, shots)
      const right = examples.filter(
        ([, input, output]) =>
          `[${(JSON.parse(input!) as number[]).sort((one, other) => one - other).join(', ')}]` === output,
      )
      assert.equal(sample!.evidence.length, right.length)
      const share = 1 - right.length / examples.length
      assert.ok(wrong === 0 ? share === 0 : Math.abs(share - (wrong * (shots - 4)) / shots) < 0.13, `${share}`)
      assert.equal(sample!.check!(` ${gold(sample!).replaceAll(' ', '')}\nbecause it sorts`)['exact-match'], 1)
      assert.equal(sample!.check!('[1, 2]')['exact-match'], 0)
      assert.ok(Math.abs(counter.count(promptOf(sample!, textOf(sample!))) - length) <= 16)
    }
  const samples = await make('many-shot-induction', {}, { samples: 6, length: 60_000 })
  for (const sample of samples) assert.ok(Number(sample.tags.shots) > 600 && Number(sample.tags.shots) <= 2048)
})

test('financial news: what fits by reading again, in each layout, at each place', async () => {
  for (const difficulty of difficulties)
    for (const layout of layouts)
      for (const sample of await make('financial-sweep', { difficulty, layout }, { samples: 2 })) {
        const text = textOf(sample)
        const fitting = fittingNews(text, layout, sample.question)
        assert.deepEqual(fitting.sort(), sample.answers.map(([code]) => code).sort(), sample.id)
        near(sample.check!(`Codes: ${gold(sample)}`).f1!, 1)
        near(sample.check!(sample.answers[0]![0]!).f1!, 2 / 5)
      }
  const [sizes, bounds] = [
    { start: 0, middle: 0, end: 0 },
    { start: [0, 0.2], middle: [0.35, 0.65], end: [0.8, 1] },
  ]
  for (const position of ['start', 'middle', 'end'] as const)
    for (const sample of await make('financial-sweep', { position }, { length: 4000 }))
      for (const { start } of sample.evidence) {
        const share = start / textOf(sample).length
        assert.ok(share >= bounds[position][0]! && share <= bounds[position][1]!, `${position} ${share}`)
        sizes[position]++
      }
  assert.deepEqual(sizes, { start: 16, middle: 16, end: 16 })
  const told = async (instruction: string) => (await make('financial-sweep', { instruction }, { samples: 1 }))[0]!
  assert.equal((await told('after')).instruction, undefined)
  assert.equal((await told('both')).instruction, (await told('both')).question)
  assert.equal((await told('before')).instruction, (await told('after')).question)
})

test('an invented language by hand', () => {
  const entry = (kind: 'noun' | 'verb' | 'adjective', english: string, word: string) =>
    [english, { kind, english, word }] as const
  const language: Language = {
    name: 'Hand',
    lexicon: new Map([
      entry('noun', 'baker', 'tavo'),
      entry('noun', 'lamp', 'sere'),
      entry('verb', 'carry', 'mopi'),
      entry('adjective', 'old', 'gulu'),
    ]),
    order: 'VSO',
    adjectiveFirst: false,
    affix: { plural: 'ka', agreement: 'ne', case: 'mu', past: 'to', future: 'wi' },
    particle: { negation: 'ze', question: 'ha' },
    negationLast: true,
    questionFirst: false,
  }
  const sentence: Sentence = {
    subject: { noun: 'baker', adjective: 'old', plural: true },
    object: { noun: 'lamp', plural: false },
    verb: 'carry',
    tense: 'past',
    negative: false,
    asked: false,
  }
  const both = (more: Partial<Sentence>): string[] => {
    const own = { ...sentence, ...more }
    return [translate(language, own), inEnglish(language, own)]
  }
  assert.deepEqual(both({}), ['mopito tavoka gulune seremu', 'the old bakers carried the lamp'])
  assert.deepEqual(both({ tense: 'future', asked: true, negative: true }), [
    'wimopi tavoka gulune seremu ze ha',
    'will the old bakers not carry the lamp',
  ])
  assert.deepEqual(
    both({ tense: 'present', object: { noun: 'lamp', plural: true }, subject: { noun: 'baker', plural: false } }),
    ['mopi tavo serekamu', 'the baker carries the lamps'],
  )
  const unknown = { word: (english: string) => english !== 'lamp', rule: (name: string) => name !== 'order' }
  assert.equal(translate(language, sentence, unknown), 'tavoka gulune mopito lampmu')
})

test('an invented language: whoever reads the book alone can translate', async () => {
  for (const sample of await make('grammar-book', {}, { samples: 12, length: 3000 })) {
    const built = translated(textOf(sample), sample.question)
    assert.equal(built, sample.answers[0]![0], sample.question)
    assert.equal(sample.check!(`${built[0]!.toUpperCase()}${built.slice(1)}.`)['exact-match'], 1)
    const edited = sample.check!(`xx ${built.split(' ').slice(1).join(' ')}`)
    assert.equal(edited['exact-match'], 0)
    near(edited.f1!, (built.split(' ').length - 1) / built.split(' ').length)
  }
  for (const sample of await make('grammar-book', { direction: 'from' }, { samples: 6 })) {
    assert.match(sample.answers[0]![0]!, /^((will|did|does|do) )?the /)
    assert.equal(sample.check!(gold(sample))['exact-match'], 1)
  }
})

/** Tasks, how they are asked here, and whether each single piece of their evidence is needed for the answer. */
const needed: readonly (readonly [name: string, options: Options, each: 'each piece' | 'some piece' | 'all'])[] = [
  ['latent-list', {}, 'each piece'],
  ['mrcr', {}, 'each piece'],
  ['idk', { unanswerable: 0 }, 'each piece'],
  ['babilong', { task: 'qa1' }, 'each piece'],
  ['babilong', { task: 'qa2' }, 'each piece'],
  ['confusing-facts', {}, 'each piece'],
  ['database-questions', { query: 'group' }, 'each piece'],
  ['database-questions', {}, 'some piece'],
  ['scattered-math', {}, 'each piece'],
  ['longins-gist', {}, 'each piece'],
  ['longins-list', {}, 'each piece'],
  ['longins-limt', {}, 'each piece'],
  ['many-shot-induction', { shots: 16 }, 'all'],
  ['financial-sweep', { layout: 'xml' }, 'each piece'],
  ['grammar-book', {}, 'each piece'],
  ['grammar-book', { direction: 'from' }, 'each piece'],
]

for (const [name, options, each] of needed)
  test(`${name} ${JSON.stringify(options)}: a perfect reader scores 1 on the whole prompt, and less without ${each} of the evidence`, async (t) => {
    const { meta } = tasks.find((entry) => entry.meta.name === name)!
    if ('needs' in meta && data === '') return t.skip('FOVEA_DATA is not set')
    const reader = await (await loadLeaf(readers, 'simulated'))('perfect', { counter, environment: {} })
    for (const sample of await make(name, options, { samples: 3, length: 2400 })) {
      const port = await reader.port(sample, 1)
      const read = async (text: string): Promise<number> => {
        const { text: said } = await port.generate({ intent: 'answer', prompt: promptOf(sample, text) })
        return score(sample, said, meta.metrics[0]!)
      }
      const whole = textOf(sample)
      near(await read(whole), 1)
      const pieces = evidenceOf(sample)
      assert.ok(pieces.length > 0)
      const without = await Promise.all(pieces.map((piece) => read(whole.replaceAll(piece, '…'))))
      if (each === 'each piece')
        assert.deepEqual(
          without.filter((value) => value > 1 - 1e-9),
          [],
          sample.id,
        )
      if (each === 'some piece') assert.ok(Math.min(...without) < 1, sample.id)
      assert.ok((await read(pieces.reduce((text, piece) => text.replaceAll(piece, '…'), whole))) < 1)
    }
  })

test('wrong options and lengths that hold too little are named; both axes of difficulty move alone', async () => {
  const failing = (name: string, options: Options, code: string, more: Partial<TaskRequest> = {}) =>
    assert.rejects(make(name, options, more), (error) => FoveaError.is(error, code))
  await failing('latent-list', { view: 'mean' }, 'option-invalid')
  await failing('latent-list', { operations: 2.5 }, 'option-invalid')
  await failing('database-questions', { density: 2 }, 'option-invalid')
  await failing('mrcr', { needles: 8 }, 'length-too-short', { length: 300 })
  await failing('scattered-math', { distractors: 100 }, 'length-too-short', { length: 300 })
  if (data !== '') await failing('babilong', { task: 'qa3' }, 'length-too-short', { length: 130 })
  const levels = async (name: string, options: Options) => {
    const [sample] = await make(name, options, { samples: 1 })
    return `${sample!.tags.diffusion} ${sample!.tags.scope}`
  }
  assert.equal(await levels('scattered-math', { steps: 2, documents: 'one' }), 'low low')
  assert.equal(await levels('scattered-math', { steps: 2, documents: 'many' }), 'high low')
  assert.equal(await levels('scattered-math', { steps: 5, documents: 'one' }), 'low high')
  assert.equal(await levels('scattered-math', { steps: 5, documents: 'many' }), 'high high')
  assert.equal(await levels('database-questions', { spread: 'together', density: 0.01 }), 'low low')
  assert.equal(await levels('financial-sweep', { negatives: 0, keys: 8 }), 'low high')
})

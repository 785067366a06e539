import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import {
  type AskEvent,
  type AskParts,
  type AskRequest,
  ask,
  entityF1,
  eventF1,
  importRecords,
  relationF1,
  route,
  schemaOf,
  strategies,
} from '../../src/ask/index.ts'
import { checklist, constraintsOf, shareMet, unmet } from '../../src/ask/reading/checklist.ts'
import { commentIntent, commentsIn } from '../../src/ask/reading/comments.ts'
import { conflictsOf } from '../../src/ask/reading/conflicts.ts'
import { constructorsIn } from '../../src/ask/reading/constructors.ts'
import { bottomUp, functionTree } from '../../src/ask/reading/function-tree.ts'
import { classesOf, type RecordSchema } from '../../src/ask/reading/record-schema.ts'
import { recordsIn } from '../../src/ask/reading/records.ts'
import { strategiesFor } from '../../src/ask/router.ts'
import { verdictOf } from '../../src/ask/strategies/verify.ts'
import { type Answer, FoveaError, makeSource, sliceSpan, split } from '../../src/core/index.ts'
import metricF1 from '../../src/measure/metrics/condition-f1.ts'
import rougeL from '../../src/measure/metrics/rouge-l.ts'
import type { ModelCall, ModelPort } from '../../src/model/index.ts'
import { scriptedModel } from '../../src/testing/index.ts'
import { type Item, o200k, shelf } from './shelf.ts'

const mine = ['aggregate', 'extract-schema', 'verify', 'conditional', 'write', 'build', 'comment']

/** A program that stands in for a model: it replies by what it is asked. */
const program = (reply: (call: ModelCall, number: number) => string, seen: ModelCall[] = []): ModelPort =>
  scriptedModel(
    (call, number) => {
      seen.push(call)
      return reply(call, number)
    },
    { counter: o200k },
  )
const item = async (uri: string, text: string, mediaType = 'text/plain'): Promise<Item> => {
  const source = await makeSource({ uri, text, mediaType })
  return { source, chunks: split(source, { size: 60 }) }
}
/** The delimited part of a prompt. */
const partOf = (prompt: string): string => /-----\n([\s\S]*?)\n-----/.exec(prompt)?.[1] ?? ''
const copyLines = (wanted: RegExp) => (call: ModelCall) =>
  partOf(call.prompt)
    .split('\n')
    .filter((line) => wanted.test(line))
    .join('\n') || 'NONE'

async function asked(
  strategy: string,
  items: readonly Item[],
  question: string,
  reply: Parameters<typeof program>[0],
  request: Partial<AskRequest> & { parts?: Partial<AskParts> } = {},
) {
  const seen: ModelCall[] = []
  const events: AskEvent[] = []
  const { parts, ...rest } = request
  const answer = await ask(
    { ...(await shelf(items)), model: program(reply, seen), ...parts },
    { question, budget: 2000, limit: 20, ...rest },
    { strategy, onEvent: (event) => events.push(event) },
  )
  checkAnswer(answer, items)
  return { answer, seen, events, warned: events.flatMap((event) => (event.type === 'warned' ? [event.code] : [])) }
}
function checkAnswer(answer: Answer, items: readonly Item[]): void {
  const texts = new Map(items.map(({ source }) => [source.id, source.text]))
  for (const { text, passage, verified, supports } of answer.citations) {
    const slices = passage.spans.map((span) => sliceSpan(texts.get(span.source)!, span))
    if (verified) assert.equal(text, slices.join(' … '))
    if (supports) assert.ok(supports[0] < supports[1] && supports[1] <= answer.text.length)
  }
  for (const [start, end] of answer.unsupported) assert.ok(start < end && end <= answer.text.length)
  assert.ok(answer.pack.tokens.count + answer.pack.tokens.margin <= answer.pack.budget)
  if (!answer.found) assert.match(answer.text, /not found|not enough/i)
}
const sandbox = async (code: string) => {
  try {
    return { output: String(runInNewContext(code, {}, { timeout: 500 })) }
  } catch (error) {
    return { output: '', error: String((error as Error).message) }
  }
}

describe('every structured strategy', async () => {
  const items = [
    await item('a.txt', 'The mill burned in 1901.\n\nfunction mill() { return 1901 }\n\nAnn built it again.'),
  ]
  const given = { parts: { runCode: sandbox } }
  for (const name of mine)
    it(`${name} ends in every plight`, async () => {
      for (const reply of ['', 'NONE', '{"broken": [', 'x('.repeat(500), 'The mill burned in 1901.']) {
        await asked(name, [], 'When did the mill burn?', () => reply, given)
        for (const calls of [0, 1, 2])
          await asked(name, items, 'When did the mill burn?', () => reply, { ...given, limits: { calls } })
      }
      const { answer, seen } = await asked(name, items, 'When did the mill burn?', () => 'NONE', {
        ...given,
        stopSignal: AbortSignal.abort(),
      })
      assert.equal(seen.length, 0, 'no call after a soft stop')
      assert.ok(answer.text.length > 0)
      await assert.rejects(
        asked(name, items, 'mill?', () => 'NONE', { ...given, abortSignal: AbortSignal.abort() }),
        { name: 'AbortError' },
      )
    })
  it('states use and cost', () => {
    for (const { meta } of strategies.filter(({ meta }) => mine.includes(meta.name))) {
      assert.ok(meta.use && meta.use.length > 20, meta.name)
      assert.match(meta.calls ?? '', /^[a-z0-9 +*()]+$/)
    }
  })
})

describe('aggregate', () => {
  const people = ['Ann Lee', 'Bo Sand', 'Cy Moor', 'Di Wells', 'Ed Stone']
  const story = fc.array(fc.record({ who: fc.constantFrom(...people), filler: fc.integer({ min: 0, max: 12 }) }), {
    minLength: 1,
    maxLength: 60,
  })
  const write = (events: readonly { who: string; filler: number }[]) =>
    events
      .map(
        ({ who, filler }, index) => `Order ${index + 1} by ${who}\n${'The wind blew over the yard.\n'.repeat(filler)}`,
      )
      .join('')

  it('counts exactly what a plain program counts, over any number of parts', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (events) => {
        const items = [await item('orders.txt', write(events))]
        const { answer } = await asked('aggregate', items, 'How many orders are there?', copyLines(/^Order/), {
          options: { chunk: 300 },
        })
        assert.match(answer.text, new RegExp(`^${events.length}\\.`))
        assert.equal(answer.citations.length, events.length)
        assert.deepEqual(answer.unsupported, [])
      }),
      { numRuns: 15 },
    )
  })
  it('counts different things, occurrences and groups, each by its own question', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (events) => {
        const items = [await item('orders.txt', write(events))]
        const names = (call: ModelCall) =>
          [...partOf(call.prompt).matchAll(/^Order (\d+) by (\w+ \w+)$/gm)]
            .map(([all, , who]) => (call.system?.includes('::') ? `${who} :: ${all}` : who))
            .join('\n') || 'NONE'
        const options = { chunk: 4000 }
        const tally = Map.groupBy(events, ({ who }) => who)
        const all = await asked('aggregate', items, 'How many people ordered?', names, { options })
        assert.match(all.answer.text, new RegExp(`^${tally.size}\\.`))
        const often = await asked('aggregate', items, 'How many times did people order?', names, { options })
        assert.match(often.answer.text, new RegExp(`^${events.length}\\.`))
        const grouped = await asked('aggregate', items, 'How many orders for each person?', names, { options })
        for (const [who, list] of tally)
          assert.ok(grouped.answer.text.split('\n')[0]!.includes(`${who}: ${list.length}`))
      }),
      { numRuns: 10 },
    )
  })
  it('says "at least" where a part was not read, and leaves out what stands nowhere', async () => {
    const items = [await item('orders.txt', write(people.map((who) => ({ who, filler: 10 }))))]
    const { answer, warned } = await asked(
      'aggregate',
      items,
      'How many orders are there?',
      (call, number) => {
        if (number === 1) throw new FoveaError('model-failed', 'the line broke')
        return `${copyLines(/^Order/)(call)}\nOrder 99 by Zed Nobody`
      },
      { options: { chunk: 100 }, limits: { concurrency: 1 } },
    )
    assert.match(answer.text, /^At least [1-4]\./)
    assert.match(answer.text, /was not read \(the line broke\)/)
    assert.doesNotMatch(answer.text, /Zed/)
    assert.ok(warned.includes('invented'))
  })
})

const classes = `class Entity:
    name: str  # as the text has it

class Person(Entity):
    age: Optional[int] = None

class Firm(Entity):
    pass

class Works:
    person: Person
    firm: Firm

class Hire:
    trigger: str
    who: Person
    roles: List[str]`
const schema = schemaOf(classes) as RecordSchema

describe('typed records', () => {
  it('reads code as it was written, and never runs it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 12 })
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.integer({ min: -999, max: 999 })), { maxLength: 6 }), (people) => {
        const lines = people.map(([name, age]) => `Person(name=${JSON.stringify(name)}, age=${age})`)
        const { made, refused } = constructorsIn(`Sure:\n${lines.join('\n')}\n`, new Set(['Person']))
        assert.deepEqual(refused, [])
        assert.deepEqual(
          made.map(({ named }) => [named.name, named.age]),
          people,
        )
      }),
    )
    const hostile = `Person(name=globalThis.process.exit(3))
Person(name=(lambda: 1)())
Person(name="a" + "b")
Person(name=f"{1}")
Person(name=open("secret"))
__import__("os").system("rm")
import os
Person(name="Ann")`
    const { made, refused } = constructorsIn(hostile, new Set(['Person']))
    assert.deepEqual(
      made.map(({ named }) => named),
      [{ name: 'Ann' }],
    )
    assert.equal(refused.length, 5)
  })
  it('takes code, JSON and lines, and holds them to the schema', () => {
    const wanted = [{ type: 'Person', fields: { name: 'Ann', age: 3 } }]
    for (const reply of [
      'Person("Ann", 3)',
      '```json\n[{"type": "Person", "name": "Ann", "age": "3"},]\n```',
      '{"Person": [{"name": "Ann", "age": 3}]}',
      'Person | Ann | 3',
    ])
      assert.deepEqual(recordsIn(reply, schema), { records: wanted, problems: [] }, reply)
    assert.match(recordsIn('Person(age=3)', schema).problems[0]!, /name is missing/)
    assert.match(recordsIn('Person("Ann", "old")', schema).problems[0]!, /age must be a number/)
    assert.match(recordsIn('Works(person=Firm("X"), firm=Firm("X"))', schema).problems[0]!, /must be a Person/)
    assert.deepEqual(schemaOf(classesOf(schema)), schema)
  })
  it('scores entities, relations and events', () => {
    const gold = recordsIn(
      'Works(Person("Ann"), Firm("X"))\nHire("hired", Person("Ann"), ["cook", "clerk"])',
      schema,
    ).records
    const said = recordsIn('Works(Person("Ann"), Firm("Y"))\nHire("hired", Person("Ann"), ["cook"])', schema).records
    const entities = ['Person', 'Firm']
    assert.deepEqual(entityF1(said, gold, entities), { precision: 0.5, recall: 0.5, f1: 0.5 })
    assert.equal(relationF1(said, gold, ['Works']).f1, 0)
    assert.equal(relationF1(gold, gold, ['Works']).f1, 1)
    const event = eventF1(said, gold, ['Hire'])
    assert.equal(event.trigger.f1, 1)
    assert.equal(event.argument.f1, 0.8)
  })
})

describe('extract-schema', async () => {
  const items = [
    await item('firm.txt', 'Ann Lee, 34, works for Norse Mills.\n\nBo Sand was hired by Norse Mills as a cook.'),
  ]
  const demonstrations = [
    { text: 'The rain fell on the harbour.', records: [] },
    {
      text: 'Cy works for Dover Mills.',
      records: [
        {
          type: 'Works',
          fields: {
            person: { type: 'Person', fields: { name: 'Cy' } },
            firm: { type: 'Firm', fields: { name: 'Dover Mills' } },
          },
        },
      ],
    },
    { text: 'Stars are bright.', records: [] },
  ]
  const options = { schema: classes, demonstrations: JSON.stringify(demonstrations), shots: 2 }
  it('shows the nearest demonstrations, repairs once, grounds every text, and exports what can be read again', async () => {
    const replies = [
      'Works(Person("Ann Lee", "many"), Firm("Norse Mills"))',
      'Works(Person("Ann Lee", 34), Firm("Norse Mills"))\nHire("hired", Person("Bo Sand"), ["cook"])\nWorks(Person("Nobody"), Firm("Nowhere"))',
    ]
    const { answer, seen, warned } = await asked(
      'extract-schema',
      items,
      'Who works where?',
      (_, number) => replies[number]!,
      { options: { ...options, format: 'json' } },
    )
    assert.equal(seen.length, 2)
    const [first, again] = seen.map(({ prompt }) => prompt)
    assert.ok(
      first!.indexOf('Cy works for Dover Mills.') < first!.indexOf('Ann Lee') &&
        first!.includes('Works(person=Person(name="Cy")'),
    )
    assert.equal(first!.match(/Example text:/g)?.length, 2)
    assert.match(again!, /age must be a number/)
    const { records, problems } = importRecords(answer.text, schema)
    assert.deepEqual(problems, [])
    assert.deepEqual(
      records.map(({ type }) => type),
      ['Works', 'Hire'],
    )
    assert.ok(warned.includes('ungrounded'), 'what stands nowhere is no record')
    const { text } = items[0]!.source
    const told = Object.fromEntries(
      Object.entries(records[0]!.spans).map(([path, span]) => [path, sliceSpan(text, span)]),
    )
    assert.deepEqual(told, { 'person.name': 'Ann Lee', 'person.age': '34', 'firm.name': 'Norse Mills' })
    assert.equal(answer.unsupported.length, 0)
  })
  it('tells records to a reader, finds numbers as the text writes them, and each place once', async () => {
    const lease = [await item('lease.txt', 'The rent is 310,000 kroner a year. Ann Lee signed.')]
    const { answer, warned } = await asked(
      'extract-schema',
      lease,
      'What is the rent?',
      () => 'Lease(rent=310000)\nLease(rent=310000)\nLease(rent=10)',
      { options: { schema: 'class Lease:\n    rent: int' } },
    )
    assert.equal(answer.text, 'Lease: rent 310000')
    assert.deepEqual(
      answer.citations.map(({ text }) => text),
      ['310,000'],
    )
    assert.equal(warned.filter((code) => code === 'ungrounded').length, 1)
  })
  it('learns the schema from few examples, and works without structured output', async () => {
    const learned = await asked(
      'extract-schema',
      items,
      'Who works where?',
      () => 'Works(Person("Ann Lee"), Firm("Norse Mills"))',
      {
        options: { demonstrations: options.demonstrations },
      },
    )
    assert.match(learned.seen[0]!.system!, /class Works:/)
    const plain = await asked('extract-schema', items, 'Who works where?', copyLines(/works/), {
      options: { format: 'json' },
    })
    assert.equal(plain.seen.length, 1)
    assert.equal(
      importRecords(plain.answer.text, [
        { name: 'Statement', fields: [{ name: 'text', type: { kind: 'text' }, required: true }] },
      ]).records[0]!.fields.text,
      'Ann Lee, 34, works for Norse Mills.',
    )
  })
})

describe('verify', async () => {
  const text = 'The mill burned in 1901. It was rebuilt by Ann Lee.'
  const items = [await item('a.txt', text), await item('b.txt', 'The mill burned in 1903, they say.')]
  it('tells supported, refuted and not enough, with the words that show it', async () => {
    for (const [reply, verdict, found] of [
      ['SUPPORTED\nIt did [1: "The mill burned in 1901."].', 'Supported', true],
      ['REFUTED\nIt burned then [1: "burned in 1901"].', 'Refuted', true],
      ['NOT ENOUGH\nNothing is said.', 'Not enough information', false],
    ] as const) {
      const { answer } = await asked('verify', items, 'Claim: The mill burned down.', () => reply)
      assert.ok(answer.text.startsWith(verdict))
      assert.equal(answer.found, found)
      assert.equal(answer.citations.filter(({ verified }) => verified).length, found ? 1 : 0)
    }
    for (const [said, verdict] of [
      ['False', 'Refuted'],
      ['entailed', 'Supported'],
      ['The text does not say.', 'Not enough information'],
      ['not supported', 'Refuted'],
    ] as const)
      assert.equal(verdictOf(said), verdict)
  })
  it('judges each statement, and one refuted refutes', async () => {
    const { answer, seen } = await asked(
      'verify',
      items,
      'Claim: The mill burned in 1901. It was rebuilt by Bo.',
      (call) =>
        call.prompt.includes('by Bo.')
          ? 'REFUTED\nIt was Ann [1: "rebuilt by Ann Lee"].'
          : 'SUPPORTED [1: "burned in 1901"]',
    )
    assert.equal(seen.length, 2)
    assert.ok(answer.text.startsWith('Refuted.'))
    assert.match(answer.text, /1\. The mill burned in 1901\. Supported\.\n/)
  })
  it('names passages that disagree, and asks nothing where there is no evidence', async () => {
    const read = (call: ModelCall) => (call.intent === 'extract' ? copyLines(/mill/)(call) : 'SUPPORTED')
    const { seen, answer, warned } = await asked('verify', items, 'Claim: The mill burned in 1901.', read, {
      options: { read: 'all' },
    })
    assert.match(seen.at(-1)!.prompt, /disagree in their words[\s\S]*1901[\s\S]*1903[\s\S]*\(number\)/)
    assert.ok(warned.includes('uncited') && answer.citations.length > 0, 'what was read stands for the verdict')
    const none = await asked('verify', items, 'Claim: Pigs fly.', () => 'NONE', { options: { read: 'all' } })
    assert.equal(none.answer.found, false)
    assert.ok(none.seen.every(({ intent }) => intent === 'extract'))
  })
  it('compares notes by numbers, negations and names', async () => {
    const { analyzer } = await shelf([])
    const notes = [
      'The mill burned in 1901.',
      'The mill burned in 1903.',
      'The mill never burned in 1901.',
      'In spring Ann Lee rebuilt the mill.',
      'In spring Bo Sand rebuilt the mill.',
      'Wind blew.',
    ].map((text, at) => ({ text, evidence: [], derived: false, at }))
    const pairs = conflictsOf(notes, analyzer).map(({ one, other, why }) => [one.at, other.at, why])
    assert.deepEqual(
      pairs.filter(([, , why]) => why !== 'name'),
      [
        [0, 1, 'number'],
        [0, 2, 'negation'],
        [1, 2, 'number'],
      ],
    )
    assert.deepEqual(conflictsOf(notes.slice(0, 1), analyzer), [])
  })
})

describe('conditional', async () => {
  const items = [
    await item(
      'rules.txt',
      'You can claim if you are over 65.\nYou cannot claim if you live abroad.\nClaims are paid monthly.',
    ),
  ]
  it('gives lines that the metric of the data set reads, each condition where it stands', async () => {
    const reply = 'yes | you are over 65\n- no | you live abroad\nno | you live abroad\nmonthly | you own a boat'
    const { answer, warned } = await asked('conditional', items, 'Can I claim?', () => reply)
    assert.equal(answer.text, 'yes | you are over 65\nno | you live abroad\nmonthly | you own a boat')
    assert.deepEqual(
      answer.citations.map(({ text }) => text),
      ['you are over 65', 'you live abroad', 'monthly'],
    )
    assert.deepEqual(
      answer.unsupported.map((range) => answer.text.slice(...range)),
      ['monthly | you own a boat'],
    )
    assert.ok(warned.includes('ungrounded'))
    const wanted = answer.text.split('\n').map((line) => [line])
    assert.equal(metricF1({ said: answer.text, answers: wanted } as never), 1)
  })
  it('says not found for no answer', async () => {
    for (const reply of ['NOT FOUND', 'not answerable', '  \n'])
      assert.equal((await asked('conditional', items, 'Can I claim?', () => reply)).answer.found, false)
  })
})

describe('write', async () => {
  const items = [
    await item('mill.md', 'The mill burned in 1901.\n\nAnn Lee rebuilt the mill in brick.\n\nThe mill now grinds rye.'),
  ]
  it('writes by sections with a memory, revises once, and keeps the better', async () => {
    const { answer, seen } = await asked(
      'write',
      items,
      'Write a report on the mill that mentions "brick"; do not use "awful".',
      ({ intent, prompt }) => {
        if (intent === 'plan') return '1. Fire of the mill\n2. Rebuilding of the mill\n3. Fire of the mill'
        if (prompt.includes('What is wrong')) return 'The mill burned [1: "burned in 1901"].'
        return prompt.includes('section "Fire')
          ? 'The awful mill fire.'
          : 'It is of brick [1: "rebuilt the mill in brick"].'
      },
    )
    assert.deepEqual(
      seen.map(({ intent }) => intent),
      ['plan', 'answer', 'answer', 'answer'],
    )
    assert.match(seen[2]!.prompt, /no passage is cited[\s\S]*awful|do not use "awful"/)
    assert.match(seen[3]!.prompt, /Said already:\n-----\nFire of the mill: The mill burned\.\n-----/)
    assert.equal(answer.text, '## Fire of the mill\n\nThe mill burned.\n\n## Rebuilding of the mill\n\nIt is of brick.')
    assert.deepEqual(
      answer.citations.map(({ supports }) => answer.text.slice(...supports!)),
      ['The mill burned.', 'It is of brick.'],
    )
    assert.deepEqual(answer.unsupported, [])
  })
  it('names what was not written and not met', async () => {
    const { answer } = await asked(
      'write',
      items,
      'Write exactly 3 paragraphs on the mill.',
      ({ intent }) => (intent === 'plan' ? 'Mill fire\nMill rye\nMill brick' : 'It burned [1: "burned in 1901"].'),
      { limits: { calls: 2 } },
    )
    assert.match(answer.text, /Not written[\s\S]*Mill rye; Mill brick[\s\S]*Not met: exactly 3 paragraphs/)
  })
  it('checks what a program can check', () => {
    const list = constraintsOf(
      'Write at most 5 words in exactly two sentences, mention "rye", avoid "war", end with "Amen."',
    )
    assert.deepEqual(list.map(({ told }) => told).sort(), [
      'at most 5 words',
      'do not use "war"',
      'end with "Amen."',
      'exactly 2 sentences',
      'mention "rye"',
    ])
    assert.deepEqual(unmet(checklist('Rye is good. Amen.', list)), [])
    assert.deepEqual(unmet(checklist('War and war and war and war. It ends.', list)).length, 4)
    const words = constraintsOf('a text of 100 to 200 words')
    assert.ok(shareMet(checklist('word '.repeat(90), words)) > shareMet(checklist('word '.repeat(40), words)))
    assert.deepEqual(constraintsOf('Tell me about 3 mills.'), [])
  })
})

describe('build', async () => {
  const items = [await item('tax.txt', 'The tax is a tenth of the price.')]
  const tree = 'total(prices): the sum with tax\n  sum(prices): the sum\n  tax(price): a tenth'
  const code: Record<string, string> = {
    total: 'function total(prices) { return sum(prices) + tax(sum(prices)) }',
    sum: 'function sum(prices) { return prices.reduce((a, b) => a + b, 0) }',
    tax: 'function tax(price) { return price / 10 }',
  }
  const tests: Record<string, string> = {
    total: 'assertEqual(total([10, 20]), 33)',
    sum: 'assertEqual(sum([1, 2]), 3)',
    tax: 'assertEqual(tax(50), 5)',
  }
  const agent =
    (faults: Record<string, string> = {}) =>
    (call: ModelCall) => {
      const name = /^Function: (\w+)/m.exec(call.prompt)?.[1] ?? ''
      if (call.intent === 'plan') return name === '' ? tree : tests[name]!
      return `\`\`\`js\n${call.prompt.includes('It failed') ? code[name] : (faults[name] ?? code[name])}\n\`\`\``
    }
  it('tests each leaf before assembly, repairs what fails, and passes the tests of the whole', async () => {
    const ran: string[] = []
    const runCode = (program: string) => {
      ran.push(program)
      return sandbox(program)
    }
    const { answer, seen } = await asked(
      'build',
      items,
      'Write total(prices) with tax.',
      agent({ tax: 'function tax(price) { return price / 5 }' }),
      {
        parts: { runCode },
        options: { tests: 'assertEqual(total([100]), 110)' },
      },
    )
    assert.equal(answer.found, true, answer.text)
    assert.equal(ran.length, 5, 'sum, tax, tax again, total, all')
    const first = (name: string) => ran.findIndex((program) => program.includes(`function ${name}`))
    assert.ok(first('sum') < first('total') && first('tax') < first('total'))
    assert.match(seen.find(({ prompt }) => prompt.includes('It failed'))!.prompt, /got 10, wanted 5/)
    const written = /```js\n([\s\S]*?)```/.exec(answer.text)![1]!
    assert.equal((await sandbox(`${written}; total([10])`)).output, '11')
    for (const { prompt } of seen)
      assert.ok(!(prompt.includes(code.sum!) && prompt.includes(code.tax!)), 'a call sees signatures only')
  })
  it('says which function fails, and hands on no code that failed', async () => {
    const broken = (call: ModelCall) =>
      call.intent === 'answer' && /^Function: tax/m.test(call.prompt) ? 'function tax() { return 0 }' : agent()(call)
    const { answer } = await asked('build', items, 'Write total.', broken, {
      parts: { runCode: sandbox },
      options: { repairs: 1 },
    })
    assert.equal(answer.found, false)
    assert.match(answer.text, /tax\(price\): failed: a test failed: got 0, wanted 5/)
    assert.doesNotMatch(answer.text, /function tax/)
  })
  it('runs code in a sandbox of its own where none is given, from which nothing leads out', async () => {
    const { answer } = await asked('build', items, 'Write a function total(order).', agent())
    assert.equal(answer.found, true, answer.text)
    const out = 'return [typeof process, typeof require, typeof fetch, typeof Deno].join()'
    const code = (call: ModelCall) =>
      call.intent !== 'plan'
        ? `\`\`\`js\nfunction solve() { ${out} }\n\`\`\``
        : call.prompt.includes('tree of functions')
          ? 'solve(): looks around'
          : 'assertEqual(solve(), "undefined,undefined,undefined,undefined")'
    const { answer: shut } = await asked('build', items, 'Write solve.', code)
    assert.equal(shut.found, true, shut.text)
    const endless = (call: ModelCall) => code(call).replace(out, 'for (;;);')
    const { answer: late } = await asked('build', items, 'Write solve.', endless, { options: { repairs: 0 } })
    assert.equal(late.found, false)
    assert.match(late.text, /limit of 5000 ms/)
  })
  it('reads trees that are bounded', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(9), fc.nat(30)), { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        (lines, most) => {
          const root = functionTree(
            lines.map(([indent, name]) => `${'  '.repeat(indent)}f${name}(x): it`).join('\n'),
            most,
            3,
          )
          if (lines.length === 0) return assert.equal(root, undefined)
          const names = [...bottomUp(root!)].map(({ name }) => name)
          assert.ok(names.length <= most && new Set(names).size === names.length && names.at(-1) === root!.name)
        },
      ),
    )
  })
})

describe('comment', async () => {
  const target = 'function addAll(list) {\n  return list.reduce((a, b) => a + b, 0)\n}'
  const demonstrations = [
    {
      code: 'function multiplyAll(list) {\n  return list.reduce((a, b) => a * b, 1)\n}',
      comment: 'Multiplies all numbers of a list.',
      intent: 'what',
    },
    {
      code: 'function addAll(items) {\n  return items.reduce((a, b) => a + b)\n}',
      comment: 'Needed because sums are slow.',
      intent: 'why',
    },
    { code: 'function openDoor(door) {\n  door.open()\n}', comment: 'Opens a door.', intent: 'what' },
  ]
  it('shows comments of the intent on the code most like it, and keeps the candidate nearest to them', async () => {
    const candidates = ['This is a function.', 'Adds all numbers of a list.', 'It reduces.']
    const { answer, seen } = await asked(
      'comment',
      [await item('a.js', target, 'text/javascript')],
      'Write a comment that says what `addAll` does',
      (_, number) => candidates[number]!,
      {
        options: { demonstrations: JSON.stringify(demonstrations), shots: 1 },
      },
    )
    assert.ok(
      seen[0]!.prompt.includes('Multiplies all numbers') &&
        !seen[0]!.prompt.includes('Opens a door') &&
        !seen[0]!.prompt.includes('Needed because'),
    )
    assert.equal(answer.text, candidates[1])
    assert.equal(answer.citations[0]!.text.trim(), target)
    const rouge = (said: string) => rougeL({ said, answers: [['Sums all numbers of a list.']] } as never)!
    assert.ok(candidates.every((one) => (rouge(one) as number) <= (rouge(answer.text) as number)))
  })
  it('finds comments in code and tells their intent', () => {
    const found = commentsIn(
      '/** Adds two numbers of it. */\nexport function add(a, b) {\n  return a + b\n}\n\n# Kept because the old one was slow.\ndef add(a):\n  return a\n',
    )
    assert.deepEqual(
      found.map(({ comment, intent }) => [comment, intent]),
      [
        ['Adds two numbers of it.', 'what'],
        ['Kept because the old one was slow.', 'why'],
      ],
    )
    assert.equal(commentIntent('Must be called before close.'), 'how-to-use')
    assert.equal(commentIntent('Never null; throws on bad input.'), 'property')
  })
})

describe('the router', () => {
  const all = strategies.map(({ meta }) => meta.name)
  const facts = { tokens: 50_000, budget: 4000, model: true }
  const lookups = [
    'When did the mill burn?',
    'What is the boiling point of the solvent?',
    'Who signed the treaty?',
    'Where is the key kept?',
    'What does the timeout option do?',
    'Which port does the server listen on?',
    'How long is the arch of the bridge?',
    'What is the secret number of Lima?',
  ]
  const counts = [
    'How many people signed the letter?',
    'How many times does the captain laugh?',
    'How often is the harbour named?',
    'What is the number of orders in July?',
    'Count the chapters that end at sea.',
  ]
  const lists = [
    'List all ships that sank.',
    'Name every street that was closed.',
    'Find all mentions of the red car.',
    'What are all the magic numbers for Lima?',
    'Which people were at the dinner?',
    'Show me every invoice over 100 euros.',
    'Extract all dates from the minutes.',
  ]
  const compares = [
    'Compare the two proposals for the dam.',
    'What are the differences between the first and the second edition?',
    'Which team scored more goals than the others?',
    'Which supplier was late the most of all?',
    'How many orders for each customer?',
    'Group the incidents by year: how many each?',
  ]
  const summaries = [
    'Summarise the novel.',
    'Give me an overview of the report.',
    'What are the main themes of the book?',
    'What is this story about?',
    'TL;DR',
  ]
  const hops = [
    'Who is the mother of the director of the film that won in 1932?',
    'Where was the founder of the firm that built the bridge born?',
    'What is the capital of the country where the author who wrote Emma died?',
    'Where was the football before the kitchen?',
    'When did the composer of the opera that opened the house die?',
  ]
  const claims = [
    'Claim: The mill burned in 1901.',
    'Is it true that the firm made a loss?',
    'Verify that the bridge has eight lanes.',
    'The ship sank in 1912, true or false?',
  ]
  const choose = (question: string, more: Partial<Parameters<typeof route>[0]> = {}) =>
    route({ question, ...facts, ...more }, all)

  it('knows forty questions by their type', () => {
    assert.equal([lookups, counts, lists, compares, summaries, hops, claims].flat().length, 40)
    for (const [questions, ways] of [
      [lookups, ['retrieval']],
      [counts, ['aggregate']],
      [lists, ['aggregate']],
      [compares, ['aggregate']],
      [summaries, ['summarise']],
      [hops, ['read everything', 'long units']],
      [claims, ['verify']],
    ] as const)
      for (const question of questions) {
        const { way, strategy, why } = choose(question)
        assert.ok((ways as readonly string[]).includes(way), `${question}: ${way}`)
        assert.ok(all.includes(strategy), strategy)
        assert.match(why, /^[A-Z][^.]*(\d[.,]\d[^.]*)*\.$/, 'one sentence')
      }
  })
  it('names strategies of the catalog alone, and another way of reading for each way', () => {
    for (const [way, names] of Object.entries(strategiesFor))
      assert.deepEqual(
        names.filter((name) => !all.includes(name)),
        [],
        way,
      )
    assert.equal(choose(summaries[0]!).strategy, 'summarise')
    assert.equal(choose(hops[0]!, { tokens: 12_000 }).strategy, 'dual')
    assert.equal(choose(hops[0]!).strategy, 'chain')
  })
  it('keeps to size and budget', () => {
    assert.equal(choose(lookups[0]!, { tokens: 3000 }).way, 'whole')
    assert.equal(choose(summaries[0]!, { tokens: 3000 }).way, 'whole')
    assert.equal(choose(counts[0]!, { tokens: 3000 }).way, 'aggregate', 'a program counts better than a reader')
    assert.equal(choose(counts[0]!, { calls: 3 }).way, 'retrieval')
    assert.equal(choose(counts[0]!, { calls: 12 }).way, 'map-reduce')
    assert.equal(choose(summaries[0]!, { spend: 10_000 }).way, 'retrieval')
    assert.equal(choose(hops[0]!, { tokens: 12_000 }).way, 'long units')
    assert.equal(choose(hops[0]!, { tokens: 5_000_000 }).way, 'retrieval')
    for (const question of [...lookups, ...counts, ...claims])
      assert.equal(choose(question, { model: false }).strategy, 'extract')
    for (const name of ['aggregate', 'verify', 'map-reduce'])
      assert.ok(
        ['map-reduce', 'direct'].includes(
          route(
            { question: counts[0]!, ...facts },
            all.filter((one) => one !== name && one !== 'aggregate'),
          ).strategy,
        ),
      )
  })
  it('is asked by the name of auto, tells why, and gives all that fits', async () => {
    const items = [
      await item('a.txt', 'Ann built the mill.\n\nNothing else is known here.'),
      await item('b.txt', 'Wholly other words.'),
    ]
    const { answer, events, seen } = await asked(
      'auto',
      items,
      'Who built the mill?',
      () => 'Ann [1: "Ann built the mill."].',
    )
    assert.deepEqual(answer.trail.slice(0, 2), ['auto: whole', 'direct'])
    assert.ok(events.some((event) => event.type === 'planned' && /fits the budget/.test(event.plan)))
    assert.ok(seen[0]!.prompt.includes('Wholly other words.'), 'what no word of the question finds is given too')
    const counted = await asked('auto', items, 'How many people built mills?', copyLines(/Ann/))
    assert.deepEqual(counted.answer.trail.slice(0, 2), ['auto: aggregate', 'aggregate'])
    assert.match(counted.answer.text, /^1\./)
  })
})

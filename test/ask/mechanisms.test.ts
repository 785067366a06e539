import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { type Allocation, aspectScores, fitAllocator, type Note } from '../../src/ask/index.ts'
import { answerNotes } from '../../src/ask/reading/answering.ts'
import { positions } from '../../src/ask/reading/aspects.ts'
import { collapse } from '../../src/ask/reading/collapse.ts'
import { citedNotes, copiedNotes } from '../../src/ask/reading/copied.ts'
import { typedMemory } from '../../src/ask/reading/memory.ts'
import { prefixAccount } from '../../src/ask/reading/prefix.ts'
import { type Schema, violationOf } from '../../src/ask/reading/schema.ts'
import { fitTo, scratchpad, tokensOf } from '../../src/ask/reading/scratchpad.ts'
import { structured } from '../../src/ask/reading/structured.ts'
import { bounded, untilSufficient } from '../../src/ask/reading/sufficiency.ts'
import { FoveaError, type TokenCounter } from '../../src/core/index.ts'
import { library, type Script, scripted, warnings, withRun } from './reader.ts'
import { o200k } from './shelf.ts'

const { parts: base } = await library(['A text. It says little.'])

describe('structured replies', () => {
  const schema = { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] } as const
  const ask = async (script: Script, more: object = {}) => {
    const model = scripted(script)
    const { value } = await withRun({ ...base, model }, {}, (run) =>
      structured<{ age: number }>(run, { intent: 'extract', purpose: 'age', prompt: 'How old?', schema, ...more }),
    )
    return { value, calls: model.seen }
  }

  it('are read as they are, fenced or among words, by one call that hands on the schema', async () => {
    for (const text of ['{"age":7}', '```json\n{"age": 7}\n```', 'Here it is: {"age": 7}. Good?']) {
      const { value, calls } = await ask(() => text)
      assert.deepEqual([value, calls.length], [{ value: { age: 7 }, how: 'json' }, 1])
      assert.deepEqual(calls[0]!.json, schema)
    }
  })

  it('are repaired once, told what is wrong, and then dropped with the reason', async () => {
    const mended = await ask((_, index) => (index === 0 ? '{"age": "seven"}' : '{"age": 7}'))
    assert.deepEqual(mended.value, { value: { age: 7 }, how: 'repaired' })
    assert.match(mended.calls[1]!.prompt, /age must be of type integer[\s\S]*"seven"/)
    const lost = await ask(() => '{"age": ')
    assert.equal(lost.calls.length, 2)
    assert.ok(lost.value.how === 'dropped' && /no valid JSON/.test(lost.value.why))
    const silent = await ask(() => '')
    assert.deepEqual([silent.value.how, silent.calls.length], ['dropped', 1])
  })

  it('may be checked by a parser, whose message the repair is told', async () => {
    const { parse } = z.object({ age: z.number().max(5, 'nobody is older than five') })
    const { value, calls } = await ask((_, index) => `{"age": ${index === 0 ? 9 : 4}}`, { parse })
    assert.deepEqual(value, { value: { age: 4 }, how: 'repaired' })
    assert.match(calls[1]!.prompt, /older than five/)
  })

  it('fall back to plain lines by one call, but not where broken JSON was meant', async () => {
    const plain = (text: string) => (/^\d+$/.test(text) ? { age: Number(text) } : undefined)
    const { value, calls } = await ask(() => '41', { plain })
    assert.deepEqual([value, calls.length], [{ value: { age: 41 }, how: 'plain' }, 1])
    assert.equal((await ask(() => 'old', { plain })).value.how, 'dropped')
    const broken = await ask(() => '{"age": 4', { plain: () => ({ age: 0 }) })
    assert.deepEqual([broken.value.how, broken.calls.length], ['dropped', 2])
  })

  it('are asked for without a form where the model knows none', async () => {
    const { value, calls } = await ask(({ json }) =>
      json ? new FoveaError('model-failed', 'response_format is not supported') : '{"age":1}',
    )
    assert.deepEqual([value.value, calls.length], [{ age: 1 }, 2])
  })

  it('are checked as zod checks them', () => {
    const shape = z.strictObject({
      name: z.string().min(1),
      age: z.int().min(0).max(99).optional(),
      tags: z.array(z.enum(['a', 'b'])).max(2),
      on: z.boolean(),
    })
    const { $schema: _, ...json } = z.toJSONSchema(shape)
    const key = fc.constantFrom('name', 'age', 'tags', 'on', 'other')
    const leaf = fc.oneof(
      fc.constantFrom('', 'a', 'b', 'c'),
      fc.integer({ min: -2, max: 101 }),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
    )
    const good = fc.record({
      name: fc.constantFrom('', 'x'),
      age: fc.integer({ min: -1, max: 100 }),
      tags: fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 }),
      on: fc.boolean(),
    })
    let valid = 0
    fc.assert(
      fc.property(fc.oneof(good, fc.dictionary(key, leaf), leaf), (value) => {
        const { success } = shape.safeParse(value)
        if (success) valid++
        assert.equal(violationOf(value, json as Schema) === undefined, success, JSON.stringify(value))
      }),
      { numRuns: 500 },
    )
    assert.ok(valid > 20)
  })
})

/** A counter whose counts do not grow evenly, with a margin. */
const odd: TokenCounter = {
  name: 'odd',
  count: (text) => Math.ceil(text.length / 3) + (text.length % 5),
  margin: (count) => Math.ceil(count / 10),
}

describe('a scratchpad', () => {
  it('never passes its cap, whatever is put in', () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.constantFrom('a fact of ten words', '😀'.repeat(30)),
    )
    fc.assert(
      fc.property(
        fc.array(fc.array(line, { maxLength: 4 })),
        fc.integer({ min: 0, max: 40 }),
        fc.boolean(),
        (steps, cap, real) => {
          const counter = real ? o200k : odd
          const pad = scratchpad(counter, cap)
          for (const [index, lines] of steps.entries()) {
            if (index % 3 === 2) pad.set(lines)
            else pad.add(...lines)
            assert.ok(pad.lines.length === 0 || tokensOf(counter, pad.text) <= cap)
            assert.ok(pad.text.isWellFormed())
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('keeps the newest lines, each once', () => {
    const pad = scratchpad(o200k, 9)
    assert.deepEqual(pad.add('one two three', 'four five six'), [])
    assert.deepEqual(pad.add('one two three'), [])
    assert.deepEqual(pad.lines, ['four five six', 'one two three'])
    assert.deepEqual(pad.add('seven eight nine ten'), ['four five six'])
  })

  it('cuts a text to its beginning or end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.nat(60), fc.boolean(), (text, tokens, tail) => {
        const part = fitTo(odd, text, tokens, tail)
        assert.ok(tail ? text.endsWith(part) : text.startsWith(part))
        assert.ok(part === '' || tokensOf(odd, part) <= tokens)
        if (tokensOf(odd, text) <= tokens) assert.equal(part, text)
      }),
      { numRuns: 300 },
    )
    assert.ok(fitTo(o200k, 'word '.repeat(500), 100).length > 300)
  })
})

const noteOf = (text: string, at: number, more: Partial<Note> = {}): Note => ({
  text,
  evidence: [{ source: 's', start: at * 100, end: at * 100 + text.length }],
  derived: false,
  at,
  ...more,
})

describe('collapse', () => {
  const words = (index: number) => `Fact ${index} is that the mill number ${index} was built of oak and stone long ago`
  const notes = Array.from({ length: 40 }, (_, index) => noteOf(words(index), index, { confidence: (index % 10) / 10 }))
  const by = async (script: Script, tokens: number, how: 'merge' | 'drop' = 'merge') => {
    const model = scripted(script)
    const told = await withRun({ ...base, model }, { limits: { prompt: 1800 } }, (run) =>
      collapse(run, notes, { tokens, by: how }),
    )
    return { ...told.value, calls: model.seen, events: told.events }
  }
  const size = (some: readonly Note[]) => some.reduce((sum, { text }) => sum + tokensOf(o200k, text) + 2, 0)
  const known = new Set(notes.flatMap(({ evidence }) => evidence).map((span) => JSON.stringify(span)))

  it('shrinks in every round and keeps the evidence of what it merges', async () => {
    const merged = await by(({ prompt }) => {
      const numbers = [...prompt.matchAll(/^\[(\d+)\]/gm)].map(([, number]) => Number(number))
      return numbers
        .flatMap((number) => (number % 2 === 0 ? [`Both mills are old [${number - 1}][${number}].`] : []))
        .join('\n')
    }, 60)
    assert.ok(merged.sizes.length > 2)
    for (const [index, tokens] of merged.sizes.entries()) if (index > 0) assert.ok(tokens < merged.sizes[index - 1]!)
    assert.ok(size(merged.notes) <= 60)
    for (const { evidence, derived } of merged.notes) {
      assert.ok(derived && evidence.length >= 2)
      for (const span of evidence) assert.ok(known.has(JSON.stringify(span)))
    }
  })

  it('keeps a group as it is where its merging is longer', async () => {
    const long = 'This is so, as it ever was, and so on and on. '.repeat(40)
    const told = await by((_, index) => (index % 3 === 0 ? `${long} [1]` : 'Old [1].'), 300)
    assert.ok(told.calls.length > 2 && told.sizes.length > 1)
    assert.ok(told.notes.some(({ text }) => text === 'Old.') && told.notes.some((note) => notes.includes(note)))
  })

  it('ends with a model that shortens nothing, or invents, and drops the least confident', async () => {
    for (const script of [
      ({ prompt }: { prompt: string }) => prompt,
      () => 'Elves built it all.',
      () => '',
      () => 'It is so [999].',
    ]) {
      const { notes: kept, dropped, calls } = await by(script, 200)
      assert.ok(size(kept) <= 200 && calls.length <= 4, String(calls.length))
      const least = Math.min(...kept.map(({ confidence = 1 }) => confidence))
      assert.ok(dropped.every(({ confidence = 1 }) => confidence <= least))
      for (const note of kept) assert.ok(notes.includes(note), 'words that no note has')
    }
    const { calls } = await by(() => '', 200, 'drop')
    assert.equal(calls.length, 0)
  })
})

describe('rounds within one total', () => {
  it('never spend more, whatever is asked and replied', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2000, max: 9000 }),
        fc.array(fc.tuple(fc.nat(1500), fc.nat(300)), { minLength: 1, maxLength: 12 }),
        async (total, asks) => {
          const model = scripted((_, index) => 'word '.repeat(asks[index % asks.length]![1]))
          await withRun({ ...base, model }, { budget: 300 }, async (run) => {
            const within = bounded(run, total)
            for (const [size] of asks)
              await within
                .call({ intent: 'extract', purpose: 'x', prompt: 'ask '.repeat(size), maxOutputTokens: 400 })
                .catch((error: unknown) => assert.ok(FoveaError.is(error, 'reading-stopped')))
            assert.ok(within.left >= 0)
            const last = within.answering()
            assert.ok(last.request.budget <= 300)
            const ended = await last
              .call({
                intent: 'answer',
                purpose: 'x',
                prompt: 'pack '.repeat(last.request.budget),
                maxOutputTokens: 1500,
              })
              .then(() => true)
            assert.ok(ended, 'what was kept back was enough for the answer')
          })
          assert.ok(model.tokens() <= total)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('end when a judge is content, nothing is left, or they are over', async () => {
    const note = noteOf('A fact.', 1)
    const go = async (judge: string, step: (round: number) => readonly Note[] | undefined) => {
      const model = scripted(() => judge)
      const missing: string[] = []
      const { value } = await withRun({ ...base, model }, {}, (run) =>
        untilSufficient(run, 4, async (round, _, lacks) => {
          missing.push(lacks)
          return step(round)
        }),
      )
      return { ...value, calls: model.seen.length, missing }
    }
    assert.deepEqual((await go('YES.', () => [note])).ended, 'enough')
    const never = await go('NO, the year is missing', () => [note])
    assert.deepEqual([never.ended, never.rounds, never.calls], ['rounds', 4, 4])
    assert.equal(never.missing[1], 'the year is missing')
    assert.equal((await go('NO', (round) => (round === 2 ? undefined : []))).ended, 'nothing-new')
  })

  it('are allocated by a fit to measurements: the best that can be paid', () => {
    const truth = ({ documents, shots, rounds }: Allocation): number =>
      1 / (1 + Math.exp(-(-1.5 + 0.6 * Math.log1p(documents) - 0.2 * Math.log1p(shots) + 0.5 * Math.log1p(rounds))))
    const grid: Allocation[] = []
    for (const documents of [1, 2, 5, 10, 20])
      for (const shots of [0, 1, 4]) for (const rounds of [1, 2, 4]) grid.push({ documents, shots, rounds })
    const costOf = ({ documents, shots, rounds }: Allocation) => rounds * (documents * 200 + shots * 700 + 300)
    const measured = grid
      .filter((_, index) => index % 2 === 0)
      .map((allocation) => ({ ...allocation, score: truth(allocation) }))
    const allocator = fitAllocator(measured)
    for (const allocation of grid) assert.ok(Math.abs(allocator.expect(allocation) - truth(allocation)) < 0.02)
    for (const tokens of [400, 1000, 3000, 9000, 40_000]) {
      const payable = grid.filter((allocation) => costOf(allocation) <= tokens)
      const best = payable.toSorted((a, b) => truth(b) - truth(a))[0]
      assert.deepEqual(allocator.choose(tokens, grid, costOf), best)
    }
    assert.deepEqual(fitAllocator([]).expect(grid[0]!), 0.5)
  })
})

describe('a typed memory', () => {
  const text = 'Ada keeps the key. Bob has the map. The key opens the blue door. Bob sold the map to Cleo.'
  const chunk = { span: { source: 's', start: 500, end: 500 + text.length }, text, label: 'part', index: 3 }

  it('takes exact or shown edits, and refuses others with a reason', () => {
    const memory = typedMemory(o200k, ['fact', 'entity'], 1000)
    const said = (edit: Parameters<typeof memory.apply>[0]) => memory.apply(edit, chunk)
    const exact = said({ op: 'add', text: 'Bob has the map.' })
    assert.ok('note' in exact && !exact.note.derived && exact.note.evidence[0]!.start === 500 + text.indexOf('Bob has'))
    const shown = said({ op: 'add', kind: 'entity', text: 'Ada: keeper', words: 'Ada keeps the key' })
    assert.ok('note' in shown && shown.note.derived && shown.note.kind === 'entity')
    const changed = said({ op: 'update', id: 1, text: 'Cleo has it now', words: 'Bob sold the map to Cleo.' })
    assert.ok('note' in changed && changed.note.evidence.length === 2)
    for (const edit of [
      { op: 'add', text: 'Elves did it', words: 'by elves' },
      { op: 'add', kind: 'spell', text: 'Ada keeps the key.' },
      { op: 'update', id: 77, text: 'Ada keeps the key.' },
      { op: 'remove' },
      { op: 'add', text: 'Cleo has it now', words: 'Bob sold the map' },
    ] as const)
      assert.ok('refused' in said(edit), JSON.stringify(edit))
    assert.equal(memory.text, '#1 fact: Bob has the map.\n#2 entity: Ada: keeper\n#1 fact, now: Cleo has it now')
    assert.ok('removed' in said({ op: 'remove', id: 2 }))
    assert.deepEqual(
      memory.notes.map((note) => note.text),
      ['Cleo has it now'],
    )
  })

  it('only grows at its end until it is written anew, and then fits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(9), fc.nat(40)), { maxLength: 60 }),
        fc.integer({ min: 10, max: 80 }),
        (edits, cap) => {
          const memory = typedMemory(o200k, ['fact'], cap)
          for (const [kind, at] of edits) {
            const before = memory.text
            const words = text.slice(at, at + 12)
            if (kind < 6) memory.apply({ op: 'add', text: words }, chunk)
            else if (kind < 8)
              memory.apply({ op: 'update', id: at % 7, text: `now ${at}`, words: 'Bob has the map' }, chunk)
            else memory.apply({ op: 'remove', id: at % 7 }, chunk)
            assert.ok(memory.text.startsWith(before))
            memory.settle()
            assert.ok(tokensOf(o200k, memory.text) <= cap)
            for (const note of memory.notes) assert.ok(note.kind === 'fact' && note.evidence.length > 0)
          }
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('what prompts cost and where evidence lies', () => {
  it('counts cached beginnings as a slow search over all earlier prompts does', () => {
    const units: TokenCounter = { name: 'units', count: (text) => text.length, margin: () => 0 }
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), { maxLength: 20 }),
        (prompts) => {
          const account = prefixAccount(units)
          for (const [index, prompt] of prompts.entries()) {
            let best = 0
            for (const earlier of prompts.slice(0, index))
              for (let at = 1; at <= prompt.length; at++)
                if (earlier.startsWith(prompt.slice(0, at))) best = Math.max(best, at)
            assert.deepEqual(account.add(prompt), { tokens: prompt.length, cached: best })
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('takes copied words, cited words and earlier notes for evidence, and nothing else', () => {
    const text = 'The mill was sold in 1901. It burnt down a year later.'
    const chunk = { span: { source: 's', start: 10, end: 10 + text.length }, text, label: 'part', index: 2 }
    const known = [noteOf('The miller was Tom Hale.', 0)]
    const { notes, again, invented } = citedNotes(
      [
        'It burnt down a year later.',
        'It burnt down in 1902 [1: "burnt down a year later"] [1: "sold in 1901"].',
        'Tom lost it [2] [1: "was sold"].',
        'The miller was Tom Hale.',
        'It was rebuilt [1: "rebuilt by elves"].',
        'It is gone [9].',
      ],
      chunk,
      known,
    )
    assert.deepEqual(
      notes.map(({ text: said, derived, evidence }) => [said, derived, evidence.length]),
      [
        ['It burnt down a year later.', false, 1],
        ['It burnt down in 1902.', true, 2],
        ['Tom lost it.', true, 2],
      ],
    )
    assert.deepEqual(again, known)
    assert.equal(invented.length, 2)
  })

  it('scores aspects without a reference, and counts places', () => {
    const held = [
      { aspect: 'Rooms', sentiment: 'positive', inputs: 6 },
      { aspect: 'food', sentiment: 'negative', inputs: 3 },
      { aspect: 'food', sentiment: 'positive', inputs: 1 },
    ] as const
    const said = [
      { aspect: 'the room', sentiment: 'positive' },
      { aspect: 'pool', sentiment: 'positive' },
    ] as const
    assert.deepEqual(aspectScores(said, held), { precision: 0.5, recall: 0.6 })
    assert.deepEqual(aspectScores([], []), { precision: 1, recall: 1 })
    const starts = new Map([
      ['a', 0],
      ['b', 50],
    ])
    const span = (source: string, start: number) => ({ source, start, end: start + 2 })
    assert.deepEqual(positions([span('a', 0), span('b', 0), span('b', 48), span('z', 1)], starts, 100, 4), [1, 0, 1, 1])
  })
})

describe('copied lines', () => {
  const chunkOf = (text: string, index = 0, start = 0) => ({
    span: { source: 's', start, end: start + text.length },
    text,
    label: `part ${index}`,
    index,
  })
  const text =
    'The old mill\nIt was built by Tom Hale in\n1901. It burnt down.\nNobody rebuilt it.\n\nA new mill\n\nIt has turbines'
  const lines = text.replace('1901. It', '1901.\nIt').split('\n').filter(Boolean)

  it('are one note over line breaks that end no sentence, and else as many as there are sentences', () => {
    const { notes, invented } = copiedNotes(lines, [chunkOf(text, 0, 40)])
    assert.deepEqual(
      notes.map((note) => note.text),
      [
        'The old mill\nIt was built by Tom Hale in\n1901.',
        'It burnt down.',
        'Nobody rebuilt it.',
        'A new mill',
        'It has turbines',
      ],
    )
    assert.deepEqual(invented, [])
    for (const { text: said, evidence } of notes) {
      assert.equal(evidence.length, 1)
      assert.equal(text.slice(evidence[0]!.start - 40, evidence[0]!.end - 40), said)
    }
    const apart = copiedNotes([lines[1]!, lines[0]!], [chunkOf(text)])
    assert.equal(apart.notes.length, 2, 'lines in another order')
    const rows = Array.from({ length: 200 }, (_, row) => `row ${row} of a table`)
    const long = copiedNotes(rows, [chunkOf(rows.join('\n'))])
    assert.equal(long.notes.map((note) => note.text).join('\n'), rows.join('\n'))
    assert.ok(long.notes.length > 1 && long.notes.every((note) => note.text.length <= 1200))
  })

  it('are taken where they follow the line before or are a line, not where their words come first', () => {
    const said = 'Tom Hale sold Old Mill in 1901. Then he left.\n\nOld Mill\nIt is a house. Then he left.\n'
    const found = (copied: readonly string[]) => copiedNotes(copied, [chunkOf(said)]).notes.map((note) => note.text)
    assert.deepEqual(found(['Old Mill', 'It is a house.']), ['Old Mill\nIt is a house.'])
    const { notes } = copiedNotes(['It is a house.', 'Then he left.'], [chunkOf(said)])
    assert.equal(notes[1]!.evidence[0]!.start, said.lastIndexOf('Then he left.'))
    assert.equal(copiedNotes(['Then he left.'], [chunkOf(said)]).notes[0]!.evidence[0]!.start, said.indexOf('Then'))
  })

  it('are a known note where they are a line of it, and else what stands in the part', () => {
    const known = [noteOf('Tom Hale sold Old Mill in 1901.\nHe left', 0)]
    const chunk = chunkOf('Old Mill\nIt is a house.', 1, 500)
    const { notes, again } = copiedNotes(['He left', 'Old Mill', 'It is a house.', 'in 1901'], [chunk], known)
    assert.deepEqual([notes.map((note) => note.text), again], [['Old Mill\nIt is a house.'], known])
  })

  it('stay together when they are merged and when they are packed', async () => {
    const source = await library([text])
    const id = source.items[0]!.source.id
    const { notes } = copiedNotes(lines, [{ ...chunkOf(text), span: { source: id, start: 0, end: text.length } }])
    const many = [...notes, ...Array.from({ length: 30 }, (_, at) => noteOf(`Much else happened in year ${at}.`, at))]
    const merging = scripted(() => lines.slice(0, 3).join('\n'))
    const { value } = await withRun({ ...source.parts, model: merging }, {}, (run) =>
      collapse(run, many, { tokens: 80 }),
    )
    assert.deepEqual(
      value.notes.map((note) => note.text),
      [notes[0]!.text],
    )
    const model = scripted(() => 'NOT FOUND')
    const single = lines.slice(0, 2).flatMap((line) => {
      const start = text.indexOf(line)
      return [{ ...noteOf(line, 0), evidence: [{ source: id, start, end: start + line.length }] }]
    })
    await withRun({ ...source.parts, model }, { budget: 500 }, (run) => answerNotes(run, single))
    assert.match(model.seen[0]!.prompt, /The old mill\nIt was built/)
  })

  it('are taken as written from a later part before they are taken altered from an earlier one, or for a known note', () => {
    const facts = ['Anna Harding is the mayor of Millfield town.', 'Anna Hardin is the mayor of Millfield town.']
    const chunks = facts.map((fact, index) => chunkOf(`${fact} It rained.`, index, index * 100))
    const { notes } = copiedNotes([facts[1]!, facts[0]!], chunks)
    assert.deepEqual(
      notes.map(({ text: said, at }) => [said, at]),
      [
        [facts[1], 1],
        [facts[0], 0],
      ],
    )
    const later = copiedNotes([facts[1]!], [chunks[1]!], [notes[1]!])
    assert.deepEqual([later.notes.map((note) => note.text), later.again], [[facts[1]], []])
    const repeated = copiedNotes([facts[0]!.replace('mayor', 'mayo')], [chunks[1]!], [notes[1]!])
    assert.deepEqual([repeated.notes, repeated.again], [[], [notes[1]]])
  })
})

it('a warning tells what was dropped in a collapse', async () => {
  const notes = Array.from({ length: 9 }, (_, index) => noteOf(`Some long note with number ${index} in it`, index))
  const { events } = await withRun({ ...base, model: scripted(() => '') }, {}, (run) =>
    collapse(run, notes, { tokens: 30, by: 'drop' }),
  )
  assert.match(warnings(events, 'notes-dropped')[0]!, /of 9 notes/)
})

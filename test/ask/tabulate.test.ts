// Rows out of every part and a program over them, with small programs in the model's place.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type AskParts, route, strategies } from '../../src/ask/index.ts'
import { schemaOf } from '../../src/ask/reading/record-schema.ts'
import { Likeness, rowsOf, unitsOf } from '../../src/ask/reading/rows.ts'
import { sliceSpan } from '../../src/core/index.ts'
import type { ModelCall } from '../../src/model/index.ts'
import { filler, library, scripted, tell, warnings } from './reader.ts'

const classes = 'class Sale:\n    seller: str\n    crowns: float'
const summing =
  'return { answer: String(tables.Sale.reduce((sum, { crowns }) => sum + crowns, 0)), records: tables.Sale }'
const planOf = (program: string, schema = classes): string =>
  `Rows first.\n\`\`\`python\n${schema}\n\`\`\`\nThen:\n\`\`\`js\n${program}\n\`\`\``
const sold = /(\w+) sold a boat for ([\d,]+) crowns/g

/** Writes an instance for each sale in its prompt, but for those that it overlooks. */
const seller = (plans: readonly string[], overlooks: (name: string, call: ModelCall) => boolean = () => false) =>
  (() => {
    let planned = 0
    return (call: ModelCall): string => {
      if (call.intent === 'program') return plans[planned++] ?? 'I cannot.'
      if (call.intent !== 'extract') return 'NOT FOUND.'
      const lines = [...call.prompt.matchAll(sold)]
        .filter(([, name]) => !overlooks(name!, call))
        .map(([, name, crowns]) => `Sale(seller="${name}", crowns=${crowns!.replaceAll(',', '')})`)
      return lines.join('\n') || 'NONE'
    }
  })()

const question = 'What is the sum of all sales in crowns?'
async function ask(
  parts: AskParts,
  reply: (call: ModelCall) => string,
  options: Readonly<Record<string, string | number>> = {},
  limits: Readonly<Record<string, number>> = {},
) {
  const model = scripted(reply)
  const told = await tell('tabulate', { ...parts, model }, { question, options, limits })
  return { ...told, seen: model.seen }
}
const sales = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `Name${from + index} sold a boat for ${index * 7 + 3} crowns.`)
const sumOf = (count: number): number =>
  Array.from({ length: count }, (_, index) => index * 7 + 3).reduce((a, b) => a + b, 0)
const mixed = (count: number): string =>
  filler(count * 4)
    .flatMap((line, index) => (index % 4 === 1 ? [line, sales(count)[index >> 2]!] : [line]))
    .join('\n')

describe('tabulate', () => {
  it('computes over all rows, and cites the sentence of each', async () => {
    const { items, parts } = await library([mixed(60)])
    const { answer, seen, events } = await ask(parts, seller([planOf(summing)]), { chunk: 300 })
    assert.equal(answer.text, String(sumOf(60)))
    assert.ok(answer.trail.includes('rows=60'))
    assert.equal(answer.citations.length, 60)
    for (const { text, passage, verified } of answer.citations) {
      assert.ok(verified)
      assert.equal(sliceSpan(items[0]!.source.text, passage.spans[0]), text)
      assert.match(text, /^Name\d+ sold a boat for \d+ crowns\.$/)
    }
    assert.equal(seen.filter(({ intent }) => intent === 'answer').length, 0, 'no model computes')
    assert.equal(events.filter(({ type }) => type === 'noted').length, 60)
  })

  it('looks again at the sentences that look like a row and gave none, and at few others', async () => {
    const { parts } = await library([mixed(200)])
    const times = new Map<string, number>()
    const overlooks = (name: string): boolean => {
      times.set(name, (times.get(name) ?? 0) + 1)
      return Number(name.slice(4)) % 9 === 0 && times.get(name)! < 3
    }
    const { answer, seen } = await ask(parts, seller([planOf(summing)], overlooks), { chunk: 400 })
    assert.notEqual(answer.text, String(sumOf(200)), 'a look that finds nothing is the last')
    times.clear()
    const once = (name: string): boolean => {
      times.set(name, (times.get(name) ?? 0) + 1)
      const number = Number(name.slice(4))
      return number % 9 === 0 && times.get(name)! < (number % 2 === 0 ? 2 : 3)
    }
    const found = await ask(parts, seller([planOf(summing)], once), { chunk: 400 })
    assert.equal(found.answer.text, String(sumOf(200)))
    const again = found.seen.filter(({ prompt }) => !prompt.includes('Line 1-'))
    assert.ok(again.length >= 2 && again.length <= 5, `${again.length} looks of ${seen.length}`)
    times.clear()
    const never = await ask(parts, seller([planOf(summing)], once), { chunk: 400, looks: 0 })
    assert.notEqual(never.answer.text, String(sumOf(200)))
  })

  it('counts what a text states twice as two rows, and what a model repeats as one', async () => {
    const twice = 'Ann sold a boat for 10 crowns.'
    const { parts } = await library([`${twice}\nBo sold a boat for 5 crowns.\n${twice}\n`])
    const { answer } = await ask(parts, seller([planOf(summing)]))
    assert.equal(answer.text, '25')
    const stammer = seller([planOf(summing)])
    const { answer: again } = await ask(parts, (call) => {
      const reply = stammer(call)
      return call.intent === 'extract' ? `${reply}\n${reply}` : reply
    })
    assert.equal(again.text, '25')
  })

  it('looks again at what a reply lacks that was cut off, and keeps what it has', async () => {
    const { parts } = await library([mixed(40)])
    const reply = seller([planOf(summing)])
    const model = scripted(reply)
    let cut = true
    const short: typeof model = {
      ...model,
      async generate(call) {
        const whole = await model.generate(call)
        if (call.intent !== 'extract' || !cut) return whole
        cut = false
        return { ...whole, text: whole.text.slice(0, whole.text.length >> 1), finish: 'length' }
      },
    }
    const { answer, events } = await tell(
      'tabulate',
      { ...parts, model: short },
      { question, options: { chunk: 2000 } },
    )
    assert.equal(answer.text, String(sumOf(40)))
    assert.equal(warnings(events, 'cut-off').length, 1)
  })

  it('leaves out rows that stand nowhere, and says which fields were inferred', async () => {
    const { parts } = await library(['Ann sold a boat for 1,250 crowns.\nBo sold a boat for half a hundred crowns.'])
    const { answer, events } = await ask(parts, (call) =>
      call.intent === 'program'
        ? planOf(summing)
        : 'Sale(seller="Ann", crowns=1250)\nSale(seller="Bo", crowns=50)\nSale(seller="Zoe", crowns=9999)',
    )
    assert.equal(answer.text, '1300')
    assert.ok(warnings(events, 'invented').length > 0)
    assert.ok(answer.trail.includes('inferred=1'))
  })

  it('has a program that cannot be read written anew before it reads, and one that fails after', async () => {
    const { parts } = await library([mixed(8)])
    const { answer, seen, events } = await ask(
      parts,
      seller([planOf('return tables.Sale.map(('), planOf('return tables.Sail.length'), planOf(summing)]),
    )
    assert.equal(answer.text, String(sumOf(8)))
    assert.equal(warnings(events, 'program-failed').length, 2)
    const repaired = await ask(parts, seller([planOf('return tables.Sail.length'), planOf(summing)]))
    assert.equal(repaired.answer.text, String(sumOf(8)))
    assert.equal(seen[1]!.intent, 'program')
    assert.ok(repaired.seen.at(-1)!.prompt.includes('Name0'), 'rows are shown')
  })

  it('answers from the evidence where there is no plan, and takes one that is given', async () => {
    const { parts } = await library([mixed(5)])
    const { answer, events } = await ask(parts, (call) =>
      call.intent === 'program'
        ? 'I cannot.'
        : call.intent === 'extract'
          ? sales(5).join('\n')
          : `Name0 sold one [1: "${sales(1)[0]}"].`,
    )
    assert.equal(warnings(events, 'plan-unusable').length, 1)
    assert.equal(answer.citations[0]!.text, sales(1)[0])
    const given = await ask(parts, seller([]), { schema: classes, program: 'return tables.Sale.length + " sales"' })
    assert.equal(given.answer.text, '5 sales')
    assert.ok(
      given.seen.every(({ intent }) => intent === 'extract'),
      'nothing is planned',
    )
  })

  it('names what was not read where it was stopped', async () => {
    const { parts } = await library([mixed(100)])
    const { answer } = await ask(parts, seller([planOf(summing)]), { chunk: 200 }, { calls: 4, concurrency: 1 })
    assert.match(answer.text, /^\d+\n\n\d+ parts were not read/)
  })

  it('keeps a program of a model in its sandbox', async () => {
    const { parts } = await library([mixed(3)])
    for (const hostile of [
      'return process.env.PATH',
      'for (;;) {}',
      'return require("fs").readFileSync("/etc/passwd")',
    ]) {
      const { answer } = await ask(parts, seller([planOf(hostile), planOf(hostile)]), { time: 300 })
      assert.equal(answer.text, 'NOT FOUND.')
    }
  })

  it('joins tables, whatever their rows are', async () => {
    const schema = `${classes}\n\nclass Home:\n    person: str\n    town: str`
    const program =
      'const homes = new Map(tables.Home.map(({ person, town }) => [person, town]))\nreturn tables.Sale.filter(({ crowns }) => crowns > 20).map(({ seller }) => seller + " | " + homes.get(seller))'
    const { parts } = await library([`${sales(6).join('\n')}\nName4 lives in Rasdale.\nName5 lives in Corby.\n`])
    const work = seller([planOf(program, schema)])
    const { answer } = await ask(parts, (call) => {
      const homes = [...call.prompt.matchAll(/(Name\d) lives in (\w+)/g)]
      const lines = homes.map(([, name, town]) => `Home(person="${name}", town="${town}")`)
      return call.intent === 'extract' ? `${work(call)}\n${lines.join('\n')}` : work(call)
    })
    assert.equal(answer.text, 'Name3 | undefined\nName4 | Rasdale\nName5 | Corby')
  })
})

describe('rows', () => {
  const schema = schemaOf(classes)!
  const chunkOf = (text: string) => ({ span: { source: 's', start: 0, end: text.length }, text, label: '', index: 0 })

  it('binds each record to the sentence that says it, for any text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ seller: fc.constantFrom('Ann', 'Bo', 'Cy', 'Dee'), crowns: fc.integer({ min: 1, max: 9 }) }),
          {
            maxLength: 25,
          },
        ),
        (list) => {
          const text = list.map(({ seller, crowns }) => `${seller} sold it for ${crowns} crowns.`).join(' ')
          const records = list.map((fields) => ({ type: 'Sale', fields }))
          const { rows, invented } = rowsOf(records, schema, unitsOf(chunkOf(text)))
          assert.deepEqual(invented, [])
          assert.equal(rows.length, list.length)
          assert.equal(new Set(rows.map(({ span }) => span.start)).size, list.length, 'each has its own')
          for (const { span, fields } of rows)
            assert.equal(text.slice(span.start, span.end), `${fields.seller} sold it for ${fields.crowns} crowns.`)
        },
      ),
    )
  })

  it('cuts a text into units that cover all of it but space', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('Ann rows. ', 'a|b\n', '\n\n', '  ', 'Mr. Lee paid $3.50', '# Head\n')),
        (list) => {
          const text = list.join('')
          const units = unitsOf(chunkOf(text))
          assert.equal(
            units
              .map(({ text: own }) => own)
              .join('')
              .replace(/\s/g, ''),
            text.replace(/\s/g, ''),
          )
          for (const { span, text: own } of units) assert.equal(text.slice(span.start, span.end), own)
        },
      ),
    )
  })

  it('tells sentences like those with a row from others', () => {
    const likeness = new Likeness()
    for (const line of sales(300)) likeness.add(line, true)
    for (const line of filler(900)) likeness.add(line, false)
    const suspect = likeness.suspects()
    assert.ok(sales(50, 1000).every(suspect))
    assert.equal(filler(300, 7).filter(suspect).length, 0)
    assert.equal(new Likeness().suspects()('anything'), false)
  })
})

it('is what the router takes for sums, averages and extremes over all of a text', () => {
  const all = strategies.map(({ meta }) => meta.name)
  const facts = { tokens: 20_000, budget: 4000, model: true }
  for (const asked of [
    question,
    'What is the average price of all wines in the text?',
    'How many dollars did all of these people earn together?',
    'Of all ships in the text, which has the highest tonnage?',
    'Which five towers have the greatest height, in falling order?',
  ]) {
    assert.equal(route({ question: asked, ...facts }, all).strategy, 'tabulate', asked)
    assert.equal(route({ question: asked, ...facts, calls: 3 }, all).way, 'retrieval')
  }
  assert.equal(
    route(
      { question, ...facts },
      all.filter((name) => name !== 'tabulate'),
    ).strategy,
    'aggregate',
  )
})

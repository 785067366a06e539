import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type AskEvent, type AskParts, type AskRequest, ask, strategies } from '../../src/ask/index.ts'
import { decomposing } from '../../src/ask/reading/decomposing.ts'
import { outcomeOf } from '../../src/ask/reading/handlers.ts'
import { jsonIn } from '../../src/ask/reading/json.ts'
import { draftsOf, saysDone } from '../../src/ask/reading/queries.ts'
import type { Run } from '../../src/ask/reading/run.ts'
import { TaskGraph, TaskTree } from '../../src/ask/reading/tasks.ts'
import { Thoughts, thinking } from '../../src/ask/reading/thoughts.ts'
import { medoid, ordersOf, similarity } from '../../src/ask/reading/voting.ts'
import { type Answer, FoveaError, makeSource, packViolations, passageViolations, split } from '../../src/core/index.ts'
import type { Intent, ModelCall, ModelPort } from '../../src/model/index.ts'
import { scriptedModel } from '../../src/testing/index.ts'
import { type Item, o200k, shelf } from './shelf.ts'

const names = [
  'search',
  'decompose',
  'tree',
  'templates',
  'graph',
  'explore',
  'revise',
  'dual',
  'vote',
  'parallel',
  'program',
]

const between = (prompt: string) => /-----\n([\s\S]*?)\n-----/.exec(prompt)?.[1] ?? ''
type Replies = Partial<Record<Intent, (call: ModelCall) => string>>

/** A program that stands in for a model: by intent as told; it copies the sentences that hold one of `words`, and answers with the first passage that holds `gold`. */
function scripted(words: readonly string[], gold: string, replies: Replies = {}, seen: ModelCall[] = []): ModelPort {
  const copy = (text: string) =>
    text
      .split(/\n|(?<=\.) /)
      .filter((line) => words.some((word) => line.includes(word)))
      .join('\n') || 'NONE'
  const standard: Record<Intent, (call: ModelCall) => string> = {
    extract: ({ prompt }) => copy(between(prompt)),
    summarise: ({ prompt }) => copy(between(prompt)),
    answer: ({ prompt }) => {
      const line = prompt.split('\n').find((one) => one.includes(gold) && !one.includes('?'))
      return line ? `It is ${gold} [1: "${line.trim()}"].` : 'NOT FOUND. Nothing says so.'
    },
    judge: ({ prompt }) => (between(prompt).includes(gold) ? 'YES' : 'NO'),
    plan: ({ prompt }) => /(?:Question|Task): (.*)/.exec(prompt)?.[1] ?? '',
    program: () => '',
    rewrite: ({ prompt }) => prompt,
  }
  return scriptedModel(
    (call) => {
      seen.push(call)
      return (replies[call.intent] ?? standard[call.intent])(call)
    },
    { counter: o200k },
  )
}

const filler = (page: number) =>
  Array.from(
    { length: 12 },
    (_, line) => `Note ${page}-${line}: the harvest of barley was weighed and stored dry.`,
  ).join(' ')
const facts = [
  'Ada Quill wrote the novel Grey Harbour.',
  'The story of Grey Harbour is set in the town Velmora.',
  'Velmora lies on the river Ossin.',
  'Aaron asks many things, and the inns of Velmora are one of them.',
]
const question = 'Aaron asks: which water passes by the place of the book that Ada Quill wrote?'
const hops = ['Quill wrote', 'is set in', 'lies on']
const items: Item[] = []
for (let page = 0; page < 8; page++) {
  const fact = page % 2 === 1 ? facts[(page - 1) / 2]! : ''
  const source = await makeSource({
    uri: `page-${page}.txt`,
    text: `${filler(page)} ${fact} ${filler(page + 50)}`,
    mediaType: 'text/plain',
  })
  items.push({ source, chunks: split(source, { size: 60 }) })
}
const parts = await shelf(items)
const textOf = (id: string) => items.find(({ source }) => source.id === id)?.source.text

async function run(name: string, model: ModelPort, given: Partial<AskRequest> = {}, own: AskParts = parts) {
  const events: AskEvent[] = []
  const answer = await ask(
    { ...own, model },
    { question, budget: 2000, limit: 8, ...given },
    { strategy: name, onEvent: (event) => events.push(event) },
  )
  return {
    answer,
    events,
    codes: events.flatMap((event) => (event.type === 'warned' ? [event.code] : [])),
    ...split2(events),
  }
}
const split2 = (events: readonly AskEvent[]) => ({
  plans: events.flatMap((event) => (event.type === 'planned' ? [event] : [])),
  queries: events.flatMap((event) => (event.type === 'retrieved' ? [event.query] : [])),
})
function sound(answer: Answer): void {
  for (const { passage } of answer.citations) assert.deepEqual(passageViolations(passage, textOf), [])
  assert.deepEqual(
    packViolations(answer.pack, {
      textOf,
      counter: o200k,
      input: [...answer.pack.kept, ...answer.pack.dropped.map(({ passage }) => passage)],
    }),
    [],
  )
}

describe('plans as queries', () => {
  it('reads lists, numbers, needs and JSON alike', () => {
    assert.deepEqual(
      draftsOf('Here they are:\n1. Who wrote it?\n2. Where is #1 set? (after 1)\n- Who wrote it?\nDONE'),
      [
        { id: '1', text: 'Who wrote it?', needs: [] },
        { id: '2', text: 'Where is #1 set?', needs: ['1'] },
      ],
    )
    assert.deepEqual(
      draftsOf('```json\n[{"id":"b","question":"Where?","needs":["a"]},{"id":"a","query":"Who?"},]\n```'),
      [
        { id: 'b', text: 'Where?', needs: ['a'] },
        { id: 'a', text: 'Who?', needs: [] },
      ],
    )
    assert.deepEqual(
      draftsOf('["Who?", 7, null, "who"]').map(({ text }) => text),
      ['Who?'],
    )
    assert.equal(jsonIn('no [json here'), undefined)
    assert.ok(saysDone('DONE.') && saysDone('') && !saysDone('When was the canal done?'))
  })

  it('never throws, and never gives more than was asked for', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('[', '{', '"', ',', '}', ']', '1. ', '\n', '#1', 'who ', '(after 2)', ':') }),
        (reply) => {
          const drafts = draftsOf(reply, 3)
          assert.ok(drafts.length <= 3 && drafts.every(({ text }) => text.trim() !== ''))
        },
      ),
    )
  })
})

const still = (concurrency = 2) => {
  const warnings: string[] = []
  const bare = {
    concurrency,
    signal: new AbortController().signal,
    warn: (code: string) => warnings.push(code),
    missed: () => warnings.push('missed'),
  }
  return { run: bare as unknown as Run, warnings }
}

describe('tasks', () => {
  it('does every node after those that it needs, side by side, never more than allowed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(9), { maxLength: 3 }), { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 1, max: 4 }),
        async (edges, concurrency) => {
          const { run: own } = still(concurrency)
          const graph = new TaskGraph<number>(own, 20)
          // Edges go anywhere, so that there are circles and unknown needs.
          graph.add(
            edges.map((needs, id) => ({ id: `n${id}`, text: `task ${id}`, needs: needs.map((need) => `n${need}`) })),
          )
          let [flying, most, done] = [0, 0, 0]
          await graph.solve(async (node) => {
            assert.ok(node.needs.every(({ value }) => value !== undefined))
            most = Math.max(most, ++flying)
            await new Promise((resolve) => setImmediate(resolve))
            flying--
            return ++done
          })
          assert.ok(graph.nodes.every(({ value }) => value !== undefined) && most <= concurrency)
          if (graph.nodes.filter(({ needs }) => needs.length === 0).length > 1 && concurrency > 1) assert.ok(most > 1)
        },
      ),
    )
  })

  it('refuses circles, depth and number in a tree', () => {
    const { run: own, warnings } = still()
    const tree = new TaskTree<string>(own, { depth: 2, tasks: 4 })
    const root = tree.add('Who?')!
    const child = tree.add('Where?', root)!
    assert.equal(tree.add('who', child), undefined)
    const deep = tree.add('When?', child)!
    assert.equal(tree.add('Why?', deep), undefined)
    assert.ok(tree.add('Why?', root))
    assert.equal(tree.add('How?', root), undefined)
    assert.deepEqual(warnings, ['task-refused', 'task-refused', 'task-refused'])
    assert.deepEqual(tree.trace(), ['1. Who?', '  2. Where?', '    3. When?', '  4. Why?'])
  })
})

describe('voting', () => {
  it('takes the text that is most like all others', () => {
    const text = fc
      .array(fc.constantFrom('river', 'town', 'novel', 'barley'), { minLength: 1, maxLength: 4 })
      .map((all) => all.join(' '))
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (texts) => {
        const bags = texts.map((one) => parts.analyzer.terms(one).map(({ term }) => term))
        const sums = bags.map((bag, at) =>
          bags.reduce((sum, other, index) => sum + (index === at ? 0 : similarity(bag, other)), 0),
        )
        const { index, agreement } = medoid(texts, parts.analyzer)
        assert.ok(sums.every((sum) => sum <= sums[index]! + 1e-9) && agreement >= 0 && agreement <= 1)
      }),
    )
    for (let length = 2; length < 20; length++)
      for (let most = 1; most < 8; most++)
        assert.equal(ordersOf(length, most).length, length === 2 ? Math.min(2, most) : Math.min(most, 2 * length))
    for (let length = 1; length < 9; length++)
      for (const order of ordersOf(length, 5))
        assert.deepEqual(
          order.toSorted((a, b) => a - b),
          [...Array(length).keys()],
        )
  })

  it('beats one order where the reader overlooks the middle, and gains nothing where it looks everywhere', async () => {
    const right = { vote: { biased: 0, fair: 0 }, direct: { biased: 0, fair: 0 } }
    for (let place = 0; place < 6; place++) {
      const own: Item[] = []
      for (let page = 0; page < 6; page++) {
        const source = await makeSource({
          uri: `v-${page}.txt`,
          text: `The river of the town is ${page === place ? 'Ossin' : ['Barrow', 'Calder', 'Derwent', 'Exe', 'Fowey', 'Gipping'][page]}.`,
          mediaType: 'text/plain',
        })
        own.push({ source, chunks: split(source) })
      }
      const shelved = await shelf(own)
      for (const reader of ['biased', 'fair'] as const) {
        const answer = ({ prompt }: ModelCall) => {
          const shown = prompt.split(/\n(?=\[\d+\] )/).filter((one) => /^\[\d/.test(one))
          const near = reader === 'fair' ? shown : [...shown.slice(0, 2), ...shown.slice(4)]
          return near.some((one) => one.includes('Ossin')) ? 'It is Ossin.' : 'There is none.'
        }
        const one = await run(
          'vote',
          scripted([], '', { answer }),
          { question: 'river of the town', options: { votes: 1 } },
          shelved,
        )
        const many = await run(
          'vote',
          scripted([], '', { answer }),
          { question: 'river of the town', options: { votes: 6 } },
          shelved,
        )
        right.direct[reader] += one.answer.text.includes('Ossin') ? 1 : 0
        right.vote[reader] += many.answer.text.includes('Ossin') ? 1 : 0
        assert.match(many.answer.trail.join(), /agreement=/)
      }
    }
    assert.ok(right.vote.biased > right.direct.biased, JSON.stringify(right))
    assert.equal(right.vote.fair, right.direct.fair)
  })
})

describe('what each paper promises', () => {
  it('walks several hops, by whatever way, where one look-up cannot', async () => {
    const one = await run('vote', scripted(hops, 'Ossin'), { limit: 2, budget: 200 })
    assert.equal(one.answer.found, false)
    for (const name of ['search', 'decompose', 'tree', 'templates', 'graph', 'explore', 'parallel', 'program']) {
      const { answer } = await run(name, scripted(hops, 'Ossin'), {
        limit: 2,
        options: { read: 200, elements: 'names' },
      })
      assert.ok(answer.found, name)
      assert.ok(
        answer.citations.some(({ text, verified }) => verified && text.includes('Ossin')),
        name,
      )
      sound(answer)
    }
  })

  it('decompose: lists exactly what a text longer than a prompt holds, by handlers that can be swapped', async () => {
    const rows = Array.from({ length: 300 }, (_, at) =>
      at % 25 === 3 ? `Row ${at}: the heron number ${at} landed.` : `Row ${at}: nothing landed on the ice.`,
    )
    const source = await makeSource({ uri: 'rows.txt', text: rows.join('\n'), mediaType: 'text/plain' })
    const shelved = await shelf([{ source, chunks: split(source, { size: 60 }) }])
    const plan = () => 'split: every heron that landed\nunique: all\ncount: herons'
    const seen: ModelCall[] = []
    const { answer, plans } = await run(
      'decompose',
      scripted(['heron'], '', { plan }, seen),
      { question: 'How many herons landed?', limits: { prompt: 1500 } },
      shelved,
    )
    assert.ok(seen.filter(({ intent }) => intent === 'extract').length > 5)
    const shown = seen.at(-1)!.prompt
    assert.ok(shown.includes(`There are ${rows.filter((row) => row.includes('heron')).length}.`))
    for (const row of rows) assert.equal(shown.includes(row), row.includes('heron'))
    assert.deepEqual(
      plans.at(-1)!.steps!.map((line) => line.trim().replace(/:.*/, '')),
      ['1. How many herons landed?', '2. split', '3. unique', '4. count'],
    )
    assert.ok(answer.pack.kept.length > 0)
    const swapped: string[] = []
    const own = decomposing('own', {
      split: { does: 'nothing', handle: async () => outcomeOf([]) },
      unique: {
        does: 'tells that it was asked',
        handle: async (text) => {
          swapped.push(text)
          return outcomeOf([])
        },
      },
    })
    for await (const _ of own(
      { ...shelved, model: scripted(['heron'], '', { plan }) },
      { question: 'How many?', budget: 500, limit: 5 },
    ));
    assert.deepEqual(swapped, ['all'])
  })

  it('search: grows a graph, hands findings on, and keeps the prompt of the planner short', async () => {
    const seen: ModelCall[] = []
    let round = 0
    const plan = () =>
      [
        '1. Which novel did Ada Quill write?\n2. Where is the story set? (after 1)',
        'Velmora lies on which river?',
        'DONE',
      ][round++]!
    const { answer } = await run('search', scripted(hops, 'Ossin', { plan }, seen), {
      limit: 3,
      options: { read: 300 },
    })
    assert.ok(answer.found)
    const second = seen.find(({ prompt }) => prompt.includes('Known:'))!
    assert.ok(second.prompt.includes('Grey Harbour'), 'the second question sees what the first found')
    assert.ok(seen.filter(({ intent }) => intent === 'plan').every(({ prompt }) => o200k.count(prompt) < 400))
  })

  it('tree: what finished subtasks read is gone from later prompts, their conclusions are not', async () => {
    const seen: ModelCall[] = []
    const plan = ({ prompt }: ModelCall) =>
      prompt.includes('Finished: the river')
        ? 'DONE'
        : prompt
              .trimEnd()
              .split('\n')
              .filter((line) => line.includes('Task:')).length > 1
          ? 'DONE'
          : 'the novel of Ada Quill\nthe town of Grey Harbour\nthe river of Velmora'
    const summarise = ({ prompt }: ModelCall) =>
      `Concluded ${seen.length}.\n${between(prompt).replace(/^- /gm, '').split('\n')[0]}`
    const { answer } = await run('tree', scripted([...hops, 'barley'], 'Ossin', { plan, summarise }, seen), {
      limit: 3,
      options: { read: 150 },
    })
    assert.ok(answer.pack.kept.length > 0)
    const plans = seen.filter(({ intent }) => intent === 'plan')
    assert.ok(plans.length > 1 && plans.at(-1)!.prompt.includes('Concluded'))
    for (const { prompt } of plans) assert.ok(!prompt.includes('barley'), 'no passage stands in a plan')
  })

  it('templates: one that falls short is edited, and questions after it go better', async () => {
    const kept = new Thoughts([{ name: 'short', text: 'river town novel wrote', steps: 'Look once.', hops: 0 }])
    const plan = () => '{"steps": "Look, then follow each name.", "hops": 4}'
    const calls: number[] = []
    for (let turn = 0; turn < 2; turn++) {
      const seen: ModelCall[] = []
      const events: AskEvent[] = []
      const strategy = thinking('templates', kept)
      const request = { question, budget: 2000, limit: 2, options: { read: 200, rounds: turn === 0 ? 2 : 0 } }
      for await (const event of strategy({ ...parts, model: scripted(hops, 'Ossin', { plan }, seen) }, request))
        events.push(event)
      const last = events.at(-1)
      assert.ok(last?.type === 'answer' && last.answer.found, `turn ${turn}`)
      assert.match(seen.at(-1)!.prompt, /follow each name/)
      calls.push(seen.filter(({ intent }) => intent === 'plan').length)
    }
    assert.deepEqual(calls, [1, 0], 'the second question needs no edit, and no second round')
    assert.ok(kept.score(kept.items[0]!) > 0.5)
    const fresh = new Thoughts([{ name: 'short', text: 'river town novel wrote', steps: 'Look once.', hops: 0 }])
    const events: AskEvent[] = []
    for await (const event of thinking('templates', fresh)(
      { ...parts, model: scripted(hops, 'Ossin') },
      { question, budget: 2000, limit: 2, options: { read: 200, rounds: 0 } },
    ))
      events.push(event)
    const last = events.at(-1)
    assert.ok(last?.type === 'answer' && !last.answer.found, 'unedited, it does not get there')
  })

  it('graph: every prompt stays small, within the calls allowed, and notes have their places', async () => {
    const seen: ModelCall[] = []
    const { answer, events } = await run('graph', scripted(hops, 'Ossin', {}, seen), {
      options: { tokens: 800 },
      limits: { calls: 24 },
    })
    assert.ok(answer.found && seen.length <= 24)
    for (const { prompt } of seen) assert.ok(o200k.count(prompt) < 4000)
    const noted = events.flatMap((event) => (event.type === 'noted' ? [event.note] : []))
    assert.ok(noted.length >= 3)
    for (const { text, evidence } of noted)
      assert.equal(textOf(evidence[0]!.source)!.slice(evidence[0]!.start, evidence[0]!.end), text)
  })

  it('explore: goes back from dead ends, and gives the path in order', async () => {
    const { answer, plans } = await run('explore', scripted(hops, 'Ossin'))
    const walk = plans.find(({ plan }) => plan === 'the walk')!.steps!
    assert.ok(
      walk.some((step) => step.endsWith('a dead end')),
      walk.join('\n'),
    )
    assert.ok(walk.at(-1)!.includes('Ossin'))
    assert.ok(answer.found)
    const modelled = ({ prompt }: ModelCall) =>
      prompt.includes('All facts')
        ? between(prompt)
            .split(/(?<=\.) /)
            .filter((line) => facts.includes(line))
            .map((line) => `${line} | Velmora; Ada Quill`)
            .join('\n') || 'NONE'
        : 'NONE'
    const { codes } = await run('explore', scripted(hops, 'Ossin', { extract: modelled }), {
      options: { elements: 'model' },
    })
    assert.ok(!codes.includes('not-read'))
  })

  it('revise: each step has its own look-up, and only a wrong step changes', async () => {
    const plan = () =>
      '1. Ada Quill wrote the novel Grey Harbour.\n2. Velmora lies on the river Danube.\n3. The moon is made of chalk.'
    const extract = ({ prompt }: ModelCall) =>
      prompt.includes('Step 2:') ? 'It is the Ossin [1: "Velmora lies on the river Ossin."].' : 'NONE'
    const { answer, plans, queries } = await run('revise', scripted(hops, 'Ossin', { plan, extract }), { limit: 3 })
    assert.equal(queries.length, 3)
    assert.ok(queries[1]!.includes('Danube') && queries[1]!.includes('Grey Harbour'), 'the query holds the step before')
    const [before, after] = [plans[0]!.steps!, plans[1]!.steps!]
    assert.deepEqual(after, [before[0], 'It is the Ossin.', before[2]])
    assert.ok(answer.citations.some(({ text, verified }) => verified && text.includes('Ossin')))
  })

  it('dual: what the view of the whole copies is kept and can be cited, whatever the filter says', async () => {
    const summarise = () => 'The page is about a town by the water.\nVelmora lies on the river Ossin.'
    const extract = ({ prompt }: ModelCall) => {
      const shown = [...prompt.matchAll(/^\[(\d+)\] [^\n]*\n([\s\S]*?)(?=\n\n)/gm)]
      const other = shown.filter(([, , body]) => !body!.includes('Ossin')).map(([, number]) => Number(number))
      return JSON.stringify({ helpful: other.slice(0, 1) })
    }
    const seen: ModelCall[] = []
    const { answer } = await run('dual', scripted([], 'Ossin', { summarise, extract }, seen), {
      question: 'Velmora lies on which river of barley harvest?',
      options: { parent: 400 },
    })
    assert.equal(seen.length, 3)
    assert.ok(seen.at(-1)!.prompt.includes('a town by the water'))
    assert.equal(answer.pack.kept.length, 2, 'what the filter names, and what the view quotes')
    assert.ok(answer.citations.some(({ text, verified }) => verified && text.includes('Ossin')))
    sound(answer)
  })

  it('parallel: branches take over the steps before them, for fewer tokens than searches of their own', async () => {
    const plan = ({ prompt }: ModelCall) => {
      const step = prompt.match(/^\d+\. /gm)?.length ?? 0
      return prompt.includes('another way')
        ? `inns of Velmora ${step}`
        : ['Ada Quill novel', 'Grey Harbour town', 'praised chalk quarry', 'Velmora river'][step]!
    }
    const spent = async (reuse: boolean) => {
      const seen: ModelCall[] = []
      const { answer } = await run('parallel', scripted(hops, 'Ossin', { plan }, seen), {
        limit: 3,
        options: { reuse, read: 300 },
      })
      assert.ok(answer.found)
      assert.ok(!seen.at(-1)!.prompt.includes('praised chalk quarry:'), 'a step that found nothing is in no report')
      return answer.usage.inputTokens.total
    }
    assert.ok((await spent(true)) < (await spent(false)))
  })
})

/** What a model says that is stopped while it says it. */
function ending(controller: AbortController, text: string): string {
  controller.abort()
  return text
}

describe('whatever happens', () => {
  const empty = shelf([])
  for (const name of names)
    it(`${name} ends with an honest answer`, async () => {
      assert.ok(strategies.some(({ meta }) => meta.name === name && 'use' in meta && 'calls' in meta))
      const none = await run(name, scripted(hops, 'Ossin'), {}, await empty)
      assert.equal(none.answer.found, false)
      for (const text of [
        '',
        '{"a": [',
        '???',
        'I am sorry, but as a model I cannot.',
        '1. a\n2. b (after 3)\n3. c (after 2)',
      ]) {
        const say = () => text
        const odd = await run(
          name,
          scripted([], '', { plan: say, extract: say, judge: say, summarise: say, rewrite: say, answer: say }),
        )
        assert.ok(odd.answer.citations.every(({ verified }) => !verified))
        sound(odd.answer)
      }
      for (const calls of [0, 1, 2, 4]) {
        const seen: ModelCall[] = []
        const { answer } = await run(name, scripted(hops, 'Ossin', {}, seen), { limits: { calls } })
        assert.ok(seen.length <= calls)
        assert.ok(answer.text.trim() !== '')
        sound(answer)
      }
      const stop = new AbortController()
      const stopped = await run(
        name,
        scripted(hops, 'Ossin', { plan: () => ending(stop, question), extract: () => ending(stop, 'NONE') }),
        { stopSignal: stop.signal },
      )
      assert.ok(stopped.answer.text !== '')
      const abort = new AbortController()
      const cancelled = scripted(hops, 'Ossin', {
        plan: () => ending(abort, ''),
        extract: () => ending(abort, ''),
        answer: () => ending(abort, ''),
        summarise: () => ending(abort, ''),
      })
      await assert.rejects(run(name, cancelled, { abortSignal: abort.signal }), { name: 'AbortError' })
      let count = 0
      const failing = scripted(hops, 'Ossin', {
        extract: () => {
          if (count++ === 0) throw new FoveaError('model-failed', 'overloaded')
          return 'NONE'
        },
      })
      const failed = await run(name, failing)
      if (count > 0) assert.match(failed.answer.text, /not read|not found/i)
    })
})

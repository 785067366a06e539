import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type AskEvent, strategies } from '../../src/ask/index.ts'
import { prefixAccount } from '../../src/ask/reading/prefix.ts'
import { conclude, walk } from '../../src/ask/strategies/thread.ts'
import type { Span } from '../../src/core/index.ts'
import type { ModelCall } from '../../src/model/index.ts'
import { filler, library, type Script, scripted, tell, warnings } from './reader.ts'
import { o200k } from './shelf.ts'

const question = 'In which town does the keeper of the silver key live?'
const first = 'The silver key is kept by Ada Brock.'
const second = 'Ada Brock lives in the town of Elm.'
const planted = (at: number, other: number, lines = 320): string => {
  const text = filler(lines)
  text.splice(Math.max(at, other), 0, at > other ? first : second)
  text.splice(Math.min(at, other), 0, at > other ? second : first)
  return text.join('\n')
}
const small = { limits: { prompt: 1800 }, budget: 400 }

/** The part of the text in a prompt, not what was noted before it. */
const partIn = (prompt: string): string | undefined =>
  /part\b[^\n]*, between the lines:\n-----\n([\s\S]*?)\n-----/i.exec(prompt)?.[1]
/** What stands in a prompt as material, without the question. */
const shownIn = ({ prompt }: ModelCall): string => prompt.replaceAll(question, '')
/** Reads honestly: it copies the two facts where they stand, and answers when it sees both. */
const honest: Script = (call) => {
  const seen = [first, second].filter((fact) => shownIn(call).includes(fact))
  switch (call.intent) {
    case 'answer':
      return seen.length === 2
        ? `She lives in Elm [1: "${first}"] [2: "${second}"].`
        : 'NOT FOUND. One fact is missing.'
    case 'judge':
      return seen.length === 2 ? 'YES' : 'NO, where she lives'
    case 'plan':
      return seen.includes(first) ? 'Where does Ada Brock live?' : question
    default:
      return seen.join('\n') || 'NONE'
  }
}
const names = [
  'stuff',
  'refine',
  'map-reduce',
  'chain',
  'notes',
  'structured-memory',
  'margins',
  'thread',
  'iterative',
  'retrieve-then-reason',
  'summarise',
  'dual',
  'revise',
]
const whole = ['refine', 'map-reduce', 'chain', 'notes', 'structured-memory', 'margins']
const chunksRead = (events: readonly AskEvent[]) =>
  new Set(events.flatMap((event) => (event.type === 'read' ? event.spans.map((span) => JSON.stringify(span)) : [])))
    .size

describe('readings of text that does not fit', () => {
  it('join facts far apart at any depth, within the window, by the calls that they state', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(319), fc.nat(319), async (at, other) => {
        const { parts } = await library([planted(at, other)])
        for (const name of whole) {
          const model = scripted(honest, 2600)
          const { answer, events } = await tell(name, { ...parts, model }, { question, ...small })
          assert.equal(answer.found, true, `${name}: ${answer.text}`)
          assert.deepEqual(answer.citations.map(({ text, verified }) => [text, verified]).sort(), [
            [second, true],
            [first, true],
          ])
          for (const call of model.seen)
            assert.ok(
              o200k.count(`${call.system ?? ''}\n${call.prompt}`) + call.maxOutputTokens! <= 2600 ||
                call.intent === 'answer',
            )
          const chunks = chunksRead(events)
          assert.ok(chunks > 3)
          const { calls } = strategies.find(({ meta }) => meta.name === name)!.meta
          const filters = name === 'notes' ? 1 : 0
          const stated = calls!.split(' + ').map((term) => ({ chunks, filters, merges: 0 })[term] ?? Number(term))
          assert.equal(
            model.seen.length,
            stated.reduce((sum, term) => sum + term, 0),
            `${name}: ${calls}`,
          )
        }
      }),
      { numRuns: 5 },
    )
  })

  it('read smaller parts where they are told to', async () => {
    const { items, parts } = await library([planted(3, 60, 80)])
    for (const name of whole) {
      const { events } = await tell(name, { ...parts, model: scripted(honest) }, { question, options: { chunk: 300 } })
      const spans = events.flatMap((event) => (event.type === 'read' ? event.spans : []))
      const sizes = spans.map(({ start, end }) => o200k.count(items[0]!.source.text.slice(start, end)))
      assert.ok(sizes.length > 4 && Math.max(...sizes) <= 300, `${name}: ${sizes}`)
    }
  })

  it('do what one prompt of it all cannot: that one reads the beginning, and names the rest', async () => {
    const { items, parts } = await library([planted(3, 150)])
    const model = scripted(honest, 2600)
    const { answer } = await tell('stuff', { ...parts, model }, { question })
    assert.equal(answer.found, false)
    assert.match(answer.text, /not read/i)
    assert.equal(model.seen.length, 1)
    const end = Math.max(...answer.pack.kept.flatMap(({ spans }) => spans.map((span) => span.end)))
    assert.ok(end > 2000 && end < items[0]!.source.text.length)
    const large = scripted(honest)
    const all = await tell('stuff', { ...parts, model: large }, { question })
    assert.match(all.answer.text, /Elm/)
    assert.equal(all.answer.citations.length, 2)
    const told = scripted(honest, 2600)
    const { window: _, ...secret } = told
    const halved = await tell('stuff', { ...parts, model: secret as typeof told }, { question })
    assert.ok(warnings(halved.events, 'over-window').length > 0 && told.seen.length > 1)
  })
})

describe('every reading here', () => {
  it('ends well with no text, no words, nonsense and broken JSON', async () => {
    const { parts: none } = await library([])
    const { parts } = await library([planted(3, 9, 40)])
    for (const name of names)
      for (const reply of ['', 'Nonsense [99: "never said"] [x', '{"points": [', '[1, 2', '{"a": 1}', 'NONE']) {
        const model = scripted(() => reply)
        const { answer, events } = await tell(name, { ...parts, model }, { question, ...small })
        assert.ok(answer.text !== '' && answer.citations.every(({ verified }) => !verified), `${name}: ${reply}`)
        const chunks = chunksRead(events)
        assert.ok(model.seen.length <= 2 * Math.max(chunks, 6) + 3, `${name} calls ${model.seen.length} times`)
        const empty = await tell(name, { ...none, model }, { question })
        assert.equal(empty.answer.found, false)
      }
  })

  it('answers with what it has at a limit of calls, a soft stop, and where a part fails', async () => {
    const { parts } = await library([planted(3, 9, 80)])
    for (const name of whole) {
      const limited = scripted(honest)
      const few = await tell(
        name,
        { ...parts, model: limited },
        { question, budget: 400, limits: { prompt: 1800, calls: 1, concurrency: 1 } },
      )
      assert.equal(limited.seen.length, 1, name)
      assert.match(few.answer.text, /Partial answer[\s\S]*not read/, name)
      assert.ok(
        few.answer.citations.some(({ text }) => text === first),
        name,
      )

      const stop = new AbortController()
      const stopping = scripted((call, index) => {
        if (index === 0) stop.abort()
        return honest(call, index)
      })
      const stopped = await tell(
        name,
        { ...parts, model: stopping },
        { question, budget: 400, stopSignal: stop.signal, limits: { prompt: 1800, concurrency: 1 } },
      )
      assert.deepEqual([stopping.seen.length, stopped.answer.trail.includes('partial')], [1, true], name)

      let failed = 0
      const failing = scripted((call, index) => {
        if (index !== 1) return honest(call, index)
        failed++
        return Object.assign(new Error('out of order'), fault)
      })
      const gap = await tell(name, { ...parts, model: failing }, { question, ...small })
      assert.equal(failed, 1)
      assert.match(gap.answer.text, /Elm[\s\S]*1 part was not read/, name)
    }
  })

  it('stops at once when it is cancelled', async () => {
    const { parts } = await library([planted(3, 9, 80)])
    for (const name of names) {
      const abort = new AbortController()
      const model = scripted((call, index) => {
        abort.abort(new Error('enough'))
        return honest(call, index)
      })
      await assert.rejects(
        tell(name, { ...parts, model }, { question, ...small, abortSignal: abort.signal }),
        /enough/,
        name,
      )
      assert.ok(model.seen.length <= 4, name)
    }
  })
})
/** Marks an error as one of Fovea's. */
const fault = { [Symbol.for('fovea.error')]: true, code: 'model-failed' }

describe('chain', () => {
  /** Understands where Ada lives only when the message says who keeps the key. */
  const worker: Script = (call) => {
    if (call.intent === 'answer') return honest(call, 0)
    const [message = '', part = ''] = call.prompt.split('Part [1] of the text')
    const said = [first, second].filter((fact) => message.includes(fact))
    if (part.includes(first)) said.push(first)
    if (part.includes(second) && message.includes(first)) said.push(second)
    return said.join('\n') || 'NONE'
  }
  const go = async (options: Record<string, string | number>, at = 5, other = 150) => {
    const { parts } = await library([planted(at, other)])
    const model = scripted(worker, 2600)
    const told = await tell('chain', { ...parts, model }, { question, ...small, options })
    const starts = told.events.flatMap((event) => (event.type === 'read' ? [event.spans[0]!.start] : []))
    return { ...told, starts, model }
  }

  it('passes on what later parts need, in the order that is asked for', async () => {
    const forward = await go({})
    assert.match(forward.answer.text, /Elm/)
    assert.deepEqual(
      forward.starts,
      forward.starts.toSorted((a, b) => a - b),
    )
    const backward = await go({ order: 'backward' })
    assert.deepEqual(backward.starts, forward.starts.toReversed())
    assert.equal(backward.answer.found, false)
    assert.match((await go({ order: 'backward' }, 150, 5)).answer.text, /Elm/)
    const shuffled = await go({ order: 'shuffled', seed: 3 })
    assert.deepEqual((await go({ order: 'shuffled', seed: 3 })).starts, shuffled.starts)
    assert.notDeepEqual(shuffled.starts, forward.starts)
    assert.notDeepEqual((await go({ order: 'shuffled', seed: 4 })).starts, shuffled.starts)
    assert.deepEqual(
      shuffled.starts.toSorted((a, b) => a - b),
      forward.starts,
    )
  })

  it('keeps copied words in the message of a worker that does not repeat them', async () => {
    const { parts } = await library([planted(5, 300)])
    const model = scripted((call, index) => {
      if (call.intent === 'answer') return honest(call, index)
      const part = partIn(call.prompt)!
      return [first, second].filter((fact) => part.includes(fact)).join('\n') || 'I saw nothing of use, dear colleague.'
    }, 2600)
    const { answer } = await tell('chain', { ...parts, model }, { question, ...small })
    assert.match(answer.text, /Elm/)
  })

  it('keeps chunk and message inside the window with a worker that says too much', async () => {
    const { parts } = await library([filler(200).join('\n')])
    const model = scripted(({ prompt }) => partIn(prompt) ?? 'NOT FOUND', 2600)
    const { events } = await tell(
      'chain',
      { ...parts, model },
      { question, limits: { prompt: 1800 }, options: { message: 150 } },
    )
    assert.ok(warnings(events, 'message-full').length > 0)
    for (const { system, prompt } of model.seen) assert.ok(o200k.count(`${system}\n${prompt}`) <= 1800)
  })
})

describe('structured-memory', () => {
  const facts = Array.from(
    { length: 26 },
    (_, index) =>
      `Person ${index} of the register is a ${['smith', 'baker', 'nurse'][index % 3]} in house ${index * 7}.`,
  )
  const asked = { question: 'Who is in the register?', budget: 1500, limits: { prompt: 2200 } }
  const reader =
    (style: 'draft' | 'edits'): Script =>
    (call) => {
      const there = facts.filter((fact) => call.prompt.includes(fact))
      if (call.intent === 'answer')
        return there.map((fact, index) => `${fact} [${index + 1}: "${fact}"]`).join('\n') || 'NOT FOUND'
      if (style === 'draft') return there.join('\n') || 'NONE'
      const part = partIn(call.prompt)!
      return JSON.stringify(
        facts.filter((fact) => part.includes(fact)).map((text) => ({ op: 'add', kind: 'fact', text })),
      )
    }
  const cost = (calls: readonly ModelCall[], replies: readonly string[]) => {
    const account = prefixAccount(o200k)
    for (const { system, prompt } of calls) account.add(`${system}\n${prompt}`)
    const written = replies.reduce((sum, text) => sum + o200k.count(text), 0)
    return { paid: account.tokens - account.cached + written, reused: account.cached / account.tokens }
  }
  const go = async (name: string, style: 'draft' | 'edits', options: Record<string, number>) => {
    const { parts } = await library([[...facts, ...filler(400)].join('\n')])
    const replies: string[] = []
    const read = reader(style)
    const model = scripted(async (call, index) => {
      const reply = String(await read(call, index))
      replies.push(reply)
      return reply
    })
    const { answer } = await tell(name, { ...parts, model }, { ...asked, options })
    return { answer, score: facts.filter((fact) => answer.text.includes(fact)).length, ...cost(model.seen, replies) }
  }

  it('costs at least two fifths less than refine at the same score, by what a cache of beginnings leaves to pay', async () => {
    const memory = await go('structured-memory', 'edits', { memory: 600 })
    const refine = await go('refine', 'draft', { draft: 600 })
    assert.deepEqual([memory.score, refine.score], [facts.length, facts.length])
    assert.ok(memory.paid <= 0.6 * refine.paid, `${memory.paid} of ${refine.paid}`)
    assert.ok(memory.reused > 2 * refine.reused)
    const share = /reused=([\d.]+)/.exec(memory.answer.trail.join(' '))![1]
    assert.ok(Number(share) > 0.3)
  })
})

describe('map-reduce', () => {
  const old = 'A notice says that the ferry leaves at noon.'
  const fresh = 'Since the new timetable the ferry leaves at two.'
  const found = (evidence: string[], answer: string, rationale: string, confidence: number) =>
    JSON.stringify({ evidence, answer, rationale, confidence })
  const asked = 'When does the ferry leave?'
  const go = async (reduce: Script) => {
    const text = filler(160)
    text.splice(150, 0, fresh)
    text.splice(4, 0, old)
    const { parts } = await library([text.join('\n')])
    const model = scripted((call, index) => {
      if (call.intent === 'answer') return reduce(call, index)
      if (call.prompt.includes(old)) return found([old, 'The ferry is blue.'], 'noon', 'It may be out of date.', 4)
      if (call.prompt.includes(fresh)) return found([fresh], 'two', 'It speaks of a new timetable.', 4)
      return found([], '', '', 0)
    })
    return { ...(await tell('map-reduce', { ...parts, model }, { question: asked, ...small })), model }
  }

  it('settles what parts disagree on by rationale and confidence, lowered where quotes are invented', async () => {
    const { answer, events } = await go(({ prompt }) => {
      const sure = [...prompt.matchAll(/\(confidence ([\d.]+)\): (\w+) — ([^\n]*)/g)]
      const [, , best] = sure.toSorted((a, b) => Number(b[1]) - Number(a[1]))[0]!
      assert.deepEqual(sure.map(([, confidence]) => confidence).sort(), ['2.0', '4.0'])
      assert.match(prompt, /It may be out of date[\s\S]*When does the ferry leave/)
      return best === 'two' ? `It leaves at two [2: "the ferry leaves at two"].` : 'It leaves at noon.'
    })
    assert.match(answer.text, /^It leaves at two\./)
    assert.deepEqual([answer.citations[0]!.verified, answer.unsupported.length], [true, 0])
    assert.equal(warnings(events, 'invented').length, 1)
    const notes = events.flatMap((event) => (event.type === 'noted' ? [event.note] : []))
    assert.deepEqual(
      notes.map(({ text, confidence }) => [text, confidence]),
      [
        [old, 0.4],
        [fresh, 0.8],
      ],
    )
  })
})

describe('notes', () => {
  it('filters before it merges: noise does not reach the answer, unreadable filters drop nothing', async () => {
    const noise = 'The golden key is kept by Bo Hill.'
    const text = filler(100)
    text.splice(80, 0, noise, second)
    text.splice(5, 0, first)
    const { parts } = await library([text.join('\n')])
    const go = async (filter: string) => {
      const model = scripted((call, index) => {
        if (call.intent !== 'extract') return honest(call, index)
        if (/numbers of the notes|unusable/i.test(call.prompt)) return filter
        return JSON.stringify({ evidence: [noise, first, second].filter((fact) => call.prompt.includes(fact)) })
      })
      const { answer, events } = await tell('notes', { ...parts, model }, { question, ...small })
      assert.match(answer.text, /Elm/)
      return { last: model.seen.at(-1)!.prompt, events }
    }
    for (const filter of ['[1, 3]', '1, 3', `${first}\n${second}`]) {
      const { last } = await go(filter)
      assert.ok(!last.includes(noise) && last.includes(first) && last.includes(second), filter)
    }
    const { last, events } = await go('{"what": [')
    assert.ok(last.includes(noise))
    assert.equal(warnings(events, 'notes-unfiltered').length, 1)
  })
})

describe('margins', () => {
  it('tells each margin with its verdict while later parts are still being read', async () => {
    const { parts } = await library([planted(3, 150)])
    let seen = (): void => {}
    const told = new Promise<void>((resolve) => {
      seen = resolve
    })
    const kinds: (string | undefined)[] = []
    const model = scripted(async (call, index) => {
      // The second part is not read before somebody has seen the margin of the first.
      if (index === 1) await told
      if (call.intent === 'answer') return honest(call, index)
      const quotes = [first, second].filter((fact) => call.prompt.includes(fact))
      const lure = /Line 1-60:[^\n]*/.exec(call.prompt)
      return JSON.stringify({ quotes: quotes.length > 0 ? quotes : (lure ?? []), relevant: quotes.length > 0 })
    })
    const { answer } = await tell(
      'margins',
      { ...parts, model },
      { question, budget: 400, limits: { prompt: 1800, concurrency: 2 } },
      (event) => {
        if (event.type !== 'noted') return
        kinds.push(event.note.kind)
        seen()
      },
    )
    assert.match(answer.text, /Elm/)
    assert.equal(kinds.filter((kind) => kind === 'relevant').length, 2)
    assert.equal(kinds.length, model.seen.length - 1)
    assert.ok(!model.seen.at(-1)!.prompt.includes('Line 1-60'), 'an irrelevant margin is dropped')
  })
})

describe('thread', () => {
  it('walks and concludes by the two sentences of the paper, and so joins what one question does not', async () => {
    const { parts } = await library([planted(3, 9, 30)])
    const joins: Script = ({ intent, prompt }) => {
      if (intent === 'summarise') return `Passage 1 says who keeps it. Together: ${first} ${second}`
      return prompt.includes(`Together: ${first} ${second}`) ? `In Elm [1: "${second}"].` : 'NOT FOUND'
    }
    const model = scripted(joins)
    const { answer } = await tell('thread', { ...parts, model }, { question })
    assert.match(answer.text, /In Elm/)
    assert.equal(answer.citations[0]!.verified, true)
    const [one, two] = model.seen
    assert.equal(model.seen.length, 2)
    assert.ok(one!.prompt.endsWith(`Q: ${question}\n${walk}\nA:`))
    assert.ok(two!.prompt.includes(`${walk}\nA:\n-----\nPassage 1`) && two!.prompt.includes(conclude))
    assert.equal(
      walk,
      'Walk me through this context in manageable parts step by step, summarizing and analyzing as we go.',
    )
    assert.equal(
      (await tell('direct', { ...parts, model: { ...model, stream: streamOf(joins) } }, { question })).answer.found,
      false,
    )
  })
})
/** The stream of a scripted reply. */
const streamOf = (script: Script) =>
  async function* (call: ModelCall) {
    const text = String(await script(call, 0))
    yield text
    return { text, finish: 'stop' as const, usage: scripted(() => '').usage(), replayed: false }
  }

describe('iterative', () => {
  it('asks what is missing, retrieves for it, and stops when it is enough, within one total', async () => {
    const { parts } = await library([`${filler(60, 2).join('\n')}\n${first}`, `${filler(60, 3).join('\n')}\n${second}`])
    const model = scripted(honest)
    const { answer, events } = await tell(
      'iterative',
      { ...parts, model },
      {
        question: 'Where is the home of the keeper of the silver key?',
        budget: 400,
        options: { documents: 1, tokens: 12_000 },
      },
    )
    assert.match(answer.text, /Elm/)
    const queries = events.flatMap((event) => (event.type === 'retrieved' ? [event.query] : []))
    assert.deepEqual(queries.slice(1), ['Where does Ada Brock live?'])
    assert.ok(answer.trail.includes('ended=enough') && answer.trail.includes('rounds=2'))
    assert.equal(model.seen.length, 6)
  })

  it('keeps to its total of tokens and still answers, reading on where the question stays the same', async () => {
    const { parts } = await library(
      Array.from({ length: 12 }, (_, index) => `The silver key, part ${index}.\n${filler(20, index + 5).join('\n')}`),
    )
    for (const total of [3000, 5000, 9000, 30_000]) {
      const model = scripted(({ intent, prompt }) =>
        intent === 'judge'
          ? 'NO'
          : intent === 'plan'
            ? 'the silver key'
            : intent === 'answer'
              ? 'NOT FOUND'
              : (/The silver key, part \d+\./.exec(prompt)?.[0] ?? 'NONE'),
      )
      const { answer } = await tell(
        'iterative',
        { ...parts, model },
        { question: 'the silver key', budget: 500, options: { documents: 2, rounds: 50, tokens: total } },
      )
      assert.ok(model.tokens() <= total, `${model.tokens()} of ${total}`)
      if (total > 4000) assert.equal(model.seen.at(-1)?.intent, 'answer')
      assert.equal(answer.trail.at(-1), total > 20_000 ? 'ended=nothing-new' : 'ended=stopped', String(total))
    }
  })
})

describe('retrieve-then-reason', () => {
  it('reasons over verified facts alone, and counts those that were invented', async () => {
    const { parts } = await library([planted(3, 9, 30)])
    const invented = 'Ada Brock moved to the town of Oak.'
    const model = scripted((call, index) =>
      call.intent === 'answer' ? honest(call, index) : `${first}\n${invented}\n${second}`,
    )
    const { answer } = await tell('retrieve-then-reason', { ...parts, model }, { question })
    assert.match(answer.text, /Elm/)
    assert.ok(answer.trail.includes('facts=2') && answer.trail.includes('invented=1'))
    const { prompt } = model.seen.at(-1)!
    assert.ok(!prompt.includes(invented) && !prompt.includes('Line 1-'))
    assert.ok(prompt.includes(first) && prompt.includes(second))
  })
})

describe('dual', () => {
  it('shows parents to the extractor, filters details, and answers from both', async () => {
    const noise = 'The golden key was kept by Bo Hill of Oak.'
    const text = filler(60)
    text.splice(50, 0, second)
    text.splice(20, 0, noise)
    text.splice(5, 0, first)
    const { parts } = await library([text.join('\n')])
    for (const style of ['json', 'plain']) {
      const model = scripted((call, index) => {
        if (call.intent === 'summarise') return 'All of it is about keys of a valley.'
        if (call.intent !== 'extract') return honest(call, index)
        if (style === 'plain') return `${first}\n${second}`
        const helpful = [...call.prompt.matchAll(/^\[(\d+)\] [^\n]*\n([\s\S]*?)(?=\n\n)/gm)]
        return JSON.stringify({
          thought: 'Keeper, then home.',
          helpful: helpful
            .filter(([, , body]) => body!.includes(first) || body!.includes(second))
            .map(([, number]) => Number(number)),
        })
      })
      const { answer, events } = await tell('dual', { ...parts, model }, { question, limit: 6 })
      assert.match(answer.text, /Elm/, style)
      const [extractor, filter, generator] = model.seen
      assert.equal(model.seen.length, 3)
      const found = events.flatMap((event) => (event.type === 'retrieved' ? event.spans : []))
      assert.ok(o200k.count(extractor!.prompt) > 1.5 * o200k.count(filter!.prompt), 'parents are wider than passages')
      assert.ok(filter!.prompt.includes(noise) && !generator!.prompt.includes(noise), style)
      assert.ok(generator!.prompt.includes('about keys of a valley'))
      assert.ok(answer.pack.kept.length < found.length)
    }
    const deaf = await tell(
      'dual',
      { ...parts, model: scripted((call, index) => (call.intent === 'extract' ? '???' : honest(call, index))) },
      { question, limit: 6 },
    )
    assert.match(deaf.answer.text, /Elm/)
    assert.equal(warnings(deaf.events, 'unfiltered').length, 1)
  })
})

describe('revise', () => {
  it('retrieves for each step, changes that step alone, and corrects an error with a citation', async () => {
    const { parts } = await library([planted(3, 30, 40)])
    const draft = ['The silver key is kept by Bo Hill.', 'He lives in the town of Oak.', 'It is a nice town.']
    const model = scripted(({ intent, prompt }) => {
      if (intent === 'plan') return draft.join('\n')
      if (intent === 'answer') return `She lives in Elm [2: "${second}"].`
      if (prompt.includes('Step 1: ')) return `Ada Brock keeps it [1: "${first}"].`
      if (prompt.includes('Step 2: ')) return `${second}`
      return 'It is made of gold [1: "made of gold"].'
    })
    const { answer, events } = await tell('revise', { ...parts, model }, { question })
    assert.deepEqual(
      answer.citations.map(({ text, verified }) => [text, verified]),
      [[second, true]],
    )
    assert.equal(model.seen.length, 5)
    const queries = events.flatMap((event) => (event.type === 'retrieved' ? [event.query] : []))
    assert.deepEqual(
      queries.map((query, index) => query.includes(draft[index]!)),
      [true, true, true],
    )
    assert.ok(
      queries[1]!.includes('Ada Brock keeps it.') && !queries[1]!.includes('Bo Hill'),
      'a later step knows the correction',
    )
    const { prompt } = model.seen.at(-1)!
    assert.match(
      prompt,
      /1\. Ada Brock keeps it\.\n2\. Ada Brock lives in the town of Elm\.\n3\. It is a nice town\. \(not verified\)/,
    )
    assert.ok(answer.trail.includes('steps=3') && answer.trail.includes('corrected=2'))
    assert.equal(warnings(events, 'unverified').length, 1)
  })
})

describe('summarise', () => {
  const likes = 'The rooms were lovely and quiet.'
  const dislikes = 'The food was cold.'
  const mentions = (index: number) => [...(index % 10 < 6 ? [likes] : []), ...(index % 10 === 9 ? [dislikes] : [])]
  const reviews = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [
      `review-${index}.txt`,
      `Review ${index}. ${mentions(index).join(' ')} We stayed ${index + 1} nights.`,
    ]),
  )
  const pointsOf = (prompt: string) => {
    const inputs = [...prompt.matchAll(/^\[(\d+)\] [^\n]*\n([^\n]*)/gm)]
    const holding = (words: string) =>
      inputs.filter(([, , text]) => text!.includes(words)).map(([, number]) => ({ input: Number(number), words }))
    return JSON.stringify({
      points: [
        { aspect: 'rooms', sentiment: 'positive', claim: 'Rooms are liked', quotes: holding(likes) },
        {
          aspect: 'food',
          sentiment: 'negative',
          claim: 'Food comes cold',
          quotes: [...holding(dislikes), { input: 1, words: 'The soup had a fly in it.' }],
        },
        {
          aspect: 'pool',
          sentiment: 'positive',
          claim: 'The pool is warm',
          quotes: [{ input: 1, words: 'a warm pool' }],
        },
      ],
    })
  }
  const request = { question: 'What do guests think of it?', budget: 1500, limits: { prompt: 2500 } }

  it('hears a thousand inputs within the window, puts the dominant opinion first and rejects what does not resolve', async () => {
    const { items, parts } = await library(reviews)
    const model = scripted(
      ({ prompt, system }) =>
        system!.includes('collect points')
          ? pointsOf(prompt)
          : 'Guests like the rooms [1: "Rooms are liked"]. The pool is warm.',
      5000,
    )
    const { answer, events } = await tell('summarise', { ...parts, model }, request)
    const read = new Set(
      events.flatMap((event) => (event.type === 'read' ? event.spans.map(({ source }) => source) : [])),
    )
    assert.equal(read.size, 300)
    const batches = model.seen.length - 1
    assert.ok(batches > 3)
    assert.match(answer.text, /^Guests like the rooms\. The pool is warm\./)
    assert.deepEqual(
      answer.unsupported.map(([start, end]) => answer.text.slice(start, end)),
      ['The pool is warm.'],
    )
    const [rooms] = answer.citations
    assert.equal(new Set(rooms!.passage.spans.map(({ source }) => source)).size, 180)
    const text = new Map(items.map(({ source }) => [source.id, source.text]))
    const slice = ({ source, start, end }: Span) => text.get(source)!.slice(start, end)
    assert.ok(rooms!.passage.spans.every((span) => slice(span) === likes))
    assert.match(model.seen.at(-1)!.prompt, /\[1\][^\n]*\nrooms, positive: Rooms are liked \(180 of 300 inputs\)/)
    assert.ok(!model.seen.at(-1)!.prompt.includes('pool'), 'a point without evidence reached the summary')
    assert.equal(warnings(events, 'unsupported').length, batches)
    const trail = Object.fromEntries(answer.trail.map((step) => step.split('=') as [string, string]))
    assert.deepEqual([trail.inputs, trail.cited, trail.rejected], ['300', '210', String(2 * batches)])
    assert.deepEqual([trail.precision, trail.recall], ['1.00', '0.86'])
    const bins = trail.positions!.split(',').map(Number)
    assert.equal(
      bins.reduce((sum, count) => sum + count, 0),
      210,
    )
    assert.ok(bins.every((count) => count > 15 && count < 27))
  })

  it('cites every input that says something, and counts those that do not', async () => {
    const few = await library({ 'a.txt': 'A is tall. A is old.', 'b.txt': 'B is new.', 'c.txt': 'Nothing.' })
    const model = scripted(({ system }) =>
      system!.includes('collect points')
        ? 'A is tall.\nIt is new [2: "B is new"].\nD is lost [3: "D is lost"].'
        : 'A is tall [1: "A is tall."].',
    )
    const { answer } = await tell('summarise', { ...few.parts, model }, request)
    const cited = new Set(answer.citations.flatMap(({ passage }) => passage.spans.map(({ source }) => source)))
    assert.deepEqual(
      few.items.map(({ source }) => cited.has(source.id)),
      [true, true, false],
    )
    assert.match(answer.text, /Further inputs:\n- B is new \(b\.txt\)[\s\S]*1 of 3 inputs say nothing/)
    for (const { verified, text, supports, passage } of answer.citations) {
      assert.ok(verified && answer.text.slice(...supports!) !== '')
      if (passage.derived === undefined) assert.ok(answer.text.slice(...supports!).includes(text))
    }
  })

  it('sums up in general when the question is about it all', async () => {
    const { parts } = await library(['A is tall.'])
    const model = scripted(({ prompt, system }) => {
      if (!system!.includes('collect points')) return 'NOT FOUND'
      assert.match(prompt, /what matters in general/)
      return 'NONE'
    })
    const { answer } = await tell(
      'summarise',
      { ...parts, model },
      { ...request, question: 'Summarise all of these documents.' },
    )
    assert.equal(answer.found, false)
  })
})

describe('reflect', () => {
  it('adds evidence until the judge is content, and gives less than was retrieved', async () => {
    const decoys = Array.from(
      { length: 30 },
      (_, at) => `The keeper of key ${at} does live in the town beside the mill.`,
    )
    const text = [...decoys.slice(0, 15), first, ...filler(60), second, ...decoys.slice(15)].join('\n')
    const { parts } = await library([text])
    const model = scripted(honest, 6000)
    const options = { documents: 1, tokens: 40, rounds: 6 }
    const { answer, events } = await tell('reflect', { ...parts, model }, { question, budget: 2000, options })
    const judged = model.seen.filter(({ intent }) => intent === 'judge')
    assert.ok(judged.length > 1, 'the first look was not enough')
    assert.ok(judged.slice(0, -1).every((call) => !(shownIn(call).includes(first) && shownIn(call).includes(second))))
    assert.match(answer.text, /Elm/)
    assert.ok(answer.citations.every(({ verified }) => verified))
    assert.ok(answer.trail.includes('ended=enough'), answer.trail.join(' '))
    const looks = events.flatMap((event) => (event.type === 'retrieved' ? [event.spans] : []))
    const retrieved = looks.at(-1)!.reduce((sum, { start, end }) => sum + end - start, 0)
    const kept = answer.pack.kept.flatMap(({ spans }) => spans).reduce((sum, { start, end }) => sum + end - start, 0)
    assert.ok(kept < retrieved, `${kept} of ${retrieved} characters`)
  })

  it('ends where there is nothing more to look at', async () => {
    const { parts } = await library([`${first}\n${filler(3).join('\n')}`])
    const model = scripted(honest, 6000)
    const { answer } = await tell('reflect', { ...parts, model }, { question, budget: 500, options: { rounds: 9 } })
    assert.equal(answer.found, false)
    assert.ok(answer.trail.includes('ended=nothing-new'), answer.trail.join(' '))
  })
})

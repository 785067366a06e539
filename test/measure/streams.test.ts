// Streams and sessions, long outputs, perturbations, claims and plans.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { FoveaError, loadLeaf, makeSource, type TokenCounter } from '../../src/core/index.ts'
import pairs from '../../src/measure/analyses/pairs.ts'
import { checkClaim, verdictOf } from '../../src/measure/generators/claims.ts'
import { haystackOf } from '../../src/measure/generators/haystack.ts'
import { feedbackOn, journey, judgePlan, planOf, planText, scoreJourney } from '../../src/measure/generators/journey.ts'
import { scoreCode, testsPassed } from '../../src/measure/generators/longproc/code.ts'
import { countdown, scoreCountdown, search } from '../../src/measure/generators/longproc/countdown.ts'
import { network, routeText, scoreRoute, stepLine } from '../../src/measure/generators/longproc/path.ts'
import { travelSample } from '../../src/measure/generators/longproc/published.ts'
import { rowsOf, scoreTable, tableText } from '../../src/measure/generators/longproc/table.ts'
import { scoreTrace, story } from '../../src/measure/generators/longproc/tom.ts'
import { scoreTrip, trip } from '../../src/measure/generators/longproc/travel.ts'
import { checkPacked, isRight, type PackedQuestion, splitAnswers } from '../../src/measure/generators/packing.ts'
import {
  edited,
  incomplete,
  lay,
  misspelt,
  noiseIn,
  type Perturbation,
  perturbations,
  perturbed,
} from '../../src/measure/generators/perturb.ts'
import { retention } from '../../src/measure/generators/telephone.ts'
import { unitsOf } from '../../src/measure/generators/thread.ts'
import {
  type DatasetRequest,
  datasets,
  delivered,
  type Haystack,
  hashOf,
  promptOf,
  type Reader,
  type Result,
  readers,
  type Sample,
  seededRandom,
  type Tag,
  tasks,
  textOf,
} from '../../src/measure/index.ts'
import { runJob } from '../../src/measure/job.ts'
import { saysUnknown } from '../../src/measure/refusal.ts'
import { checkSpec, type Entry, jobsOf, type Spec } from '../../src/measure/spec.ts'
import { mean } from '../../src/measure/stats.ts'
import { type ModelCall, type ModelPort, tokenCounter } from '../../src/model/index.ts'
import { analyzers, type PortableAnalyzer } from '../../src/store/index.ts'
import { scriptedModel } from '../../src/testing/index.ts'

const data = process.env.FOVEA_DATA ?? ''
let counter: TokenCounter
let analyzer: PortableAnalyzer
let haystack: Haystack

before(async () => {
  counter = await tokenCounter('o200k_base')
  analyzer = await (await loadLeaf(analyzers, 'words'))()
  const docs = join(import.meta.dirname, '../../docs')
  haystack = haystackOf('docs', [
    await readFile(join(docs, 'store.md'), 'utf8'),
    await readFile(join(docs, 'ask.md'), 'utf8'),
  ])
})

async function collect(samples: AsyncIterable<Sample>): Promise<Sample[]> {
  const found: Sample[] = []
  for await (const sample of samples) found.push(sample)
  return found
}

/** Sentences of this length make small talk that leaves gaps exact. */
const shortTalk = (): Haystack => ({
  name: 'short',
  sentences: haystack.sentences.filter(({ length }) => length < 160),
})

async function made(
  name: string,
  options: Record<string, Tag> = {},
  more: { samples?: number; length?: number; seed?: number; haystack?: Haystack } = {},
) {
  const { meta, load } = tasks.find((entry) => entry.meta.name === name)!
  const { samples = 6, length = 4096, seed = 3 } = more
  return collect(
    (await load()).default({
      seed,
      samples,
      length,
      counter,
      haystack: more.haystack ?? haystack,
      data,
      options: { ...meta.options, ...options },
    }),
  )
}

const gold = (sample: Sample): string =>
  sample.solve?.(sample.evidence.map(() => true)) ?? sample.answers.map(([first]) => first).join(', ')
const main = (sample: Sample, said: string): number => Object.values(sample.check!(said))[0]!
const slice = ({ corpus }: Sample, span: { source: string; start: number; end: number }): string =>
  corpus.sources.find(({ id }) => id === span.source)!.text.slice(span.start, span.end)

/** A reader that a test writes; it knows nothing but its prompt. */
const scripted = (name: string, say: (prompt: string, call: ModelCall) => string): Reader => ({
  name: `scripted/${name}`,
  origin: 'scripted',
  port: async () => portOf(say),
})
const portOf = (say: (prompt: string, call: ModelCall) => string): ModelPort =>
  scriptedModel((call) => say(call.prompt, call), { counter })

async function runAll(entry: Entry, reader: Reader, more: Partial<Spec> = {}): Promise<Result[]> {
  const spec: Spec = {
    name: 'test',
    tasks: [entry],
    systems: ['whole'],
    budgets: ['all'],
    lines: false,
    samples: 12,
    ...more,
  }
  checkSpec(spec, 'here')
  const results: Result[] = []
  for (const job of jobsOf(spec)) {
    const parts = { spec, counter, analyzer, haystack, readers: [reader], data, done: () => false, warn: () => {} }
    for await (const { result } of runJob(job, parts)) {
      assert.equal(result.failure, undefined)
      results.push(result)
    }
  }
  return results
}
const average = (results: readonly Result[], score: string, where: Record<string, Tag> = {}): number => {
  const chosen = results.filter(({ tags }) => Object.entries(where).every(([tag, value]) => tags[tag] === value))
  assert.ok(chosen.length > 0, `no result with ${JSON.stringify(where)}`)
  return mean(chosen.map(({ scores }) => scores[score]!))
}

const own: readonly (readonly [name: string, options?: Record<string, Tag>])[] = [
  ['many-questions'],
  ['many-questions', { kind: 'facts', questions: 12 }],
  ['golden-thread'],
  ['longproc-path'],
  ['longproc-tom'],
  ['longproc-countdown'],
  ['longproc-table'],
  ['longproc-travel'],
  ['interleaved-stream'],
  ['interleaved-stream', { mode: 'isolated' }],
  ['shared-context'],
  ['shared-context', { mode: 'multi-turn' }],
  ['changing-facts'],
  ['changing-facts', { checkpoints: 3 }],
  ['episodes'],
  ['rewriting'],
  ['claim-pairs'],
  ['travel-plan'],
]
for (const [name, options] of own)
  test(`${name} ${JSON.stringify(options ?? {})}: the reader that misses nothing scores 1 on the whole prompt, one that reads nothing less`, async () => {
    const reader = await (await loadLeaf(readers, 'simulated'))('perfect', { counter, environment: {} })
    for (const sample of await made(name, options, { samples: 7, length: 5000 })) {
      const prompt = promptOf(sample, textOf(delivered(sample)))
      assert.ok(Math.abs(counter.count(prompt) - sample.tokens!) <= 16, `${sample.id} says ${sample.tokens} tokens`)
      const score = async (text: string): Promise<number> => {
        const { text: said } = await (await reader.port(sample, 1)).generate({ intent: 'answer', prompt: text })
        return sample.check
          ? main(sample, said)
          : mean(sample.answers.map((forms) => (forms.some((form) => said.includes(form)) ? 1 : 0)))
      }
      assert.equal(await score(prompt), 1, sample.id)
      if (sample.evidence.length > 0) assert.ok((await score(promptOf(sample, ''))) < 1, sample.id)
    }
  })

test('packed answers are found in what models write, in any order, and the last of two counts', () => {
  const said =
    'Sure!\n**Answer 1:** 4 + 5 = 9\n### Answer 2\nThe colour is blue.\nAnswer_3. (B)\nanswer 2: red\nIn answer 9 I was unsure.'
  assert.deepEqual(
    [...splitAnswers(said)],
    [
      [1, '4 + 5 = 9'],
      [2, 'red\nIn answer 9 I was unsure.'],
      [3, '(B)'],
    ],
  )
  const number: PackedQuestion = { text: '', kind: 'number', answers: ['1200'] }
  for (const right of ['1,200', '600 + 600 = 1200.', 'The answer is 1200, from 3 boxes.'])
    assert.ok(isRight(number, right), right)
  for (const wrong of ['12', 'It is 1200, or rather 1300', '']) assert.ok(!isRight(number, wrong), wrong)
  const choice: PackedQuestion = { text: '', kind: 'choice', choices: ['a red kite', 'a blue kite'], answers: ['B'] }
  for (const right of ['B', '(B) a blue kite', 'b'.toUpperCase(), 'a blue kite', 'The answer is (B).'])
    assert.ok(isRight(choice, right), right)
  for (const wrong of ['A', '(A)', 'a red kite or a blue kite', 'neither']) assert.ok(!isRight(choice, wrong), wrong)
})

test('of many questions each index counts once, in its own third', async () => {
  const [sample] = await made('many-questions', { questions: 12 }, { samples: 1 })
  const lines = gold(sample!).split('\n')
  assert.equal(lines.length, 12)
  assert.deepEqual(sample!.check!(lines.join('\n')), {
    accuracy: 1,
    'first-third': 1,
    'middle-third': 1,
    'last-third': 1,
    answered: 1,
  })
  for (const [index, third] of [
    [0, 'first-third'],
    [5, 'middle-third'],
    [11, 'last-third'],
  ] as const) {
    const scores = sample!.check!(lines.filter((_, at) => at !== index).join('\n'))
    assert.ok(Math.abs(scores.accuracy! - 11 / 12) < 1e-9)
    assert.ok(Math.abs(scores.answered! - 11 / 12) < 1e-9)
    for (const other of ['first-third', 'middle-third', 'last-third'])
      assert.equal(scores[other], other === third ? 0.75 : 1, `${index} ${other}`)
  }
  // The questions stand there in order, and nothing of theirs is twice.
  const numbers = [...sample!.question.matchAll(/^Question (\d+): /gm)].map(([, number]) => Number(number))
  assert.deepEqual(
    numbers,
    [...Array(12).keys()].map((at) => at + 1),
  )
  assert.equal(checkPacked([], '').accuracy, 1)
})

test('published question sets are packed as many to a prompt as asked, and gold is right at every index', async () => {
  const dataset = await loadLeaf(datasets, 'packed-questions')
  const folder = join(import.meta.dirname, '../golden/datasets/packed-questions')
  const samples = await collect(dataset({ data: folder, options: { questions: 2 } }))
  assert.deepEqual(
    samples.map(({ cell, answers }) => [cell, answers.map(([first]) => first)]),
    [
      ['GSM8K', ['30', '5000']],
      ['GSM8K', ['14']],
      ['MMLU', ['B', 'C']],
      ['CSQA', ['B', 'A']],
    ],
  )
  for (const sample of samples) {
    assert.equal(main(sample, gold(sample)), 1)
    for (const [index, span] of sample.evidence.entries()) {
      assert.match(slice(sample, span), new RegExp(`^Question ${index + 1}: `))
      const without = sample.solve!(sample.evidence.map((_, at) => at !== index))
      assert.equal(main(sample, without), 1 - 1 / sample.evidence.length)
    }
  }
  assert.equal((await collect(dataset({ data: folder }))).length, 3)
})

test('the golden thread: a unit or an event that is left out costs, and saying all everywhere shows', async () => {
  for (const sample of await made('golden-thread', {}, { samples: 3 })) {
    const text = gold(sample)
    const unit = { diary: 'Week', menu: 'Day', building: 'Floor' }[String(sample.tags.scene)]!
    const units = unitsOf(text, unit)
    assert.equal(units.size, 26)
    const parts = text.split('\n\n')
    assert.equal(parts.length, 26)
    for (const [index, part] of parts.entries()) {
      const scores = sample.check!(parts.filter((_, at) => at !== index).join('\n\n'))
      assert.ok(Math.abs(scores.completion! - 25 / 26) < 1e-9)
      assert.ok(scores.score! < 1)
      const planned = part.includes('And this:')
      assert.equal(scores.instructions! < 1, planned, part)
      if (!planned) continue
      const less = sample.check!(text.replace(part, part.replace(/ And this: [^.]*\./, '')))
      assert.equal(less.completion, 1)
      assert.ok(less.score! < 1 && Math.min(less.single!, less.range!, less.periodic!) < 1)
    }
    const all = [...new Set([...text.matchAll(/And this: ([^.]*)\./g)].map(([, thing]) => thing))].join(', ')
    const greedy = sample.check!(parts.map((part) => `${part} ${all}.`).join('\n\n'))
    assert.equal(greedy.score, 1)
    assert.ok(greedy.placed! < 0.5)
    // Each event is stated once in the text.
    assert.equal(sample.evidence.length, sample.answers.length)
    for (const [index, span] of sample.evidence.entries())
      assert.ok(slice(sample, span).includes(sample.answers[index]![0]!))
  }
})

interface Procedure {
  readonly name: string
  readonly text: string
  readonly score: (said: string) => number
  /** Whether a line is a step or a row. */
  readonly counts: (line: string) => boolean
}
function procedures(seed: number): Procedure[] {
  const random = seededRandom(seed)
  const route = network(9, 9, random).route.map(stepLine)
  const told = story(9, random)
  const game = countdown(400, counter, random)
  const { text: tour, ...journeyed } = trip(400, counter, random)
  const rows = Array.from({ length: 7 }, (_, at) => [
    `item ${at}`,
    String(Math.floor(random() * 900)),
    at % 2 ? 'oak' : 'pine',
  ])
  const table = tableText([['name', 'price', 'wood'], ...rows, rows[0]!])
  const code = ['int main() {', '  int a, b;', '  cin >> a >> b;', '  cout << a + b << endl;', '  return 0;', '}']
  return [
    {
      name: 'path',
      text: routeText(route),
      score: (said) => scoreRoute(route, said).exact,
      counts: (line) => / by /.test(line),
    },
    { name: 'tom', text: told.trace, score: (said) => scoreTrace(told.trace, said).exact, counts: () => true },
    {
      name: 'countdown',
      text: game.text,
      score: (said) => scoreCountdown(game.numbers, game.target, said).exact,
      counts: (line) => /Start|Take|Try|^\d/.test(line),
    },
    {
      name: 'travel',
      text: tour,
      score: (said) => scoreTrip(journeyed, said).exact,
      counts: (line) => /Day/.test(line),
    },
    {
      name: 'table',
      text: `\`\`\`tsv\n${table}\n\`\`\``,
      score: (said) => scoreTable(table, said).f1,
      counts: (line) => /\t/.test(line),
    },
    {
      name: 'code',
      text: `\`\`\`cpp\n${code.join('\n')}\n\`\`\``,
      score: (said) => scoreCode(code.join('\n'), said).lines,
      counts: (line) => !line.startsWith('```'),
    },
  ]
}

test('every procedure scores gold 1 and any row left out, changed, doubled or put in less', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(), fc.nat({ max: 9 }), (seed, place, digit) => {
      for (const { name, text, score, counts } of procedures(seed)) {
        assert.equal(score(text), 1, name)
        assert.equal(score(`Let me think.\n${text}\nThat is all.`) > 0.9, true, `${name} with words around it`)
        const lines = text.split('\n')
        const steps = lines.flatMap((line, at) => (counts(line) ? [at] : []))
        const at = steps[place % steps.length]!
        const line = lines[at]!
        const deleted = lines.toSpliced(at, 1).join('\n')
        assert.ok(score(deleted) < 1, `${name}: without "${line}"`)
        if (!(name === 'tom' && /^Final/.test(line)) && !(name === 'table' && at === 1)) {
          assert.ok(score(lines.toSpliced(at, 0, line).join('\n')) < 1, `${name}: twice "${line}"`)
        }
        const changed = /\d/.test(line)
          ? line.replace(/\d(?=\D*$)/, (old) => String((Number(old) + 1 + (digit % 9)) % 10))
          : `${line.slice(0, -2)}zq`
        if (
          changed !== line &&
          !(name === 'countdown' && /^-+ Try.*(keep|not)/.test(line)) &&
          !(name === 'countdown' && /left: /.test(line)) &&
          !(name === 'travel' && /too late/.test(line)) &&
          !(name === 'table' && at === 1)
        )
          assert.ok(score(lines.with(at, changed).join('\n')) < 1, `${name}: "${line}" as "${changed}"`)
      }
    }),
    { numRuns: 25 },
  )
})

test('a row more than the gold has costs precision, and equal rows count as often as they stand there', () => {
  const table = 'name\tnote\nlamp\tred\nlamp\tred\nchair\t"two\nlines"'
  assert.deepEqual(rowsOf(table).at(-1), ['chair', 'two\nlines'])
  assert.deepEqual(rowsOf(tableText(rowsOf(table))), rowsOf(table))
  const score = (said: string) => scoreTable(table, `\`\`\`tsv\n${said}\n\`\`\``)
  assert.equal(score(table).f1, 1)
  assert.equal(score(table.replace('lamp\tred\n', '')).recall, 2 / 3)
  assert.equal(score(`${table}\nsofa\tblue`).precision, 3 / 4)
  assert.equal(score('name\tnote\nThe Lamp!\tRED\nlamp\tred\nchair\t"two\nlines"').f1, 1)
  assert.deepEqual(score(''), { f1: 0, precision: 0, recall: 0 })
})

test('the search for a target agrees with trying everything', () => {
  const reaches = (held: readonly number[], target: number): boolean => {
    if (held.length === 1) return held[0] === target
    return held.some((a, one) =>
      held.some((b, other) => {
        if (one === other) return false
        const rest = held.filter((_, at) => at !== one && at !== other)
        return [a + b, a - b, a * b, b === 0 ? -1 : a / b].some(
          (value) => Number.isInteger(value) && value >= 0 && value < 2000 && reaches([value, ...rest], target),
        )
      }),
    )
  }
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 4, maxLength: 4 }),
      fc.integer({ min: 1, max: 99 }),
      (numbers, target) => {
        const { solution } = search(numbers, target)
        assert.equal(solution !== undefined, reaches(numbers, target))
        if (solution)
          assert.equal(scoreCountdown(numbers, target, `<Solution>\n${solution.join('\n')}\n</Solution>`).solution, 1)
      },
    ),
    { numRuns: 15 },
  )
})

test('the long procedures come at three lengths of output', async () => {
  for (const name of ['longproc-path', 'longproc-tom', 'longproc-countdown', 'longproc-table', 'longproc-travel'])
    for (const [output, tokens] of [
      ['0.5k', 512],
      ['2k', 2048],
      ['8k', 8192],
    ] as const) {
      const [sample] = await made(name, { output }, { samples: 1, length: 32_768 })
      const count = counter.count(gold(sample!))
      assert.ok(count > 0.6 * tokens && count <= 1.05 * tokens, `${name} ${output}: ${count}`)
      assert.equal(main(sample!, gold(sample!)), 1)
    }
  await assert.rejects(made('longproc-path', { output: '8k' }), (error) => FoveaError.is(error, 'length-too-short'))
})

test('published rows of trips are scored by their constraints', () => {
  const row = {
    ground_truth_cities: 'Oslo**Rome**Bonn',
    ground_truth_durations: '3**4**2',
    ground_truth_plan:
      'Here is the plan:\n\n**Day 1-3:** Arriving in Oslo and visit Oslo for 3 days.\n**Day 3:** Fly from Oslo to Rome.\n**Day 3-6:** Visit Rome for 4 days.\n**Day 6:** Fly from Rome to Bonn.\n**Day 6-7:** Visit Bonn for 2 days.',
    total_days: 7,
    constraints: [
      { type: 'duration', city: 'Rome', num_days: 4 },
      { type: 'fixed', city: 'Rome', start_day: 3, end_day: 6 },
      { type: 'duration', city: 'Bonn', num_days: 2 },
      { type: 'duration', city: 'Oslo', num_days: 3 },
    ] as const,
    connected_cities: [
      ['Oslo', 'Rome'],
      ['Rome', 'Bonn'],
    ] as const,
    disambig_question_text: 'You visit 3 cities. From Oslo to Rome, from Rome to Bonn.',
  }
  const { check, solve, ranges } = travelSample(row, '')
  const said = solve(ranges.map(() => true))
  assert.deepEqual(check(said), { plan: 1, constraints: 1 })
  for (const [from, to] of [
    ['Day 3-6', 'Day 3-5'],
    ['Visit Bonn for 2', 'Visit Kiel for 2'],
    ['**Day 6-7:** Visit Bonn for 2 days.', ''],
  ] as const) {
    const scores = check(said.replace(from, to))
    assert.equal(scores.plan, 0)
    assert.ok(scores.constraints! > 0 && scores.constraints! < 1)
  }
})

const run = promisify(execFile)
test('published procedures: gold scores 1, an edit less, and few gold cells are lost in reading pages', async (t) => {
  if (!existsSync(join(data, 'longproc'))) return t.skip('FOVEA_DATA holds no longproc')
  const dataset = await loadLeaf(datasets, 'longproc')
  const of = (cell: string, samples: number): Promise<Sample[]> =>
    collect(dataset({ data, cells: [`LongProc ${cell}`], samples } satisfies DatasetRequest))
  for (const cell of [
    'path-traversal 0.5k',
    'tom-tracking 0.5k',
    'tom-tracking 2k',
    'countdown 0.5k',
    'countdown 2k',
    'pseudo-to-code 0.5k',
  ]) {
    const samples = await of(cell, 25)
    assert.equal(samples.length, 25)
    for (const sample of samples) {
      const said = gold(sample)
      assert.equal(main(sample, said), 1, sample.id)
      const lines = said.split('\n')
      const steps = lines.flatMap((line, at) => (/^(From|- Step|\s*\|- (Try|Pick))|;$/.test(line) ? [at] : []))
      const at = steps[hashOf(sample.id) % steps.length]!
      assert.ok(main(sample, lines.toSpliced(at, 1).join('\n')) < 1, `${sample.id} without ${lines[at]}`)
      assert.ok(promptOf(sample, textOf(sample.corpus.sources)).length > 500)
      assert.doesNotMatch(
        `${sample.instruction}${sample.question}`,
        /\{(story|nums|target|question|src_city|demonstration|pseudocode)\}/,
      )
    }
  }
  let cells = 0
  let lost = 0
  for (const cell of ['html-to-tsv 0.5k', 'html-to-tsv 2k', 'html-to-tsv 8k'])
    for (const sample of await of(cell, 8)) {
      assert.equal(main(sample, gold(sample)), 1, sample.id)
      cells += sample.evidence.length
      lost += sample.unresolved ?? 0
      for (const [row, forms] of sample.answers.entries())
        for (const index of sample.needs![row]!) {
          const found = slice(sample, sample.evidence[index]!)
            .toLowerCase()
            .replace(/[^\p{L}\p{N}]/gu, '')
          assert.ok(
            forms[0]!
              .toLowerCase()
              .replace(/[^\p{L}\p{N}]/gu, '')
              .includes(found),
            `${sample.id}: ${found}`,
          )
        }
      const [, ...rows] = gold(sample).split('\n')
      assert.ok(
        main(
          sample,
          ['```tsv', ...rows.toSpliced(1 + (hashOf(sample.id) % Math.max(1, rows.length - 2)), 1)].join('\n'),
        ) < 1,
      )
    }
  assert.ok(cells > 1000 && lost / (cells + lost) < 0.03, `${lost} of ${cells + lost} cells are lost`)
})

test('a program in a reply is run against the public tests by the runner that is given', async (t) => {
  const tests = [
    [['2 3'], ['5']],
    [['10', '-4'], ['6']],
  ] as const
  const reply = '```cpp\nint main() {\n  int a, b;\n  cin >> a >> b;\n  cout << a + b;\n}\n```'
  const calls: string[] = []
  const sums = async (program: string, inputs: readonly string[]): Promise<string[]> => {
    calls.push(program)
    return inputs.map((input) =>
      String(
        input
          .trim()
          .split(/\s+/)
          .map(Number)
          .reduce((a, b) => a + b, 0),
      ),
    )
  }
  assert.equal(await testsPassed(reply, tests, sums), 1)
  assert.equal(await testsPassed(reply, tests, async () => ['5', '7\n']), 0.5)
  assert.equal(await testsPassed(reply, tests, () => Promise.reject(new Error('it does not compile'))), 0)
  assert.equal(await testsPassed('no code', tests, sums), 0)
  assert.equal(calls.length, 1)
  const compiler = await run('g++', ['--version']).catch(() => undefined)
  if (!compiler) return t.skip('no g++ is there; the runner was a program of the test')
  const folder = await mkdtemp(join(tmpdir(), 'fovea-code-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const compiled = async (program: string, inputs: readonly string[]): Promise<string[]> => {
    await writeFile(join(folder, 'a.cpp'), program)
    await run('g++', ['-O0', '-o', join(folder, 'a'), join(folder, 'a.cpp')])
    const printed: string[] = []
    for (const input of inputs) {
      const child = run(join(folder, 'a'), { timeout: 5000 })
      child.child.stdin!.end(input)
      printed.push((await child).stdout)
    }
    return printed
  }
  assert.equal(await testsPassed(reply, tests, compiled), 1)
})

/** Reads the statements of `changing-facts` by their form; of several values takes the one that `choose` says. */
const memory = (choose: (values: readonly string[]) => string | undefined) => (prompt: string) => {
  const asked = prompt.slice(prompt.lastIndexOf('User: '))
  const all = (pattern: RegExp): string[] => [...prompt.matchAll(pattern)].map(([, value]) => value!)
  const town = (who: string): string => choose(all(new RegExp(`${who} now lives in (\\w+)\\.`, 'g'))) ?? 'nowhere'
  const [, locker] = /locker of (\w+)/.exec(asked) ?? []
  if (locker) return choose(all(new RegExp(`locker of ${locker} opens with the code (\\d+)`, 'g')))!
  const [, shop, message] = /At the shop ([\w-]+), into which box goes the message "(\S+ \S+ \S+)/.exec(asked) ?? []
  if (shop)
    return choose(
      all(new RegExp(`At the shop ${shop}, the message "${message} [^"]*" went into the box ([\\w-]+)`, 'g')),
    )!
  const [, inn] = /stayed at the inn ([\w-]+)\?/.exec(asked) ?? []
  if (inn) return String(new Set(all(new RegExp(`Today (\\w+) came to stay a night at the inn ${inn}\\.`, 'g'))).size)
  const [, club] = /head of the club ([\w-]+) live/.exec(asked) ?? []
  if (club) return town(choose(all(new RegExp(`new head of the club ${club} is (\\w+)\\.`, 'g')))!)
  return town(/does (\w+) live/.exec(asked)![1]!)
}

test('changing facts: who keeps the latest value wins the conflicts, who appends loses them, and all else is equal', async () => {
  for (const checkpoints of [1, 3]) {
    const entry = { task: 'changing-facts', options: { checkpoints } }
    const latest = await runAll(
      entry,
      scripted(
        'latest',
        memory((values) => values.at(-1)),
      ),
      { samples: 15 },
    )
    const append = await runAll(
      entry,
      scripted(
        'append',
        memory((values) => values[0]),
      ),
      { samples: 15 },
    )
    for (const ability of ['accurate-retrieval', 'test-time-learning', 'long-range-understanding']) {
      assert.equal(average(latest, 'right', { ability }), 1, ability)
      assert.equal(average(append, 'right', { ability }), 1, ability)
    }
    assert.equal(average(latest, 'right', { ability: 'conflict-resolution' }), 1)
    assert.equal(average(append, 'right', { ability: 'conflict-resolution' }), 0)
  }
})

test('facts come turn by turn: what is not delivered is not in the prompt, and time runs on', async () => {
  const samples = await made(
    'changing-facts',
    { checkpoints: 3, ability: 'conflict-resolution' },
    { samples: 6, length: 6000 },
  )
  const [corpus] = new Set(samples.map((sample) => sample.corpus))
  assert.ok(samples.every((sample) => sample.corpus === corpus))
  const there = samples.map((sample) => delivered(sample).length)
  assert.deepEqual(
    there,
    there.toSorted((a, b) => a - b),
  )
  assert.equal(new Set(there).size, 3)
  const times = corpus!.sources.map(({ time }) => time!)
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  )
  assert.equal(new Set(times).size, times.length)
  for (const sample of samples) {
    const ids = new Set(delivered(sample).map(({ id }) => id))
    for (const { source } of sample.evidence) assert.ok(ids.has(source), 'evidence that is not there yet')
    assert.ok(delivered(sample).length < corpus!.sources.length, 'nothing comes after the question')
    assert.ok(Math.abs(counter.count(promptOf(sample, textOf(delivered(sample)))) - sample.tokens!) <= 8)
  }
  // A value that comes later is there for who peeks, and is wrong.
  const one = samples.find(({ tags }) => tags.hops === 1)!
  const who = /does (\w+) live/.exec(one.question)![1]!
  const values = [...textOf(corpus!.sources).matchAll(new RegExp(`${who} now lives in (\\w+)\\.`, 'g'))].map(
    ([, town]) => town,
  )
  assert.equal(values.length, 4)
  assert.equal(values.at(-2), one.answers[0]![0])
})

test('an interleaved stream keeps its gaps, and mixes its tasks; isolated ones stand at the end', async () => {
  for (const gap of [350, 800]) {
    const samples = await made('interleaved-stream', { gap }, { samples: 6, length: 12_000, haystack: shortTalk() })
    assert.equal(new Set(samples.map((sample) => sample.corpus)).size, 1)
    const gaps: number[] = []
    for (const sample of samples) {
      const { sources } = sample.corpus
      const spans = [...sample.evidence, ...(sample.distractors ?? []).map(({ span }) => span)]
      const places = spans.map(({ source }) => sources.findIndex(({ id }) => id === source)).sort((a, b) => a - b)
      const apart = places.slice(1).map((place, at) => counter.count(textOf(sources.slice(places[at]!, place))))
      // A turn stands between exchanges: a gap is met to within an exchange at each end and turns of other tasks.
      for (const tokens of apart)
        assert.ok(Math.abs(tokens - gap) < 220, `${sample.tags.kind}: ${tokens} tokens for ${gap}`)
      gaps.push(...apart)
      const whole = counter.count(textOf(delivered(sample).slice(places[0])))
      assert.ok(Math.abs(whole - Number(sample.tags.distance)) < 120, `${whole} tokens for ${sample.tags.distance}`)
    }
    assert.ok(Math.abs(mean(gaps) - gap) < 0.06 * gap, `${mean(gaps)} tokens for ${gap}`)
    const order = samples
      .flatMap(({ tags, evidence, corpus }) =>
        evidence.map(({ source }) => ({ kind: tags.kind, at: corpus.sources.findIndex(({ id }) => id === source) })),
      )
      .sort((one, other) => one.at - other.at)
    const changes = order.filter(({ kind }, at) => at > 0 && kind !== order[at - 1]!.kind).length
    assert.ok(changes >= 6, `the tasks change ${changes} times`)
  }
  for (const sample of await made('interleaved-stream', { mode: 'isolated' }, { samples: 6, length: 6000 })) {
    const text = textOf(delivered(sample))
    const tail = text.slice(text.indexOf(slice(sample, sample.evidence[0]!)))
    assert.ok(counter.count(tail) < 320, `${sample.tags.kind}: ${counter.count(tail)} tokens from the first turn on`)
  }
})

test('an agent with memory beats one without where tasks are interleaved, and both are told apart from isolated ones', async () => {
  const simulated = await (await loadLeaf(readers, 'simulated'))('perfect', { counter, environment: {} })
  const forgetful: Reader = {
    ...scripted('forgetful', () => ''),
    async port(sample, seed) {
      const port = await simulated.port(sample, seed)
      return { ...port, generate: (call) => port.generate({ ...call, prompt: call.prompt.slice(-1600) }) }
    },
  }
  const scores: Record<string, number> = {}
  for (const [name, reader] of [
    ['memory', simulated],
    ['forgetful', forgetful],
  ] as const)
    for (const mode of ['interleaved', 'isolated']) {
      const results = await runAll(
        { task: 'interleaved-stream', options: { mode, gap: 900 }, lengths: [8192] },
        reader,
        { samples: 12 },
      )
      assert.equal(new Set(results.map(({ tags }) => tags.kind)).size, 6)
      scores[`${name} ${mode}`] = average(results, 'right', { mode })
    }
  assert.equal(scores['memory interleaved'], 1)
  assert.equal(scores['memory isolated'], 1)
  assert.equal(scores['forgetful isolated'], 1)
  assert.ok(scores['forgetful interleaved']! < 0.4, JSON.stringify(scores))
})

test('a shared context: the prompts begin alike, and later turns need the earlier ones', async () => {
  for (const mode of ['multi-request', 'multi-turn']) {
    const samples = await made('shared-context', { mode }, { samples: 10 })
    for (const group of Map.groupBy(samples, ({ corpus }) => corpus).values()) {
      assert.equal(group.length, 5)
      assert.deepEqual(
        group.map(({ tags }) => tags.turn),
        [0, 1, 2, 3, 4],
      )
      const prompts = group.map((sample) => promptOf(sample, textOf(delivered(sample))))
      const context = `${group[0]!.instruction}\n\n${group[0]!.corpus.sources[0]!.text}\n\n`
      for (const prompt of prompts) assert.ok(prompt.startsWith(context))
      if (mode === 'multi-turn')
        for (let turn = 1; turn < 5; turn++) {
          // All of the prompt before, its answer, and the next question.
          const answer = group[turn - 1]!.answers.map(([first]) => first).join(', ')
          assert.ok(prompts[turn]!.startsWith(`${prompts[turn - 1]} ${answer}`), `turn ${turn}`)
        }
    }
  }
  /** Looks up what a question names; what an earlier answer named it does not know. */
  const forgetful = (prompt: string): string => {
    const asked = prompt.slice(prompt.lastIndexOf('\n\n'))
    const find = (pattern: string): string =>
      [...prompt.matchAll(new RegExp(pattern, 'g'))].map(([, found]) => found).join(', ')
    const [, key] = /value does the key ([\w-]+) hold/.exec(asked) ?? []
    if (key) return find(`The key ${key} holds the value (\\d+)`)
    const [, value] = /holds the value (\d+)/.exec(asked) ?? []
    if (value) return find(`The key ([\\w-]+) holds the value ${value}`)
    const [, noted] = /notes for the key ([\w-]+) read/.exec(asked) ?? []
    if (noted) return find(`note for the key ${noted} reads: ([\\w-]+)`)
    const [, group] = /belong to the group ([\w-]+)\?/.exec(asked) ?? []
    if (group) return String(find(`The key ([\\w-]+) belongs to the group ${group}\\.`).split(', ').length)
    return 'I do not know.'
  }
  const turns: Record<string, { first: number; later: number }> = {}
  for (const mode of ['multi-request', 'multi-turn']) {
    const results = await runAll({ task: 'shared-context', options: { mode } }, scripted('lookup', forgetful), {
      samples: 20,
    })
    const later = results.filter(({ tags }) => tags.turn !== 0 && tags.kind !== 'variable-tracing')
    turns[mode] = { first: average(results, 'references-said', { turn: 0 }), later: average(later, 'references-said') }
  }
  assert.deepEqual(turns['multi-request'], { first: 1, later: 1 })
  assert.equal(turns['multi-turn']!.first, 1)
  assert.ok(turns['multi-turn']!.later < 0.1, JSON.stringify(turns))
})

test('episodes: what hangs on the history is lost to who reads the last episode alone', async () => {
  const simulated = await (await loadLeaf(readers, 'simulated'))('perfect', { counter, environment: {} })
  const present: Reader = {
    ...scripted('present', () => ''),
    async port(sample, seed) {
      const port = await simulated.port(sample, seed)
      return {
        ...port,
        generate: (call) =>
          port.generate({ ...call, prompt: call.prompt.slice(call.prompt.lastIndexOf('\n\nEpisode ')) }),
      }
    },
  }
  const results = {
    all: await runAll({ task: 'episodes' }, simulated),
    last: await runAll({ task: 'episodes' }, present),
  }
  assert.equal(average(results.all, 'right', { history: true }), 1)
  assert.equal(average(results.all, 'right', { history: false }), 1)
  assert.equal(average(results.last, 'right', { history: false }), 1)
  assert.equal(average(results.last, 'right', { history: true }), 0)
  const samples = await made('episodes', { episodes: 5 })
  for (const { corpus, tags, evidence } of samples) {
    assert.equal(corpus.sources.length, 5)
    assert.ok(corpus.sources.every(({ text }, at) => text.startsWith(`Episode ${at + 1}, `)))
    const earliest = Math.min(...evidence.map(({ source }) => corpus.sources.findIndex(({ id }) => id === source)))
    assert.equal(tags.back, 4 - earliest)
  }
  const line = samples.find(({ tags }) => tags.kind === 'next-line')!
  const old = line.distractors![0]!.says!
  const scores = line.check!(`${gold(line)}, and ${old} soup.`)
  assert.deepEqual([scores.goal, scores.believable, scores.right], [1, 0, 0])
})

test('perturbed questions differ, come out the same each time, and keep what is not theirs to change', () => {
  const words = fc.constantFrom(
    'which',
    'value',
    'does',
    'the',
    'key',
    'hold',
    'Captain',
    'born',
    'revenue',
    '2021',
    'Moe',
    'x',
  )
  fc.assert(
    fc.property(fc.array(words, { minLength: 2, maxLength: 9 }), fc.integer(), (list, seed) => {
      const question = `${list.join(' ')}?`
      const wrong = misspelt(question, seededRandom(seed))
      assert.equal(wrong, misspelt(question, seededRandom(seed)))
      if (list.some((word) => word.length > 3 && !/\d/.test(word))) {
        assert.notEqual(wrong, question)
        assert.equal(wrong.split(' ').length, list.length)
      }
      assert.deepEqual(wrong.match(/\d+/g), question.match(/\d+/g))
      if (list.some((word) => word.length > 3 && !/\d/.test(word)))
        for (const [at, word] of wrong.replace('?', '').split(' ').entries())
          if (list[at]!.length < 4) assert.equal(word, list[at])
          else assert.ok(Math.abs(word.length - list[at]!.length) <= 1 && word[0] === list[at]![0])
      const short = incomplete(question)
      assert.ok(short.length > 0 && short.length < question.length)
    }),
  )
  assert.equal(incomplete('Where was Captain Moe born?'), 'Captain Moe born')
  assert.equal(incomplete('莫船长出生在哪里？'), '莫船长出生在')
  assert.equal(
    lay('What was the net income of the subsidiary? Revenue?'),
    'What was the money left over of the daughter company? Money coming in?',
  )
  assert.equal(lay('Where was Moe?'), 'Where was Moe?')
})

test('noise moves every border to where the noisy text of both its sides says', () => {
  const text = fc.stringMatching(/^([a-zA-Z]{1,9}[ .]?){3,30}$/)
  fc.assert(
    fc.property(text, fc.array(fc.nat(), { maxLength: 6 }), fc.integer(), (whole, picks, seed) => {
      const borders = [0, ...picks.map((pick) => pick % (whole.length + 1)), whole.length].sort((a, b) => a - b)
      const edits = noiseIn(whole, new Set(borders), seededRandom(seed))
      const { text: noisy, place } = edited(whole, edits)
      // Each stretch between borders, with its own edits alone, must be what stands between the moved borders.
      for (let at = 1; at < borders.length; at++) {
        const [start, end] = [borders[at - 1]!, borders[at]!]
        let own = ''
        let from = start
        for (const edit of edits.filter(
          (one) => one.start >= start && one.end <= end && (one.start < end || one.end > start),
        )) {
          own += whole.slice(from, edit.start) + edit.text
          from = edit.end
        }
        own += whole.slice(from, end)
        if (start < end) assert.equal(noisy.slice(place(start), place(end)), own)
      }
      for (const { start, end, text: put } of edits) assert.notEqual(whole.slice(start, end), put)
    }),
  )
})

test('six perturbations of samples: evidence stays exact, contexts change for whole corpora, refusals become right', async () => {
  const plain = await made('shared-context', {}, { samples: 10 })
  for (const kind of perturbations) {
    const all = async function* () {
      yield* plain
    }
    const changed = await collect(perturbed(all(), kind, 5))
    assert.deepEqual(
      changed.map(({ id }) => id),
      plain.map(({ id }) => id),
    )
    assert.deepEqual(JSON.stringify(await collect(perturbed(all(), kind, 5))), JSON.stringify(changed))
    for (const [index, sample] of changed.entries()) {
      const before = plain[index]!
      assert.equal(sample.tags.perturbed, kind)
      assert.equal(sample.tags.kind, before.tags.kind)
      if (kind === 'missing' || kind === 'irrelevant') {
        assert.deepEqual([sample.answers, sample.evidence, sample.solve, sample.check], [[], [], undefined, undefined])
        assert.notEqual(sample.corpus, before.corpus)
        const text = textOf(sample.corpus.sources)
        assert.ok(before.answers.some(([answer]) => !text.includes(answer!)) || before.tags.kind === 'summary-of-keys')
        if (kind === 'irrelevant') assert.ok(plain.some((one) => one.corpus === sample.corpus))
        continue
      }
      assert.deepEqual(sample.answers, before.answers)
      if (kind !== 'degraded') {
        assert.equal(sample.corpus, before.corpus)
        assert.notEqual(sample.question, before.question)
        continue
      }
      assert.equal(sample.question, before.question)
      assert.equal(sample.corpus === changed[0]!.corpus, before.corpus === plain[0]!.corpus)
      const [noisy, clean] = [textOf(sample.corpus.sources), textOf(before.corpus.sources)]
      assert.notEqual(noisy, clean)
      for (const [at, span] of sample.evidence.entries()) {
        const [now, then] = [slice(sample, span), slice(before, before.evidence[at]!)]
        // Figures are left as they are, and the rest is near.
        assert.deepEqual(now.match(/\d{4,}/g), then.match(/\d{4,}/g))
        assert.ok(Math.abs(now.length - then.length) < then.length / 3)
        assert.ok(span.start === 0 || /\s/.test(noisy[span.start - 1]!), 'evidence no longer begins a line')
      }
    }
  }
  const degraded = await collect(
    perturbed(
      (async function* () {
        yield* plain
      })(),
      'degraded',
      5,
    ),
  )
  assert.ok(
    degraded.some((sample, index) =>
      sample.evidence.some((span, at) => slice(sample, span) !== slice(plain[index]!, plain[index]!.evidence[at]!)),
    ),
  )
  const one = async function* () {
    yield plain[0]!
  }
  await assert.rejects(collect(perturbed(one(), 'irrelevant', 1)), (error) => FoveaError.is(error, 'perturb-alone'))
})

test('units and outlines of a degraded corpus stand where their text went', async () => {
  const text = 'Anna: the harbour was full of barges.\nBen: and the cranes were loading timber.'
  const cut = text.indexOf('\n')
  const outline = [
    { kind: 'turn' as const, level: 1, start: 0, end: cut },
    { kind: 'turn' as const, level: 1, start: cut + 1, end: text.length },
  ]
  const source = await makeSource({ uri: 'talk.txt', text, mediaType: 'text/plain', outline, time: 5 })
  const units = outline.map(({ start, end }) => ({ source: source.id, start, end }))
  const sample: Sample = {
    id: 'a',
    cell: 'a',
    corpus: { id: 'a', sources: [source], units },
    question: 'What?',
    answers: [['timber']],
    evidence: [units[1]!],
    tags: {},
  }
  let changes = 0
  for (let seed = 0; seed < 12; seed++) {
    const [made] = await collect(
      perturbed(
        (async function* () {
          yield sample
        })(),
        'degraded',
        seed,
      ),
    )
    const [scan] = made!.corpus.sources
    assert.equal(scan!.time, 5)
    assert.deepEqual(
      made!.corpus.units!.map(({ start, end }) => [start, end]),
      scan!.outline!.map(({ start, end }) => [start, end]),
    )
    assert.equal(scan!.text[made!.corpus.units![0]!.end], '\n')
    assert.equal(made!.corpus.units![1]!.end, scan!.text.length)
    assert.equal(made!.evidence[0]!.start, made!.corpus.units![1]!.start)
    if (scan!.text !== text) changes++
  }
  assert.ok(changes > 8)
})

test('a spec asks for a perturbation; only then a refusal is right, and one too many is counted', async () => {
  const simulated = await (await loadLeaf(readers, 'simulated'))('perfect', { counter, environment: {} })
  const shy = scripted('shy', () => 'Sorry, the document does not contain that information.')
  const task = 'shared-context'
  for (const perturb of ['missing', 'irrelevant'] satisfies Perturbation[]) {
    const results = await runAll({ task, perturb }, simulated)
    assert.ok(
      results.every((result) => result.task === `${task}(perturb=${perturb})` && result.tags.perturbed === perturb),
    )
    assert.equal(average(results, 'abstained'), 1)
    assert.equal(
      average(
        await runAll(
          { task, perturb },
          scripted('bold', () => 'It is 12.'),
        ),
        'abstained',
      ),
      0,
    )
  }
  for (const perturb of ['misspelt', 'incomplete', 'lay', 'degraded'] satisfies Perturbation[]) {
    const results = await runAll({ task, perturb }, simulated)
    assert.equal(average(results, 'over-refusal'), 0)
    assert.equal(average(results, 'references-said'), 1)
    assert.equal(average(await runAll({ task, perturb }, shy), 'over-refusal'), 1)
  }
  const spec = { name: 'a', tasks: [{ task, perturb: 'tired' }], systems: ['whole'] }
  assert.throws(
    () => checkSpec(spec, 'here'),
    (error) => FoveaError.is(error, 'spec-invalid') && /degraded/.test(error.message),
  )
  const labels = jobsOf({
    name: 'a',
    tasks: [task, ...perturbations.map((perturb) => ({ task, perturb }))],
    systems: ['whole'],
  }).map(({ label }) => label)
  assert.equal(new Set(labels).size, 7)
})

test('refusals are told from answers in five languages', () => {
  const refusals = [
    'The text does not say.',
    'I do not know.',
    'It was not said.',
    "I don't know",
    'Unanswerable',
    'N/A',
    'unknown.',
    'The provided context does not contain enough information to answer the question.',
    "The document doesn't mention a merger.",
    'I cannot answer this question based on the context.',
    'There is no information about this in the passage.',
    'I can not answer the question because of the insufficient information in documents.',
    'The answer cannot be determined.',
    'This information is not available in the document.',
    "I'm sorry, but I couldn't find that in the report.",
    'It is not specified.',
    '由于文档信息不足，我无法基于提供的文档回答问题。',
    '文中没有提到这一点。',
    '我不知道。',
    '未提及',
    'El texto no lo menciona.',
    'No hay información suficiente en el documento.',
    'No puedo responder a esa pregunta.',
    'No lo sé.',
    'Das wird im Text nicht erwähnt.',
    'Das weiß ich nicht.',
    'Der Text enthält keine Angaben dazu.',
    'Das geht aus dem Text nicht hervor.',
    'В тексте не указано.',
    'Я не знаю.',
    'Недостаточно информации, чтобы ответить.',
    'Нет информации об этом.',
  ]
  const answers = [
    '',
    'Bergen',
    '42',
    'The captain did not speak a word to the mate.',
    'No, the ferry leaves at noon.',
    'Captain Moe was born in Bergen in 1961.',
    'She cannot swim.',
    'Nobody',
    'Not before Tuesday.',
    '卑尔根',
    '他没有去卑尔根。',
    'En Bergen, no en Oslo.',
    'No, en 1961.',
    'In Bergen, nicht in Oslo.',
    'Nein.',
    'В Бергене, не в Осло.',
    'Нет, в 1961 году.',
    'The report says that revenue rose by 4 percent and that costs did not.',
  ]
  for (const said of refusals) assert.ok(saysUnknown(said), said)
  for (const said of answers) assert.ok(!saysUnknown(said), said)
  assert.ok(saysUnknown(`${'I looked at every part of it with care. '.repeat(30)}So the text does not say.`))
})

test('facts decay over rounds of rewriting, and slower where each is asked to be kept', async () => {
  const [sample] = await made('rewriting', { facts: 40 }, { samples: 1 })
  // Leaves out a share of the sentences, by their words; a smaller one when it is told to keep all.
  const lossy = portOf((prompt, { intent }) => {
    assert.equal(intent, 'rewrite')
    const [order, ...rest] = prompt.split('\n\n')
    const share = /leave no fact out/.test(order!) ? 0.05 : 0.2
    return rest
      .join('\n\n')
      .split(/(?<=[.!?])\s+/)
      .filter((sentence) => seededRandom(hashOf(`${sentence}${prompt.length}`))() >= share)
      .join(' ')
  })
  const [free, held] = [await retention(lossy, sample!, 6, false), await retention(lossy, sample!, 6, true)]
  for (const curve of [free, held]) {
    assert.equal(curve.length, 7)
    assert.equal(curve[0], 1)
    for (let round = 1; round < curve.length; round++) assert.ok(curve[round]! <= curve[round - 1]!, curve.join(' '))
  }
  assert.ok(free[6]! < 0.5 && held[6]! > free[6]! + 0.2, `${free} against ${held}`)
  const same = portOf((prompt) => prompt.slice(prompt.indexOf('\n\n') + 2))
  assert.deepEqual(await retention(same, sample!, 3, false), [1, 1, 1, 1])
  const swapped = gold(sample!).replace(/cost (\d+)/, 'cost 1')
  assert.ok(Math.abs(sample!.check!(swapped).kept! - 39 / 40) < 1e-9)
  const { check: _, ...bare } = sample!
  await assert.rejects(retention(same, bare, 1, false), /check/)
})

test('claims: the last word counts, and a pair only when both are right', () => {
  assert.equal(verdictOf('<answer>TRUE</answer>'), true)
  assert.equal(verdictOf('It is not true that he left: False.'), false)
  assert.equal(verdictOf('Perhaps.'), undefined)
  assert.equal(checkClaim(false)('False').right, 1)
  const result = (pair: string, truth: boolean, right: number, scope: string, more: Partial<Result> = {}): Result => ({
    key: `${pair} ${truth}`,
    run: 'r',
    task: 'claim-pairs',
    cell: 'c',
    sample: `${pair} ${truth}`,
    system: 'whole',
    budget: 'all',
    reader: 'm',
    origin: 'scripted',
    seed: 1,
    length: 4096,
    tags: { pair, truth, scope },
    scores: { 'exact-match': right },
    tokens: { pack: 0, whole: 0 },
    milliseconds: 0,
    ...more,
  })
  const both = (pair: string, one: number, other: number, scope: string): Result[] => [
    result(pair, true, one, scope),
    result(pair, false, other, scope),
  ]
  const table = pairs([
    ...both('a', 1, 1, 'sentence'),
    ...both('b', 1, 0, 'sentence'),
    ...both('c', 1, 0, 'global'),
    ...both('d', 0, 1, 'global'),
    result('e', true, 1, 'global'),
    result('a', true, 0, 'sentence', { seed: 2 }),
    result('a', false, 1, 'sentence', { seed: 2 }),
  ])!
  const of = (scope: string) => table.rows.find((row) => row[5] === scope)!
  assert.deepEqual(of('sentence').slice(6, 8), [3, 1 / 3])
  assert.deepEqual(of('global').slice(6, 8), [2, 0])
  assert.deepEqual(of('all').slice(6, 8), [5, 1 / 5])
  assert.deepEqual(of('global').slice(10), [1 / 2, 1 / 2])
  assert.equal(pairs([]), undefined)
})

test('generated claims differ in one word, share a story, and rest on more of it the wider their scope', async () => {
  const samples = await made('claim-pairs', {}, { samples: 12, length: 8192 })
  for (const [, [yes, no]] of Map.groupBy(samples, ({ tags }) => String(tags.pair))) {
    assert.equal(yes!.corpus, no!.corpus)
    assert.deepEqual([yes!.tags.truth, no!.tags.truth], [true, false])
    const [one, other] = [yes!, no!].map(({ question }) => question.split(' '))
    assert.equal(one!.filter((word, at) => word !== other![at]).length, 1)
    const span = Math.max(...yes!.evidence.map(({ end }) => end)) - Math.min(...yes!.evidence.map(({ start }) => start))
    const share = span / yes!.corpus.sources[0]!.text.length
    const [low, high] = { sentence: [0, 0.01], passage: [0.002, 0.08], global: [0.1, 1] }[String(yes!.tags.scope)]!
    assert.ok(share >= low! && share <= high!, `${yes!.tags.scope}: ${share}`)
  }
  // Who says true to everything is right on every true claim and on no pair.
  const results = await runAll(
    { task: 'claim-pairs' },
    scripted('yes', () => 'True'),
  )
  assert.equal(average(results, 'right'), 0.5)
  assert.ok(pairs(results)!.rows.every((row) => row[7] === 0 && row[10] === 1 && row[11] === 0))
})

test('an authored pair that is not sound is told and left out', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fovea-claims-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'book.txt'), 'The ferry leaves Halden at noon. Captain Moe was born in Bergen.')
  const sound = {
    book: 'book.txt',
    true: 'Moe was born in Bergen.',
    false: 'Moe was born in Oslo.',
    scope: 'sentence',
    evidence: ['born in Bergen', 'born in Rome'],
  }
  const broken = [
    { ...sound, false: sound.true },
    { ...sound, scope: 'chapter' },
    { ...sound, true: ' ' },
    { ...sound, book: 7 },
    { ...sound, book: 'other.txt' },
    { ...sound, evidence: 'x' },
  ]
  await writeFile(join(folder, 'claim-pairs.jsonl'), [sound, ...broken].map((row) => JSON.stringify(row)).join('\n'))
  const warned: string[] = []
  const samples = await collect(
    (await loadLeaf(datasets, 'claim-pairs'))({ data: folder, warn: ({ message }) => warned.push(message) }),
  )
  assert.deepEqual(
    samples.map(({ answers }) => answers),
    [[['True']], [['False']]],
  )
  assert.deepEqual([samples[0]!.evidence.length, samples[0]!.unresolved], [1, 1])
  assert.equal(warned.length, broken.length)
  for (const [index, word] of [/same/, /scope/, /claims/, /book/, /evidence/, /other\.txt/].entries())
    assert.match(warned[index]!, word)
})

test('plans: gold meets every constraint, anything left out or changed breaks one, and feedback names it', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 3 }), fc.nat(), (seed, cities, at) => {
      const made = journey(cities, seededRandom(seed))
      const text = planText(made.plan)
      assert.deepEqual(planOf(text), made.plan)
      assert.deepEqual(scoreJourney(made, text), { final: 1, commonsense: 1, hard: 1, delivered: 1 })
      assert.deepEqual(feedbackOn(made, text), [])
      const lines = text.split('\n')
      const line = lines[at % lines.length]!
      const without = scoreJourney(made, lines.filter((one) => one !== line).join('\n'))
      assert.deepEqual([without.final, without.delivered], [0, 0])
      const names = made.used.map((index) => made.entries[index]!.name)
      const name = names[at % names.length]!
      const invented = text.replaceAll(name, 'Nowhere House')
      assert.equal(scoreJourney(made, invented).final, 0, name)
      assert.ok(feedbackOn(made, invented).length > 0)
      const { wishes } = made
      const poor = { ...made, wishes: { ...wishes, budget: 10 } }
      assert.deepEqual(feedbackOn(poor, text), ['Not met: all is paid with 10 coins.'])
      const fly = made.entries.find((entry) => entry.kind === 'ride' && entry.by === 'flight')!.name
      const flown = feedbackOn(
        { ...made, wishes: { ...wishes, flights: false, budget: 1e9 } },
        text.replace(made.plan[0]!.ride!, fly),
      )
      assert.deepEqual(flown, ['Not met: no flight.'])
      assert.ok(
        judgePlan(made, []).every(({ what, met }) => !met || /twice|flight|pets|coins/.test(what)),
        'an empty plan meets little',
      )
    }),
    { numRuns: 40 },
  )
  assert.equal(scoreJourney(journey(1, seededRandom(1)), '').hard, 0)
})

test('noise in the text of a plan grows with the option, and is of other cities', async () => {
  let last = -1
  for (const noise of [0, 0.3, 0.9]) {
    const [sample] = await made('travel-plan', { noise }, { samples: 1, length: 8192 })
    const text = textOf(sample!.corpus.sources)
    const entries = text.split('\n').filter((line) => /a head\.$| is a sight | lets a /.test(line)).length
    assert.ok(entries > last, `${noise}: ${entries}`)
    last = entries
    const named = /from ([\w ]+) to ([\w ]+) and back/.exec(sample!.question)!
    const lines = text.split('\n').filter((line) => line.includes(` in ${named[2]} `))
    assert.equal(lines.length, sample!.evidence.length + sample!.distractors!.length - 4)
  }
})

// Metrics, judges, analyses and statistics: by hand, against slow oracles, and against people's labels.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { FoveaError, loadLeaf, overlap } from '../../src/core/index.ts'
import { commonSubsequence, editDistance } from '../../src/measure/align.ts'
import {
  analyse,
  bootstrap,
  catalogued,
  holm,
  type Judge,
  type JudgeRequest,
  judges,
  kendall,
  type Metric,
  mainScore,
  mean,
  metrics,
  normalTails,
  type Outcome,
  openResults,
  paired,
  pearson,
  type Result,
  run,
  scored,
  seededRandom,
  spearman,
  type Table,
  wilson,
} from '../../src/measure/index.ts'
import { compareChoice, representative } from '../../src/measure/representative.ts'
import { rougeWords } from '../../src/measure/rouge.ts'
import { SpanIndex } from '../../src/measure/span-index.ts'
import type { ModelPort } from '../../src/model/index.ts'

const metric: Record<string, Metric> = {}
for (const { meta } of metrics) metric[meta.name] = await loadLeaf(metrics, meta.name)
const makeJudge = async (
  name: string,
  parts: Parameters<Awaited<ReturnType<typeof judgeLeaf>>>[0] = {},
): Promise<Judge> => (await judgeLeaf(name))(parts)
const judgeLeaf = (name: string) => loadLeaf(judges, name)
const scripted = (script: (request: JudgeRequest) => number): Promise<Judge> => makeJudge('scripted', { script })

const said = (name: string, text: string, answers: readonly (readonly string[])[], more: Outcome = {}): unknown =>
  metric[name]!({ ...more, said: text, answers })
const near = (value: unknown, wanted: number, what = ''): void =>
  assert.ok(Math.abs((value as number) - wanted) < 1e-9, `${what}: ${value} is not ${wanted}`)

// --- metrics ---

const small = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 80 })

test('the common subsequence and the edit distance agree with their tables filled in cell by cell', () => {
  const slow = (one: readonly number[], other: readonly number[]): [number, number] => {
    const common = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0))
    const edits = common.map((row, at) => row.map((_, to) => at + to))
    for (let at = 1; at <= one.length; at++)
      for (let to = 1; to <= other.length; to++) {
        const equal = one[at - 1] === other[to - 1]
        common[at]![to] = equal ? common[at - 1]![to - 1]! + 1 : Math.max(common[at - 1]![to]!, common[at]![to - 1]!)
        edits[at]![to] = Math.min(
          edits[at - 1]![to]! + 1,
          edits[at]![to - 1]! + 1,
          edits[at - 1]![to - 1]! + (equal ? 0 : 1),
        )
      }
    return [common[one.length]![other.length]!, edits[one.length]![other.length]!]
  }
  fc.assert(
    fc.property(small, small, (one, other) => {
      assert.deepEqual([commonSubsequence(one, other), editDistance(one, other)], slow(one, other))
    }),
  )
})

test('ROUGE by hand, as the rouge_score package gives it', () => {
  // rouge_score 0.1.2, RougeScorer(['rouge1', 'rouge2', 'rougeL']).score(answer, said), by its published formulas.
  const answer = [['The quick brown fox jumps over the lazy dog']]
  const text = 'The quick brown dog jumps on the log.'
  near(said('rouge-1', text, answer), (2 * (6 / 8) * (6 / 9)) / (6 / 8 + 6 / 9))
  near(said('rouge-2', text, answer), (2 * (2 / 7) * (2 / 8)) / (2 / 7 + 2 / 8))
  near(said('rouge-l', text, answer), (2 * (5 / 8) * (5 / 9)) / (5 / 8 + 5 / 9))
  assert.deepEqual(rougeWords("Don't stop-me 我们 U.S."), ['don', 't', 'stop', 'me', '我', '们', 'u', 's'])
  near(said('rouge-l', '我们走了', [['我们不走了']]), (2 * 1 * (4 / 5)) / (1 + 4 / 5))
  assert.equal(said('rouge-2', 'noon', [['noon']]), undefined, 'one word has no pairs')
  near(said('rouge-1', 'b', [['a', 'b']]), 1, 'the nearest form')
  near(said('rouge-1', '', [['a']]), 0)
})

test('edit similarity and identity ratio by hand', () => {
  near(said('edit-similarity', 'kitten', [['sitting']]), 1 - 3 / 7)
  near(said('edit-similarity', '  same\n', [['same']]), 1)
  near(said('edit-similarity', '𝒳y', [['𝒳z']]), 1 / 2, 'characters, not halves of them')
  near(said('identity-ratio', '>seq A\nMKTA\nYIAK\n', [['MKTAYIAKQR']]), 8 / 10)
  near(said('identity-ratio', 'Here it is:\n```\nmkta yiakqr\n```\nDone.', [['MKTAYIAKQR']]), 1)
})

const words = fc.array(fc.constantFrom('the', 'ferry', 'leaves', 'at', 'noon', '7', '我', '。'), {
  minLength: 1,
  maxLength: 12,
})

test('metrics of an answer are from 0 to 1, and 1 for the answer itself', () => {
  const names = [
    'rouge-1',
    'rouge-2',
    'rouge-l',
    'edit-similarity',
    'list-f1',
    'subspan-match',
    'identity-ratio',
    'number-match',
  ]
  fc.assert(
    fc.property(words, words, (one, other) => {
      const [text, answer] = [one.join(' '), other.join(' ')]
      for (const name of names) {
        const value = said(name, text, [[answer]]) as number | undefined
        assert.ok(value === undefined || (value >= 0 && value <= 1), `${name} ${value}`)
        const gold = said(name, answer, [[answer]]) as number | undefined
        const silent = /^[。\s]*$/.test(answer)
        if (gold !== undefined && !silent) near(gold, 1, `${name} of ${answer}`)
      }
    }),
  )
})

test('precision and mrecall by hand', () => {
  const outcome: Outcome = { ranked: [7, 3, 9, 1, 4], gold: [3, 4, 8] }
  const at = (name: string, depth: number, of = outcome): unknown => metric[name]!(of, { depth })
  assert.deepEqual(
    [1, 2, 5].map((depth) => at('precision', depth)),
    [0, 1 / 2, 2 / 5],
  )
  assert.deepEqual(
    [1, 2, 5].map((depth) => at('mrecall', depth)),
    [0, 0, 0],
  )
  const both: Outcome = { ranked: [3, 4, 1, 8], gold: [3, 4, 8] }
  assert.deepEqual(
    [1, 2, 3, 4].map((depth) => at('mrecall', depth, both)),
    [1, 1, 0, 1],
    'all, or nothing but gold',
  )
})

test('intersection over union agrees with counting characters, and never goes up with what is not wanted', () => {
  const range = fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }))
    .map(([start, length]) => [start, start + length] as const)
  const ranges = fc.array(range, { minLength: 1, maxLength: 5 })
  const holds = (of: readonly (readonly [number, number])[], at: number): boolean =>
    of.some(([start, end]) => start <= at && at < end)
  fc.assert(
    fc.property(ranges, ranges, (kept, wanted) => {
      const places = [...Array(100).keys()]
      const both = places.filter((at) => holds(kept, at) && holds(wanted, at)).length
      const either = places.filter((at) => holds(kept, at) || holds(wanted, at)).length
      const value = metric['intersection-over-union']!({ kept, wanted }) as number
      near(value, both / either)
      assert.ok((metric['intersection-over-union']!({ kept: [...kept, [200, 210]], wanted }) as number) <= value)
    }),
  )
})

test('information coverage: one when all must be read, little for a needle, and the same as marking stretches one by one', () => {
  const cover = metric['information-coverage']!
  near(cover({ wanted: [[0, 10_000]], characters: 10_000 }), 1)
  near(cover({ wanted: [[4010, 4060]], characters: 100_000 }), 1 / 200)
  const range = fc
    .tuple(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 1, max: 900 }))
    .map(([start, length]) => [start, start + length] as const)
  fc.assert(
    fc.property(fc.array(range, { minLength: 1, maxLength: 8 }), (wanted) => {
      const held = new Set(
        wanted.flatMap(([start, end]) =>
          Array.from({ length: end - start }, (_, at) => Math.floor((start + at) / 500)),
        ),
      )
      near(cover({ wanted, characters: 9900 }), held.size / 20)
    }),
  )
})

test('a choice is told by its letter or its text; two named letters are wrong', () => {
  const choices = ['Paris', 'London', 'New York', 'York']
  const right = [
    'B',
    'b',
    '(B)',
    'B.',
    'B) London',
    'B. London, since A is wrong',
    '**B**',
    'The answer is B',
    'Answer: (B).',
  ]
  right.push(
    '答案是B',
    '选B。',
    'It is London.',
    'A good reason is that London is big.',
    'The answer is not A, the answer is B',
  )
  right.push(
    '(A) is far, so the answer is (B).',
    '\\boxed{B}',
    'B is correct, A is not.',
    'I would choose B.',
    'B\nBecause it rains.',
  )
  const wrong = [
    'A',
    '',
    'A or B',
    'The answer is A or B',
    'A or B is correct',
    '(A) and (B)',
    'London and Paris',
    'Neither',
    'E',
  ]
  wrong.push('The answer is Bergen', 'A. Paris\nB. London\nC. New York')
  for (const text of right) assert.equal(said('choice-accuracy', text, [['London']], { choices }), 1, text)
  for (const text of wrong) assert.equal(said('choice-accuracy', text, [['London']], { choices }), 0, text)
  for (const form of ['B', '(b)', 'London']) assert.equal(said('choice-accuracy', 'B', [[form]], { choices }), 1, form)
  assert.equal(said('choice-accuracy', 'It was New York.', [['York']], { choices }), 0, 'York inside New York')
  assert.equal(said('choice-accuracy', 'A, C', [['Paris'], ['C']], { choices }), 1)
  assert.equal(said('choice-accuracy', 'A', [['Paris'], ['C']], { choices }), 0)
  assert.equal(said('choice-accuracy', 'B', [['Rome']], { choices }), undefined, 'no choice is right')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), (gold, named) => {
      const letter = 'ABCD'[named]!
      for (const text of [letter, `(${letter})`, `The answer is ${letter}.`, choices[named]!])
        assert.equal(said('choice-accuracy', text, [[choices[gold]!]], { choices }), gold === named ? 1 : 0, text)
    }),
  )
})

test('choices that three real models named give the accuracy that L-Eval reports', async (t) => {
  const folder = join(process.env.FOVEA_DATA ?? '/nowhere', 'model-outputs/leval')
  if (!existsSync(folder)) return t.skip('FOVEA_DATA is not set')
  // An et al. 2023, table of closed-ended tasks, QuALITY: 202 questions.
  for (const [model, accuracy] of [
    ['Claude-100k', 73.76],
    ['gpt4-32k', 82.17],
    ['turbo-16k-0613', 61.38],
  ] as const) {
    const text = await readFile(join(folder, model, 'quality.pred.jsonl'), 'utf8')
    const rows = text.trim().split('\n')
    let right = 0
    for (const line of rows) {
      const { query, gt, ...rest } = JSON.parse(line) as Record<string, string>
      const choices = query!
        .split(/\([A-D]\)/)
        .slice(1)
        .map((choice) => choice.trim())
      const reply = Object.entries(rest).find(([key]) => key.endsWith('_pred'))![1]
      right += said('choice-accuracy', reply, [[/\([A-D]\)/.exec(gt!)![0]]], { choices }) as number
    }
    assert.ok(Math.abs((100 * right) / rows.length - accuracy) < 0.02, `${model}: ${right} of ${rows.length}`)
  }
})

test('numbers: separators, percent, words, decimals within a thousandth, whole ones exactly', () => {
  const yes = [
    ['1,234', '1234'],
    ['$1.234.567,8', '1234567.8'],
    ['12,5', '12.5'],
    ['It rose from 3 to 45%.', '45'],
    ['0.45', '45%'],
    ['1.2 million', '1200000'],
    ['Paid 7 of 9; the answer is 7 in all', '7'],
    ['-3', '−3'],
    ['seven', '7'],
    ['8.738', '8.7'],
    ['3.1416', '3.14159265'],
    ['共12个', '12'],
    ['#### 42', '42'],
    ['3e2', '300'],
    ['It costs 1’000.50 francs', '1000.5'],
  ] as const
  const no = [
    ['204', '203'],
    ['12.9', '12.5'],
    ['none', '4'],
    ['B12', '12'],
    ['2019', '2020'],
    ['-5', '5'],
    ['1.2 billion', '1200000'],
  ] as const
  for (const [text, answer] of yes) assert.equal(said('number-match', text, [[answer]]), 1, `${text} is ${answer}`)
  for (const [text, answer] of no) assert.equal(said('number-match', text, [[answer]]), 0, `${text} is not ${answer}`)
  assert.equal(said('number-match', 'four', [['London']]), undefined)
  assert.equal(said('number-match', '3, 5 and 9', [['3'], ['5'], ['7']]), 2 / 3)
  assert.equal(said('number-match', '3', [['3'], ['3']]), 1 / 2, 'each number counts once')
})

test('lists: in any order, marks and articles aside; what is missing and what is too much count', () => {
  const gold = [['Oslo'], ['Bergen', 'Bjørgvin'], ['Tampa, Florida']]
  for (const text of [
    'Oslo, Bergen, Tampa, Florida',
    '- Tampa, Florida\n- the Oslo\n- Bjørgvin',
    '1. oslo; 2. bergen; 3. tampa, florida',
    'The towns are: Oslo, Bergen and Tampa, Florida',
  ])
    near(said('list-f1', text, gold), 1, text)
  near(said('list-f1', 'Oslo, Bergen', gold), (2 * 1 * (2 / 3)) / (1 + 2 / 3))
  near(said('list-f1', 'Oslo, Bergen, Moss, Tampa, Florida', gold), (2 * (3 / 4) * 1) / (3 / 4 + 1))
  near(said('list-f1', 'Oslo, Oslo, Oslo', [['Oslo']]), 1)
  near(said('list-f1', 'b, a', [['a, b']]), 1, 'one answer that is a list')
  near(said('list-f1', '', gold), 0)
})

test('subspan match, compression and what an answer costs', () => {
  assert.equal(said('subspan-match', 'It was the U.S. and Chad.', [['US'], ['chad', 'Tchad']]), 1)
  assert.equal(said('subspan-match', 'It was the U.S.', [['US'], ['Chad']]), 0)
  near(metric.compression!({ tokens: { pack: 5, whole: 20 } }), 1 / 4)
  near(metric.compression!({ tokens: { pack: 21, whole: 20 } }), 1)
  const usage = {
    calls: 2,
    inputTokens: { total: 900, cacheRead: 0, cacheWrite: 0 },
    outputTokens: 7,
    milliseconds: 1500,
    cost: 0.02,
  }
  assert.deepEqual(
    ['calls', 'input-tokens', 'seconds', 'cost'].map((name) => metric[name]!({ usage })),
    [2, 900, 1.5, 0.02],
  )
  assert.equal(metric.cost!({ usage: { ...usage, cost: undefined as never } }), undefined)
})

// --- metrics that ask a judge ---

type Citations = NonNullable<Outcome['citations']>
const passage = {
  spans: [{ source: 'a', start: 0, end: 1 }],
  score: 1,
  trail: [],
} as unknown as Citations[number]['passage']

/** Sentences of facts such as `f1 f2.`; a text bears one out that holds all its facts. */
const factsOf = (text: string): string[] => text.match(/f\d+/g) ?? []
const byFacts = await scripted((request) =>
  request.kind === 'entailment' && factsOf(request.claim).every((fact) => factsOf(request.text).includes(fact)) ? 1 : 0,
)
const cite = (text: string, answer: string, sentence: string): Citations[number] => {
  const at = answer.indexOf(sentence)
  return { text, passage, verified: true, supports: [at, at + sentence.length] }
}
const citing = async (answer: string, citations: Citations): Promise<readonly unknown[]> => {
  const outcome = { said: answer, citations }
  return [
    await metric['citation-recall']!(outcome, { judge: byFacts }),
    await metric['citation-precision']!(outcome, { judge: byFacts }),
  ]
}

test('citations by hand: the paper’s cases', async () => {
  const answer = 'Alpha has f1. Beta has f2 and f3 [2][3]. Gamma has f4.'
  const [one, two, three] = ['Alpha has f1.', 'Beta has f2 and f3', 'Gamma has f4.']
  const sound = [
    cite('f1', answer, one!),
    cite('f2', answer, two!),
    cite('f3', answer, two!),
    cite('f4', answer, three!),
  ]
  assert.deepEqual(await citing(answer, sound), [1, 1])
  assert.deepEqual(
    await citing(answer, [...sound, cite('f9', answer, one!)]),
    [1, 4 / 5],
    'a wrong one: precision alone',
  )
  assert.deepEqual(await citing(answer, sound.slice(0, 3)), [2 / 3, 1], 'a missing one: recall alone')
  assert.deepEqual(
    await citing(
      answer,
      sound.filter((_, at) => at !== 2),
    ),
    [2 / 3, 2 / 3],
    'half of what it needs is no support',
  )
  assert.deepEqual(
    await citing(answer, [cite('f2 f3', answer, two!), cite('f2 f3', answer, two!)]),
    [1 / 3, 1],
    'cited twice',
  )
  assert.deepEqual(await citing(answer, []), [0, 0])
  assert.deepEqual(
    await citing('Alpha has f1.', [{ text: 'f1', passage, verified: false }]),
    [1, 1],
    'for the whole answer',
  )
  assert.equal(await metric['citation-recall']!({ said: answer }, { judge: byFacts }), undefined, 'it cannot cite')
  assert.equal(await metric['citation-recall']!({ said: answer, citations: sound }), undefined, 'no judge')
  near(metric['citation-verified']!({ citations: [...sound, { text: 'x', passage, verified: false }] }), 4 / 5)
})

test('a wrong citation lowers precision alone, a missing one recall alone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 6 }), fc.nat(), async (count, drawn) => {
      const sentences = Array.from({ length: count }, (_, at) => `Thing ${'abcdef'[at]} has f${at + 1}.`)
      const answer = sentences.join(' ')
      const sound = sentences.map((sentence, at) => cite(`it has f${at + 1}`, answer, sentence))
      assert.deepEqual(await citing(answer, sound), [1, 1])
      const at = drawn % count
      const [recall, precision] = await citing(answer, [...sound, cite('f77', answer, sentences[at]!)])
      near(recall, 1)
      near(precision, count / (count + 1))
      const [less, same] = await citing(answer, sound.toSpliced(at, 1))
      near(less, (count - 1) / count)
      near(same, 1)
    }),
    { numRuns: 30 },
  )
})

test('coverage never falls when text is added, and density falls with what is said twice', async () => {
  const questions = [1, 2, 3, 4].map((number) => ({ question: `What of f${number}?`, answers: [`f${number}`] }))
  const judge = await scripted((request) =>
    request.kind === 'sub-question' && request.answers!.some((answer) => factsOf(request.text).includes(answer))
      ? 0.8
      : 0.2,
  )
  const program = await makeJudge('program')
  const fact = fc.constantFrom('It has f1.', 'It has f2.', 'It has f3.', 'It has f4.', 'The sky is grey.')
  const wanted = [[0, 48]] as const
  await fc.assert(
    fc.asyncProperty(
      fc.array(fact, { maxLength: 6 }),
      fc.array(fact, { minLength: 1, maxLength: 4 }),
      async (held, added) => {
        for (const by of [judge, program]) {
          const of = (text: string): Promise<number[]> =>
            Promise.all(
              ['coverage', 'density'].map(
                async (name) => (await metric[name]!({ text, questions, wanted }, { judge: by })) as number,
              ),
            )
          const text = held.join(' ')
          const [coverage, density] = await of(text)
          assert.equal(coverage, new Set(factsOf(text)).size / 4)
          assert.ok((await of([text, ...added].join(' ')))[0]! >= coverage!)
          const twice = (await of(`${text} ${text}`))[1]!
          assert.ok(
            density! >= 0 && density! <= 1 && (coverage === 0 ? twice === 0 : twice < density! || density === 1),
          )
        }
      },
    ),
    { numRuns: 40 },
  )
  near(await metric.density!({ text: 'x'.repeat(96), questions, wanted }, { judge: await scripted(() => 1) }), 1 / 2)
  assert.equal(await metric.coverage!({ text: 'a' }, { judge }), undefined, 'no sub-questions')
})

test('a refusal is rewarded only when it is due, an answer only when it is right', async () => {
  const judge = await makeJudge('program')
  const question = 'What was the net profit?'
  const [answer, other, refusal] = [
    'The net profit was 3.1 million.',
    'The net profit was 9.4 million.',
    'The text does not mention the net profit.',
  ]
  const of = async (text: string, due: Outcome): Promise<unknown[]> =>
    Promise.all(
      ['compliance', 'robustness', 'grounding'].map((name) =>
        metric[name]!({ said: text, question, ...due }, { judge }),
      ),
    )
  const can: Outcome = { answers: [['3.1 million']] }
  assert.deepEqual(await of(answer, can), [1, 1, undefined])
  assert.deepEqual(await of(other, can), [0, 0, undefined])
  assert.deepEqual(await of(refusal, can), [0, 0, undefined])
  for (const cannot of [
    { answers: [] },
    { answers: [['not given']], tags: { unanswerable: true } },
    { answers: [['x']], tags: { answerable: false } },
  ]) {
    assert.deepEqual(await of(refusal, cannot), [1, undefined, 1])
    assert.deepEqual(await of(answer, cannot), [0, undefined, 0])
  }
})

test('the share of the reasoning steps that are held', async () => {
  const judge = await makeJudge('program')
  const reasoning = '1. The gardener had the key\n2. The butler was in the kitchen\n- The nephew forged the will'
  const text = 'The butler was in the kitchen. The gardener had the key, so the gardener did it.'
  near(await metric.reasoning!({ said: text, tags: { reasoning } }, { judge }), 2 / 3)
  near(await metric.reasoning!({ said: '', tags: { reasoning } }, { judge }), 0)
  assert.equal(await metric.reasoning!({ said: text, tags: {} }, { judge }), undefined)
})

// --- judges ---

type Labelled = JudgeRequest & { readonly set: string; readonly label: 0 | 1 }
const labelled = JSON.parse(
  await readFile(join(import.meta.dirname, '../golden/judgements.json'), 'utf8'),
) as Labelled[]

test('the program judges as people do', async (t) => {
  const judge = await makeJudge('program')
  assert.ok(labelled.length >= 60)
  const counts = new Map<string, [right: number, all: number]>()
  for (const { set, label, ...request } of labelled) {
    const { score } = await judge.judge(request)
    assert.ok(score >= 0 && score <= 1)
    for (const name of [set, `${set}: ${request.kind}`]) {
      const count = counts.get(name) ?? [0, 0]
      counts.set(name, [count[0] + ((score >= 0.5 ? 1 : 0) === label ? 1 : 0), count[1] + 1])
    }
  }
  for (const [name, [right, all]] of counts) t.diagnostic(`agrees on ${right} of ${all}: ${name}`)
  for (const set of ['first', 'held out']) assert.ok(counts.get(set)![0] / counts.get(set)![1] >= 0.9, set)
})

const real = join(process.env.FOVEA_DATA ?? '/nowhere', 'model-outputs/financebench')
interface Answered {
  readonly financebench_id: string
  readonly question: string
  readonly gold_answer: string | number
  readonly model_answer: string
  readonly label: string
}
async function answered(): Promise<Answered[][]> {
  const files = (await readdir(real)).filter((name) => name.endsWith('.jsonl')).sort()
  const texts = await Promise.all(files.map((name) => readFile(join(real, name), 'utf8')))
  return texts.map((text) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answered),
  )
}

test('refusals and numbers of 16 configurations of real models as people labelled them', async (t) => {
  if (!existsSync(real)) return t.skip('FOVEA_DATA is not set')
  const judge = await makeJudge('program')
  let [refusals, all, numbers, numeric] = [0, 0, 0, 0]
  for (const row of (await answered()).flat()) {
    const request = {
      kind: 'compliance',
      question: row.question,
      said: String(row.model_answer),
      answerable: false,
    } as const
    all++
    if ((await judge.judge(request)).score >= 0.5 === (row.label === 'Refusal')) refusals++
    const gold = String(row.gold_answer)
    if (!/^[$€]?-?[\d.,]+\s*%?$/.test(gold)) continue
    numeric++
    if ((said('number-match', String(row.model_answer), [[gold]]) === 1) === (row.label === 'Correct Answer')) numbers++
  }
  t.diagnostic(`refusals: agrees on ${refusals} of ${all}; numbers: on ${numbers} of ${numeric}`)
  assert.ok(refusals / all > 0.92 && numbers / numeric > 0.88)
})

function portOf(...replies: string[]): ModelPort & { readonly prompts: string[] } {
  const prompts: string[] = []
  return {
    name: 'test/model',
    prompts,
    async generate({ intent, prompt }: { intent: string; prompt: string }) {
      assert.equal(intent, 'judge')
      prompts.push(prompt)
      return { text: replies[prompts.length - 1]!, finish: 'stop', replayed: false }
    },
  } as unknown as ModelPort & { readonly prompts: string[] }
}

test('a model’s judgement: a plain word or number, asked once more, else an error with a code', async () => {
  const entailment: JudgeRequest = {
    kind: 'entailment',
    text: 'The ferry leaves at noon.',
    claim: 'It leaves at noon.',
  }
  const part: JudgeRequest = {
    kind: 'sub-question',
    text: 'The ferry leaves at noon.',
    question: 'When does it leave?',
    answers: ['noon'],
  }
  const ask = async (request: JudgeRequest, ...replies: string[]): Promise<unknown> => {
    const model = portOf(...replies)
    const { score } = await (await makeJudge('model', { model })).judge(request)
    assert.equal(model.prompts.length, replies.length)
    return score
  }
  for (const reply of ['YES', 'yes.', '**Yes**', '"Yes"\nIt says so.', '<think>no</think>\nYES'])
    assert.equal(await ask(entailment, reply), 1, reply)
  for (const reply of ['NO', 'no!', ' No\n']) assert.equal(await ask(entailment, reply), 0, reply)
  for (const [reply, score] of [
    ['5', 1],
    ['0', 0],
    ['3', 0.6],
    ['**4**', 0.8],
    ['2/5', 0.4],
    ['2\nSome of it.', 0.4],
  ] as const)
    assert.equal(await ask(part, reply), score, reply)
  assert.equal(await ask(entailment, 'Yes and no', 'NO'), 0, 'repaired')
  assert.equal(await ask(part, 'quite well', '4'), 0.8)
  for (const reply of ['6', '-1', '3/10', 'three', ''])
    await assert.rejects(ask(part, reply, reply), (error) => FoveaError.is(error, 'judge-unclear'), reply)
  await assert.rejects(ask(entailment, 'It does', 'Perhaps'), (error) => FoveaError.is(error, 'judge-unclear'))
  await assert.rejects(
    async () => makeJudge('model'),
    (error) => FoveaError.is(error, 'model-missing'),
  )
  const model = portOf('maybe', 'YES')
  await (await makeJudge('model', { model })).judge(entailment)
  for (const prompt of model.prompts)
    assert.ok(prompt.includes('The ferry leaves at noon.') && prompt.includes('It leaves at noon.'))
  assert.ok(model.prompts[1]!.includes('maybe'))
})

test('every judge stops by its signal, and a script stays from 0 to 1', async () => {
  const signal = AbortSignal.abort(new DOMException('stop', 'AbortError'))
  const request: JudgeRequest = { kind: 'reasoning', said: 'a', step: 'b' }
  for (const { meta } of judges) {
    const judge = await makeJudge(meta.name, { model: portOf('YES'), script: () => 1 })
    await assert.rejects(judge.judge(request, signal), { name: 'AbortError' })
    assert.ok((await judge.judge(request)).score >= 0, meta.name)
  }
  await assert.rejects((await scripted(() => 2)).judge(request), RangeError)
  await assert.rejects(
    async () => makeJudge('scripted'),
    (error) => FoveaError.is(error, 'script-missing'),
  )
})

// --- statistics ---

test('statistics against known values', () => {
  const { low, high } = wilson(8, 10)
  assert.deepEqual([low.toFixed(4), high.toFixed(4)], ['0.4902', '0.9433'])
  assert.deepEqual([wilson(0, 10).low, wilson(0, 10).high.toFixed(4)], [0, '0.2775'])
  assert.deepEqual(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06])
  assert.deepEqual(holm([0.5, 0.6]), [1, 1])
  near(kendall([1, 2, 3, 4], [1, 2, 4, 3]), 4 / 6)
  near(kendall([1, 1, 2], [1, 2, 3]), 2 / Math.sqrt(2 * 3))
  near(kendall([1, 2, 3], [3, 2, 1]), -1)
  near(spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]), 0.8)
  near(pearson([1, 2, 3], [2, 4, 6]), 1)
  for (const [distance, tails] of [
    [1.959964, 0.05],
    [1, 0.317311],
    [2.575829, 0.01],
  ] as const)
    assert.ok(Math.abs(normalTails(distance) - tails) < 1e-5)
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (ps) => {
      const raised = holm(ps)
      for (const [one, p] of ps.entries()) {
        assert.ok(raised[one]! >= p && raised[one]! <= 1)
        for (const [other, q] of ps.entries()) if (p < q) assert.ok(raised[one]! <= raised[other]!)
      }
    }),
  )
})

test('the bootstrap holds the true mean about as often as it says, and many values are as few', () => {
  const random = seededRandom(5)
  let held = 0
  for (let round = 0; round < 300; round++) {
    const { low, high } = bootstrap(
      Float64Array.from({ length: 40 }, () => random() ** 2),
      round,
    )
    if (low <= 1 / 3 && 1 / 3 <= high) held++
  }
  assert.ok(held / 300 > 0.89 && held / 300 < 0.99, `${held} of 300`)
  const values = Float64Array.from({ length: 100_000 }, () => (random() < 0.3 ? 1 : random()))
  const [large, few] = [bootstrap(values), bootstrap(values.subarray(0, 1900))]
  assert.ok(large.high - large.low < 0.005 && few.high - few.low < 0.04)
  const ratio = (few.high - few.low) / (large.high - large.low) / Math.sqrt(100_000 / 1900)
  assert.ok(ratio > 0.9 && ratio < 1.1, `${ratio}`)
  assert.deepEqual(bootstrap([1, 2, 5], 3), bootstrap([1, 2, 5], 3))
})

test('the permutation test finds what is there, and by chance no more than it says', () => {
  const random = seededRandom(9)
  const draw = (count: number, shift: number): [Float64Array, Float64Array] => [
    Float64Array.from({ length: count }, () => random() + shift),
    Float64Array.from({ length: count }, random),
  ]
  let found = 0
  for (let round = 0; round < 200; round++) if (paired(...draw(20, 0), round).p < 0.05) found++
  assert.ok(found > 0 && found < 22, `${found} of 200`)
  assert.ok(paired(...draw(60, 0.4)).p < 0.005)
  assert.equal(paired([1, 0, 1], [1, 0, 1]).p, 1)
  // On both sides of the size from which the normal distribution is taken, p is nearly the same.
  const [one, other] = draw(2001, 0.015)
  assert.ok(Math.abs(paired(one, other).p - paired(one.subarray(1), other.subarray(1)).p) < 0.05)
  assert.equal(paired(new Float64Array(100_000), new Float64Array(100_000)).p, 1)
})

// --- analyses ---

let made = 0
const row = (more: Partial<Result> = {}): Result => ({
  key: String(made++),
  run: 'r',
  task: 'made-up',
  cell: 'c',
  sample: 's0',
  system: 'whole',
  budget: '10%',
  reader: 'simulated/8k',
  origin: 'simulated',
  seed: 1,
  length: 4096,
  tags: {},
  scores: {},
  tokens: { pack: 100, whole: 1000 },
  milliseconds: 1,
  ...more,
})
const several = (count: number, make: (at: number) => Partial<Result>): Result[] =>
  Array.from({ length: count }, (_, at) => row({ sample: `s${at}`, ...make(at) }))
const table = async (name: string, results: readonly Result[]): Promise<Table | undefined> =>
  (await analyse(results, [name]))[0]?.table
/** Rows as objects by column. */
const lines = async (name: string, results: readonly Result[]): Promise<Record<string, string | number>[]> => {
  const found = await table(name, results)
  assert.ok(found, `${name} says nothing`)
  return found.rows.map((cells) => Object.fromEntries(found.columns.map((column, at) => [column, cells[at]!])))
}

test('the main score: what a check says, the task’s first metric, and without a reader what was handed on', () => {
  const known = catalogued()
  const of = (more: Partial<Result>): unknown => mainScore(row(more), known)
  const task = 'ruler-niah-single-1'
  const scores = { 'recall@1': 0.1, 'recall@5': 0.4, 'answer-kept': 0.5, 'references-said': 0.7, abstained: 0 }
  assert.deepEqual(of({ task, scores }), { name: 'references-said', value: 0.7 })
  assert.deepEqual(of({ task: `${task}(depth=0.5)`, scores }), { name: 'references-said', value: 0.7 })
  assert.deepEqual(of({ task, scores: { ...scores, 'lines-right': 0.9 } }), { name: 'lines-right', value: 0.9 })
  const { 'references-said': _, ...unread } = scores
  assert.deepEqual(of({ task, reader: 'none', scores: unread }), { name: 'answer-kept', value: 0.5 })
  assert.deepEqual(of({ task, reader: 'none', scores: { 'recall@1': 0.1, 'recall@5': 0.4 } }), {
    name: 'recall@5',
    value: 0.4,
  })
  assert.equal(of({ task, scores: unread }), undefined)
  // A set that ranks: its ranking, or with a budget what the pack kept.
  const kept = { 'recall@5': 0.4, 'answer-kept': 0.5, 'characters-kept': 0.6 }
  const ranked = { task: 'hipporag', reader: 'none', scores: kept }
  assert.deepEqual(of({ ...ranked, budget: 'none' }), { name: 'recall@5', value: 0.4 })
  assert.deepEqual(of({ ...ranked, budget: '5%' }), { name: 'answer-kept', value: 0.5 })
  assert.deepEqual(of({ ...ranked, task: 'chunking-eval', budget: '5%' }), { name: 'characters-kept', value: 0.6 })
  assert.deepEqual(mainScore(row({ scores })), { name: 'references-said', value: 0.7 }, 'by their order')
  const rows = [row({ task, scores }), row({ task, failure: 'model-failed: gone' }), row({ task, scores: {} })]
  assert.deepEqual(
    scored(rows, known).map(({ value }) => value),
    [0.7, 0],
  )
})

const ours =
  'abstention by-tag ceiling closed-book compliance consistency failures human-correlation information noise-floor paired quadrants subset sweep'.split(
    ' ',
  )

test('every analysis: nothing of nothing, sound tables, results not changed, the same each time', async () => {
  const systems = ['bm25-passages', 'random', 'head', 'oracle', 'whole', 'none']
  const random = seededRandom(3)
  const results = systems.flatMap((system, number) =>
    [1024, 2048].flatMap((length) =>
      several(60, (at) => ({
        system,
        length,
        task: 'ruler-niah-single-1',
        tags: {
          permutation: at % 3,
          item: Math.floor(at / 3),
          human: at % 5,
          kind: at % 2 === 0 ? 'even' : 'odd',
          'label-error': at % 20 === 0,
          unanswerable: at % 6 === 0,
        },
        scores: {
          'references-said': random() < number / 6 ? 1 : 0,
          'information-coverage': 0.02,
          abstained: random() < 0.3 ? 1 : 0,
          robustness: 1,
          grounding: random() < 0.5 ? 1 : 0,
        },
      })),
    ),
  )
  const before = JSON.stringify(results)
  const all = await analyse(results)
  const found = all.map(({ name }) => name)
  for (const name of ours) assert.ok(found.includes(name), `${name} finds nothing of its kind`)
  for (const {
    name,
    table: { columns, rows },
  } of all) {
    assert.equal(new Set(columns).size, columns.length, name)
    assert.ok(rows.length > 0 && rows.every((cells) => cells.length === columns.length), name)
    assert.ok(
      rows.flat().every((cell) => typeof cell === 'string' || Number.isFinite(cell)),
      name,
    )
  }
  assert.equal(JSON.stringify(results), before)
  assert.deepEqual(await analyse(results), all)
  assert.deepEqual(await analyse([]), [])
})

test('paired: a difference that is there is found on shared samples alone, and Holm raises p', async () => {
  const score = (value: number): Partial<Result> => ({ scores: { f1: value } })
  const random = seededRandom(2)
  const results = [
    ...several(50, (at) => ({ system: 'bm25-passages', ...score(at % 2) })),
    ...several(50, (at) => ({ system: 'better', ...score(at % 5 === 0 ? at % 2 : 1) })),
    ...several(50, () => ({ system: 'chance', ...score(random() < 0.5 ? 1 : 0) })),
    row({ system: 'better', sample: 'another', ...score(0) }),
  ]
  const [better, chance] = await lines('paired', results)
  assert.equal(better!.system, 'better')
  assert.equal(better!.samples, 50)
  assert.equal(better!.difference, 0.4)
  assert.ok(
    Number(better!.low) > 0.2 && Number(better!['p (Holm)']) < 0.01 && Number(better!['p (Holm)']) > Number(better!.p),
  )
  assert.ok(Number(chance!['p (Holm)']) > 0.05)
})

test('the floor is the better of chance and head, and the ceiling is the oracle on sound labels', async () => {
  const value = { random: 0.2, head: 0.3, whole: 0.6, oracle: 0.9 }
  const results = Object.entries(value).flatMap(([system, score]) =>
    several(10, (at) => ({ system, scores: { f1: at === 0 ? 0 : score }, tags: { 'label-error': at === 0 } })),
  )
  const floor = (await lines('noise-floor', results)).find(({ system }) => system === 'whole')!
  near(floor.floor, 0.27)
  assert.equal(floor['floor of'], 'head')
  near(floor['share above'], 0.5)
  const ceiling = (await lines('ceiling', results)).find(({ system }) => system === 'whole')!
  assert.deepEqual(
    [ceiling.all, ceiling.sound, ceiling['wrong labels'], ceiling.ceiling, ceiling['share of ceiling']],
    [0.54, 0.6, 1, 0.9, 0.6667],
  )
})

test('the closed book drops what a reader knows, by type of question', async () => {
  const known = (at: number): boolean => at % 4 === 0
  const results = [
    ...several(40, (at) => ({
      system: 'none',
      budget: '0',
      scores: { f1: known(at) ? 1 : 0 },
      tags: { type: at < 20 ? 'who' : 'when' },
    })),
    ...several(40, (at) => ({
      system: 'whole',
      scores: { f1: known(at) || at % 2 === 1 ? 1 : 0 },
      tags: { type: at < 20 ? 'who' : 'when' },
    })),
    ...several(40, () => ({ system: 'chunks', reader: 'other', scores: { f1: 1 } })),
  ]
  const found = await lines('closed-book', results)
  assert.deepEqual(
    found.map(({ type, system, questions, left }) => [type, system, questions, left]),
    [
      ['who', 'whole', 20, 15],
      ['when', 'whole', 20, 15],
    ],
  )
  near(found[0]!.all, 0.75)
  near(found[0]!['not known'], 0.6667)
})

test('coverage falls and nothing is answered below the threshold; risk counts what cannot be answered', async () => {
  const results = several(100, (at) => ({
    scores: { f1: at % 10 < at / 10 ? 1 : 0, abstained: 1 - at / 100 },
    tags: { unanswerable: at % 20 === 0 },
  }))
  const found = await lines('abstention', results)
  for (let at = 1; at < found.length; at++) {
    assert.ok(found[at]!.coverage! < found[at - 1]!.coverage!)
    assert.ok(found[at]!['refused when due']! >= found[at - 1]!['refused when due']!)
  }
  assert.equal(found[0]!.coverage, 1)
  assert.ok(found.at(-1)!.risk! < found[0]!.risk!, 'what is answered with strength is right more often')
  const answeredWrongly = results.filter(({ scores, tags }) => tags.unanswerable || scores.f1 === 0).length
  near(found[0]!.risk, answeredWrongly / 100)
})

test('orders: equal answers, what voting gains, and the medoid where it is stored', async () => {
  const values = [
    [1, 1, 0],
    [1, 1, 1],
    [0, 0, 1],
    [0, 0, 0],
  ]
  const results = values.flatMap((of, question) =>
    of.map((value, permutation) =>
      row({
        sample: `q${question} p${permutation}`,
        tags: { permutation },
        scores: { f1: value, medoid: question < 2 ? 1 : 0 },
      }),
    ),
  )
  const [found] = await lines('consistency', results)
  assert.deepEqual(
    [found!.questions, found!.orders, found!.same, found!['one order'], found!.majority, found!.medoid],
    [4, 3, 0.6667, 0.5, 0.5, 0.5],
  )
  assert.equal(
    await table(
      'consistency',
      results.map((result) => ({ ...result, tags: {} })),
    ),
    undefined,
  )
})

test('a reader with a known limit is stable up to it, and how answers fail is told apart', async () => {
  const lengths = [1024, 2048, 4096, 8192, 16384]
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 4 }), async (limit) => {
      const results = lengths.flatMap((length, step) =>
        several(20, (at) => ({
          length,
          reader: 'simulated/scripted',
          scores: { f1: step <= limit || at < 4 ? 1 : 0 },
        })),
      )
      assert.equal((await lines('sweep', results))[0]!['stable to'], lengths[limit])
    }),
  )
  const usage = { calls: 1, inputTokens: { total: 1, cacheRead: 0, cacheWrite: 0 }, outputTokens: 0, milliseconds: 1 }
  const failures = [
    row({ scores: { f1: 1 } }),
    row({ scores: { f1: 0.5 } }),
    row({ scores: { f1: 0 } }),
    row({ scores: { f1: 0 }, usage }),
    row({ scores: { f1: 0, abstained: 1 } }),
    row({ scores: { abstained: 1 }, tags: { unanswerable: true } }),
    row({ scores: { f1: 0, degenerate: 1 } }),
    row({ scores: { f1: 0 }, ledger: { evidence: 1, used: 0, lost: { window: 1 } } }),
    row({ failure: 'model-failed: no reply' }),
    row({ reader: 'none', scores: { 'answer-kept': 0 } }),
  ]
  const [shares] = await lines('failures', failures)
  assert.equal(shares!.answers, 9)
  near(shares!.right, 0.2222)
  for (const name of ['partly right', 'wrong', 'cut off', 'refusal', 'no answer', 'degenerate', 'error: model-failed'])
    near(shares![name], 0.1111, name)
})

test('tags, quadrants, people and refusals by hand', async () => {
  const tagged = several(40, (at) => ({ scores: { f1: at % 2 }, tags: { depth: at % 2, id: at, same: 'x' } }))
  assert.deepEqual(
    (await lines('by-tag', tagged)).map(({ tag, value, score, samples }) => [tag, value, score, samples]),
    [
      ['depth', '0', 0, 20],
      ['depth', '1', 1, 20],
    ],
  )
  const { tasks } = catalogued()
  const [one, other] = [
    tasks.find(({ diffusion }) => diffusion === 'low')!,
    tasks.find(({ diffusion }) => diffusion === 'high')!,
  ]
  const both = [
    ...several(4, () => ({ task: one.name, scores: { [one.metrics[0]!]: 1 } })),
    ...several(2, () => ({ task: other.name, scores: { [other.metrics[0]!]: 0 } })),
  ]
  assert.deepEqual(
    (await lines('quadrants', both)).map(({ diffusion, scope, score, samples }) => [diffusion, scope, score, samples]),
    [
      ['low', one.scope, 1, 4],
      ['high', other.scope, 0, 2],
    ],
  )
  const people = several(50, (at) => ({
    tags: { human: at % 5 },
    scores: { good: (at % 5) / 4, bad: 1 - (at % 5) / 4 },
  }))
  assert.deepEqual(
    (await lines('human-correlation', people)).map(({ score, Spearman, Kendall }) => [score, Spearman, Kendall]),
    [
      ['bad', -1, -1],
      ['good', 1, 1],
    ],
  )
  const asked = [0, 1, 2, 3].flatMap((item) =>
    ['plain', 'typo'].map((way) =>
      row({ sample: `${item} ${way}`, tags: { item }, scores: { robustness: way === 'typo' && item === 0 ? 0 : 1 } }),
    ),
  )
  const refused = several(4, (at) => ({ sample: `u${at}`, scores: { grounding: at < 2 ? 1 : 0 } }))
  const [compliance] = await lines('compliance', [...asked, ...refused])
  assert.deepEqual([compliance!.robustness, compliance!.grounding], [0.75, 0.5])
  near(compliance!.compliance, Math.round(((1.25 * 0.75 * 0.5) / (0.25 * 0.5 + 0.75)) * 1e4) / 1e4)
})

/** Answers of models of some ability to items of some difficulty and sharpness. */
function responses(models: number, items: number, seed: number): Float64Array[] {
  const random = seededRandom(seed)
  const normal = (): number => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random())
  const all = Array.from({ length: items }, () => ({ hard: 1.3 * normal(), sharp: Math.exp(0.5 * normal()) }))
  return Array.from({ length: models }, () => {
    const able = normal()
    return Float64Array.from(all, ({ hard, sharp }) =>
      random() < 1 / (1 + Math.exp(-1.5 * sharp * (able - hard))) ? 1 : 0,
    )
  })
}

test('a twentieth of the items keeps the order of models that it was not chosen by better than chance', async (t) => {
  const made = responses(24, 300, 1)
  const { chosen, random, difference } = compareChoice(made, 15, { splits: 30 })
  assert.ok(difference.low > 0, `${chosen.mean} against ${random.mean}`)
  const items = representative(made, 15)
  assert.equal(new Set(items).size, 15)
  assert.deepEqual(representative(made, 15), items)
  const shuffled = made.map((row) => Float64Array.from(row, () => seededRandom(Math.floor(mean(row) * 1e9))()))
  assert.equal(representative(shuffled, 400).length, 300, 'no more than there are')
  const results = made
    .slice(0, 8)
    .flatMap((values, model) =>
      [...values].map((value, item) => row({ system: `m${model}`, sample: `i${item}`, scores: { f1: value } })),
    )
  const found = await table('subset', results)
  assert.match(found!.title, /^15 of 300 items for 8 models$/)
  assert.equal(
    await table(
      'subset',
      results.filter(({ system }) => system < 'm5'),
    ),
    undefined,
    'too few models',
  )
  if (!existsSync(real)) return t.diagnostic('FOVEA_DATA is not set: real models are left out')
  const files = await answered()
  const ids = files[0]!.map(({ financebench_id }) => financebench_id)
  const people = files.map((rows) => {
    const labels = new Map(
      rows.map(({ financebench_id, label }) => [financebench_id, label === 'Correct Answer' ? 1 : 0]),
    )
    return Float64Array.from(ids, (id) => labels.get(id) ?? 0)
  })
  const kept = compareChoice(people, 8, { splits: 60 })
  t.diagnostic(
    `16 real configurations, 8 of 150 items: ${kept.chosen.mean.toFixed(3)} chosen, ${kept.random.mean.toFixed(3)} random`,
  )
  assert.ok(kept.difference.low > 0)
})

test('a run of simulated readers: a window that is stable to its limit, and little information in a needle', async () => {
  const results = openResults(':memory:')
  await run(
    {
      name: 'sweep',
      tasks: ['ruler-niah-single-1'],
      lengths: [1024, 2048, 8192],
      samples: 12,
      systems: ['whole'],
      budgets: ['all'],
      readers: ['simulated/4k!sight!middle'],
      metrics: ['information-coverage', 'compression'],
      lines: false,
      views: 0,
    },
    { results, data: '', environment: {}, threads: 1 },
  )
  const rows = [...results.results()]
  assert.equal(rows.length, 36)
  const [sweep] = await lines('sweep', rows)
  assert.equal(sweep!['stable to'], 2048)
  assert.ok(sweep!['2048'] === 1 && Number(sweep!['8192']) < 0.8)
  const [, , longest] = (await lines('information', rows)).toSorted(
    (one, other) => Number(one.length) - Number(other.length),
  )
  assert.ok(Number(longest!.coverage) > 0 && Number(longest!.coverage) < 0.05)
  results.close()
})

test('spans that share characters with another are those that a look at all of them finds', () => {
  const span = fc
    .tuple(fc.constantFrom('a', 'b'), fc.nat(60), fc.nat(12))
    .map(([source, start, length]) => ({ source, start, end: start + length }))
  fc.assert(
    fc.property(fc.array(span, { maxLength: 40 }), span, (spans, asked) => {
      const found = [...new SpanIndex(spans).overlapping(asked)].map(({ number }) => number)
      const wanted = spans.flatMap((other, number) => (overlap(other, asked) > 0 ? [number] : []))
      assert.deepEqual(
        found.toSorted((one, other) => one - other),
        wanted,
      )
    }),
  )
})

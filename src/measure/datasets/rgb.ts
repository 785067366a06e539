import { makeSource, type Span } from '../../core/index.ts'
import { readRows } from '../adapters/files.ts'
import type { Dataset, DatasetMeta, DatasetRequest, Sample } from '../contract.ts'
import { joined, pool, pools } from '../corpus.ts'
import { Wanted } from '../generators/wanted.ts'
import { hashOf, seededRandom, shuffled } from '../random.ts'

export const meta = {
  name: 'rgb',
  summary:
    'Questions on news with passages that answer and passages that only look alike or are wrong, English and Chinese.',
  paper: 'Chen et al. 2023, Benchmarking Large Language Models in Retrieval-Augmented Generation, arXiv 2309.01431',
  folder: 'rgb',
  licence: 'CC BY-NC-SA 4.0',
  metrics: ['hit', 'answer-kept'],
  tested: 'published',
} as const satisfies DatasetMeta

type Nested = string | readonly Nested[]
interface Row {
  readonly query: string
  readonly answer: Nested
  readonly positive: Nested
  readonly negative: Nested
  readonly positive_wrong?: Nested
  readonly fakeanswer?: Nested
}

const flat = (nested: Nested): string[] => (typeof nested === 'string' ? [nested] : nested.flatMap(flat))
/** What must be said, each in any of its forms. */
const groupsOf = (answer: Nested): string[][] => (typeof answer === 'string' ? [[answer]] : answer.map(flat))

/** As its authors compare: characters, whatever their case and white space. */
const bare = (text: string): string => text.toLowerCase().replace(/\s+/g, '')
const says = (text: string, forms: readonly string[]): boolean => forms.some((form) => bare(text).includes(bare(form)))

/** Any positive passage answers: read it by hit@k. They come among the others in an order that the question decides. */
const facts: Dataset = pools(async function* (request) {
  for (const name of ['en_fact', 'zh_fact', 'zh_refine'])
    for await (const { query, answer, positive, negative } of readRows<Row>(request, `${meta.folder}/${name}.jsonl`)) {
      const right = flat(positive)
      if (right.length === 0) continue
      const passages = [
        ...right.map((text) => ({ text, fits: true })),
        ...flat(negative).map((text) => ({ text, fits: false })),
      ]
      const order = shuffled(passages, seededRandom(hashOf(`${name} ${query}`)))
      const gold = order.flatMap(({ fits }, number) => (fits ? [number] : []))
      yield pool(
        `RGB, ${name}`,
        order.map(({ text }) => text),
        [{ text: query, gold, answers: flat(answer).map(String) }],
      )
    }
})

interface Passage {
  readonly text: string
  /** Number of the evidence that it is. */
  readonly fact?: number
  /** What it would lead to say that is wrong. */
  readonly lure?: string
}

/** Passages in an order that the sample's name decides, so that what is right does not always come first. */
async function mixed(id: string, passages: readonly Passage[]) {
  const order = shuffled(passages, seededRandom(hashOf(id)))
  const { text, ranges } = joined(order)
  const source = await makeSource({ uri: `${id}.txt`, text, mediaType: 'text/plain' })
  const units = ranges.map(([start, end]): Span => ({ source: source.id, start, end }))
  const evidence: Span[] = []
  for (const [index, { fact }] of order.entries()) if (fact !== undefined) evidence[fact] = units[index]!
  return {
    id,
    corpus: { id, sources: [source], units },
    evidence,
    distractors: order.flatMap(({ lure }, index) => (lure === undefined ? [] : [{ span: units[index]!, says: lure }])),
  }
}

/** Information integration: each answer stands in a passage of its own, and of each kind of passage there is one. */
async function* integration(request: DatasetRequest, wanted: Wanted): AsyncGenerator<Sample> {
  const cell = 'RGB, zh_int'
  if (!wanted.any(cell)) return
  let number = 0
  for await (const row of readRows<Row>(request, `${meta.folder}/zh_int.jsonl`)) {
    const id = `${cell} #${++number}`
    const groups = groupsOf(row.answer)
    const told = (text: string): number => groups.filter((forms) => says(text, forms)).length
    const right = (row.positive as readonly Nested[]).map((kind) =>
      flat(kind).reduce((best, text) => (told(text) > told(best) ? text : best)),
    )
    if (!wanted.take(cell)) return
    const { distractors: _none, ...parts } = await mixed(id, [
      ...right.map((text, fact) => ({ text, fact })),
      ...flat(row.negative).map((text) => ({ text })),
    ])
    yield {
      ...parts,
      cell,
      question: row.query,
      answers: groups,
      needs: groups.map((forms, group) => {
        const own =
          right[group] !== undefined && says(right[group], forms) ? group : right.findIndex((text) => says(text, forms))
        return own === -1 ? right.map((_, fact) => fact) : [own]
      }),
      tags: { language: 'zh', ability: 'integration' },
      check: (said) => ({ correct: groups.every((forms) => says(said, forms)) ? 1 : 0 }),
    }
  }
}

/**
 * Counterfactual robustness: one passage is right, the others that bear on the question have a wrong answer put in. Its
 * authors give a model wrong ones alone, which it can only doubt; `flagged` says that it told of errors, in their words.
 */
async function* counterfactual(request: DatasetRequest, wanted: Wanted): AsyncGenerator<Sample> {
  for (const language of ['en', 'zh']) {
    const cell = `RGB, ${language}_fact, counterfactual`
    if (!wanted.any(cell)) continue
    let number = 0
    for await (const row of readRows<Row>(request, `${meta.folder}/${language}_fact.jsonl`)) {
      const id = `${cell} #${++number}`
      const [groups, [fake = '']] = [groupsOf(row.answer), flat(row.fakeanswer ?? '')]
      const [right, wrong] = [flat(row.positive), flat(row.positive_wrong ?? [])]
      // Some rows have nothing wrong in them.
      if (fake === '' || groups.flat().some((form) => bare(form) === bare(fake))) continue
      const best = Math.max(
        0,
        right.findIndex((text) => groups.every((forms) => says(text, forms))),
      )
      const lures = wrong.filter((text, index) => text !== right[index] && (index !== best || wrong.length === 1))
      if (!wanted.take(cell)) break
      yield {
        ...(await mixed(id, [
          { text: right[best]!, fact: 0 },
          ...lures.map((text) => ({ text, lure: fake })),
          ...flat(row.negative).map((text) => ({ text })),
        ])),
        cell,
        instruction: 'Some of the passages hold errors. Say so where they do, and give the true answer.',
        question: row.query,
        answers: groups,
        tags: { language, ability: 'counterfactual' },
        check(said) {
          // A wrong answer may hold the right one: 170 holds 70.
          const rest = bare(said).replaceAll(bare(fake), '')
          return {
            correct: groups.every((forms) => says(rest, forms)) ? 1 : 0,
            misled: says(said, [fake]) ? 1 : 0,
            flagged: /factual errors|事实性错误/i.test(said) ? 1 : 0,
          }
        },
      }
    }
  }
}

const dataset: Dataset = async function* (request) {
  yield* facts(request)
  const wanted = new Wanted(request)
  yield* integration(request, wanted)
  yield* counterfactual(request, wanted)
}

export default dataset

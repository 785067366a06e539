import { allRows, readJson } from '../adapters/files.ts'
import { conditionalLine } from '../conditions.ts'
import type { Dataset, DatasetMeta, Sample } from '../contract.ts'
import { pool, pools } from '../corpus.ts'
import { found, items, present, unitCorpus } from '../items.ts'

export const meta = {
  name: 'conditionalqa',
  summary:
    'Questions on British policy whose evidence is snippets of pages, asked with and without the scenario, and answers that hold under conditions.',
  paper: 'Sun, Cohen and Salakhutdinov 2021, ConditionalQA, arXiv 2110.06884',
  folder: 'conditionalqa',
  licence: 'BSD 2-Clause; text under the Open Government Licence 3.0',
  metrics: ['recall', 'all-gold', 'condition-em', 'condition-f1'],
  tested: 'published',
} as const satisfies DatasetMeta

interface Row {
  readonly id: string
  readonly url: string
  readonly scenario: string
  readonly question: string
  readonly not_answerable: boolean
  readonly answers: readonly (readonly [answer: string, conditions: readonly string[]])[]
  readonly evidences: readonly string[]
}
const untagged = (html: string): string => html.replace(/<[^>]+>/g, ' ')

const snippets = pools(async function* (request) {
  const rows = await readJson<Row[]>(request, `${meta.folder}/train.json`)
  const numbers = new Map<string, number>()
  const units: string[] = []
  for (const { url, evidences } of rows)
    for (const evidence of evidences) {
      const key = `${url}|${evidence}`
      if (numbers.has(key)) continue
      numbers.set(key, units.length)
      units.push(untagged(evidence))
    }
  const ask = (text: (row: Row) => string) =>
    rows.map((row) => ({
      text: text(row),
      gold: [...new Set(row.evidences.map((evidence) => numbers.get(`${row.url}|${evidence}`)!))],
    }))
  yield pool(
    'ConditionalQA, question',
    units,
    ask((row) => row.question),
  )
  yield pool(
    'ConditionalQA, scenario',
    units,
    ask((row) => `${row.scenario} ${row.question}`),
  )
})

const instruction =
  'Answer from the page, each answer on a line of its own. Where an answer holds only under conditions that the question leaves open, write "answer | condition ; condition" in the words of the page. Write "not answerable" where the page has no answer.'

/** Each page is what `documents.json` holds of it, or without that file the snippets that its questions cite. */
const answers = items(async function* (request, wants) {
  const files = await present(
    request,
    ['train', 'dev'].map((split) => `${meta.folder}/${split}.json`),
  )
  const whole = await found(request, [`${meta.folder}/documents.json`])
  const pages = new Map<string, readonly string[]>()
  for (const path of whole)
    for (const page of await allRows<{ url: string; contents: readonly string[] }>(request, path))
      pages.set(page.url, page.contents)
  for (const path of files) {
    const split = path.endsWith('dev.json') ? 'dev' : 'train'
    const cell = split === 'dev' ? 'ConditionalQA, answers, dev' : 'ConditionalQA, answers'
    const rows = await readJson<Row[]>(request, path)
    for (const [url, asked] of Map.groupBy(rows, (row) => row.url)) {
      if (!wants(cell)) break
      request.abortSignal?.throwIfAborted()
      const conditions = asked.flatMap((row) => row.answers.flatMap(([, list]) => list))
      const cited = [...asked.flatMap(({ evidences }) => evidences), ...conditions]
      const html = pages.get(url) ?? [...new Set(cited)]
      const { spans, ...corpus } = await unitCorpus(
        `${split} ${url}`,
        html.map((text) => ({ text: untagged(text) })),
      )
      const numbers = new Map(html.map((text, index) => [text, index]))
      for (const row of asked) yield sampleOf(row, cell, corpus, (text) => spans[numbers.get(text) ?? -1])
    }
  }
})

type Place = (html: string) => Sample['evidence'][number] | undefined

function sampleOf(row: Row, cell: string, corpus: Sample['corpus'], place: Place): Sample {
  const conditional = new Set(row.answers.flatMap(([, conditions]) => conditions))
  const wanted = [...new Set([...row.evidences, ...conditional])]
  const there = wanted.filter((html) => place(html))
  const number = new Map(there.map((html, index) => [html, index]))
  const base = there.filter((html) => !conditional.has(html))
  return {
    id: row.id,
    cell,
    corpus,
    instruction,
    question: `${row.scenario} ${row.question}`.trim(),
    answers: row.answers.map(([answer, conditions]) => [...new Set([conditionalLine({ answer, conditions }), answer])]),
    evidence: there.map((html) => place(html)!),
    tags: {
      answers: row.answers.length,
      conditions: conditional.size,
      kind: row.not_answerable
        ? 'not answerable'
        : row.answers.some(([answer]) => ['yes', 'no'].includes(answer))
          ? 'yes or no'
          : 'extractive',
    },
    ...(wanted.length === there.length ? {} : { unresolved: wanted.length - there.length }),
    solve(seen) {
      const saw = (html: string): boolean => seen[number.get(html) ?? -1] === true
      if (row.answers.length === 0 || !base.every(saw) || (there.length > 0 && !there.some(saw)))
        return 'not answerable'
      return row.answers
        .map(([answer, conditions]) => conditionalLine({ answer, conditions: conditions.filter(saw) }))
        .join('\n')
    },
  }
}

const dataset: Dataset = async function* (request) {
  yield* snippets(request)
  yield* answers(request)
}

export default dataset

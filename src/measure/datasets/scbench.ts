import { readRows } from '../adapters/files.ts'
import type { Dataset, DatasetMeta, Sample } from '../contract.ts'
import { exactly, items, listOf, present, tagsOf, textCorpus } from '../items.ts'

export const meta = {
  name: 'scbench',
  summary: 'Twelve tasks of many questions on one shared context, asked turn after turn or each by itself.',
  paper: 'Li et al. 2024, SCBench, arXiv 2412.10319',
  folder: 'scbench',
  licence: 'MIT',
  metrics: ['references-said', 'choice-accuracy', 'f1', 'rouge-l', 'edit-similarity', 'answer-kept'],
  tested: 'shape',
} as const satisfies DatasetMeta

type Answer = string | number
interface Turn {
  readonly input: string
  readonly answer: Answer | readonly Answer[]
  readonly options?: readonly string[] | null
  /** Of the two tasks that mix two others. */
  readonly task?: string
  /** Of RepoQA: the function that is described. */
  readonly name?: string
}
interface Row {
  readonly id?: number | string
  readonly context?: string
  readonly input?: string
  readonly multi_turns: readonly Turn[]
  readonly lang?: string
  readonly repo?: string
}
const abilities: Readonly<Record<string, string>> = {
  kv: 'string retrieval',
  prefix_suffix: 'string retrieval',
  vt: 'string retrieval',
  repoqa: 'semantic retrieval',
  qa_eng: 'semantic retrieval',
  qa_chn: 'semantic retrieval',
  choice_eng: 'semantic retrieval',
  many_shot: 'global',
  mf: 'global',
  summary: 'global',
  summary_with_needles: 'many tasks',
  repoqa_and_kv: 'many tasks',
}

/** All of the variables must be named; of other lists any one answers. */
const groups = (task: string, { answer }: Turn): string[][] => {
  const forms = listOf(answer).map(String)
  return task === 'vt' ? forms.map((form) => [form]) : [forms]
}

/** Where an answer stands word for word: a value with its key, an assignment, a function. */
function evidenceOf(task: string, { answer }: Turn, source: Sample['corpus']['sources'][number]): Sample['evidence'] {
  if (!['kv', 'prefix_suffix', 'passkey', 'vt', 'repoqa'].includes(task)) return []
  return listOf(answer).flatMap((one) => {
    const span = exactly(source, task === 'vt' ? `VAR ${one} =` : String(one))
    if (!span) return []
    if (task === 'vt') {
      const value = /^\s*(?:VAR\s+)?[^\s.,;]+/.exec(source.text.slice(span.end, span.end + 80))?.[0] ?? ''
      return [{ ...span, end: span.end + value.length }]
    }
    const key = /"[^"]*":\s*"?$/.exec(source.text.slice(Math.max(0, span.start - 200), span.start))?.[0] ?? ''
    return [{ ...span, start: span.start - key.length }]
  })
}
const literal = new Set(['kv', 'prefix_suffix', 'passkey', 'vt', 'repoqa'])

/**
 * From huggingface.co/datasets/microsoft/SCBench: `scbench_kv.jsonl` and its eleven sisters (or the Parquet file of
 * each, below a folder of its name). Each question stands in two cells: `multi-request`, where it is asked by itself,
 * and `multi-turn`, where the questions before it and their right answers precede it, as published. All samples of one
 * item share its corpus, and the tag `first` parts the first turn from the later ones.
 */
const dataset: Dataset = items(async function* (request, wants) {
  const tasks = Object.keys(abilities)
  const parquet = (task: string): string => `${meta.folder}/scbench_${task}/test-00000-of-00001.parquet`
  const files = await present(
    request,
    tasks.flatMap((task) => [`${meta.folder}/scbench_${task}.jsonl`, parquet(task)]),
  )
  for (const task of tasks) {
    const file =
      files.find((path) => path.endsWith(`/scbench_${task}.jsonl`)) ?? files.find((path) => path === parquet(task))
    const modes = ['multi-request', 'multi-turn'] as const
    const cellOf = (mode: string): string => `SCBench ${task}, ${mode}`
    if (!file || !modes.some((mode) => wants(cellOf(mode)))) continue
    let index = -1
    for await (const row of readRows<Row>(request, file)) {
      index++
      if (!modes.some((mode) => wants(cellOf(mode)))) break
      const { source, ...corpus } = await textCorpus(
        `scbench ${task} ${row.id ?? index}`,
        row.context ?? row.input ?? '',
      )
      for (const mode of modes)
        for (const [turn, asked] of row.multi_turns.entries()) {
          if (!wants(cellOf(mode))) break
          const own = asked.task?.replace('scbench_', '') ?? task
          const evidence = evidenceOf(own, asked, source)
          const before = mode === 'multi-turn' ? row.multi_turns.slice(0, turn) : []
          const history = before.map(({ input, answer }) => `${input}\n${listOf(answer).join(', ')}\n\n`).join('')
          const answers = groups(own, asked)
          const missing = literal.has(own) ? answers.length - evidence.length : 0
          yield {
            id: `scbench ${task} ${index} ${mode} ${turn}`,
            cell: cellOf(mode),
            corpus,
            question: `${history}${asked.input}`,
            ...(asked.options?.length ? { choices: asked.options } : {}),
            answers,
            evidence,
            ...(missing > 0 ? { unresolved: missing } : {}),
            tags: tagsOf({
              task: own,
              ability: abilities[task],
              mode,
              turn: turn + 1,
              first: turn === 0,
              lang: row.lang,
              repo: row.repo,
              function: asked.name,
            }),
          }
        }
    }
  }
})

export default dataset

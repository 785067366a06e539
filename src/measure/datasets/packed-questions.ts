import { makeSource, type Span } from '../../core/index.ts'
import { allRows, place } from '../adapters/files.ts'
import type { Dataset, DatasetMeta, Sample } from '../contract.ts'
import { checkPacked, listed, type PackedQuestion, packing, reply } from '../generators/packing.ts'

export const meta = {
  name: 'packed-questions',
  summary: 'Questions of public sets, many in one prompt, all to be answered in order in one long reply.',
  paper: 'Liu et al. 2024, LongGenBench: Long-context Generation Benchmark, arXiv 2410.04199',
  folder: 'packed-questions',
  licence: 'GSM8K and MMLU: MIT; CommonsenseQA: MIT',
  metrics: [],
  tested: 'shape',
} as const satisfies DatasetMeta

/** Questions in a prompt. */
const inOnePrompt = 30

type Row = Readonly<Record<string, unknown>>
type Reader = (row: Row) => PackedQuestion | undefined

const letters = (count: number): string[] => Array.from({ length: count }, (_, at) => String.fromCharCode(65 + at))
const texts = (value: unknown): string[] | undefined =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined

/** GSM8K: the number stands behind the last `####` of the answer. */
const gsm8k: Reader = ({ question, answer }) => {
  const number = /####\s*(-?[\d,.]+)\s*$/.exec(String(answer))?.[1]?.replaceAll(',', '')
  return typeof question === 'string' && number !== undefined
    ? { text: question, kind: 'number', answers: [number] }
    : undefined
}

/** MMLU: the number or the letter of the right choice. */
const mmlu: Reader = ({ question, choices, answer, ...row }) => {
  const options = texts(choices) ?? texts([row.A, row.B, row.C, row.D])
  if (typeof question !== 'string' || !options) return undefined
  const at =
    typeof answer === 'number'
      ? answer
      : /^\d$/.test(String(answer))
        ? Number(answer)
        : letters(options.length).indexOf(String(answer).trim())
  const letter = letters(options.length)[at]
  return letter === undefined ? undefined : { text: question, choices: options, kind: 'choice', answers: [letter] }
}

interface Labelled {
  readonly label: string
  readonly text: string
}
/** CommonsenseQA: as its makers publish it (`question.stem`), or with columns of labels and texts. */
const csqa: Reader = ({ question, choices, answerKey }) => {
  const own = question as { readonly stem?: string; readonly choices?: readonly Labelled[] } | string
  const text = typeof own === 'string' ? own : own?.stem
  const columns = choices as { readonly text?: unknown; readonly label?: unknown } | undefined
  const options = typeof own === 'string' ? texts(columns?.text) : own?.choices?.map((one) => one.text)
  const labels = typeof own === 'string' ? texts(columns?.label) : own?.choices?.map((one) => one.label)
  const at = labels?.indexOf(String(answerKey)) ?? -1
  return text !== undefined && options && at !== -1
    ? { text, choices: options, kind: 'choice', answers: [letters(options.length)[at]!] }
    : undefined
}

const sets: readonly { readonly name: string; readonly files: readonly string[]; readonly read: Reader }[] = [
  { name: 'GSM8K', files: ['gsm8k.jsonl', 'gsm8k.parquet'], read: gsm8k },
  { name: 'MMLU', files: ['mmlu.jsonl', 'mmlu.csv', 'mmlu.parquet'], read: mmlu },
  { name: 'CSQA', files: ['csqa.jsonl', 'csqa.parquet'], read: csqa },
]

/**
 * Each set that is there, `questions` (option, default 30) of its rows to a prompt; the last prompt may hold fewer. The text
 * is the list of questions. Rows without an answer are told to `warn` and left out.
 */
const dataset: Dataset = async function* (request) {
  request.abortSignal?.throwIfAborted()
  const size = Math.max(1, Number(request.options?.questions ?? inOnePrompt))
  let any = false
  for (const { name, files, read } of sets) {
    request.abortSignal?.throwIfAborted()
    if (request.cells && !request.cells.includes(name)) continue
    const paths = files.map((file) => `${meta.folder}/${file}`)
    const path = await place(request, ...paths).catch(() => undefined)
    if (path === undefined) continue
    any = true
    const questions = (await allRows<Row>(request, ...paths)).flatMap((row, at) => {
      const question = read(row)
      if (!question) request.warn?.({ path, message: `row ${at + 1} holds no question with an answer; it is left out` })
      return question ? [question] : []
    })
    const most = request.samples ?? Number.POSITIVE_INFINITY
    for (let at = 0; at * size < questions.length && at < most; at++)
      yield await packed(name, at, questions.slice(at * size, at * size + size))
  }
  if (!any) await place(request, ...sets.flatMap(({ files }) => files.map((file) => `${meta.folder}/${file}`)))
}
export default dataset

async function packed(name: string, number: number, questions: readonly PackedQuestion[]): Promise<Sample> {
  const lines = listed(questions).split('\n')
  const id = `${name} ${number}`
  const source = await makeSource({ uri: `${id}.txt`, text: lines.join('\n'), mediaType: 'text/plain' })
  let start = 0
  const evidence = lines.map((line): Span => {
    const span = { source: source.id, start, end: start + line.length }
    start = span.end + 1
    return span
  })
  return {
    id,
    cell: name,
    corpus: { id, sources: [source] },
    question: packing(questions.length),
    cue: 'Answer 1:',
    answers: questions.map(({ answers }) => answers),
    evidence,
    needs: questions.map((_, at) => [at]),
    tags: { questions: questions.length },
    solve: (seen) => reply(questions, (at) => seen[at] === true),
    check: (said) => checkPacked(questions, said),
  }
}

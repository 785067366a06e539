import type { Source, Span } from '../../core/index.ts'
import { readRows } from '../adapters/files.ts'
import { treeOf } from '../adapters/trees.ts'
import type { Corpus, Dataset, DatasetMeta, Sample } from '../contract.ts'
import { letterOf, published, textSource, textsIn } from '../published.ts'
import { numbersIn } from '../replies.ts'

export const meta = {
  name: 'infinitebench',
  summary: 'Twelve tasks over texts of 100 thousand tokens and more: retrieval, novels, scripts, code and arithmetic.',
  paper: 'Zhang et al. 2024, InfiniteBench, arXiv 2402.13718',
  folder: 'infinitebench',
  licence: 'MIT; texts have their own terms',
  metrics: ['f1', 'rouge-l', 'choice-accuracy'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Row {
  readonly id: string | number
  readonly context: string
  readonly input: string
  readonly answer: unknown
  readonly options?: readonly string[]
}
interface Task {
  readonly category: string
  readonly metric: 'accuracy' | 'f1' | 'rouge-l' | 'choice-accuracy'
  readonly instruction: string
  /** Where the file gives no input. */
  readonly question?: string
  readonly check?: (said: string, wanted: readonly string[]) => number
  readonly evidence?: (text: string, row: Row, answer: string) => readonly [start: number, end: number] | undefined
}

const yes = (right: boolean): number => (right ? 1 : 0)
const words = (said: string, signs: RegExp): string[] => said.replace(signs, ' ').split(/\s+/).filter(Boolean)
const firstNumber = (said: string, [wanted]: readonly string[]): number => yes(numbersIn(said)[0] === wanted)
const retrieval = /[\n:"'.,?!{}]/g
/** The line that holds the answer. */
const lineOf: Task['evidence'] = (text, _row, answer) => {
  const at = text.indexOf(answer)
  if (at === -1) return undefined
  const end = text.indexOf('\n', at)
  return [text.lastIndexOf('\n', at) + 1, end === -1 ? text.length : end]
}
/** The record of the key that is asked for. */
const recordOf: Task['evidence'] = (text, { input }, answer) => {
  const key = /"([^"]+)"/.exec(input)?.[1] ?? ''
  const record = `"${key}": "${answer}"`
  const at = text.indexOf(record)
  return at === -1 ? undefined : [at, at + record.length]
}
/** Numbers in a row that are right from the first on, over all of them. */
const rightFromStart = (said: string, wanted: readonly string[]): number => {
  const heard = said.match(/-?\d+/g) ?? []
  const wrong = wanted.findIndex((number, index) => Number(heard[index]) !== Number(number))
  return (wrong === -1 ? wanted.length : wrong) / wanted.length
}
const named = (said: string, [wanted = '']: readonly string[]): number =>
  yes(` ${words(said, retrieval).join(' ').toUpperCase()} `.includes(` ${words(wanted, retrieval).join(' ')} `))
const hidden = 'Somewhere in much text that does not matter stands something to remember.'
const tasks: Readonly<Record<string, Task>> = {
  passkey: { category: 'retrieval', metric: 'accuracy', instruction: hidden, check: firstNumber, evidence: lineOf },
  number_string: {
    category: 'retrieval',
    metric: 'accuracy',
    instruction: hidden,
    check: firstNumber,
    evidence: lineOf,
  },
  kv_retrieval: {
    category: 'retrieval',
    metric: 'accuracy',
    instruction: 'Give the value that belongs to a key.',
    check: (said, [wanted]) => yes(words(said, retrieval).includes(wanted!)),
    evidence: recordOf,
  },
  longbook_sum_eng: { category: 'novel', metric: 'rouge-l', instruction: '', question: 'Sum up the book above.' },
  longbook_qa_eng: { category: 'novel', metric: 'f1', instruction: 'Read the book and answer in a few words.' },
  longbook_choice_eng: {
    category: 'novel',
    metric: 'choice-accuracy',
    instruction: 'Read the book and choose the right answer; say its letter alone.',
  },
  longbook_qa_chn: { category: 'novel', metric: 'f1', instruction: '请阅读这本书，然后用几个词回答问题。' },
  longdialogue_qa_eng: {
    category: 'dialogue',
    metric: 'accuracy',
    instruction: 'In this script a name of one who speaks was replaced by $$MASK$$ in one place.',
    question: 'Who is $$MASK$$? Say the name that stands before the colon, and nothing else.',
    check: named,
  },
  math_find: {
    category: 'math',
    metric: 'accuracy',
    instruction: 'Below is a long list of numbers.',
    check: (said, [wanted]) => yes(Number(/\d+\.\d+|\d+/.exec(said)?.[0]) === Number(wanted)),
  },
  math_calc: {
    category: 'math',
    metric: 'accuracy',
    instruction: '',
    question: 'Work this out from left to right and list the value after each step, the first number first.',
    check: rightFromStart,
  },
  code_run: {
    category: 'code',
    metric: 'accuracy',
    instruction: 'These functions call one another.',
    check: (said, [wanted]) => yes(Number(words(said, /[\n.`'":]/g).at(-1)) === Number(wanted)),
  },
  code_debug: {
    category: 'code',
    metric: 'choice-accuracy',
    instruction: 'One function of this project was broken on purpose.',
    question: 'Which one is it? Say its letter alone.',
  },
}

/**
 * One cell for each task; put the twelve files of lines into the folder. Names of scripts are taken as their scorer takes
 * them, from the first name published; ours also finds names of more than one word. Values of `math_calc` are read
 * with their sign, which theirs drops. Evidence stands for the tasks of retrieval, where the text shows it.
 */
const dataset: Dataset = published(async function* (request) {
  const { at, files } = await treeOf(request, {
    folder: meta.folder,
    pattern: new RegExp(`^(?:data/)?(${Object.keys(tasks).join('|')})(?:[-.]\\d+)?\\.(?:jsonl|parquet)(?:\\.gz)?$`),
    example: 'passkey.jsonl',
    url: 'https://huggingface.co/datasets/xinrongzhang2022/InfiniteBench',
  })
  for (const [path, name = ''] of files) {
    const cell = `InfiniteBench, ${name}`
    if (request.cells && !request.cells.includes(cell)) continue
    const task = tasks[name]!
    let corpus: Corpus | undefined
    let number = 0
    for await (const row of readRows<Row>(at, path)) {
      const id = String(row.id ?? number)
      number++
      const answers = textsIn(row.answer)
      const choices = textsIn(row.options)
      if (answers.length === 0 || !row.context || (choices.length > 0 && !choices.includes(answers[0]!))) {
        const message = 'no context, no answer, or one that is no option; the item is left out'
        request.warn?.({ path, line: number, message })
        continue
      }
      const sample = async (): Promise<Omit<Sample, 'id' | 'cell'>> => {
        const source: Source = await textSource(`${name} ${id}`, row.context)
        if (corpus?.sources[0]?.id !== source.id) corpus = { id: `${cell} ${id}`, sources: [source] }
        const place = task.evidence?.(source.text, row, answers[0]!)
        const evidence: Span[] = place ? [{ source: source.id, start: place[0], end: place[1] }] : []
        const many = name === 'math_calc'
        const [right] = answers
        const { category, metric, check } = task
        return {
          corpus,
          question: row.input?.trim() || task.question || 'Go on from here.',
          answers: choices.length > 0 ? [[right!]] : many ? [[`[${answers.join(', ')}]`]] : [answers],
          evidence,
          tags: {
            task: name,
            category,
            metric,
            ...(choices.length > 0 ? { gold: letterOf(choices.indexOf(right!)) } : {}),
          },
          ...(task.instruction ? { instruction: task.instruction } : {}),
          ...(choices.length > 0 ? { choices } : {}),
          ...(task.evidence && !place ? { unresolved: 1 } : {}),
          ...(check ? { check: (said: string) => ({ accuracy: check(said, answers) }) } : {}),
        }
      }
      yield { cell, id, sample }
    }
  }
})

export default dataset

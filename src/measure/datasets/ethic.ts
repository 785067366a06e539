import { sentences } from '../../core/index.ts'
import { listFiles, place, readRows } from '../adapters/files.ts'
import { commonSubsequence } from '../align.ts'
import type { Dataset, DatasetMeta, Sample } from '../contract.ts'
import { items, listOf, tagsOf, textCorpus } from '../items.ts'
import { harmonic } from '../words.ts'

export const meta = {
  name: 'ethic',
  summary: 'Four tasks that need nearly all of the text: recall, summarise, organise, attribute.',
  paper: 'Lee et al. 2024, ETHIC, arXiv 2410.16848',
  folder: 'ethic',
  licence: 'the card states none; texts of four fields under their own terms',
  metrics: ['references-said', 'reference-judged'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Row {
  readonly ID?: string | number
  readonly Domain?: string
  readonly Task?: string
  readonly Answer?: string | readonly string[] | null
  readonly System_msg?: string
  readonly User_msg?: string
  readonly Question?: string
  readonly Context?: string
}
const tasks = ['Recalling', 'Summarizing', 'Organizing', 'Attributing'] as const
type Task = (typeof tasks)[number]
const heading = /<(?:Section|Segment|Paragraph|Chunk) \d+>/g

/** Precision, recall and F1 of two sets of names. */
function sets(said: readonly string[], wanted: readonly string[]): Readonly<Record<string, number>> {
  const [heard, asked] = [new Set(said), new Set(wanted)]
  const shared = [...heard].filter((name) => asked.has(name)).length
  const precision = heard.size === 0 ? 0 : shared / heard.size
  const recall = asked.size === 0 ? 0 : shared / asked.size
  return { 'set-f1': harmonic(precision, recall), 'set-precision': precision, 'set-recall': recall }
}
const names = (list: readonly string[]): string[] =>
  list
    .map((name) =>
      name
        .toLowerCase()
        .trim()
        .replace(/^\.+|\.+$/g, '')
        .trim(),
    )
    .filter((name) => name !== '')
const numbers = (text: string): string[] => text.match(/\d+/g) ?? []

/** The published scores, but that of summaries: theirs is a judge's, ours here the share of sections that have one. */
const checks: Readonly<Record<Task, (said: string, wanted: readonly string[]) => Readonly<Record<string, number>>>> = {
  Recalling: (said, wanted) => sets(names(said.split(/[;,\n]/)), names(wanted)),
  Summarizing: (said, wanted) => ({
    'sections-summarised':
      wanted.filter((section) => new RegExp(`${section}\\s*[^<\\s]`).test(said)).length / Math.max(1, wanted.length),
  }),
  Organizing: (said, wanted) => {
    const order = numbers(wanted.join(' '))
    return { 'in-order': order.length === 0 ? 0 : commonSubsequence(numbers(said), order) / order.length }
  },
  Attributing: (said, wanted) => {
    const told = numbers(/(?:Related Segments|Core IDs):\s*(.+)/.exec(said)?.[1] ?? said)
    const asked = wanted.flatMap((entry) => numbers(entry).slice(0, 1))
    const none = (list: readonly string[]): readonly string[] => (list.length > 0 ? list : ['none'])
    return sets(said.trim() === '' ? [] : none(told), none(asked))
  },
}

/** Question and text, where the published row has both in one message. */
function partsOf({ Question: question, Context: context, User_msg: message = '' }: Row): {
  question: string
  text: string
} {
  if (context !== undefined) return { question: question ?? message, text: context }
  const [all, text = ''] = /### Context:\n([\s\S]+?)\n\nNow, respond to the instruction/.exec(message) ?? []
  return {
    question: all === undefined ? message : message.replace(all, '[the text above]\n\nNow, respond to the instruction'),
    text,
  }
}

/** The shortest summary there is: each section's heading with its first sentence. */
const firstLines = (text: string, marks: readonly RegExpExecArray[], seen: readonly boolean[]): string =>
  marks
    .flatMap(({ 0: mark, index }, number) => {
      const start = index + mark.length
      const own = text.slice(start, marks[number + 1]?.index).trim()
      return seen[number] && own !== '' ? [`${mark} ${own.slice(0, sentences(own)[0]![1]).trim()}`] : []
    })
    .join('\n')

/**
 * From huggingface.co/datasets/dmis-lab/ETHIC: the file of each task, saved as `Recalling.parquet` and so on (`.jsonl` will
 * do). Each section or segment of the text must be read, so each is evidence; the tag `coverage` is the share of the text
 * that they take, the paper's information coverage counted in characters where theirs was annotated.
 */
const dataset: Dataset = items(async function* (request, wants) {
  const files = await listFiles(request, meta.folder)
  const there = tasks.flatMap((task) => {
    const file = files.find((name) => new RegExp(`^${task}\\b.*\\.(parquet|jsonl|json)$`, 'i').test(name))
    return file ? [{ task, file }] : []
  })
  if (there.length === 0) await place(request, `${meta.folder}/Recalling.parquet`)
  for (const { task, file } of there) {
    const cell = `ETHIC, ${task.toLowerCase()}`
    if (!wants(cell)) continue
    let index = -1
    for await (const row of readRows<Row>(request, `${meta.folder}/${file}`)) {
      index++
      if (!wants(cell)) break
      const { question, text } = partsOf(row)
      const { source, ...corpus } = await textCorpus(`${task} ${row.Domain ?? ''} ${row.ID ?? index}`, text)
      const marks = [...source.text.matchAll(heading)]
      const starts = marks.length > 0 ? marks.map((mark) => mark.index) : [0]
      const evidence = starts.flatMap((start, number) => {
        const end = source.text.slice(0, starts[number + 1] ?? source.text.length).trimEnd().length
        return end > start ? [{ source: source.id, start, end }] : []
      })
      const covered = evidence.reduce((sum, { start, end }) => sum + end - start, 0)
      const wanted =
        task === 'Summarizing'
          ? marks.map(([mark]) => mark)
          : listOf(row.Answer).flatMap((answer) => (task === 'Organizing' ? [answer] : answer.split(/;\s*/)))
      const answers = wanted.length > 0 ? wanted.map((form) => [form]) : [['None']]
      yield {
        id: `ethic ${task} ${index} ${row.ID ?? ''}`.trim(),
        cell,
        corpus,
        ...(row.System_msg ? { instruction: row.System_msg } : {}),
        question,
        answers,
        evidence,
        tags: tagsOf({
          task,
          domain: row.Domain,
          sections: marks.length,
          coverage: source.text === '' ? 0 : covered / source.text.length,
        }),
        ...(task === 'Summarizing'
          ? { solve: (seen: readonly boolean[]) => firstLines(source.text, marks, seen) }
          : {}),
        check: (said: string) => checks[task](said, wanted),
      } satisfies Sample
    }
  }
})

export default dataset

import { listFiles, place, readRows } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { items, tagsOf, textCorpus, unitCorpus } from '../items.ts'

export const meta = {
  name: 'analobench',
  summary: 'The story most like another in its abstract sense: one of four, or several in a bank of two hundred.',
  paper: 'Ye et al. 2024, AnaloBench, arXiv 2402.12370',
  folder: 'analobench',
  licence: 'MIT',
  metrics: ['choice-accuracy', 'precision', 'mrr', 'recall'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Row {
  readonly Index?: string | number
  readonly Sentence: string
  readonly Story?: string
  /** `A. …` to `D. …`, or `1. …` to `200. …`, each on lines of its own. */
  readonly Options: string
  readonly Label?: string
  /** Numbers of the right ones in a bank. */
  readonly Indices?: string
}

/** The options of a list, whose marks follow one another; stories of many lines stay whole. */
export function optionsOf(text: string, marks: (number: number) => string): string[] {
  const starts: number[] = []
  let at = 0
  for (;;) {
    const mark = `${marks(starts.length)}. `
    const found = text.startsWith(mark, at) ? at : text.indexOf(`\n${mark}`, at) + 1
    if (found === 0 && !text.startsWith(mark)) break
    if (starts.length > 0 && found <= starts.at(-1)!) break
    starts.push(found)
    at = found + mark.length
  }
  return starts.map((start, number) =>
    text.slice(start + marks(number).length + 2, starts[number + 1] ?? text.length).trim(),
  )
}
const letter = (number: number): string => String.fromCharCode(65 + number)

/**
 * From huggingface.co/datasets/jhu-clsp/AnaloBench: the files of its parts, named as there (`T1S10-Subset`, `T2S30`) or as
 * in the repository (`AnaloBench-T1-Subset-S10.csv`). Task 1 asks for one of four stories, the story itself being the text;
 * task 2 ranks a bank of stories, which are the units, each under its number.
 */
const dataset: Dataset = items(async function* (request, wants) {
  const pattern = /T([12])-?(?:(Full|Subset)-)?S(\d+)(?:-(Full|Subset))?\b.*\.(?:csv|jsonl|json|parquet)$/i
  const files = (await listFiles(request, meta.folder)).filter((file) => pattern.test(file))
  if (files.length === 0) await place(request, `${meta.folder}/AnaloBench-T1-Subset-S1.csv`)
  for (const file of files) {
    const [, task = '', before, sentences = '', after] = pattern.exec(file)!
    const size = (before ?? after)?.toLowerCase()
    const cell = `AnaloBench T${task} S${sentences}${size ? `, ${size}` : ''}`
    if (!wants(cell)) continue
    let index = -1
    for await (const row of readRows<Row>(request, `${meta.folder}/${file}`)) {
      index++
      if (!wants(cell)) break
      const story = row.Story?.trim() || row.Sentence
      const tags = tagsOf({ task: `T${task}`, sentences: Number(sentences), size, sentence: row.Sentence })
      const base = { id: `${cell} ${row.Index ?? index}`, cell }
      if (task === '1') {
        const choices = optionsOf(row.Options, letter)
        const right = choices[(row.Label ?? '').trim().charCodeAt(0) - 65]
        if (right === undefined) {
          request.warn?.({
            path: file,
            line: index + 1,
            message: `the label "${row.Label}" names none of its options; it is left out`,
          })
          continue
        }
        const { source, ...corpus } = await textCorpus(base.id, story)
        yield {
          ...base,
          corpus,
          question: 'Which of these stories is most analogous to the story above?',
          choices,
          answers: [[right]],
          evidence: [{ source: source.id, start: 0, end: source.text.length }],
          tags,
        }
        continue
      }
      const bank = optionsOf(row.Options, (number) => String(number + 1))
      const numbered = bank.map((text, number) => ({ text: `${number + 1}. ${text}` }))
      const { spans, ...corpus } = await unitCorpus(base.id, numbered, '\n\n')
      const right = [...new Set((row.Indices ?? '').split(',').map(Number))].filter((number) => number > 0)
      const evidence = right.flatMap((number) => spans[number - 1] ?? [])
      yield {
        ...base,
        corpus,
        instruction:
          'Below are numbered stories. Give the numbers of those that are most analogous to the story that follows.',
        question: story,
        answers: right.map((number) => [String(number)]),
        evidence,
        needs: right.map((number) => evidence.flatMap((span, at) => (span === spans[number - 1] ? [at] : []))),
        ...(evidence.length === right.length ? {} : { unresolved: right.length - evidence.length }),
        tags: { ...tags, bank: bank.length },
      }
    }
  }
})

export default dataset

import { allRows, listFiles, place, readText } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { found, items, listOf, tagsOf, textCorpus } from '../items.ts'
import { locate } from '../locate.ts'

export const meta = {
  name: 'prelude',
  summary: 'Whether an invented earlier life of a character is consistent with the whole book or contradicts it.',
  paper: 'Yu et al. 2025, PRELUDE, arXiv 2508.09848',
  folder: 'prelude',
  licence: 'the card states its own; books under their own terms',
  metrics: ['choice-accuracy', 'reasoning-judged'],
  tested: 'shape',
} as const satisfies DatasetMeta

/** Names of fields differ between its releases. */
interface Row {
  readonly id?: string | number
  readonly book?: string
  readonly book_name?: string
  readonly character?: string
  readonly char?: string
  readonly prequel?: string
  readonly content?: string
  readonly label: string | number | boolean
  readonly reasoning?: string
  readonly reason?: string
  readonly evidence?: string | readonly string[] | null
  readonly text?: string
  readonly book_text?: string
  readonly context?: string
  readonly language?: string
}
const labelOf = ({ label }: Row): 'consistent' | 'contradict' =>
  typeof label === 'string' && Number.isNaN(Number(label))
    ? label.trim().toLowerCase().startsWith('contra')
      ? 'contradict'
      : 'consistent'
    : Number(label) === 1
      ? 'consistent'
      : 'contradict'

/**
 * From huggingface.co/datasets/ttchungc/PRELUDE: its tables, as `.json`, `.jsonl`, `.csv` or `.parquet`. The text of a book
 * stands in the row or, where rights keep it out, in a file `books/NAME.txt` that the user has; questions on books that
 * are not there are left out and told to `warn`. Questions on one book follow each other. The annotators' reasoning is
 * the tag `reasoning`; `label-f1` gives the macro F1.
 */
const dataset: Dataset = items(async function* (request, wants) {
  const files = (await listFiles(request, meta.folder)).filter((file) => /\.(json|jsonl|csv|parquet)$/.test(file))
  if (files.length === 0) await place(request, `${meta.folder}/prelude.json`)
  for (const file of files) {
    const rows = (await allRows<Row>(request, `${meta.folder}/${file}`)).map((row, index) => ({ ...row, index }))
    const named = (row: Row): string => row.book ?? row.book_name ?? 'the book'
    for (const [book, asked] of Map.groupBy(rows, named)) {
      const cell = `PRELUDE, ${asked[0]?.language ?? 'all'}`
      if (!asked.some((row) => wants(`PRELUDE, ${row.language ?? 'all'}`))) continue
      request.abortSignal?.throwIfAborted()
      const own = asked.map((row) => row.book_text ?? row.context ?? row.text).find((text) => text !== undefined)
      const [path] = own === undefined ? await found(request, [`${meta.folder}/books/${book}.txt`]) : []
      const text = own ?? (path === undefined ? undefined : await readText(request, path))
      if (text === undefined) {
        request.warn?.({
          path: file,
          message: `books/${book}.txt is not there; its ${asked.length} questions are left out`,
        })
        continue
      }
      const { source, ...corpus } = await textCorpus(book, text)
      for (const row of asked) {
        const { evidence, unresolved } = locate([source], listOf(row.evidence))
        const character = row.character ?? row.char
        yield {
          id: `prelude ${file} ${row.id ?? row.index}`,
          cell: row.language ? `PRELUDE, ${row.language}` : cell,
          corpus,
          instruction: `Below is a book. What follows it was invented: something that happened to ${character ?? 'a character'} before the story begins.`,
          question: `${row.prequel ?? row.content ?? ''}\n\nCould it have happened, given the whole book? Say why.`,
          choices: ['consistent', 'contradict'],
          answers: [[labelOf(row)]],
          evidence,
          ...(unresolved === 0 ? {} : { unresolved }),
          tags: tagsOf({
            book,
            character,
            label: labelOf(row),
            language: row.language,
            reasoning: row.reasoning ?? row.reason,
          }),
        }
      }
    }
  }
})

export default dataset

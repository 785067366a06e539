import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FoveaError, messageOf, type Source } from '../../core/index.ts'
import { bytesInput, read } from '../../read/index.ts'
import { allRows, listFiles, place } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { items, tagsOf } from '../items.ts'
import { locate } from '../locate.ts'

export const meta = {
  name: 'docbench',
  summary:
    'Questions on raw PDF files of five fields: of the text, of tables and figures, of meta data, and unanswerable.',
  paper: 'Zou et al. 2024, DocBench, arXiv 2407.10701',
  folder: 'docbench',
  licence: 'the repository states none; each file has its own terms',
  metrics: ['reference-judged', 'f1', 'recall'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Row {
  readonly question: string
  readonly answer: string | number
  readonly type: string
  readonly evidence?: string
}
const kinds: Readonly<Record<string, string>> = {
  'text-only': 'text',
  multimodal: 'multimodal',
  'multimodal-t': 'multimodal',
  'multimodal-f': 'multimodal',
  'meta-data': 'meta',
}
const fields = [
  { below: 49, field: 'academia' },
  { below: 89, field: 'finance' },
  { below: 133, field: 'government' },
  { below: 179, field: 'law' },
]

/**
 * From github.com/Anni-Zou/DocBench (its script fetches the files): the folders `0` to `228`, each with one PDF and
 * `N_qa.jsonl`. The PDF is read by the project's own reader; figures are not, so that questions of type `multimodal-f`
 * rest on what text there is. A file that cannot be read is told to `warn` and left out. Pieces of evidence that do not
 * stand in the text (a page number, a figure) are counted as unresolved.
 */
const dataset: Dataset = items(async function* (request, wants) {
  const folders = (await listFiles(request, meta.folder)).filter((name) => /^\d+$/.test(name))
  if (folders.length === 0) await place(request, `${meta.folder}/0`)
  for (const name of folders.sort((one, other) => Number(one) - Number(other))) {
    request.abortSignal?.throwIfAborted()
    const folder = await place(request, `${meta.folder}/${name}`)
    const rows = await allRows<Row>({ ...request, data: folder }, `${name}_qa.jsonl`)
    const cellOf = ({ type }: Row): string => `DocBench, ${kinds[type] ?? 'unanswerable'}`
    if (!rows.some((row) => wants(cellOf(row)))) continue
    const file = (await readdir(folder)).sort().find((entry) => entry.toLowerCase().endsWith('.pdf'))
    if (!file) throw new FoveaError('data-missing', `${folder} has no PDF; fetch the set again, or set FOVEA_DATA`)
    const sources: Source[] = []
    const input = bytesInput(`${name}/${file}`, await readFile(join(folder, file)))
    try {
      const signal = request.abortSignal ? { abortSignal: request.abortSignal } : {}
      for await (const source of read(input, signal)) sources.push(source)
    } catch (error) {
      request.abortSignal?.throwIfAborted()
      request.warn?.({ path: join(folder, file), message: `${messageOf(error)}; its questions are left out` })
      continue
    }
    const corpus = { id: `docbench ${name}`, sources }
    for (const [index, row] of rows.entries()) {
      const cell = cellOf(row)
      if (!wants(cell)) continue
      const { evidence, unresolved } = locate(sources, row.evidence?.trim() ? [row.evidence] : [])
      const { field = 'news' } = fields.find(({ below }) => Number(name) < below) ?? {}
      yield {
        id: `docbench ${name} ${index}`,
        cell,
        corpus,
        instruction: 'Answer the question from the document. Say so where it does not hold the answer.',
        question: row.question,
        answers: [[String(row.answer)]],
        evidence,
        ...(unresolved === 0 ? {} : { unresolved }),
        tags: tagsOf({ type: row.type, kind: kinds[row.type] ?? 'unanswerable', field, file: name }),
      }
    }
  }
})

export default dataset

import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { FoveaError, makeSource, type Source, type Span } from '../../core/index.ts'
import { bytesInput, read } from '../../read/index.ts'
import { place, readText } from '../adapters/files.ts'
import type { Dataset, DatasetMeta, DatasetRequest, Sample } from '../contract.ts'
import * as published from '../generators/longproc/published.ts'

export const meta = {
  name: 'longproc',
  summary: 'Six procedures whose long output a program checks; web pages are read to text as users read them.',
  paper: 'Ye et al. 2025, LongProc, arXiv 2501.05414',
  folder: 'longproc',
  licence: 'Apache-2.0; made from sets and web pages of third parties',
  metrics: [],
  tested: 'published',
} as const satisfies DatasetMeta

type Prompt = (hole: string, fields: Readonly<Record<string, string>>) => { instruction: string; question: string }

/** The published prompt, parted at the place where the text stands. */
function promptFrom(template: string): Prompt {
  return (hole, fields) => {
    const filled = (part: string): string =>
      part
        .replace(/\{\{|\}\}|\{(\w+)\}/g, (mark, name) => (name === undefined ? mark[0]! : (fields[name] ?? mark)))
        .trim()
    // Where the numbers of a game or a trip end the prompt there is no place of that name, or nothing behind it.
    const parts = template.split(
      hole === 'problem' ? /Numbers: \{nums\}\s+Target: \{target\}|\{problem\}/ : `{${hole}}`,
    )
    return { instruction: filled(parts[0]!), question: filled(parts[1] ?? '') || 'Now give the whole solution.' }
  }
}

interface Procedure {
  readonly folder: string
  readonly files: readonly string[]
  sampleOf(rows: readonly never[], at: number): published.Published
}
const outputs = ['0.5k', '2k', '8k'] as const
const procedures: readonly Procedure[] = [
  { folder: 'path_traversal', files: outputs, sampleOf: (rows, at) => published.pathSample(rows[at]!) },
  { folder: 'tom_tracking', files: outputs, sampleOf: (rows, at) => published.tomSample(rows[at]!) },
  {
    folder: 'countdown',
    files: outputs,
    sampleOf(rows: readonly published.CountdownRow[], at) {
      return published.countdownSample(rows[at]!, rows[(at + 1) % rows.length]!.demonstration)
    },
  },
  { folder: 'pseudo_to_code', files: outputs, sampleOf: (rows, at) => published.codeSample(rows[at]!) },
  {
    folder: 'travel_planning',
    files: ['all'],
    sampleOf(rows: readonly published.TravelRow[], at) {
      const other = rows[(at + 1) % rows.length]!
      return published.travelSample(
        rows[at]!,
        `${other.disambig_question_text}\n\n<Plan>\n${other.ground_truth_plan}\n</Plan>`,
      )
    },
  },
]

/** Files that are not there are passed over; that none is there is an error. */
const dataset: Dataset = async function* (request) {
  let missing: unknown
  let any = false
  for (const { folder, output, path } of [
    ...procedures.flatMap(({ folder, files }) => files.map((output) => fileOf(folder, output))),
    ...outputs.map((output) => fileOf('html_to_tsv', output)),
  ]) {
    request.abortSignal?.throwIfAborted()
    const cell = `LongProc ${folder.replaceAll('_', '-')} ${output}`
    if (request.cells && !request.cells.includes(cell)) continue
    const file = await place(request, path).catch((error: unknown) => {
      missing ??= error
      return undefined
    })
    if (file === undefined) continue
    any = true
    const rows = JSON.parse(await readFile(file, 'utf8')) as readonly never[]
    const template = parse(await readText(request, `${meta.folder}/${folder}/prompts.yaml`)) as { USER_PROMPT: string }
    const prompt = promptFrom(template.USER_PROMPT)
    const procedure = procedures.find((one) => one.folder === folder)
    for (let at = 0; at < Math.min(rows.length, request.samples ?? rows.length); at++) {
      request.abortSignal?.throwIfAborted()
      const id = `${cell} ${at}`
      yield procedure
        ? await sampleFrom(procedure.sampleOf(rows, at), id, cell, prompt, { procedure: folder, output })
        : await pageSample(rows[at]!, dirname(file), id, cell, prompt, output, request)
    }
  }
  if (!any && missing !== undefined) throw missing
  if (!any)
    throw new FoveaError(
      'data-missing',
      `no file of LongProc is there; set FOVEA_DATA to the folder that holds ${meta.folder}`,
    )
}
export default dataset

const fileOf = (folder: string, output: string) => ({
  folder,
  output,
  path: `${meta.folder}/${folder}/${folder}_${output}.json`,
})

async function sampleFrom(
  { text, hole, fields, ranges, tags, ...rest }: published.Published,
  id: string,
  cell: string,
  prompt: Prompt,
  more: Sample['tags'],
): Promise<Sample> {
  const source = await makeSource({ uri: `${id}.txt`, text, mediaType: 'text/plain' })
  const evidence = ranges.map(([start, end]): Span => ({ source: source.id, start, end }))
  return {
    id,
    cell,
    corpus: { id, sources: [source] },
    ...prompt(hole, fields),
    evidence,
    tags: { ...more, ...tags },
    ...rest,
  }
}

/** The page is read as a user's file is. */
async function pageSample(
  row: published.PageRow,
  folder: string,
  id: string,
  cell: string,
  prompt: Prompt,
  output: string,
  { abortSignal }: DatasetRequest,
): Promise<Sample> {
  const bytes = await readFile(join(folder, row.html_path))
  const sources: Source[] = []
  for await (const source of read(bytesInput(row.html_path, bytes), abortSignal ? { abortSignal } : {}))
    sources.push(source)
  const { task_topic, task_description, tsv_header, filtering_instruction } = row
  const asked = prompt('html_str', { task_topic, task_description, tsv_header, filtering_instruction })
  const { tags, ...parts } = published.pageParts(row, sources)
  return {
    id,
    cell,
    corpus: { id, sources },
    ...asked,
    ...parts,
    tags: { procedure: 'html_to_tsv', output, ...tags },
  }
}

import { readRows } from '../adapters/files.ts'
import { filesBelow } from '../adapters/folders.ts'
import type { Dataset, DatasetMeta, Sample } from '../contract.ts'
import { silentCorpus } from '../generators/stored.ts'
import { Wanted } from '../generators/wanted.ts'
import { babiLabels, labelSaid } from '../labels.ts'

export const meta = {
  name: 'babilong-outputs',
  summary:
    'What real models answered to BABILong, from no hidden facts to a million tokens of books: read it with stored/MODEL.',
  paper: 'Kuratov et al. 2024, BABILong, arXiv 2406.10149',
  folder: 'model-outputs/babilong',
  licence: 'Apache-2.0',
  metrics: [],
  tested: 'published',
} as const satisfies DatasetMeta

interface Row {
  readonly target: string
  readonly output?: string
  readonly question: string
}
interface File {
  readonly path: string
  readonly model: string
  readonly task: string
  readonly length: string
}
interface Asked {
  readonly row: Row
  readonly stored: Record<string, string>
}
/** Facts that each task's answer rests on. */
const facts: Readonly<Record<string, number>> = { qa1: 1, qa2: 2, qa3: 3, qa4: 1, qa5: 1, qa6: 1 }
const shape = /^(?:.*\/)?([^/]+\/[^/]+)\/(qa\d+)_(\d+[kM])_[^/]*\.csv$/

/** Tokens of GPT-2 that a prompt was filled to; `0k` is the story alone. */
const tokensOf = (length: string): number => Number.parseInt(length, 10) * (length.endsWith('M') ? 1_000_000 : 1000)

/** Models' names are those of their folders, as in `microsoft/Phi-3-mini-128k-instruct`; not every model has every row. */
const dataset: Dataset = async function* (request) {
  const { root, files } = await filesBelow(request, meta.folder, shape)
  const parsed = files.map((path): File => {
    const [, model, task, length] = shape.exec(path)!
    return { path, model: model!, task: task!, length: length! }
  })
  const cells = Map.groupBy(parsed, ({ task, length }) => `BABILong, ${task} ${length}`)
  const order = [...cells].sort(
    ([, [one]], [, [other]]) =>
      Number(one!.task.slice(2)) - Number(other!.task.slice(2)) || tokensOf(one!.length) - tokensOf(other!.length),
  )
  const corpus = await silentCorpus(meta.name)
  const wanted = new Wanted(request)
  for (const [cell, group] of order) {
    if (!wanted.any(cell)) continue
    const { task, length } = group[0]!
    const labels = babiLabels[task] ?? []
    for (const [index, { row, stored }] of (await merged(group, { ...request, data: root })).entries()) {
      if (!wanted.take(cell)) break
      const question = row.question.trim()
      yield {
        id: `${task} ${length} ${index}`,
        cell,
        corpus,
        question,
        answers: [[row.target]],
        evidence: [],
        length: tokensOf(length),
        tags: { task, length: tokensOf(length), ...(facts[task] ? { facts: facts[task] } : {}) },
        stored,
        check: (said) => ({ correct: labelSaid(said, row.target, question, labels) ? 1 : 0 }),
      } satisfies Sample
    }
  }
}

/** The rows of several models as one list: the nth time that a question with its answer comes is the same for all. */
async function merged(group: readonly File[], request: Parameters<typeof readRows>[0]): Promise<Asked[]> {
  const list: Asked[] = []
  const places = new Map<string, number[]>()
  for (const { path, model } of group) {
    const seen = new Map<string, number>()
    for await (const row of readRows<Row>(request, path)) {
      const key = `${row.question}\n${row.target}`
      const time = seen.get(key) ?? 0
      seen.set(key, time + 1)
      const known = places.get(key) ?? []
      places.set(key, known)
      const at = known[time] ?? list.push({ row, stored: {} }) - 1
      known[time] = at
      list[at]!.stored[model] = row.output ?? ''
    }
  }
  return list
}

export default dataset

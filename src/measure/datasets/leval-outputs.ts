import { allRows } from '../adapters/files.ts'
import { filesBelow } from '../adapters/folders.ts'
import type { Dataset, DatasetMeta, Sample } from '../contract.ts'
import { choicesIn, type ExamKind, examMark } from '../exam.ts'
import { silentCorpus } from '../generators/stored.ts'
import { Wanted } from '../generators/wanted.ts'

export const meta = {
  name: 'leval-outputs',
  summary: "What real models answered to L-Eval's closed questions: read it with stored/MODEL.",
  paper: 'An et al. 2023, L-Eval, arXiv 2307.11088',
  folder: 'model-outputs/leval',
  licence: 'GPL-3.0; each part has its own terms',
  metrics: [],
  tested: 'published',
} as const satisfies DatasetMeta

type Row = Readonly<Record<string, string>> & { readonly query: string; readonly gt: string }
const kinds: Readonly<Record<string, ExamKind>> = {
  coursera: 'letters',
  quality: 'letter',
  tpo: 'letter',
  topic_retrieval_longchat: 'topic',
  gsm100: 'number',
  codeU: 'output',
  sci_fi: 'judgement',
}
const shape = /(?:^|\/)([^/]+)\/([^/]+)\.pred\.jsonl$/

/**
 * Models' names are those of their folders. Under `Claude-100k` stand answers of claude-1.3, and to coursera and codeU of
 * Claude-instant. All models answered the same questions in the same order.
 */
const dataset: Dataset = async function* (request) {
  const { root, files } = await filesBelow(request, meta.folder, shape)
  const below = { ...request, data: root }
  const parts = Map.groupBy(files, (path) => shape.exec(path)![2]!)
  const corpus = await silentCorpus(meta.name)
  const wanted = new Wanted(request)
  for (const [part, kind] of Object.entries(kinds)) {
    const cell = `L-Eval outputs, ${part}`
    if (!parts.has(part) || !wanted.any(cell)) continue
    const models = await Promise.all(
      parts
        .get(part)!
        .map(async (path) => ({ path, model: shape.exec(path)![1]!, rows: await allRows<Row>(below, path) })),
    )
    for (const [index, { query, gt }] of models[0]!.rows.entries()) {
      if (!wanted.take(cell)) break
      const stored: Record<string, string> = {}
      for (const { path, model, rows } of models) {
        const row = rows[index]
        if (row?.gt === gt) stored[model] = row[Object.keys(row).find((key) => key.endsWith('_pred')) ?? ''] ?? ''
        else request.warn?.({ path, line: index + 1, message: 'asks another question; it is left out' })
      }
      const listed = kind.startsWith('letter') ? choicesIn(query) : undefined
      const place = kind === 'topic' ? /\b(first|second|third)\b/.exec(query)?.[1] : undefined
      yield {
        id: `${part} ${index}`,
        cell,
        corpus,
        question: listed?.asked ?? query,
        answers: [[gt]],
        evidence: [],
        tags: { part, ...(place ? { topic: place } : {}) },
        stored,
        ...(listed ? { choices: listed.choices } : {}),
        check: (said) => ({ exam: examMark(kind, said, gt) }),
      } satisfies Sample
    }
  }
}

export default dataset

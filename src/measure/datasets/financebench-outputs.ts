import { readRows } from '../adapters/files.ts'
import { filesBelow } from '../adapters/folders.ts'
import { holdsAnswer } from '../answers.ts'
import type { Dataset, DatasetMeta, Sample } from '../contract.ts'
import { silentCorpus } from '../generators/stored.ts'
import { Wanted } from '../generators/wanted.ts'

export const meta = {
  name: 'financebench-outputs',
  summary:
    'What real models answered to questions on annual reports, in sixteen set-ups, each answer labelled by people: read it with stored/MODEL.',
  paper: 'Islam et al. 2023, FinanceBench, arXiv 2311.11944',
  folder: 'model-outputs/financebench',
  licence: 'CC BY-NC 4.0 by its data card',
  metrics: [],
  tested: 'published',
} as const satisfies DatasetMeta

interface Row {
  readonly financebench_id: string
  readonly model_name: string
  readonly eval_mode: string
  readonly question: string
  readonly gold_answer: string | number
  readonly model_answer: string
  readonly label: string
}

/** Where the question stood, in set-ups that were done both ways: `reverse` has it behind the text. */
const orderOf = (mode: string): { order?: 'before' | 'after' } =>
  /^(inContext|oracle)/.test(mode) ? { order: mode.endsWith('_reverse') ? 'after' : 'before' } : {}

/**
 * Each set-up (a model and how it got the text) is a cell, with the answers of that model alone. `correct` is what people
 * said of the stored answer; another answer is right when it holds the gold answer.
 */
const dataset: Dataset = async function* (request) {
  const { root, files } = await filesBelow(request, meta.folder, /(?:^|\/)[^/]+_[A-Za-z]+\.jsonl$/)
  const corpus = await silentCorpus(meta.name)
  const wanted = new Wanted(request)
  for (const file of files) {
    const cell = `FinanceBench, ${file.slice(file.lastIndexOf('/') + 1, -'.jsonl'.length).replace('_', ' ')}`
    if (!wanted.any(cell)) continue
    for await (const row of readRows<Row>({ ...request, data: root }, file)) {
      const { model_name: model, eval_mode: mode, question, model_answer: said, label } = row
      const gold = String(row.gold_answer)
      if (!wanted.take(cell)) break
      yield {
        id: `${model} ${mode} ${row.financebench_id}`,
        cell,
        corpus,
        question,
        answers: [[gold]],
        evidence: [],
        tags: {
          question: row.financebench_id,
          model,
          eval_mode: mode,
          'set-up': mode.replace(/_reverse$/, ''),
          ...orderOf(mode),
          label,
        },
        stored: { [model]: said },
        check: (heard): Record<string, number> =>
          heard === said
            ? { correct: label.startsWith('Correct') ? 1 : 0, refused: label === 'Refusal' ? 1 : 0 }
            : { correct: holdsAnswer(heard, [gold]) ? 1 : 0 },
      } satisfies Sample
    }
  }
}

export default dataset
